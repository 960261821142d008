"""Adjusting marks of modules that take scores, where there is no page of a contestant's sheets."""

from flask import flash, g, redirect, request, url_for
from flask_babel import gettext

from contest.accounts.guards import needs
from contest.audit.work import Actor
from contest.errors import Invalid
from contest.judging import adjustment_actions, adjustment_queries
from contest.judging.blueprint import bp
from contest.pages import show

WATCHERS = ("chief_judge", "organiser", "supervisor")


@bp.get("/contests/<int:contest_id>/chief/<module_key>/adjustments")
@needs(*WATCHERS)
def list_adjustments(contest_id, module_key):
    """Every entrant of a module with scores, with the adjustment that stands."""
    return _list_adjustments(contest_id, module_key)


def _list_adjustments(contest_id, module_key, entrant_id=None, refused=None):
    page = adjustment_queries.adjustment_page(contest_id, module_key)
    return show(
        "judging/list_adjustments.html", status=refused.status if refused else 200,
        contest=page.contest, page=page, module=page.module, refused=refused, asked=entrant_id,
        values=request.form, field_errors=refused.fields if refused else {},
        may_act=page.contest.takes_marks
        and g.person.has_any(("chief_judge",), contest_id),
    )


@bp.post("/contests/<int:contest_id>/chief/<module_key>/adjustments/<int:entrant_id>")
@needs("chief_judge")
def adjust_score(contest_id, module_key, entrant_id):
    """Adjust one score up or down, or withdraw that, with a reason."""
    adjustment_queries.adjustment_page(contest_id, module_key)
    actor, form = Actor(g.person.user_id, g.person.name), request.form
    try:
        if form.get("withdraw"):
            adjustment_actions.withdraw(
                actor, contest_id, entrant_id, module_key, form.get("reason")
            )
        else:
            adjustment_actions.adjust(
                actor, contest_id, entrant_id, module_key, form.get("adjustment"),
                form.get("reason"),
            )
    except Invalid as refused:
        return _list_adjustments(contest_id, module_key, entrant_id, refused)
    flash(
        gettext("The adjustment is withdrawn.") if form.get("withdraw")
        else gettext("The adjustment stands."), "good",
    )
    return redirect(
        url_for(".list_adjustments", contest_id=contest_id, module_key=module_key), 303
    )
