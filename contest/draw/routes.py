"""The draw's page: held by the coding judge, who alone sees the names behind the codes."""

from flask import Blueprint, flash, g, redirect, request, url_for
from flask_babel import gettext

from contest.accounts.guards import needs
from contest.audit.work import Actor
from contest.draw import actions, queries
from contest.errors import Invalid, Missing
from contest.pages import form_refusal, show
from contest.setup.queries import find_plan_in_force, get_contest

bp = Blueprint("draw", __name__)

PUBLISHED = ("provisional", "final", "archived")


def actor():
    """Who is signed in, as the trail knows them."""
    return Actor(g.person.user_id, g.person.name)


@bp.get("/contests/<int:contest_id>/draw")
@needs("coding_judge", "organiser", "chief_judge", "supervisor")
def show_draw(contest_id):
    return _show_draw(contest_id, request.args.get("stage"))


@bp.post("/contests/<int:contest_id>/draw/<stage>")
@needs("coding_judge")
def hold_draw(contest_id, stage):
    try:
        actions.hold_draw(
            actor(), contest_id, stage, request.form.get("seed", ""),
            request.form.get("reason", ""),
        )
    except Invalid as refused:
        return _show_draw(contest_id, stage, status=422, **form_refusal(refused, request.form))
    flash(gettext("The draw was held."), "good")
    return redirect(url_for("draw.show_draw", contest_id=contest_id, stage=stage), 303)


@bp.post("/contests/<int:contest_id>/draw/<stage>/newcomers")
@needs("coding_judge")
def draw_newcomers(contest_id, stage):
    actions.draw_newcomers(actor(), contest_id, stage)
    flash(gettext("The newcomers have codes now."), "good")
    return redirect(url_for("draw.show_draw", contest_id=contest_id, stage=stage), 303)


@bp.get("/contests/<int:contest_id>/draw/<stage>/list")
@needs("coding_judge")
def print_codes(contest_id, stage):
    """The list for the sealed envelope."""
    return show(
        "draw/print_codes.html",
        contest=get_contest(contest_id),
        stage=_get_stage(contest_id, stage),
        lines=queries.list_codes(contest_id, stage),
        draws=queries.list_draws(contest_id, stage),
    )


def _get_stage(contest_id, key):
    in_force = find_plan_in_force(contest_id)
    stages = in_force.plan.stages if in_force else ()
    for stage in stages:
        if stage.key == key:
            return stage
    raise Missing("There is no such stage in this contest.")


def _show_draw(contest_id, stage_key=None, status=200, **facts):
    contest, in_force = get_contest(contest_id), find_plan_in_force(contest_id)
    stages = in_force.plan.stages if in_force else ()
    if stage_key is None and stages:
        stage_key = contest.stage or stages[-1].key
    stage = _get_stage(contest_id, stage_key) if stages else None
    is_coder = g.person.has_role("coding_judge", contest_id)
    return show(
        "draw/show_draw.html",
        status=status,
        contest=contest,
        stages=stages,
        stage=stage,
        is_coder=is_coder,
        # Whoever knows the seed can work the codes out: others see it when nothing depends on it.
        sees_seed=is_coder or contest.state in PUBLISHED,
        is_published=contest.state in PUBLISHED,
        draws=queries.list_draws(contest_id, stage.key) if stage else [],
        lines=queries.list_codes(contest_id, stage.key) if stage and is_coder else [],
        count=len(queries.codes(contest_id, stage.key)) if stage else 0,
        newcomers=len(queries.newcomers(contest_id, stage.key)) if stage else 0,
        coders=queries.coding_judges(contest_id),
        drawable=len(queries.drawable(contest_id)),
        is_marked=queries.is_marked(contest_id, stage.key) if stage else False,
        **facts,
    )
