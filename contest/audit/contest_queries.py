"""What the first areas may know of a contest and a unit: their names, place, dates and state.

The trail and the accounts stand below set-up and people and cannot import their models, so the
few columns are read by the tables' names. Later areas have better queries of their own.
"""

from dataclasses import dataclass, replace
from datetime import date

from sqlalchemy import select

from contest.db import db
from contest.errors import Missing

# A later area says here what the public is told of how far a contest has come: fn(heading) -> its state.
STATE_TOLD = []


@dataclass(frozen=True)
class Heading:
    """A contest as it is named above a page and on the front page."""

    id: int
    slug: str
    name: str
    name_en: str
    host: str
    place: str
    starts_on: date | None
    ends_on: date | None
    state: str
    is_public: bool


def find_heading(contest_id):
    """The heading of a contest, or None."""
    found = _headings(_contest().c.id == contest_id)
    return found[0] if found else None


def get_heading(contest_id):
    """The heading of a contest, or Missing."""
    heading = find_heading(contest_id)
    if heading is None:
        raise Missing("There is no such contest.")
    return heading


def list_public_headings():
    """Contests that the public may know of and that are past their set-up, the newest first."""
    contest = _contest()
    found = _headings(contest.c.is_public.is_(True), contest.c.state != "setup")
    return [as_told(heading) for heading in found]


def as_told(heading):
    """The heading with the state that the public is told: behind a frozen board it stays as it was."""
    for tell in STATE_TOLD:
        heading = replace(heading, state=tell(heading))
    return heading


def list_headings(contest_ids=None):
    """These contests (None: all of them), the newest first."""
    if contest_ids is None:
        return _headings()
    return _headings(_contest().c.id.in_(contest_ids))


def find_unit_name(organisation_id):
    """The name of a unit as a row with `name` and `name_en`, or None."""
    unit = db.metadata.tables["organisation"]
    return db.session.execute(
        select(unit.c.name, unit.c.name_en).where(unit.c.id == organisation_id)
    ).first()


def _contest():
    return db.metadata.tables["contest"]


def _headings(*conditions):
    contest = _contest()
    columns = [contest.c[name] for name in Heading.__dataclass_fields__]
    newest = contest.c.starts_on.is_(None), contest.c.starts_on.desc(), contest.c.id.desc()
    rows = db.session.execute(select(*columns).where(*conditions).order_by(*newest))
    return [Heading(*row) for row in rows]
