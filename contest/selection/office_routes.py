"""The office of a selection: the call, the nominations, taking winners in."""

from datetime import date

from flask import flash, redirect, request, url_for
from flask_babel import gettext

from contest.accounts.guards import needs
from contest.errors import Conflict, Invalid
from contest.numbers import whole
from contest.pages import show
from contest.people.rules import SKILL_LEVELS
from contest.points import list_queries as points
from contest.selection import (
    call_actions,
    call_rules,
    check_actions,
    condition_rules,
    list_queries,
    list_rules,
    nomination_rules,
    queries,
)
from contest.selection.blueprint import READERS, actor, as_download, bp, facts_of


@bp.get("/contests/<int:contest_id>/selection")
@needs(*READERS)
def show_desk(contest_id):
    """The call, who was put forward, and how far it all is."""
    return _show_desk(contest_id)


def _show_desk(contest_id, refused=None, form=""):
    facts = facts_of(contest_id)
    call = queries.find_call(contest_id)
    terms = queries.terms_of(call) if call else None
    return show(
        "selection/show_desk.html", status=refused.status if refused else 200, call=call, terms=terms,
        due=list_rules.places_of(terms) if terms else {}, levels=SKILL_LEVELS,
        nominations=queries.list_nominations(contest_id), counts=queries.counts(contest_id),
        is_open=bool(call) and queries.is_open(call, facts["contest"].state),
        sources=queries.contests_with_winners(contest_id),
        point_lists=[one for one in points.published() if one.by_what == "people"],
        listed=list_queries.find_list(contest_id), refused=refused, form=form,
        values=request.form if refused else {}, field_errors=getattr(refused, "fields", {}), **facts,
    )


@bp.get("/contests/<int:contest_id>/selection/call")
@needs("organiser")
def edit_call(contest_id):
    """The form of the call."""
    return _show_call(contest_id)


def _show_call(contest_id, refused=None):
    call = queries.find_call(contest_id)
    typed = {}
    if call is not None:
        terms = queries.terms_of(call)
        typed = {
            "title": call.title, "title_en": call.title_en, "words": call.words,
            "opens_on": call.opens_on.isoformat(), "closes_on": call.closes_on.isoformat(),
            "years": terms.years or "", "gap_days": terms.gap_days or "", "age_most": terms.age_most or "",
            "grade": terms.grade, "wants_prize": "1" if terms.wants_prize else "", "least": terms.least,
            "unit_most": "" if terms.unit_most is None else terms.unit_most, **call_rules.share_lines(terms),
        }
    return show(
        "selection/edit_call.html", status=refused.status if refused else 200,
        values=request.form if refused else typed, refused=refused, levels=SKILL_LEVELS,
        field_errors=refused.fields if refused else {}, **facts_of(contest_id),
    )


@bp.post("/contests/<int:contest_id>/selection/call")
@needs("organiser")
def write_call(contest_id):
    """Write the call, while the contest is set up."""
    try:
        call_actions.write_call(actor(), contest_id, request.form)
    except Invalid as refused:
        return _show_call(contest_id, refused)
    flash(gettext("The call is written. It goes out when the contest opens for registration."), "good")
    return redirect(url_for("selection.show_desk", contest_id=contest_id), 303)


@bp.post("/contests/<int:contest_id>/selection/extend")
@needs("organiser")
def extend_call(contest_id):
    """Move the last day to a later one."""
    try:
        day = date.fromisoformat(request.form.get("closes_on", ""))
    except ValueError:
        day = None
    try:
        call_actions.extend_call(actor(), contest_id, day, request.form.get("reason", ""))
    except Invalid as refused:
        return _show_desk(contest_id, refused, "extend")
    flash(gettext("The last day was moved."), "good")
    return redirect(url_for("selection.show_desk", contest_id=contest_id), 303)


@bp.get("/contests/<int:contest_id>/selection/nominations/<int:nomination_id>")
@needs(*READERS)
def show_nomination(contest_id, nomination_id):
    """One nomination with its papers, and what rule and people say of each condition."""
    return _show_nomination(contest_id, nomination_id)


def _show_nomination(contest_id, nomination_id, refused=None):
    call = queries.get_call(contest_id)
    row = queries.get_nomination(contest_id, nomination_id)
    return show(
        "selection/show_nomination.html", status=refused.status if refused else 200, call=call,
        nomination=row, files=queries.list_files(row.id), checked=queries.checked(row, call),
        conditions=condition_rules.CONDITIONS, decisions=nomination_rules.DECISIONS, levels=SKILL_LEVELS,
        spans=range(1, nomination_rules.SPANS + 1), refused=refused, values=request.form if refused else {},
        field_errors=getattr(refused, "fields", {}), **facts_of(contest_id),
    )


@bp.post("/contests/<int:contest_id>/selection/nominations/<int:nomination_id>")
@needs("organiser")
def decide(contest_id, nomination_id):
    """Check the conditions and decide."""
    try:
        row = check_actions.decide(actor(), contest_id, nomination_id, request.form)
    except Invalid as refused:
        return _show_nomination(contest_id, nomination_id, refused)
    flash(gettext("Decided: %(state)s.", state=gettext(nomination_rules.STATES[row.state])), "good")
    return redirect(url_for("selection.show_desk", contest_id=contest_id), 303)


@bp.get("/contests/<int:contest_id>/selection/nominations/<int:nomination_id>/files/<int:file_id>")
@needs(*READERS)
def download_paper(contest_id, nomination_id, file_id):
    """A paper of a nomination: to be saved, never shown or run here."""
    row = queries.get_nomination(contest_id, nomination_id)
    return as_download(queries.get_file(row.id, file_id), f"nomination-{row.id}-{file_id}")


@bp.post("/contests/<int:contest_id>/selection/winners")
@needs("organiser")
def take_winners(contest_id):
    """Take winners of another contest in as nominations."""
    form = request.form
    return _take_in(contest_id, "winners", lambda: check_actions.take_winners(
        actor(), contest_id, form.get("from", 0, type=whole), form.get("category", ""),
        form.get("kind", ""), form.get("most", 0, type=whole),
    ))


@bp.post("/contests/<int:contest_id>/selection/learners")
@needs("organiser")
def take_learners(contest_id):
    """Take the first people of a published list of points in as nominations."""
    form = request.form
    return _take_in(contest_id, "learners", lambda: check_actions.take_learners(
        actor(), contest_id, form.get("from", 0, type=whole), form.get("category", ""),
        form.get("kind", ""), form.get("most", 0, type=whole),
    ))


def _take_in(contest_id, form, take):
    try:
        new, known = take()
    except (Invalid, Conflict) as refused:
        return _show_desk(contest_id, refused, form)
    flash(gettext("Taken in: %(new)s. Nominated before: %(known)s.", new=new, known=known), "good")
    return redirect(url_for("selection.show_desk", contest_id=contest_id), 303)
