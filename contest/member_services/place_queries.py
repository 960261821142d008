"""Stations by district or distance, slots with what is free, and who came."""

from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from contest import clock
from contest.db import db
from contest.errors import Invalid, Missing
from contest.member_services import distance_rules, limit_rules
from contest.member_services.case_rules import UNDER_WAY
from contest.member_services.models import Case, CaseEvent
from contest.member_services.place_models import Attendance, Slot, Station
from contest.numbers import read_whole

FREED = ("withdrawn", "refused")  # a case in one of these holds no place any more


@dataclass(frozen=True)
class StationLine:
    """A station and how far it is: metres and minutes on foot, None where nobody knows."""

    station: Station
    metres: int | None = None

    @property
    def minutes(self):
        """How long one walks."""
        return None if self.metres is None else distance_rules.minutes(self.metres)

    @property
    def is_near(self):
        """True within the 15-minute circle."""
        return self.minutes is not None and self.minutes <= distance_rules.CIRCLE


@dataclass(frozen=True)
class SlotLine:
    """A slot, how many places are taken, and how far its station is."""

    slot: Slot
    taken: int
    metres: int | None = None

    @property
    def free(self):
        """How many places are left."""
        return max(0, self.slot.capacity - self.taken)


def stations(district="", point=None, only_open=True):
    """StationLines of a district or all: the nearest first where a point is known, else by name."""
    statement = select(Station).order_by(Station.district, Station.name)
    if only_open:
        statement = statement.where(Station.is_open.is_(True))
    if district:
        statement = statement.where(Station.district == district)
    lines = [StationLine(one, _way(one, point)) for one in db.session.scalars(statement)]
    if point is None:
        return lines
    return sorted(lines, key=lambda one: (one.metres is None, one.metres or 0, one.station.id))


def _way(station, point):
    if point is None or station is None or station.latitude is None or station.longitude is None:
        return None
    return distance_rules.metres(point, (station.latitude, station.longitude))


def districts():
    """The districts that have stations."""
    return sorted(db.session.scalars(select(Station.district).distinct()))


def get_station(station_id):
    """The station, or Missing."""
    found = db.session.get(Station, station_id)
    if found is None:
        raise Missing("There is no such station.")
    return found


def keeper_of(station_id):
    """The user id of who is in charge of a station, or None."""
    station = db.session.get(Station, station_id) if station_id else None
    return station.keeper_id if station else None


def slots(service_key=None, station_id=None, point=None, coming=True):
    """SlotLines that can be booked (or all): the nearest station first where a point is known."""
    statement = select(Slot).options(joinedload(Slot.station)).order_by(Slot.starts_at, Slot.id)
    if service_key is not None:
        statement = statement.where(Slot.service_key == service_key)
    if station_id is not None:
        statement = statement.where(Slot.station_id == station_id)
    if coming:
        statement = statement.where(Slot.starts_at > clock.now(), Slot.cancelled_at.is_(None))
    rows = db.session.scalars(statement).all()
    taken = _taken([one.id for one in rows])
    lines = [SlotLine(one, taken.get(one.id, 0), _way(one.station, point)) for one in rows]
    if point is None:
        return lines
    return sorted(lines, key=lambda one: (one.metres is None, one.metres or 0, one.slot.starts_at))


def _taken(slot_ids):
    return dict(db.session.execute(
        select(Case.slot_id, func.count()).where(Case.slot_id.in_(slot_ids), Case.state.not_in(FREED))
        .group_by(Case.slot_id)
    ).all())


def get_slot(slot_id):
    """The slot, or Missing."""
    found = db.session.get(Slot, slot_id) if slot_id else None
    if found is None:
        raise Missing("There is no such slot.")
    return found


def met_at(slot_id):
    """When a booked time is over; None without one."""
    slot = db.session.get(Slot, slot_id) if slot_id else None
    return slot.ends_at if slot else None


def read_slot(service, text):
    """The slot that was chosen, or None where none is needed; Invalid otherwise. Its places: check_free."""
    if service.slots is None:
        return None
    slot = db.session.get(Slot, read_whole(text, 0))
    if slot is None and not service.slots.needed:
        return None
    if slot is None or slot.service_key != service.key:
        raise Invalid("Choose a time that is offered.")
    return slot


