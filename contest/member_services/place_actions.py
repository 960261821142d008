"""Keeping stations and slots, and saying who came."""

from datetime import datetime

from contest import clock
from contest.audit.work import work
from contest.db import db
from contest.errors import Conflict, Invalid, NotAllowed
from contest.i18n import N_
from contest.member_services import (
    case_queries,
    case_rules,
    catalogue_queries,
    distance_rules,
    duty_queries,
    duty_rules,
    office_actions,
)
from contest.member_services import place_queries as queries
from contest.member_services.moving_actions import begin_step, check_limit, log, moving
from contest.member_services.place_models import Attendance, Slot, Station
from contest.numbers import read_whole
from contest.registry.rules import check_year


def save_station(actor, station_id, form):
    """Make a station (station_id None) or change one; Invalid names what is wrong."""
    values = _read_station(form)
    station = queries.get_station(station_id) if station_id else Station()
    kept_by = station.keeper_id if station.keeper_id in duty_queries.officers() else None
    if values["keeper_id"] != kept_by:
        _check_keeper(actor, values["keeper_id"])
    with work(actor, "station.save", subject=values["name"], district=values["district"]):
        for name, value in values.items():
            setattr(station, name, value)
        db.session.add(station)
    return station


def _check_keeper(actor, keeper_id):
    """To keep a station is a duty as others are; refused at its field, so that nothing typed is lost."""
    try:
        office_actions.check_names(actor, duty_rules.KEEPER, keeper_id)
    except NotAllowed as refused:
        raise Invalid(refused.message, fields={"keeper_id": Invalid(refused.message)}) from refused


def _read_station(form):
    wrong, values = {}, {}
    for key, most, needed in (("name", 60, True), ("district", 40, True), ("address", 120, False),
                              ("hours", 80, False), ("keeper", 40, False), ("phone", 20, False)):
        values[key] = (form.get(key) or "").strip()
        if needed and not values[key]:
            wrong[key] = Invalid("This is needed.")
        elif len(values[key]) > most:
            wrong[key] = Invalid("At most %(most)s characters are taken here.", most=most)
    try:
        point = distance_rules.read_point(form.get("point"))
    except Invalid as refused:
        point, wrong["point"] = None, refused
    if wrong:
        raise Invalid("Some fields are missing or wrong; nothing was stored.", fields=wrong)
    words = (form.get("equipment") or "").replace("，", ",").replace("、", ",").split(",")
    keeper_id = read_whole(form.get("keeper_id"))
    return {
        **values, "latitude": point[0] if point else None, "longitude": point[1] if point else None,
        "equipment": [one.strip() for one in words if one.strip()][:20],
        "keeper_id": keeper_id if keeper_id in duty_queries.officers() else None,
        "is_open": form.get("closed") != "1",
    }


def save_slot(actor, form):
    """Offer a time with places; Invalid names what is wrong."""
    wrong = {}
    service = catalogue_queries.find_any(form.get("service", ""))
    if service is None or service.slots is None:
        wrong["service"] = Invalid("Choose a service with times that are booked.")
    starts_at = _moment(form, "starts_at", wrong)
    ends_at = _moment(form, "ends_at", wrong)
    if starts_at and ends_at and ends_at <= starts_at:
        wrong["ends_at"] = Invalid("The end comes after the beginning.")
    sizes = {}
    for key, most in (("capacity", 5000), ("sessions", 100)):
        sizes[key] = read_whole(form.get(key) or "1", 0)
        if not 1 <= sizes[key] <= most:
            wrong[key] = Invalid("Write a whole number from %(least)s to %(most)s.", least=1, most=most)
    if wrong:
        raise Invalid("Some fields are missing or wrong; nothing was stored.", fields=wrong)
    station_id = read_whole(form.get("station_id"))
    slot = Slot(
        service_key=service.key, station_id=queries.get_station(station_id).id if station_id else None,
        starts_at=starts_at, ends_at=ends_at, by_id=actor.user_id, **sizes,
        **{key: (form.get(key) or "").strip()[:80] for key in ("occasion", "topic", "place")},
    )
    with work(actor, "slot.save", subject=service.key, size=slot.capacity) as facts:
        db.session.add(slot)
        db.session.flush()
        facts["number"] = slot.id
    return slot


def _moment(form, key, wrong):
    try:
        moment = datetime.fromisoformat((form.get(key) or "").strip())
        check_year(moment)
    except ValueError:
        wrong[key] = Invalid("Write day and time, for example 2026-11-23T09:00.")
    except Invalid as refused:
        wrong[key] = refused
    else:
        return moment.astimezone(clock.zone()) if moment.tzinfo else moment.replace(
            tzinfo=clock.zone())
    return None


def cancel_slot(actor, slot_id, reason=""):
    """Call a slot off: it takes no more bookings, and whoever booked it is told, and may book again.

    Returns how many were told. reason: for them; needed where there is somebody to be told.
    """
    slot = queries.get_slot(slot_id)
    if slot.cancelled_at is not None:
        raise Conflict("This time was called off already.")
    told = [one for one in queries.cases_of_slot(slot.id) if one.state in case_rules.UNDER_WAY]
    words = case_rules.read_words(reason, N_("Say why, for those who booked.") if told else None, "reason")
    with work(actor, "slot.cancel", subject=f"slot {slot.id}", count=len(told), reason=words):
        slot.cancelled_at = clock.now()
        for case in told:
            log(case, actor, "called_off", words=words, facts={"slot": slot.id})
    return len(told)


def book_again(actor, receipt, text):
    """Whoever had a slot that was called off takes another one; the clock of the step begins anew."""
    case = case_queries.get_by_receipt(receipt)
    service = catalogue_queries.service_of(case.version)
    if queries.called_off(case) is None:
        raise Conflict("The time of this application was not called off.")
    try:
        slot = queries.read_slot(service, text)
        if slot is None:
            raise Invalid("Choose a time that is offered.")
        queries.check_free(slot)
    except Invalid as refused:
        raise Invalid(refused.message, fields={"slot_id": Invalid(refused.message)}) from refused
    with moving(actor, case, "service.book", number=slot.id):
        queries.check_free(queries.lock_slot(slot.id))
        log(case, actor, "booked", facts={"slot": slot.id, "instead_of": case.slot_id})
        case.slot_id, case.station_id = slot.id, slot.station_id or case.station_id
        if case.human_id is not None:
            check_limit(case, service)  # the time may lie in another year
        if case.step_key:
            begin_step(case, service, case.step_key)
    return case


def note_attendance(actor, slot_id, session, case_ids):
    """These people came to a meeting of a slot; each is noted once. Returns how many are new."""
    slot = queries.get_slot(slot_id)
    if not 1 <= session <= slot.sessions:
        raise Conflict("This slot has no such meeting.")
    with work(actor, "slot.attend", subject=f"slot {slot.id}", number=session) as facts:
        queries.lock_slot(slot.id)  # two at the door may tick the same person
        booked = {one.id for one in queries.cases_of_slot(slot.id)}
        there = {case_id for case_id, numbers in queries.attended(slot.id).items() if session in numbers}
        new = sorted((set(case_ids) & booked) - there)
        facts["count"] = len(new)
        db.session.add_all(
            Attendance(case_id=one, slot_id=slot.id, session=session, by_id=actor.user_id, at=clock.now())
            for one in new
        )
    return len(new)
