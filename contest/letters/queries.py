"""What a person was told, and what became of saying so outside."""

from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import selectinload

from contest import clock
from contest.db import db
from contest.errors import Missing
from contest.letters import rules
from contest.letters.models import LetterNotice, PersonLetter
from contest.member_services.catalogue_queries import every_service
from contest.member_services.entitlement_models import Entitlement
from contest.member_services.models import Case
from contest.members import own_queries
from contest.people.person_queries import rows_of
from contest.registry.models import Honour

ON_OWN_PAGE = 3


@dataclass(frozen=True)
class Line:
    """A letter as its reader sees it. about: what has a name, or None where it is gone."""

    letter: PersonLetter
    words: str
    about: object


def list_letters(human_id, before=None, limit=rules.PAGE_SIZE):
    """(Lines, the latest first, older than the letter `before`; the number to go on with, or None)."""
    wanted = select(PersonLetter).where(PersonLetter.human_id.in_(rows_of(human_id)))
    if before:
        wanted = wanted.where(PersonLetter.id < before)
    rows = db.session.scalars(wanted.order_by(PersonLetter.id.desc()).limit(limit + 1)).all()
    return _lines(rows[:limit]), rows[limit - 1].id if len(rows) > limit else None


def _lines(rows):
    honours = _by_id(Honour, [one.about_id for one in rows if one.kind.startswith("honour.")])
    rights = _by_id(Entitlement, [one.about_id for one in rows if one.kind.startswith("entitlement.")])
    cases = _by_id(Case, [one.case_id for one in rows if one.case_id is not None])
    services = every_service() if rights or cases else {}

    def about(row):
        if row.kind.startswith("honour."):
            return honours.get(row.about_id)
        found = cases.get(row.case_id) or rights.get(row.about_id)
        return services.get(found.service_key) if found is not None else None

    return [Line(row, rules.KINDS[row.kind], about(row)) for row in rows]


def _by_id(model, ids):
    if not ids:
        return {}
    return {one.id: one for one in db.session.scalars(select(model).where(model.id.in_(set(ids))))}


def count_unread(human_id):
    """How many letters a person has not opened."""
    return db.session.scalar(
        select(func.count()).select_from(PersonLetter)
        .where(PersonLetter.human_id.in_(rows_of(human_id)), PersonLetter.read_at.is_(None))
    )


def get_letter(human_id, letter_id):
    """One of a person's own letters, or Missing."""
    row = db.session.get(PersonLetter, letter_id)
    if row is None or row.human_id not in rows_of(human_id):
        raise Missing("There is no such letter of yours.")
    return row


def receipt_of(letter):
    """The code that opens the case of a letter of one's own, or None."""
    return db.session.scalar(select(Case.receipt).where(Case.id == letter.case_id, Case.erased_at.is_(None)))


def news_of(human_id):
    """(the latest Lines that are unread, how many are unread), for the own page."""
    lines, _ = list_letters(human_id, limit=ON_OWN_PAGE)
    return [one for one in lines if one.letter.read_at is None], count_unread(human_id)


def list_notices(before=None, limit=rules.PAGE_SIZE):
    """(what was told outside, the latest first, with its tries; the number to go on with, or None)."""
    wanted = select(LetterNotice).options(selectinload(LetterNotice.attempts))
    if before:
        wanted = wanted.where(LetterNotice.id < before)
    rows = db.session.scalars(wanted.order_by(LetterNotice.id.desc()).limit(limit + 1)).all()
    return rows[:limit], rows[limit - 1].id if len(rows) > limit else None


def count_states():
    """{state: how many notices}."""
    return dict(db.session.execute(
        select(LetterNotice.state, func.count()).group_by(LetterNotice.state)
    ).all())


def get_notice(notice_id):
    """One notice, or Missing."""
    row = db.session.get(LetterNotice, notice_id)
    if row is None:
        raise Missing("There is no such message.")
    return row


def is_anything_due():
    """True when letters are to be said outside, or a notice is to be tried."""
    now = clock.now()
    unsaid = select(PersonLetter.id).where(
        PersonLetter.said_at.is_(None), PersonLetter.at <= now - rules.GATHER
    )
    due = select(LetterNotice.id).where(
        LetterNotice.state.in_(("waiting", "sending")), LetterNotice.next_at <= now
    )
    return db.session.scalar(unsaid.limit(1)) is not None or db.session.scalar(due.limit(1)) is not None


own_queries.NEWS[:] = [news_of]