def lock_slot(slot_id):
    """The slot, held while its places are counted."""
    return db.session.scalar(select(Slot).filter_by(id=slot_id).with_for_update())


def check_free(slot):
    """Invalid when a slot has no free place, has begun or was called off."""
    if slot.cancelled_at is not None or slot.starts_at <= clock.now():
        raise Invalid("This time is over or was called off; choose another one.")
    if _taken([slot.id]).get(slot.id, 0) >= slot.capacity:
        raise Invalid("No place is left at this time; choose another one.",
                      fields={"slot_id": Invalid("No place is left at this time; choose another one.")})


def read_station(service, text, slot):
    """The id of the station that answers: the slot's, or the one that was chosen; Invalid otherwise."""
    if slot is not None and slot.station_id is not None:
        return slot.station_id
    if not service.stations:
        return None
    station = db.session.get(Station, read_whole(text, 0))
    if station is not None and station.is_open:
        return station.id
    if service.slots is not None or not stations():
        return None
    raise Invalid("Choose a station.")


def cases_of_slot(slot_id):
    """The cases that hold a place in a slot, in the order of their coming."""
    return db.session.scalars(
        select(Case).where(Case.slot_id == slot_id, Case.state.not_in(FREED)).order_by(Case.id)
    ).all()


def called_off(case):
    """The Slot of a case that is under way, when it was called off; else None."""
    slot = db.session.get(Slot, case.slot_id) if case.slot_id else None
    is_off = slot is not None and slot.cancelled_at is not None and case.state in UNDER_WAY
    return slot if is_off else None


def told_of(slot):
    """(case, whether it has another time by now) of everybody who was told that a slot was called off."""
    if slot.cancelled_at is None:
        return []
    rows = db.session.execute(
        select(Case, CaseEvent).join(CaseEvent, CaseEvent.case_id == Case.id)
        .where(CaseEvent.kind == "called_off", CaseEvent.at >= slot.cancelled_at).order_by(CaseEvent.id)
    ).all()
    return [(case, case.slot_id != slot.id) for case, event in rows if event.facts.get("slot") == slot.id]


def year_of(case):
    """The year to which a case belongs: that of its booked time, or of the application."""
    slot = db.session.get(Slot, case.slot_id) if case.slot_id else None
    return clock.day_of(slot.starts_at if slot else case.at).year


def times_of(human_id, service_key, limit, year, but=None, accepted=False):
    """How often a person has a service in a year by what one limit counts.

    accepted: those alone that the office has taken on, else every one that was not withdrawn or refused.
    """
    rows = db.session.scalars(select(Case).where(
        Case.human_id == human_id, Case.service_key == service_key, Case.id != (but or 0),
        Case.state.not_in(("applied", *FREED) if accepted else FREED),
    ))
    return sum(year_of(one) == year and limit_rules.fits(limit, one.answers) for one in rows)


def attended(slot_id):
    """{case id: the numbers of the meetings to which somebody came}."""
    found = {}
    for row in db.session.scalars(select(Attendance).filter_by(slot_id=slot_id)):
        found.setdefault(row.case_id, set()).add(row.session)
    return found


def meetings_attended(case_id, slot_id):
    """To how many meetings of a slot somebody came."""
    return db.session.scalar(
        select(func.count()).select_from(Attendance).filter_by(case_id=case_id, slot_id=slot_id)
    )


def occasion_figures(occasion):
    """{slot id: (booked, came)} of a fair or term."""
    rows = db.session.scalars(select(Slot).filter_by(occasion=occasion)).all()
    taken = _taken([one.id for one in rows])
    came = dict(db.session.execute(
        select(Attendance.slot_id, func.count(func.distinct(Attendance.case_id)))
        .where(Attendance.slot_id.in_([one.id for one in rows])).group_by(Attendance.slot_id)
    ).all())
    return {one.id: (taken.get(one.id, 0), came.get(one.id, 0)) for one in rows}
