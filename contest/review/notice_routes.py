"""The public notice as officials keep it: giving, prolonging, objections, the paper."""

from flask import Response, flash, g, redirect, request, url_for
from flask_babel import gettext

from contest import clock, working_days
from contest.accounts.guards import needs
from contest.accounts.reentry import proven_actor
from contest.documents import MIMETYPES, file_bytes
from contest.errors import Invalid, Missing, Refusal
from contest.judging import blind_queries
from contest.judging import rules as judging_rules
from contest.numbers import read_whole
from contest.pages import form_refusal, language, show
from contest.results import queries as results
from contest.review import notice_actions, notice_queries, notice_rules, queries
from contest.review.blueprint import DECIDERS, HANDLERS, actor, bp, zone
from contest.review.notice_paper import notice_paper
from contest.setup.calendar_queries import calendar
from contest.setup.proposal_queries import find_open, get_open
from contest.setup.queries import get_contest, held_states, procedure_of
from contest.setup.step_rules import WITNESSES


@bp.get("/contests/<int:contest_id>/notice")
@needs(*DECIDERS, "clerk")
def show_notice(contest_id):
    """What would go on notice, or what is, with every objection."""
    return _show_notice(contest_id)


def _show_notice(contest_id, refused=None, about=""):
    contest = get_contest(contest_id)
    found = notice_queries.find_notice(contest_id, queries.stage_of(contest_id))
    facts = form_refusal(refused, request.form) if refused else {"values": {}, "field_errors": {}}
    rows, why_not = ((), None) if contest.state != "provisional" else _list_to_notify(contest_id)
    procedure = procedure_of(contest)
    return show(
        "review/show_notice.html", status=refused.status if refused else 200, contest=contest,
        found=found, rows=rows, why_not=why_not, phases=notice_rules.PHASES,
        outcomes=notice_rules.OUTCOMES, now=clock.now(), procedure=procedure, about=about,
        is_held="notice" in held_states(contest),
        by_two=results.needs_second(contest_id, "give_notice"),
        proposal=find_open(contest_id, "give_notice"), **_span(found, procedure),
        problems=queries.problems_before(contest_id, "notice")
        if contest.state == "provisional" else (),
        lines=notice_queries.objection_lines(found, procedure.answer_hours) if found else (),
        is_organiser=g.person.has_role("organiser", contest_id),
        may_handle=g.person.has_any(HANDLERS, contest_id),
        may_enter=g.person.has_any(("clerk", *HANDLERS), contest_id), **facts,
    )


def _span(found, procedure):
    """Until when a notice given now would last; years in the time of it, or of the one on notice, that are
    not announced."""
    begins, days = clock.now(), calendar()
    ends_at = working_days.end_of_working_days(days, begins, procedure.notice_days, zone())
    if found is not None and found.phase != "broken_off":
        begins, ends_at = found.notice.at, found.ends_at
    first, last = begins.astimezone(zone()).date(), ends_at.astimezone(zone()).date()
    return {"would_end": ends_at, "unannounced": days.unannounced(first, last)}


def _list_to_notify(contest_id):
    if blind_queries.hides_names(contest_id):
        return (), None
    try:
        return notice_queries.list_to_notify(contest_id)[1], None
    except Refusal as refused:
        return (), refused


@bp.post("/contests/<int:contest_id>/notice")
@needs("organiser")
def give_notice(contest_id):
    """Put the list before the public, or propose it where a second person must confirm it."""
    get_contest(contest_id)
    try:
        who = proven_actor(g.person, request.form.get("word", ""))
        if results.needs_second(contest_id, "give_notice"):
            notice_actions.propose_notice(who, contest_id)
            flash(gettext("Proposed. It is done when a second person confirms it."), "good")
            return _back(contest_id)
        notice_actions.give_notice(who, contest_id, zone())
    except Invalid as refused:
        return _show_notice(contest_id, refused, "give")
    return _given(contest_id)


