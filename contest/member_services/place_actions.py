"""Keeping stations and slots, and saying who came."""

from datetime import datetime

from contest import clock
from contest.audit.work import work
from contest.db import db
from contest.errors import Conflict, Invalid
from contest.member_services import case_queries, catalogue_queries, deadline_rules, distance_rules
from contest.member_services import place_queries as queries
from contest.member_services.place_models import Attendance, Slot, Station
from contest.numbers import read_whole


def save_station(actor, station_id, form):
    """Make a station (station_id None) or change one; Invalid names what is wrong."""
    values = _read_station(form)
    station = queries.get_station(station_id) if station_id else Station()
    with work(actor, "station.save", subject=values["name"], district=values["district"]):
        for name, value in values.items():
            setattr(station, name, value)
        db.session.add(station)
    return station


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
        "keeper_id": keeper_id if keeper_id in case_queries.officers() else None,
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
        return datetime.fromisoformat((form.get(key) or "").strip()).replace(tzinfo=deadline_rules.zone())
    except ValueError:
        wrong[key] = Invalid("Write day and time, for example 2026-11-23T09:00.")
        return None


def cancel_slot(actor, slot_id):
    """Call a slot off: it takes no more bookings; its cases stay for the office to move."""
    slot = queries.get_slot(slot_id)
    if slot.cancelled_at is not None:
        raise Conflict("This time was called off already.")
    with work(actor, "slot.cancel", subject=f"slot {slot.id}"):
        slot.cancelled_at = clock.now()
    return slot


def note_attendance(actor, slot_id, session, case_ids):
    """These people came to a meeting of a slot; each is noted once. Returns how many are new."""
    slot = queries.get_slot(slot_id)
    if not 1 <= session <= slot.sessions:
        raise Conflict("This slot has no such meeting.")
    booked = {one.id for one in queries.cases_of_slot(slot.id)}
    there = {case_id for case_id, numbers in queries.attended(slot.id).items() if session in numbers}
    new = sorted((set(case_ids) & booked) - there)
    with work(actor, "slot.attend", subject=f"slot {slot.id}", count=len(new), number=session):
        db.session.add_all(
            Attendance(case_id=one, slot_id=slot.id, session=session, by_id=actor.user_id, at=clock.now())
            for one in new
        )
    return len(new)
