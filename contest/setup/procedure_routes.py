"""The page on which a contest's road from scores to final results is chosen."""

from flask import flash, g, redirect, request, url_for
from flask_babel import gettext

from contest.accounts.guards import needs
from contest.accounts.reentry import proven_actor
from contest.audit.work import Actor
from contest.errors import Invalid
from contest.pages import show
from contest.setup import (
    procedure_actions,
    procedure_forms,
    procedure_rules,
    queries,
    rules,
    staff_factor_queries,  # noqa: F401 (asks for the second factor)
    step_rules,
)
from contest.setup.blueprint import OFFICE, bp
from contest.setup.proposal_queries import get_open


@bp.get("/contests/<int:contest_id>/procedure")
@needs(*OFFICE)
def show_procedure(contest_id):
    """Which steps are held, their figures, and the whole road."""
    return _show(contest_id)


def _show(contest_id, refused=None):
    contest = queries.get_contest(contest_id)
    chosen = queries.procedure_of(contest)
    return show(
        "setup/show_procedure.html", status=refused.status if refused else 200, contest=contest,
        chosen=chosen, values=request.form or procedure_rules.stored_form(chosen),
        road=[(key, rules.STATES[key]) for key in step_rules.road(queries.held_states(contest))],
        names=procedure_rules.NAMES, figures=procedure_forms.FIGURES,
        switches=procedure_forms.SWITCHES, refused=refused,
        errors=refused.fields if refused else {}, is_frozen=queries.is_frozen(contest_id),
        may_change=contest.state in rules.STAGE_IS_OPEN_IN
        and g.person.has_role("organiser", contest_id),
    )


@bp.post("/contests/<int:contest_id>/procedure")
@needs("organiser")
def set_procedure(contest_id):
    """Choose it; or, once marks are in, propose it to a second person."""
    queries.get_contest(contest_id)
    try:
        procedure = procedure_forms.read_procedure(request.form)
        if queries.is_frozen(contest_id):
            rules.check_reason(request.form.get("reason", ""))
            actor = proven_actor(g.person, request.form.get("word", ""))
            procedure_actions.propose_procedure(
                actor, contest_id, procedure, request.form.get("reason", "")
            )
            flash(gettext("Proposed. It is done when a second person confirms it."), "good")
            return redirect(url_for(".list_proposals", contest_id=contest_id), 303)
        actor = Actor(g.person.user_id, g.person.name)
        procedure_actions.set_procedure(actor, contest_id, procedure)
    except Invalid as refused:
        return _show(contest_id, refused)
    flash(gettext("The road to the results is chosen."), "good")
    return redirect(url_for(".show_procedure", contest_id=contest_id), 303)


@bp.post("/contests/<int:contest_id>/procedure/<int:proposal_id>")
@needs(*rules.SECOND_PERSON)
def confirm_procedure(contest_id, proposal_id):
    """Let another procedure hold, as the second person."""
    get_open(contest_id, proposal_id, "procedure")
    actor = proven_actor(g.person, request.form.get("word", ""))
    procedure_actions.confirm_procedure(actor, contest_id, proposal_id)
    flash(gettext("The road to the results is chosen."), "good")
    return redirect(url_for(".show_procedure", contest_id=contest_id), 303)