@bp.post("/contests/<int:contest_id>/notice/proposals/<int:proposal_id>")
@needs(*WITNESSES)
def confirm_notice(contest_id, proposal_id):
    """Put on notice what somebody else proposed."""
    get_open(contest_id, proposal_id, "give_notice")
    who = proven_actor(g.person, request.form.get("word", ""))
    notice_actions.confirm_notice(who, contest_id, proposal_id, zone())
    return _given(contest_id)


def _given(contest_id):
    flash(gettext("The list is on public notice."), "good")
    return _back(contest_id)


@bp.post("/contests/<int:contest_id>/notice/extension")
@needs("organiser")
def extend_notice(contest_id):
    """Let the notice go on for longer."""
    try:
        notice_actions.extend_notice(
            actor(), contest_id, read_whole(request.form.get("days")),
            request.form.get("reason", ""), zone(),
        )
    except Invalid as refused:
        return _show_notice(contest_id, refused, "extend")
    flash(gettext("The notice goes on."), "good")
    return _back(contest_id)


@bp.post("/contests/<int:contest_id>/notice/objections")
@needs("clerk", *HANDLERS)
def enter_objection(contest_id):
    """Type an objection that came by letter or telephone."""
    try:
        objection = notice_actions.object_to_notice(actor(), contest_id, request.form)
    except Invalid as refused:
        return _show_notice(contest_id, refused, "enter")
    flash(
        gettext("Entered as objection %(number)s; its receipt code is %(receipt)s.",
                number=objection.number, receipt=objection.receipt), "good",
    )
    return _back(contest_id)


@bp.post("/contests/<int:contest_id>/notice/objections/<int:objection_id>/handler")
@needs(*HANDLERS)
def take_objection(contest_id, objection_id):
    """Deal with an objection myself."""
    notice_actions.take_objection(actor(), contest_id, objection_id)
    return _back(contest_id)


@bp.post("/contests/<int:contest_id>/notice/objections/<int:objection_id>")
@needs(*HANDLERS)
def decide_objection(contest_id, objection_id):
    """Decide on an objection."""
    try:
        notice_actions.decide_objection(
            actor(), contest_id, objection_id, request.form.get("outcome", ""),
            request.form.get("decision", ""), request.form.get("unchanged", ""),
        )
    except Invalid as refused:
        return _show_notice(contest_id, refused, f"objection-{objection_id}")
    flash(gettext("The decision is kept; whoever holds the receipt code sees it."), "good")
    return _back(contest_id)


@bp.post("/contests/<int:contest_id>/notice/objections/<int:objection_id>/unchanged")
@needs(*HANDLERS)
def state_objection_unchanged(contest_id, objection_id):
    """Write down why an objection that was founded changes no figure."""
    try:
        notice_actions.state_unchanged(
            actor(), contest_id, objection_id, request.form.get("unchanged", "")
        )
    except Invalid as refused:
        return _show_notice(contest_id, refused, f"objection-{objection_id}")
    flash(gettext("It is kept with the decision; whoever holds the receipt code sees it."), "good")
    return _back(contest_id)


@bp.get("/contests/<int:contest_id>/notice/paper.<form>")
@needs(*DECIDERS, "clerk")
def download_notice(contest_id, form):
    """The notice as a file: to print and to hang up."""
    contest = get_contest(contest_id)
    if form not in MIMETYPES:
        raise Missing("There is no such paper.")
    judging_rules.check_may_know_names(blind_queries.hides_names(contest_id))
    found = notice_queries.find_notice(contest_id, queries.stage_of(contest_id))
    if found is None:
        raise Missing("There is no such notice.")
    document = notice_paper(contest, found, language(), zone())
    return Response(
        file_bytes(document, form), mimetype=MIMETYPES[form],
        headers={
            "Content-Disposition":
                f'attachment; filename="{contest.slug}-notice-{found.notice.number}.{form}"',
        },
    )


def _back(contest_id):
    return redirect(url_for("review.show_notice", contest_id=contest_id), 303)
