"""What applicants see: the catalogue, an application, how it stands, stations, everything of one's own."""

from datetime import timedelta

from flask import Response, g, redirect, request, url_for

from contest import clock
from contest.accounts.guards import open_to_all, signed_in
from contest.documents import MIMETYPES, as_pdf
from contest.errors import Invalid, Missing
from contest.member_services import (
    apply_actions,
    case_queries,
    case_rules,
    catalogue_queries,
    catalogue_rules,
    contribution_queries,
    course_papers,
    course_queries,
    distance_rules,
    duty_rules,
    entitlement_queries,
    field_forms,
    item_queries,
    item_rules,
    membership_queries,
    place_actions,
    place_queries,
)
from contest.member_services.blueprint import actor, bp, is_office
from contest.member_services.money_rules import yuan
from contest.numbers import whole
from contest.pages import language, moment, show

bp.add_app_template_filter(yuan, "yuan")


@bp.app_template_filter("deadline")
def deadline(when):
    """A deadline as people say it: the last day, or the moment when it is not the end of a day."""
    local = when.astimezone(clock.zone())
    if (local.hour, local.minute) == (0, 0):
        return (local - timedelta(minutes=1)).date().isoformat()
    return moment(when)


def own_human():
    """The id of the person who is signed in, or None."""
    return case_queries.human_of(g.person.user_id) if g.person else None


@bp.get("/services")
@open_to_all
def list_services():
    """The catalogue: what the person who asks is entitled to first, then kind by kind."""
    services, mine = catalogue_queries.services(), entitlement_queries.opens_for(own_human())
    return show(
        "member_services/list_services.html", mine=mine.values(), kinds=catalogue_rules.KINDS,
        frame=catalogue_rules.FRAME, stations=len(place_queries.stations()),
        by_kind={
            kind: [one for one in services.values() if one.kind == kind] for kind in catalogue_rules.KINDS
        },
    )


@bp.get("/services/<key>")
@open_to_all
def show_service(key):
    """One service, and the form by which it is applied for."""
    return _show_service(key)


@bp.post("/services/<key>")
@open_to_all
def apply_for(key):
    """Apply."""
    door = apply_actions.Door(
        None if is_office() else own_human(), request.form.get("honour_id", 0, type=whole) or None,
        is_office(),
    )
    try:
        case = apply_actions.apply_for(actor(), key, request.form, _files(), door)
    except Invalid as refused:
        return _show_service(key, refused)
    if is_office() and not case_queries.is_closed_to(g.person.user_id, case):
        return redirect(url_for("member_services.show_case", case_id=case.id), 303)
    return redirect(url_for("member_services.show_receipt", receipt=case.receipt), 303)


def _files():
    return [
        (key, one.filename, one.read()) for key, one in request.files.items(multi=True)
        if key and one.filename
    ]


def _show_service(key, refused=None):
    service = catalogue_queries.get_service(key)
    honour_id = request.values.get("honour_id", 0, type=whole)
    honour = case_queries.find_honour(honour_id) if honour_id else None
    point = _point()
    return show(
        "member_services/show_service.html", status=refused.status if refused else 200, service=service,
        honour=honour, opens=honour is not None and service in catalogue_queries.services_of(honour),
        held=entitlement_queries.find_open(own_human(), service.key), values=request.form,
        refused=refused, field_errors=refused.fields if refused else {}, is_office=is_office(),
        channels=catalogue_rules.CHANNELS, duties=duty_rules.DUTIES,
        stations=place_queries.stations(point=point) if service.stations else [],
        slots=place_queries.slots(service.key, point=point) if service.slots else [],
        contribution=_own_contribution(service),
        own_name=g.person.name if own_human() and not is_office() else "", regions=_regions(service),
    )


def _own_contribution(service):
    """What is on record of whoever applies for oneself, where the service asks for a contribution."""
    human_id = None if is_office() else own_human()
    if service.contribution is None or human_id is None:
        return None
    return next(
        (one for one in contribution_queries.own(human_id) if one.service.key == service.key), None
    )


def _regions(service):
    """The regions whose standard is known, where the service asks for one."""
    return case_queries.regions(service.means.standard) if service.means else []


def _point():
    """Where the person is, if the address says so; a wrong point is no point here."""
    try:
        return distance_rules.read_point(request.args.get("point"))
    except Invalid:
        return None


@bp.get("/applications")
@open_to_all
def find_receipt():
    """Ask how an application stands."""
    if receipt := request.args.get("receipt", "").replace("-", "").replace(" ", ""):
        return redirect(url_for("member_services.show_receipt", receipt=receipt), 303)
    return show("member_services/find_receipt.html")


@bp.get("/applications/<receipt>")
@open_to_all
def show_receipt(receipt):
    """How an application stands: its clock, its history, and what the applicant can do now."""
    return _show_receipt(receipt)


