"""One tablet's order numbers on the chief judge's desk, and excusing it from what it misses."""

from flask import flash, g, redirect, request, url_for
from flask_babel import gettext

from contest.accounts.guards import needs
from contest.accounts.reentry import proven_actor
from contest.errors import Invalid
from contest.judging import number_actions, tablet_queries
from contest.judging import number_rules as rules
from contest.judging.blueprint import bp
from contest.judging.chief_routes import WATCHERS
from contest.pages import show
from contest.setup.queries import get_contest

bp.add_app_template_filter(rules.words, "number_words")


@bp.get("/contests/<int:contest_id>/chief/tablets/<int:tablet_id>")
@needs(*WATCHERS)
def show_tablet_numbers(contest_id, tablet_id):
    """Which of a tablet's operations have arrived, which are missing, and for what it was excused."""
    return _show(contest_id, tablet_id)


def _show(contest_id, tablet_id, refused=None):
    contest = get_contest(contest_id)
    return show(
        "judging/tablet_numbers.html", status=refused.status if refused else 200, refused=refused,
        contest=contest, line=tablet_queries.find_line(contest_id, tablet_id), values=request.form,
        may_act=g.person.has_any(("chief_judge",), contest_id) and contest.state not in rules.OVER_STATES,
    )


@bp.post("/contests/<int:contest_id>/chief/tablets/<int:tablet_id>")
@needs("chief_judge")
def excuse_tablet(contest_id, tablet_id):
    """The contest no longer waits for what this tablet misses."""
    form = request.form
    try:
        number_actions.excuse_tablet(
            proven_actor(g.person, form.get("word", "")), contest_id, tablet_id, form.get("reason"),
            form.get("seen", ""),
        )
    except Invalid as refused:
        return _show(contest_id, tablet_id, refused)
    flash(gettext("The tablet is excused from what was missing; anything new counts again."), "good")
    return redirect(url_for(".show_tablet_numbers", contest_id=contest_id, tablet_id=tablet_id), 303)
