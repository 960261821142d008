"""The desk: work by deadline, a case with everything, its acts, and the desk as pictures."""

from io import BytesIO

from flask import flash, g, redirect, request, send_file, url_for
from flask_babel import gettext

from contest.accounts.guards import needs
from contest.documents.attached import KINDS, UPLOAD_POLICY
from contest.errors import Conflict, Invalid
from contest.member_services import (
    amount_rules,
    case_actions,
    case_queries,
    case_rules,
    catalogue_queries,
    catalogue_rules,
    contribution_queries,
    desk_queries,
    duty_queries,
    duty_rules,
    entitlement_queries,
    file_rules,
    load_queries,
    look_actions,
    membership_queries,
    number_queries,
    office_file_actions,
    payment_actions,
    payment_queries,
    place_queries,
)
from contest.member_services.blueprint import OFFICE, actor, bp
from contest.numbers import read_whole, whole
from contest.pages import show


@bp.get("/service-desk")
@needs(*OFFICE, everywhere=True)
def show_desk():
    """Work by deadline: late first, the green lane next."""
    search = desk_queries.Search(
        request.args.get("whose", "all"), request.args.get("state", "open"),
        request.args.get("service", ""), request.args.get("text", "").strip(), g.person.user_id,
    )
    page = max(1, request.args.get("page", 1, type=whole))
    lines, count = desk_queries.desk(search, page)
    return show(
        "member_services/show_desk.html", lines=lines, count=count, page=page, search=search,
        pages=max(1, -(-count // desk_queries.PAGE_SIZE)), late=desk_queries.count_late(g.person.user_id),
        unread=duty_queries.count_unread(),
        told=desk_queries.desk(desk_queries.Search("told", "", user_id=g.person.user_id))[1],
        services=catalogue_queries.every_service(), states=case_rules.STATES, badges=case_rules.BADGES,
        mine=desk_queries.desk(desk_queries.Search("mine", user_id=g.person.user_id))[1],
        recurring=load_queries.recurring(),
    )


@bp.get("/service-desk/cases/<int:case_id>")
@needs(*OFFICE, everywhere=True)
def show_case(case_id):
    """One case with everything that is known about it; that it was opened stands in the access log."""
    return _show_case(case_id)


def _show_case(case_id, refused=None):
    # Whoever sees it, also below a refusal, stands in the access log.
    look_actions.note_look(actor(), case_queries.get_case_for(g.person.user_id, case_id))
    case = case_queries.get_case_for(g.person.user_id, case_id)
    line = case_queries.line_of(case)
    service, has_ended = line.service, case.ended_at is not None
    return show(
        "member_services/show_case.html", status=refused.status if refused else 200, case=case, line=line,
        service=service, acts=case_rules.acts(service, case.state, case.step_key, has_ended),
        act_words=case_rules.ACT_WORDS, states=case_rules.STATES, badges=case_rules.BADGES,
        events=case_queries.history(case, for_office=True), event_words=case_rules.EVENTS,
        files=case_queries.files_of(case.id), by_office=file_rules.BY_OFFICE, duties=duty_rules.DUTIES,
        officers=duty_queries.holders(service.kept_by) if service.kept_by else duty_queries.officers(),
        channels=catalogue_rules.CHANNELS, counted=_counted(case, service), means=_means(case, service),
        people=case_queries.find_people(case.name) if case.human_id is None else [],
        by_number=number_queries.known_by_number(case) if case.human_id is None else None,
        units=membership_queries.units() if line.step and line.step.does == "place_member" else [],
        station=place_queries.get_station(case.station_id) if case.station_id else None,
        slot=place_queries.get_slot(case.slot_id) if case.slot_id else None,
        held=entitlement_queries.find_open(case.human_id, service.key), refused=refused,
        right=entitlement_queries.line_of_open(case.human_id, service.key),
        honours=entitlement_queries.honours_of(case.human_id) if case.human_id else [],
        contribution=contribution_queries.of_case(case, service),
        is_holder=case_rules.is_same_name, paid=payment_queries.standing(case.id),
        values=request.form if refused else {},
        field_errors=refused.fields if refused else {},
    )


def _counted(case, service):
    if service.amount is None or not service.amount.parts or case.decided_at is not None:
        return None
    return case_actions.count_for(case, service)


def _means(case, service) -> amount_rules.MeansTest | None:
    if service.means is None or not (case.answers or {}).get(service.means.household):
        return None
    return case_actions.means_of(case, service)


@bp.post("/service-desk/cases/<int:case_id>")
@needs(*OFFICE, everywhere=True)
def move_case(case_id):
    """One act on a case."""
    rev, act = read_whole(request.form.get("rev"), 0), request.form.get("act", "")
    return _act(case_id, lambda: case_actions.move_case(actor(), case_id, rev, act, request.form))


@bp.post("/service-desk/cases/<int:case_id>/returned")
@needs(*OFFICE, everywhere=True)
def note_payment_returned(case_id):
    """What was paid in a case came back."""
    rev = read_whole(request.form.get("rev"), 0)
    return _act(case_id, lambda: payment_actions.note_return(actor(), case_id, rev, request.form))


@bp.post("/service-desk/cases/<int:case_id>/notes")
@needs(*OFFICE, everywhere=True)
def add_note(case_id):
    """A note, or a message to the applicant."""
    text, is_inner = request.form.get("text", ""), request.form.get("act") != "tell"
    return _act(case_id, lambda: case_actions.add_note(actor(), case_id, text, is_inner))


@bp.post("/service-desk/cases/<int:case_id>/files")
@needs(*OFFICE, everywhere=True)
def add_files(case_id):
    """Files of the office."""
    files = [(one.filename, one.read()) for one in request.files.getlist("paper") if one.filename]
    about = request.form.get("about_files", "")
    return _act(case_id, lambda: office_file_actions.add_files(actor(), case_id, files, about))


@bp.post("/service-desk/cases/<int:case_id>/assignee")
@needs(*OFFICE, everywhere=True)
def assign_case(case_id):
    """Give the case to somebody else."""
    rev, user_id = (read_whole(request.form.get(key), 0) for key in ("rev", "assignee"))
    return _act(case_id, lambda: case_actions.assign_case(actor(), case_id, rev, user_id))


@bp.post("/service-desk/cases/<int:case_id>/person")
@needs(*OFFICE, everywhere=True)
def link_person(case_id):
    """Say whose case it is."""
    rev, human_id = (read_whole(request.form.get(key), 0) for key in ("rev", "human"))
    return _act(case_id, lambda: case_actions.link_person(actor(), case_id, rev, human_id))


def _act(case_id, act):
    try:
        act()
    except Invalid as refused:
        return _show_case(case_id, refused)
    except Conflict as refused:
        # What was typed stays on the page beside the case as it stands now.
        if any(request.form.get(key) for key in ("words", "text", "reason", "without_contribution")):
            return _show_case(case_id, refused_as_invalid(refused))
        raise
    return redirect(url_for("member_services.show_case", case_id=case_id), 303)


def refused_as_invalid(refused):
    """A Conflict as a page shows it above its form, with its own status."""
    shown = Invalid(refused.message, **refused.params)
    shown.status = refused.status
    return shown


@bp.get("/service-desk/cases/<int:case_id>/files/<int:number>")
@needs(*OFFICE, everywhere=True)
def download_file(case_id, number):
    """A file that came with a case."""
    case = case_queries.get_case_for(g.person.user_id, case_id)
    case_queries.get_file(case, number)  # one that is not there is not looked at
    look_actions.note_look(actor(), case, "case_files")
    row, content = case_queries.get_file(case, number)
    answer = send_file(
        BytesIO(content), mimetype=KINDS[row.ending][0], as_attachment=True,
        download_name=file_rules.served_name(case.receipt, row.number, row.ending),
    )
    answer.headers["Content-Security-Policy"] = UPLOAD_POLICY
    return answer


@bp.post("/service-desk/reminders")
@needs(*OFFICE, everywhere=True)
def remind():
    """Remind of what is due and tell of what is late, now."""
    counts = case_actions.remind(actor())
    flash(gettext(
        "Reminded: %(reminded)s. Told of being late: %(escalated)s. Closed without an answer: %(closed)s.",
        **counts,
    ), "good")
    return redirect(url_for("member_services.show_desk"), 303)


@bp.get("/service-desk/load")
@needs(*OFFICE, everywhere=True)
def show_load():
    """Load, lateness and satisfaction as pictures."""
    weeks = load_queries.weeks()
    return show(
        "member_services/show_load.html", weeks=weeks, services=load_queries.by_service(),
        top=max([1, *(one.came for one in weeks), *(one.finished for one in weeks)]),
        officers=load_queries.by_officer(), channels=load_queries.by_channel(),
        channel_words=catalogue_rules.CHANNELS, late=desk_queries.count_late(),
    )
