"""Courses that somebody completed, for the paper about it."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from contest.db import db
from contest.errors import Missing
from contest.member_services import case_queries
from contest.member_services.models import Case, CaseEvent
from contest.member_services.place_models import Slot


@dataclass(frozen=True)
class CompletedCourse:
    """A case whose course was completed: when, how many meetings, and the certificate's number."""

    case: Case
    service: object
    slot: Slot
    number: str
    attended: int
    at: datetime


def find_completed(case):
    """The CompletedCourse of a case, or None; also when the applicant's name is erased."""
    if case.erased_at is not None:
        return None
    rows = db.session.scalars(select(CaseEvent).filter_by(case_id=case.id).order_by(CaseEvent.id.desc()))
    event = next((row for row in rows if "certificate" in row.facts), None)
    if event is None:
        return None
    return CompletedCourse(
        case, case_queries.line_of(case).service, db.session.get(Slot, case.slot_id),
        event.facts["certificate"], event.facts["attended"], event.at,
    )


def get_completed(case):
    """The same; Missing before the course was completed."""
    found = find_completed(case)
    if found is None:
        raise Missing("No course has been completed here.")
    return found