def _show_receipt(receipt, refused=None):
    case = case_queries.get_by_receipt(receipt)
    line = case_queries.line_of(case)
    typed = request.form if refused and "name" in request.form else field_forms.as_form(line.service, case)
    return show(
        "member_services/show_receipt.html", status=refused.status if refused else 200, case=case,
        service=line.service, line=line, states=case_rules.STATES, badges=case_rules.BADGES,
        course=course_queries.find_completed(case), events=case_queries.history(case, for_office=False),
        event_words=case_rules.EVENTS, contribution=contribution_queries.of_case(case, line.service),
        duties=duty_rules.DUTIES, values=typed, said=request.form if refused else {}, refused=refused,
        field_errors=refused.fields if refused else {}, called_off=(off := place_queries.called_off(case)),
        slots=place_queries.slots(line.service.key) if off else [], regions=_regions(line.service),
    )


@bp.get("/applications/<receipt>/certificate.pdf")
@open_to_all
def download_course_certificate(receipt):
    """The certificate of a completed course, for whoever has the receipt code."""
    course = course_queries.get_completed(case_queries.get_by_receipt(receipt))
    return Response(
        as_pdf(course_papers.course_certificate(course, language())), mimetype=MIMETYPES["pdf"],
        headers={"Content-Disposition": f'attachment; filename="{course.number}.pdf"'},
    )


@bp.post("/applications/<receipt>/complete")
@open_to_all
def complete_case(receipt):
    """Send a returned application again."""
    return _own_act(receipt, lambda: apply_actions.complete_case(actor(), receipt, request.form, _files()))


@bp.post("/applications/<receipt>/messages")
@open_to_all
def write_message(receipt):
    """Write to the office."""
    text = request.form.get("text", "")
    return _own_act(receipt, lambda: apply_actions.write_message(actor(), receipt, text))


@bp.post("/applications/<receipt>/withdraw")
@open_to_all
def withdraw_case(receipt):
    """Take the application back."""
    reason = request.form.get("reason", "")
    return _own_act(receipt, lambda: apply_actions.withdraw_case(actor(), receipt, reason))


@bp.post("/applications/<receipt>/slot")
@open_to_all
def book_again(receipt):
    """Take another time instead of one that was called off."""
    slot_id = request.form.get("slot_id", "")
    return _own_act(receipt, lambda: place_actions.book_again(actor(), receipt, slot_id))


@bp.post("/applications/<receipt>/feedback")
@open_to_all
def give_feedback(receipt):
    """Say how it went."""
    return _own_act(receipt, lambda: apply_actions.give_feedback(actor(), receipt, request.form))


def _own_act(receipt, act):
    try:
        act()
    except Invalid as refused:
        return _show_receipt(receipt, refused)
    return redirect(url_for("member_services.show_receipt", receipt=receipt), 303)


@bp.get("/stations")
@open_to_all
def list_stations():
    """Stations by district, or the nearest first."""
    refused, point = None, None
    try:
        point = distance_rules.read_point(request.args.get("point"))
    except Invalid as wrong:
        refused = wrong
    district = request.args.get("district", "")
    return show(
        "member_services/list_stations.html", status=refused.status if refused else 200,
        lines=place_queries.stations(district, point), districts=place_queries.districts(),
        district=district, typed=request.args.get("point", ""), point=point, refused=refused,
        circle=distance_rules.CIRCLE, coming=_coming(), services=catalogue_queries.every_service(),
    )


def _coming():
    """{station id: the next slots there}."""
    found = {}
    for line in place_queries.slots():
        if line.slot.station_id is not None and len(found.setdefault(line.slot.station_id, [])) < 3:
            found[line.slot.station_id].append(line)
    return found


@bp.get("/topics")
@open_to_all
def list_topics():
    """Registers that everybody may follow: topics and proposals with their answers."""
    services = catalogue_queries.every_service()
    rows = [
        one for one in item_queries.registers()
        if (known := services.get(one.service_key)) and known.register_ and known.register_.public
    ]
    return show(
        "member_services/list_topics.html", services=services,
        rows=[(one, item_queries.figures(one.id)) for one in rows],
    )


@bp.get("/topics/<int:register_id>")
@open_to_all
def show_topics(register_id):
    """One public register: each line that is answered for, without whoever said it."""
    register = item_queries.get_register(register_id)
    service = catalogue_queries.find_any(register.service_key)
    if service is None or service.register_ is None or not service.register_.public:
        raise Missing("There is no such register.")
    return show(
        "member_services/show_topics.html", register=register, service=service,
        lines=item_queries.items_of(register.id, is_topic=bool(service.register_.topic)),
        found=item_queries.figures(register.id),
        states=item_rules.STATES, badges=item_rules.BADGES,
    )


@bp.get("/my-services")
@signed_in
def my_services():
    """Everything of the person who is signed in: membership, entitlements, cases."""
    human_id = own_human()
    lines = case_queries.cases_of(human_id) if human_id else []
    return show(
        "member_services/my_services.html", is_known=human_id is not None,
        entitlements=entitlement_queries.entitlements_of(human_id) if human_id else [],
        lines=lines, called_off=[one for one in lines if place_queries.called_off(one.case)],
        memberships=membership_queries.memberships_of(human_id) if human_id else [],
        contributions=contribution_queries.own(human_id) if human_id else [],
        states=case_rules.STATES, badges=case_rules.BADGES,
    )


