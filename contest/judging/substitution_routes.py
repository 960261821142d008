"""The page on which the chief judge lets another judge take over."""

from flask import flash, g, redirect, request, url_for
from flask_babel import gettext

from contest.accounts.guards import needs
from contest.audit.work import Actor
from contest.errors import Invalid
from contest.judging import queries, substitution_actions
from contest.judging.blueprint import bp
from contest.numbers import read_whole
from contest.pages import form_refusal, show
from contest.people import queries as people
from contest.setup.queries import get_contest, procedure_of


@bp.get("/contests/<int:contest_id>/chief/substitution")
@needs("chief_judge")
def show_substitution(contest_id):
    """Who stops, who takes over, and why."""
    return _show_substitution(contest_id)


def _show_substitution(contest_id, refused=None):
    facts = form_refusal(refused, request.form) if refused else {"values": {}, "field_errors": {}}
    return show(
        "judging/show_substitution.html", status=refused.status if refused else 200,
        contest=get_contest(contest_id), judges=people.list_judges(contest_id),
        is_signing=procedure_of(get_contest(contest_id)).signing, **facts,
    )


@bp.post("/contests/<int:contest_id>/chief/substitution")
@needs("chief_judge")
def substitute_judge(contest_id):
    """Give a judge's remaining sheets to another."""
    form = request.form
    try:
        moved, left = substitution_actions.substitute(
            Actor(g.person.user_id, g.person.name), contest_id, read_whole(form.get("judge"), 0),
            read_whole(form.get("successor"), 0), form.get("reason"), form.get("begun") == "1",
        )
    except Invalid as refused:
        return _show_substitution(contest_id, refused)
    flash(gettext("Sheets given to the successor: %(count)s.", count=moved), "good")
    if left:
        flash(gettext("Sheets that the successor may not take: %(count)s; they stay where they are.",
                      count=left), "warn")
    _tell_what_stayed(contest_id, read_whole(form.get("judge"), 0))
    return redirect(url_for(".show_chief_desk", contest_id=contest_id), 303)


def _tell_what_stayed(contest_id, judge_id):
    """How many sheets the judge who stopped has still to hand in, and to sign for."""
    begun = queries.sheets_of_judge(contest_id, judge_id, substitution_actions.BEGUN)
    if begun:
        flash(gettext(
            "Begun sheets that stay with the judge who stopped: %(count)s. They are still to be handed "
            "in; to give them away, substitute again and tick the box for begun sheets.",
            count=len(begun),
        ), "warn")
    handed_in = queries.sheets_of_judge(contest_id, judge_id, ("submitted", "resubmitted"))
    if handed_in and procedure_of(get_contest(contest_id)).signing:
        flash(gettext(
            "Sheets handed in by the judge who stopped: %(count)s. That judge still signs for them.",
            count=len(handed_in),
        ), "info")
