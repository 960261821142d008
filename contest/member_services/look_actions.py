"""An officer opens an application: who looked at what somebody told is written down."""

from datetime import timedelta

from sqlalchemy import select

from contest import clock
from contest.audit.work import work
from contest.db import db, writing
from contest.errors import Conflict
from contest.member_services import trail_words  # noqa: F401  (names deeds)
from contest.member_services.catalogue_queries import service_of
from contest.people.personal_models import PersonalAccess

# Going to and fro in one application is one look.
ONE_LOOK = timedelta(hours=1)


def note_look(actor, case, field="case_answers"):
    """Put it into the access log and the trail, once an hour; nothing where nothing is left to be read."""
    if case.erased_at is not None:
        return
    human_id, name = case.human_id, _name_of(case)
    if _was_noted(actor, human_id, name, field):
        return
    db.session.rollback()  # a page reads only; this is written for itself
    with writing(), work(actor, "service.look", subject=name, fields=[field]):
        db.session.add(PersonalAccess(
            at=clock.now(), user_id=actor.user_id, who=actor.name, human_id=human_id, kind="open",
            fields=[field], reason=name,
        ))


def _name_of(case):
    """What the log calls a case: not by its receipt where others read the log than may read the case."""
    return f"case {case.id}" if service_of(case.version).kept_by else case.receipt


def note_payments(actor, payments):
    """An officer takes the list of what is to be paid: everybody on it finds it in the access log.

    payments: pairs (person's id, the case that granted it).
    """
    if not payments:
        raise Conflict("Nothing is to be paid just now.")
    people = [(human_id, _name_of(case)) for human_id, case in payments]
    db.session.rollback()  # a page reads only; this is written for itself
    with writing(), work(
        actor, "service.payments", subject="payments", count=len(people), fields=["case_answers"]
    ):
        db.session.add_all(
            PersonalAccess(
                at=clock.now(), user_id=actor.user_id, who=actor.name, human_id=human_id, kind="open",
                fields=["case_answers"], reason=name,
            ) for human_id, name in people
        )


def _was_noted(actor, human_id, name, field):
    # Before it was known whose case it is, the look stood in nobody's log.
    rows = db.session.scalars(select(PersonalAccess).where(
        PersonalAccess.user_id == actor.user_id, PersonalAccess.at > clock.now() - ONE_LOOK,
        PersonalAccess.kind == "open", PersonalAccess.reason == name, PersonalAccess.human_id == human_id,
    ))
    return any(field in row.fields for row in rows)
