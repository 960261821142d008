"""What is due month by month to those who hold a right to money, and what of it was paid."""

from collections import defaultdict
from dataclasses import dataclass, replace
from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from contest import clock
from contest.db import db
from contest.errors import Missing
from contest.member_services import benefit_rules
from contest.member_services.catalogue_queries import every_service
from contest.member_services.entitlement_models import BenefitPayment, BenefitReturn, Entitlement
from contest.member_services.models import Case
from contest.people.models import Human, Organisation
from contest.people.person_queries import merged_into

GRANTED = ("decided", "done", "feedback", "closed")
MONTHS_SHOWN = 12


@dataclass(frozen=True)
class Benefit:
    """A month that is due to a person. case: the latest that granted it; unit: where the person works."""

    human: Human
    service: object
    month: date
    amount: int
    entitlement_id: int
    case: Case
    unit: str = ""


@dataclass(frozen=True)
class MonthSum:
    """One month at a glance; sums in fen."""

    month: date
    open_count: int
    open_sum: int
    paid_count: int
    paid_sum: int


def paying_services():
    """{key: Service} of the entries by which something is due each month."""
    return {key: one for key, one in every_service().items() if one.monthly is not None}


def get_paying(key):
    """The Service of this key by which something is due each month, or Missing."""
    if (found := paying_services().get(key)) is None:
        raise Missing("There is no such service.")
    return found


def this_month():
    """The first day of the month it is here."""
    return clock.today().replace(day=1)


class Due:
    """What is due by every paying entry: read once, asked for one month or several."""

    def __init__(self):
        self.services, self.merged = paying_services(), merged_into()
        rows = db.session.scalars(
            select(Entitlement).where(
                Entitlement.service_key.in_(self.services), Entitlement.amount.is_not(None)
            ).options(joinedload(Entitlement.human)).order_by(Entitlement.id)
        ).all()
        first = _firsts()
        granted = self._granted(first)
        # Pairs of an entitlement and the case by which it, or one in a row with it, was granted.
        self.held = [
            (row, granted[key]) for row in rows
            if (key := (row.service_key, first.get(row.id, row.id))) in granted
        ]

    def _granted(self, first):
        rows = db.session.scalars(
            select(Case).where(
                Case.service_key.in_(self.services), Case.state.in_(GRANTED),
                Case.decided_at.is_not(None), Case.entitlement_id.is_not(None),
            ).order_by(Case.decided_at, Case.id)
        )
        found = {}
        for row in rows:
            key = (row.service_key, first.get(row.entitlement_id, row.entitlement_id))
            found[key] = (min(row.at, found[key][0]) if key in found else row.at, row)
        return found

    def open_of(self, month):
        """What is due for a month (its first day) and is not paid, as [Benefit], by service and person."""
        if month > this_month():
            return []
        # Whoever was paid, and whose entitlement it was: after a parting these may be two people.
        done = {
            (service_key, self.merged.get(each, each))
            for service_key, *two in db.session.execute(
                select(BenefitPayment.service_key, BenefitPayment.human_id, Entitlement.human_id)
                .join(Entitlement, Entitlement.id == BenefitPayment.entitlement_id)
                .where(BenefitPayment.month == month, BenefitPayment.id.not_in(_came_back()))
            ) for each in two
        }
        best = {}
        for row, (applied_at, case) in self.held:
            service = self.services[row.service_key]
            whose = (row.service_key, self.merged.get(row.human_id, row.human_id))
            applied_on = clock.day_of(applied_at)
            if whose in done or not benefit_rules.is_due(row, applied_on, month, service.monthly.back):
                continue
            if whose not in best or best[whose].amount < row.amount:
                best[whose] = Benefit(row.human, service, month, row.amount, row.id, case)
        order = {key: place for place, key in enumerate(self.services)}
        return [best[key] for key in sorted(best, key=lambda key: (order[key[0]], key[1]))]


def _came_back():
    return select(BenefitReturn.payment_id)


def came_back_of(service_key, month):
    """{person's id: the id of the last payment that came back}, for a service and a month.

    Rows that were found to be one person are one.
    """
    merged = merged_into()
    rows = db.session.execute(
        select(BenefitPayment.human_id, BenefitPayment.id)
        .where(BenefitPayment.service_key == service_key, BenefitPayment.month == month,
               BenefitPayment.id.in_(_came_back()))
        .order_by(BenefitPayment.id)
    )
    return {merged.get(human_id, human_id): payment_id for human_id, payment_id in rows}


def get_payment(payment_id):
    """The payment of a month, or Missing."""
    if (row := db.session.get(BenefitPayment, payment_id)) is None:
        raise Missing("There is no such payment.")
    return row


def _firsts():
    """{id of an entitlement: id of the first of those that follow each other}, where one follows."""
    steps = dict(db.session.execute(
        select(Entitlement.id, Entitlement.follows_id).where(Entitlement.follows_id.is_not(None))
        .order_by(Entitlement.id)
    ).all())
    found = {}
    for row_id, before in steps.items():
        found[row_id] = found.get(before, before)
    return found


def with_units(benefits):
    """The same with the names of the people's units."""
    wanted = {one.human.organisation_id for one in benefits} - {None}
    units = dict(db.session.execute(
        select(Organisation.id, Organisation.name).where(Organisation.id.in_(wanted))
    ).all())
    return [replace(one, unit=units.get(one.human.organisation_id, "")) for one in benefits]


def paid_of(month):
    """The rows of what was paid for a month (its first day), in their order, also of what came back."""
    return db.session.scalars(
        select(BenefitPayment).filter_by(month=month)
        .options(joinedload(BenefitPayment.human), joinedload(BenefitPayment.came_back))
        .order_by(BenefitPayment.id)
    ).all()


def months(due):
    """The last months at a glance, the latest first: [MonthSum]."""
    paid = {
        month: (count, int(total)) for month, count, total in db.session.execute(
            select(BenefitPayment.month, func.count(), func.sum(BenefitPayment.amount))
            .where(BenefitPayment.id.not_in(_came_back())).group_by(BenefitPayment.month)
        )
    }
    found = []
    for back in range(MONTHS_SHOWN):
        month = benefit_rules.month_back(this_month(), back)
        waits = due.open_of(month)
        if waits or month in paid or back == 0:
            found.append(MonthSum(month, len(waits), sum(one.amount for one in waits),
                                  *paid.get(month, (0, 0))))
    return found


def open_months(human_ids):
    """The first days of the last months that are due to one of these people and not paid."""
    due = Due()
    last = [benefit_rules.month_back(this_month(), back) for back in range(MONTHS_SHOWN)]
    return [month for month in last if any(one.human.id in human_ids for one in due.open_of(month))]


def totals(benefits):
    """{service: (how many, fen)} of months that are due."""
    found = defaultdict(lambda: (0, 0))
    for one in benefits:
        count, fen = found[one.service]
        found[one.service] = (count + 1, fen + one.amount)
    return dict(found)
