"""Reading and searching the trail."""

import json
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import String, and_, cast, false, func, or_, select

from contest.audit.models import TrailRow
from contest.audit.rules import DEEDS, GUEST, ROWS_A_PAGE, changes_of
from contest.audit.sentence_rules import (
    DETAILS,
    OTHER,
    SENTENCES,
    about_of,
    facts_of,
    fold,
    number_of,
    shown_facts,
)
from contest.db import db

# Later areas say in words what rows of a contest are about, as whoever reads may know it:
# fn(contest_id, pairs (row, facts), language) -> {row id: (words for the sentence, facts to show)}.
TELLERS = []
# And they find what such words stand for: fn(contest_id, text) -> triples (fact's name, its value,
# modules) of which a row that fits has one; modules: the keys of those that the row must then be
# about, or None.
FINDERS = []


@dataclass(frozen=True)
class Line:
    """One thing that somebody did, as it is read.

    sentence, words: what was done. changes: what a person wants to see of it, details: what serves
    as evidence. rows: how many rows of the trail it took, from `since` to `at`.
    """

    id: int
    at: datetime
    who: str
    is_program: bool
    did: str
    deed: str  # what was done, in English words; the bare `did` where it has no name yet
    subject: str
    contest_id: int | None
    sentence: str
    words: dict
    changes: list
    details: list
    rows: int
    since: datetime


def trail_page(search, page=1, contest_id=None, language="en"):
    """One page of rows that fit, the newest first: (lines, page, number of pages, number of rows).

    With `contest_id` only what was done in that contest.
    """
    conditions = _conditions(search, contest_id)
    rows = db.session.scalar(select(func.count()).select_from(TrailRow).where(*conditions))
    pages = max(1, -(-rows // ROWS_A_PAGE))
    page = min(max(page, 1), pages)
    found = db.session.scalars(
        select(TrailRow)
        .where(*conditions)
        .order_by(TrailRow.id.desc())
        .limit(ROWS_A_PAGE)
        .offset((page - 1) * ROWS_A_PAGE)
    )
    return _lines(found.all(), language), page, pages, rows


def _lines(rows, language):
    def told(pairs):
        found = {}
        for contest_id in {row.contest_id for row in rows} - {None}:
            own = [(row, facts) for row, facts in pairs if row.contest_id == contest_id]
            for tell in TELLERS:
                found |= tell(contest_id, own, language)
        return found

    return lines_of(rows, told)


def lines_of(rows, tell):
    """Rows of a trail, the newest first, as Lines. tell(pairs (row, facts)): as a teller's answer."""
    groups = [(group, facts_of(group)) for group in fold(rows)]
    told = tell([(group[0], facts) for group, facts in groups])
    return [_line(group, *told.get(group[0].id, ({}, facts))) for group, facts in groups]


def count_refused_guests(since):
    """How many refusals of guests were noted since a moment."""
    return db.session.scalar(
        select(func.count()).select_from(TrailRow)
        .filter_by(did="request.refused", who=GUEST, user_id=None)
        .where(TrailRow.at > since)
    )


def list_deeds(contest_id=None):
    """Every `did` that occurs, in order."""
    statement = select(TrailRow.did).distinct().order_by(TrailRow.did)
    if contest_id is not None:
        statement = statement.where(TrailRow.contest_id == contest_id)
    return db.session.scalars(statement).all()


def _conditions(search, contest_id):
    conditions = []
    if contest_id is not None:
        conditions.append(TrailRow.contest_id == contest_id)
    if search.who:
        conditions.append(TrailRow.who.icontains(search.who, autoescape=True))
    if search.did:
        conditions.append(TrailRow.did == search.did)
    if search.since:
        conditions.append(TrailRow.at >= search.since)
    if search.until:
        conditions.append(TrailRow.at < search.until)
    if search.text:
        conditions.append(or_(*_holds(search.text), *_stands_for(search.text, contest_id)))
    return conditions


def _stands_for(text, contest_id):
    """Rows that hold the key or number of what the text is a name of in this contest."""
    if contest_id is None:
        return
    facts = cast(TrailRow.facts, String)
    for find in FINDERS:
        for name, value, modules in find(contest_id, text):
            fits = or_(TrailRow.subject == f"{name} {value}", _has_fact(facts, name, value))
            yield fits if modules is None else and_(fits, or_(false(), *(
                _has_fact(facts, about, key) for about in ("module", "scope") for key in modules
            )))


def _has_fact(facts, name, value):
    # What follows must be the end of the value, or 12 would find 123 too.
    return or_(*(
        facts.contains(f'"{name}": {json.dumps(value)}{end}', autoescape=True) for end in ",}"
    ))


def _holds(text):
    """The text in subject or facts; SQLite keeps Chinese in facts as escapes, PostgreSQL plain."""
    facts = cast(TrailRow.facts, String)
    yield TrailRow.subject.icontains(text, autoescape=True)
    yield facts.icontains(text, autoescape=True)
    yield facts.icontains(json.dumps(text)[1:-1], autoescape=True)


def _line(group, words, facts):
    row = group[0]
    deed = DEEDS.get(row.did, row.did)
    changes = changes_of(shown_facts(facts))
    evidence = changes_of({key: facts[key] for key in DETAILS if facts.get(key)})
    return Line(
        id=row.id, at=row.at, who=row.who, is_program=row.user_id is None, did=row.did, deed=deed,
        subject=row.subject, contest_id=row.contest_id, sentence=SENTENCES.get(row.did, OTHER),
        words={"deed": deed, "about": about_of(row), "number": number_of(row), **words},
        changes=[one for one in changes if not one.is_fingerprint],
        details=[*evidence, *(one for one in changes if one.is_fingerprint)],
        rows=len(group), since=group[-1].at,
    )
