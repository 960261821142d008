"""What is to be paid to applicants, and what was paid: one line a case."""

from dataclasses import dataclass

from sqlalchemy import select

from contest import clock
from contest.db import db
from contest.member_services import deadline_rules
from contest.member_services.catalogue_queries import service_of
from contest.member_services.models import Case, CaseEvent
from contest.people.models import Organisation


@dataclass(frozen=True)
class Payment:
    """A sum of one case. event: how it was paid, or None; unit: the applicant's, by name."""

    case: Case
    service: object
    unit: str
    event: CaseEvent | None = None
    came_back: CaseEvent | None = None  # that this transfer came back

    @property
    def aids(self):
        """The kinds of aid for which it is, as the entry has them."""
        return [one for one in self.service.aids if one.key in (self.case.aids or ())]

    @property
    def paid_on(self):
        """The day on which it was paid, or None."""
        return clock.day_of(self.event.at) if self.event else None


def due():
    """The Payments that wait at a step that pays, in the order in which they were granted.

    A case whose entitlement has ended can only be ended: what could not be written down is not paid.
    """
    rows = db.session.scalars(
        select(Case).where(Case.state == "decided", Case.amount > 0, Case.ended_at.is_(None))
        .order_by(Case.decided_at, Case.id)
    ).all()
    waiting = [
        (one, None) for one in rows
        if (step := service_of(one.version).step(one.step_key)) is not None and step.does == "pay"
    ]
    return _payments(waiting)


def paid(month):
    """The Payments that were made in a month (a date in it), in their order, also those that came back."""
    first = month.replace(day=1)
    last = deadline_rules.first_of_next_month(first)
    rows = db.session.execute(
        select(Case, CaseEvent).join(CaseEvent, CaseEvent.case_id == Case.id)
        .where(CaseEvent.kind == "paid", CaseEvent.at >= deadline_rules.begin_of(first),
               CaseEvent.at < deadline_rules.begin_of(last))
        .order_by(CaseEvent.id)
    ).all()
    return _payments([(case, event) for case, event in rows])


def standing(case_id):
    """The history line of the payment of a case that stands, or None: nothing was paid, or it came back."""
    rows = db.session.scalars(
        select(CaseEvent).where(CaseEvent.case_id == case_id, CaseEvent.kind.in_(("paid", "came_back")))
        .order_by(CaseEvent.id)
    ).all()
    return rows[-1] if rows and rows[-1].kind == "paid" else None


def _came_back(case_ids):
    """{id of a payment's history line: the line that says that it came back}."""
    rows = db.session.scalars(
        select(CaseEvent).where(CaseEvent.case_id.in_(case_ids), CaseEvent.kind == "came_back")
    )
    return {row.facts["paid"]: row for row in rows}


def _payments(pairs):
    wanted = {case.organisation_id for case, _ in pairs} - {None}
    units = dict(db.session.execute(
        select(Organisation.id, Organisation.name).where(Organisation.id.in_(wanted))
    ).all())
    back = _came_back({case.id for case, event in pairs if event})
    return [
        Payment(case, service_of(case.version), units.get(case.organisation_id, ""), event,
                back.get(event.id) if event else None)
        for case, event in pairs
    ]


def total(payments):
    """What payments come to, in fen; without those that came back."""
    return sum(
        one.case.amount if one.event is None else one.event.facts["amount"]
        for one in payments if one.came_back is None
    )
