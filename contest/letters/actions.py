"""Writing letters with what they tell of; reading them; trying again to tell outside."""

import secrets

from sqlalchemy import select, update

from contest import clock, signals
from contest.audit.work import work
from contest.db import db
from contest.errors import Conflict
from contest.letters import (
    queries,
    rules,
    trail_words,  # noqa: F401  (names deeds)
)
from contest.letters.models import LetterNotice, PersonLetter
from contest.member_services.entitlement_models import Entitlement
from contest.member_services.models import Case
from contest.people.person_queries import get_person, rows_of
from contest.registry.models import Honour
from contest.registry.rules import PUBLIC_STATES


def write(kind, human_id, case_id=None, about_id=None):
    """Put a letter into a person's box, within the caller's work."""
    db.session.add(PersonLetter(
        human_id=get_person(human_id).id, kind=kind, case_id=case_id, about_id=about_id, at=clock.now(),
    ))


def open_letter(human_id, letter_id):
    """A letter of one's own, read from now on; Missing."""
    letter = queries.get_letter(human_id, letter_id)
    if letter.read_at is None:
        letter.read_at = clock.now()
        db.session.commit()
    return letter


def read_all(human_id, up_to):
    """Everything up to a letter counts as read; what came since stays unread."""
    db.session.execute(
        update(PersonLetter).where(
            PersonLetter.human_id.in_(rows_of(human_id)), PersonLetter.read_at.is_(None),
            PersonLetter.id <= up_to,
        ).values(read_at=clock.now())
    )
    db.session.commit()


def try_again(actor, notice_id):
    """Try once more to say what was given up; Conflict for anything else, and for an invitation."""
    row = queries.get_notice(notice_id)
    if row.state != "failed" or row.kind != "news":
        raise Conflict("Only news that were given up are tried again; for an invitation make a new one.")
    with work(actor, "letter.again", subject=row.message_id):
        row.state, row.tries, row.next_at = "waiting", 0, clock.now()


def new_notice(human_id, way, kind, sealed=""):
    """Word to be said outside, within the caller's work."""
    now = clock.now()
    db.session.add(LetterNotice(
        human_id=human_id, way=way, kind=kind, message_id=f"msg_{secrets.token_hex(12)}", sealed=sealed,
        at=now, next_at=now,
    ))


@signals.honour_changed.connect
def _on_honour(_did, honour_id, state):
    db.session.flush()
    row = db.session.get(Honour, honour_id)
    # What is granted and not listed yet stands on no page either.
    if row.craftsman is not None and state in PUBLIC_STATES:
        write(f"honour.{state}", row.craftsman.human_id, about_id=row.id)


@signals.level_changed.connect
def _on_level(_did, human_id, ladder, was, now):
    write("level.changed", human_id)


@signals.entitlement_changed.connect
def _on_entitlement(did, entitlement_id, was, now):
    if did in rules.ENTITLEMENT_DEEDS:
        write(f"entitlement.{did}", db.session.get(Entitlement, entitlement_id).human_id,
              about_id=entitlement_id)


@signals.case_moved.connect
def _on_case(_did, case_id, was, now):
    # A step within one state is told where the case itself is read.
    if now in rules.CASE_STATES and now != was:
        _write_of_case(f"case.{now}", case_id)


@signals.case_late.connect
def _on_late(_did, case_id):
    _write_of_case("case.late", case_id)


@signals.case_told.connect
def _on_told(_did, case_id):
    _write_of_case("case.told", case_id)


def _write_of_case(kind, case_id):
    human_id = db.session.get(Case, case_id).human_id
    if human_id is not None:
        write(kind, human_id, case_id=case_id)


@signals.invitation_made.connect
def _on_invitation(_did, human_id, link):
    new_notice(human_id, "mail", "invitation", link)


@signals.people_merged.connect
def _on_merge(_did, keep_id, gone_id, moved):
    for model in (PersonLetter, LetterNotice):
        ids = db.session.scalars(select(model.id).filter_by(human_id=gone_id)).all()
        if ids:
            db.session.execute(update(model).where(model.id.in_(ids)).values(human_id=keep_id))
            moved[model.__tablename__] = [*moved.get(model.__tablename__, ()), *ids]
