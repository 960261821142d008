"""What people are entitled to, on which ground, and which files are due to be checked."""

from collections import defaultdict
from dataclasses import dataclass

from sqlalchemy import func, or_, select
from sqlalchemy.orm import joinedload

from contest.db import db
from contest.errors import Missing
from contest.member_services import entitlement_rules
from contest.member_services.catalogue_queries import find_any, services
from contest.member_services.entitlement_models import (
    Entitlement,
    EntitlementEvent,
    StandingLevel,
)
from contest.member_services.membership_models import Membership
from contest.people.models import Human
from contest.registry.ladder_queries import honours_in_force, house_ladders
from contest.registry.models import Craftsman, Honour


@dataclass(frozen=True)
class EntitlementLine:
    """An entitlement with its service (None when it left the catalogue) and what it rests on.

    step: of a ladder in force here, or None. why: the reason of its end, the steps of the ladder by name.
    """

    entitlement: Entitlement
    service: object
    honour: Honour | None
    step: object
    is_open: bool
    why: str


def entitlements_of(human_id):
    """Everything one person is or was entitled to, what holds first, the latest first."""
    rows = db.session.scalars(
        select(Entitlement).filter_by(human_id=human_id)
        .order_by(Entitlement.ended_at.is_not(None), Entitlement.id.desc())
    ).all()
    honours = {
        one.id: one for one in db.session.scalars(
            select(Honour).where(Honour.id.in_({row.honour_id for row in rows} - {None}))
        )
    }
    house = house_ladders() if any(row.level for row in rows) else {}
    return [
        EntitlementLine(
            row, find_any(row.service_key), honours.get(row.honour_id),
            house[row.ladder].ladder.step(row.level) if row.ladder in house else None,
            row.ended_at is None, _why(row.reason, house.get(row.ladder)),
        ) for row in rows
    ]


def _why(reason, house):
    """A reason as people read it: “– → expert” by the names of the ladder's steps."""
    names = {one.key: one.name for one in house.ladder.steps} if house else {}
    return " ".join(names.get(word, word) for word in reason.split(" "))


def open_of(human_id, service_key=None):
    """The open entitlements of one person, of one service or all, the latest last."""
    statement = select(Entitlement).filter_by(human_id=human_id, ended_at=None).order_by(Entitlement.id)
    if service_key is not None:
        statement = statement.filter_by(service_key=service_key)
    return db.session.scalars(statement).all()


def find_open(human_id, service_key):
    """The open entitlement of one person to one service, the latest; or None."""
    found = open_of(human_id, service_key) if human_id else []
    return found[-1] if found else None


def line_of_open(human_id, service_key):
    """The EntitlementLine of `find_open`, for whoever must see what the right rests on; or None."""
    held = find_open(human_id, service_key)
    return next((one for one in entitlements_of(human_id) if held and one.entitlement.id == held.id), None)


def held_keys(human_id):
    """The keys of the services to which a person has an open entitlement."""
    if human_id is None:
        return set()
    return set(db.session.scalars(
        select(Entitlement.service_key).filter_by(human_id=human_id, ended_at=None)
    ))


def opens_for(human_id):
    """{key: Service} that stand first for this person: an entitlement, or a file that they need."""
    held = held_keys(human_id)
    return {
        key: one for key, one in services().items()
        if key in held or held & set(one.entitled.needs)
    }


def has_right(service, human_id):
    """True when a person is known to be entitled to a service."""
    if not service.is_restricted:
        return True
    if human_id is None:
        return False
    if held_keys(human_id) & {service.key, *service.entitled.needs}:
        return True
    known = Known([human_id])
    grounds = entitlement_rules.grounds_of(
        known.honours[human_id], known.levels[human_id], known.memberships.get(human_id)
    )
    return bool(entitlement_rules.wanted(service, grounds))


