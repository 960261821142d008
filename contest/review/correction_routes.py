"""Corrections of published results: what was changed, requests, the three signatures."""

from flask import flash, g, redirect, request, url_for
from flask_babel import gettext

from contest import clock
from contest.accounts.guards import needs
from contest.accounts.reentry import proven_actor
from contest.errors import Conflict, Invalid
from contest.judging import blind_queries
from contest.pages import form_refusal, show
from contest.review import correction_actions, correction_queries, correction_rules, queries
from contest.review.blueprint import DECIDERS, actor, bp
from contest.setup.queries import get_contest


@bp.get("/contests/<int:contest_id>/corrections")
@needs(*DECIDERS)
def show_corrections(contest_id):
    """Every revision with what it changed, the deadlines, and requests to correct."""
    return _show_corrections(contest_id)


def _show_corrections(contest_id, refused=None, about=""):
    contest = get_contest(contest_id)
    stage = queries.stage_of(contest_id)
    facts = form_refusal(refused, request.form) if isinstance(refused, Invalid) else {
        "refused": refused, "values": request.form if refused else {}, "field_errors": {},
    }
    is_hidden = blind_queries.hides_names(contest_id)
    return show(
        "review/show_corrections.html", status=refused.status if refused else 200,
        contest=contest, stage=stage, kinds=correction_rules.KINDS, now=clock.now(),
        revisions=() if is_hidden else correction_queries.revisions(contest_id, stage),
        deadlines=correction_queries.deadlines(contest, stage),
        counted=correction_queries.counted_from(contest_id, stage), counted_words=correction_rules.COUNTED,
        lines=correction_queries.lines(contest_id), wanted=correction_rules.SIGNATURES,
        may_file=contest.state in correction_rules.CORRECTED_IN, about=about, **facts,
    )


@bp.post("/contests/<int:contest_id>/corrections")
@needs(*DECIDERS)
def file_correction(contest_id):
    """Ask that published results be corrected."""
    try:
        correction = correction_actions.file_correction(
            actor(), contest_id, request.form.get("kind", ""), request.form.get("words", ""),
            request.form.get("is_override") == "1",
        )
    except (Invalid, Conflict) as refused:
        return _show_corrections(contest_id, refused, "file")
    if correction.is_late:
        flash(gettext("Filed. It holds when three people have signed it."), "warn")
    else:
        flash(gettext("Filed in time. The results may be opened for it."), "good")
    return _back(contest_id)


@bp.post("/contests/<int:contest_id>/corrections/<int:correction_id>/signatures")
@needs(*DECIDERS)
def sign_correction(contest_id, correction_id):
    """Agree in writing to a late correction."""
    correction_queries.get_correction(contest_id, correction_id)
    try:
        who = proven_actor(g.person, request.form.get("word", ""))
        correction_actions.sign_correction(
            who, contest_id, correction_id, request.form.get("words", "")
        )
    except Invalid as refused:
        return _show_corrections(contest_id, refused, f"sign-{correction_id}")
    flash(gettext("Signed."), "good")
    return _back(contest_id)


def _back(contest_id):
    return redirect(url_for("review.show_corrections", contest_id=contest_id), 303)
