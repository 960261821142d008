"""Contributions on record: of one person, of a year, and whom the lines of a list may mean."""

from collections import defaultdict
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from contest import clock
from contest.db import db
from contest.errors import Missing
from contest.member_services import catalogue_queries, contribution_rules, entitlement_queries
from contest.member_services.contribution_models import PaidContribution, TakenBackContribution
from contest.member_services.membership_models import Membership
from contest.people import person_queries
from contest.people.models import Human, Organisation
from contest.people.roster_rules import same_words

SHOWN = 200  # lines of a page
BATCH = 500  # names or numbers asked for at once


@dataclass(frozen=True)
class Year:
    """What is on record of a person for a year: the row that counts, or None."""

    year: int
    paid: PaidContribution | None


@dataclass(frozen=True)
class OfCase:
    """What a case needs: the contribution of a year; paid: the row that counts; record: every row."""

    year: int
    is_known: bool  # whose case it is
    paid: PaidContribution | None
    record: list


@dataclass(frozen=True)
class Own:
    """The contributions of a person to one service, the latest year first."""

    service: object
    years: list


def contributing_services():
    """{key: Service} of the entries that ask for a yearly contribution."""
    return {key: one for key, one in catalogue_queries.every_service().items() if one.contribution}


def get_service(key):
    """The entry, with its contribution, or Missing."""
    found = contributing_services().get(key)
    if found is None:
        raise Missing("There is no such service with a yearly contribution.")
    return found


def get_contribution(contribution_id):
    """The row, or Missing."""
    found = db.session.get(PaidContribution, contribution_id)
    if found is None:
        raise Missing("There is no such contribution.")
    return found


def record_of(human_id, service_key):
    """Every row of a person for a service, also those that were taken back, the latest year first."""
    if human_id is None:
        return []
    return db.session.scalars(
        select(PaidContribution)
        .where(PaidContribution.human_id.in_(person_queries.rows_of(human_id)),
               PaidContribution.service_key == service_key)
        .options(joinedload(PaidContribution.taken_back))
        .order_by(PaidContribution.year.desc(), PaidContribution.id)
    ).all()


def of_case(case, service):
    """The OfCase of a case, or None where its service asks for no contribution."""
    if service.contribution is None:
        return None
    year = contribution_rules.year_of(service, case.answers, clock.day_of(case.at))
    record = record_of(case.human_id, service.key)
    paid = next((one for one in record if one.year == year and one.taken_back is None), None)
    return OfCase(year, case.human_id is not None, paid, record)


def own(human_id):
    """The Own of each service that asks for a contribution; with nothing on record only for a member."""
    this_year, found = clock.today().year, []
    is_member = entitlement_queries.active_membership(human_id) is not None
    for service in contributing_services().values():
        rows = [one for one in record_of(human_id, service.key) if one.taken_back is None]
        paid = {one.year: one for one in reversed(rows)}
        if paid or is_member:
            years = sorted({this_year, *paid}, reverse=True)
            found.append(Own(service, [Year(each, paid.get(each)) for each in years]))
    return found


def entered(service_key, year, text=""):
    """(the latest rows of a year, how many count, their fen); text: part of a name."""
    statement = select(PaidContribution).join(PaidContribution.human).where(
        PaidContribution.service_key == service_key, PaidContribution.year == year
    ).options(joinedload(PaidContribution.human), joinedload(PaidContribution.taken_back))
    if text:
        statement = statement.where(Human.name.contains(text, autoescape=True))
    rows = db.session.scalars(statement.order_by(PaidContribution.id.desc()).limit(SHOWN)).all()
    count, fen = db.session.execute(
        select(func.count(), func.coalesce(func.sum(PaidContribution.amount), 0)).where(
            PaidContribution.service_key == service_key, PaidContribution.year == year, _counts()
        )
    ).one()
    return rows, count, int(fen)


def _counts():
    return PaidContribution.id.not_in(select(TakenBackContribution.contribution_id))


class Book:
    """Whom the lines of a list mean and what is on record of them, read once for the whole list."""

    def __init__(self, service_key, lines):
        self.kept = person_queries.merged_into()
        self.by_number = self._numbers({one.card_number for one in lines} - {""})
        self.by_name = self._names({one.name for one in lines})
        self.paid = self._paid(service_key, {one.year for one in lines})

    def person_of(self, told):
        """The person's id; Invalid by field."""
        return contribution_rules.person_of(
            told, self.by_number.get(told.card_number, []), self.by_name.get(told.name, [])
        )

    def _numbers(self, numbers):
        rows = _in_batches(
            numbers, lambda some: select(Membership.number, Membership.human_id)
            .where(Membership.number.in_(some)),
        )
        found = {number: self.kept.get(human_id, human_id) for number, human_id in rows}
        names = dict(_in_batches(
            set(found.values()), lambda some: select(Human.id, Human.name).where(Human.id.in_(some))
        ))
        return {
            number: [contribution_rules.Candidate(each, names[each], frozenset())]
            for number, each in found.items()
        }

    def _names(self, names):
        """Also the person whom a row of this name was found to be, under whatever name that row is kept."""
        rows = _in_batches(
            names, lambda some: select(Human.id, Human.name, Human.organisation_id)
            .where(Human.name.in_(some)),
        )
        places = defaultdict(set)
        for human_id, _, unit_id in rows:
            places[self.kept.get(human_id, human_id)].add(unit_id)
        for human_id, unit_id in _in_batches(
            set(places), lambda some: select(Membership.human_id, Membership.organisation_id)
            .where(Membership.human_id.in_(some), Membership.state != "ended"),
        ):
            places[human_id].add(unit_id)
        units = dict(db.session.execute(select(Organisation.id, Organisation.name)).all())
        found = defaultdict(dict)
        for human_id, name, _ in rows:
            kept = self.kept.get(human_id, human_id)
            found[name][kept] = contribution_rules.Candidate(
                kept, name, frozenset(same_words(units[each]) for each in places[kept] - {None})
            )
        return {name: list(some.values()) for name, some in found.items()}

    def _paid(self, service_key, years):
        found = defaultdict(list)
        for row in db.session.execute(
            select(
                PaidContribution.human_id, PaidContribution.year, PaidContribution.amount,
                PaidContribution.paid_on,
            ).where(PaidContribution.service_key == service_key, PaidContribution.year.in_(years), _counts())
        ):
            found[self.kept.get(row.human_id, row.human_id), row.year].append(row)
        return found


def _in_batches(values, asked):
    values, found = sorted(values), []
    for at in range(0, len(values), BATCH):
        found += db.session.execute(asked(values[at:at + BATCH])).all()
    return found