class Known:
    """What entitlements of some people rest on, and those that are open, each by the person's id.

    honours in force and levels: {id: rows}; memberships in force: {id: row}; open: {id: the latest last}.
    """

    def __init__(self, human_ids):
        self.honours = honours_in_force(human_ids)
        self.levels, self.open = defaultdict(list), defaultdict(list)
        for row in db.session.scalars(
            select(StandingLevel).where(StandingLevel.human_id.in_(human_ids)).order_by(StandingLevel.ladder)
        ):
            self.levels[row.human_id].append(row)
        self.memberships = {
            row.human_id: row for row in db.session.scalars(
                select(Membership).where(Membership.human_id.in_(human_ids), Membership.state == "active")
            )
        }
        for row in db.session.scalars(
            select(Entitlement).where(Entitlement.human_id.in_(human_ids), Entitlement.ended_at.is_(None))
            .order_by(Entitlement.id)
        ):
            self.open[row.human_id].append(row)


def hold_people(human_ids):
    """Hold people until the transaction ends: what is read of them after it nobody else is changing."""
    db.session.execute(  # in one order, so that two who hold many wait for each other
        select(Human.id).where(Human.id.in_(human_ids)).order_by(Human.id).with_for_update(key_share=True)
    )


def honours_of(human_id):
    """The honours in force of one person, by id."""
    return honours_in_force([human_id])[human_id]


def levels_of(human_id):
    """Where a person stands on each ladder."""
    return Known([human_id]).levels[human_id]


def active_membership(human_id):
    """The membership that is in force, or None."""
    return db.session.scalar(select(Membership).filter_by(human_id=human_id, state="active"))


def list_after(entitlement_id, count, human_id=0, service_key=""):
    """So many entitlements after this one, by their numbers; of one person or service where one is given."""
    asked = select(Entitlement).where(Entitlement.id > entitlement_id)
    if human_id:
        asked = asked.filter_by(human_id=human_id)
    if service_key:
        asked = asked.filter_by(service_key=service_key)
    return db.session.scalars(asked.order_by(Entitlement.id).limit(count)).all()


def get_entitlement(entitlement_id):
    """The entitlement, or Missing."""
    found = db.session.get(Entitlement, entitlement_id)
    if found is None:
        raise Missing("There is no such entitlement.")
    return found


def history_of(entitlement_id):
    """What happened to an entitlement, in order."""
    return db.session.scalars(
        select(EntitlementEvent).filter_by(entitlement_id=entitlement_id).order_by(EntitlementEvent.id)
    ).all()


def files_due(until=None, limit=500):
    """Standing files that are to be checked again by a day (None: all that are open), the earliest first."""
    statement = (
        select(Entitlement).where(Entitlement.review_on.is_not(None), Entitlement.ended_at.is_(None))
        .options(joinedload(Entitlement.human)).order_by(Entitlement.review_on, Entitlement.id).limit(limit)
    )
    if until is not None:
        statement = statement.where(Entitlement.review_on <= until)
    return db.session.scalars(statement).all()


def review_figures(first, last):
    """{continued, ended}: how many files were checked between two days, and what came of it."""
    rows = db.session.execute(
        select(EntitlementEvent.kind, func.count(func.distinct(EntitlementEvent.entitlement_id)))
        .where(or_(EntitlementEvent.kind == "reviewed", EntitlementEvent.kind == "review_ended"),
               EntitlementEvent.at >= first, EntitlementEvent.at < last)
        .group_by(EntitlementEvent.kind)
    ).all()
    found = dict((kind, count) for kind, count in rows)
    return {"continued": found.get("reviewed", 0), "ended": found.get("review_ended", 0)}


def monthly_amount(human_id, service_key, month):
    """What a person gets in a month (a date in it), in fen: by what holds on its first day."""
    first = month.replace(day=1)
    amounts = db.session.scalars(
        select(Entitlement.amount).where(
            Entitlement.human_id == human_id, Entitlement.service_key == service_key,
            Entitlement.start_on <= first,
            or_(Entitlement.end_on.is_(None), Entitlement.end_on >= first),
        )
    )
    return max((one for one in amounts if one is not None), default=0)


def everybody_with_grounds():
    """The ids of everybody who has, or had, something on which an entitlement may rest."""
    found = set(db.session.scalars(select(Craftsman.human_id)))
    found |= set(db.session.scalars(select(StandingLevel.human_id)))
    found |= set(db.session.scalars(select(Membership.human_id).where(Membership.state == "active")))
    found |= set(db.session.scalars(select(Entitlement.human_id).where(Entitlement.ended_at.is_(None))))
    return sorted(found)
