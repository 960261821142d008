"""What came of it when a panel talked and marked again: the first sums, which stay, and the new ones."""

from dataclasses import dataclass
from datetime import datetime
from itertools import takewhile

from sqlalchemy import select

from contest.audit.models import TrailRow
from contest.db import db
from contest.judging.lines import shown_total
from contest.judging.models import Sheet, SheetRevision
from contest.people.models import Judge

OPENED, CONFIRMED = "sheets.mark_again", "sheets.confirm"  # in the trail
CLOSING = ("reopen", "excuse")  # the next one ends what an opening led to


@dataclass(frozen=True)
class Line:
    """One judge's sum before the panel marked again and after it, as text; None: not handed in since."""

    seat: int
    judge: str
    before: str | None
    after: str | None


@dataclass(frozen=True)
class Round:
    """One time that a panel marked again. before, after: how far its sums lay apart, as text, or None.

    minutes: what the panel said, as the chief judge wrote it down with the new marks; "" without.
    aspects: (key, Lines) of each aspect of which it was told to talk, with the marks as text.
    """

    at: datetime
    by: str
    reason: str
    lines: tuple[Line, ...]
    before: str | None
    after: str | None
    minutes: str = ""
    aspects: tuple[tuple[str, tuple[Line, ...]], ...] = ()


def rounds(contest_id, module_key, entrant_id, rounding):
    """Every Round of one contestant in one module, the first one first."""
    rows = db.session.scalars(
        select(TrailRow).filter_by(contest_id=contest_id, subject=f"entrant {entrant_id}")
        .where(TrailRow.did.in_([OPENED, CONFIRMED])).order_by(TrailRow.id)
    )
    rows = [row for row in rows if row.facts["module"] == module_key]
    acts = [row for row in rows if row.did == OPENED]
    written = _revisions({sheet_id for row in acts for sheet_id in row.facts["sheets"]})
    return tuple(_round(row, written, rounding, _minutes(row, rows)) for row in acts)


def _minutes(act, rows):
    """What was written down when the marks were confirmed to which this act led."""
    later = takewhile(lambda row: row.did == CONFIRMED, rows[rows.index(act) + 1 :])
    return "\n".join(row.facts["minutes"] for row in later if row.facts.get("minutes"))


def _revisions(sheet_ids):
    found = {sheet_id: [] for sheet_id in sheet_ids}
    rows = db.session.execute(
        select(SheetRevision, Sheet.seat, Judge.name)
        .join(Sheet, SheetRevision.sheet_id == Sheet.id).join(Judge, Sheet.judge_id == Judge.id)
        .where(SheetRevision.sheet_id.in_(sheet_ids)).order_by(SheetRevision.rev)
    )
    for revision, seat, judge in rows:
        found[revision.sheet_id].append((revision, seat, judge))
    return found


def _round(row, written, rounding, minutes):
    sums = sorted(_sums(row, written[sheet_id]) for sheet_id in row.facts["sheets"])
    lines = tuple(
        Line(seat, judge, _shown(before, rounding), _shown(after, rounding))
        for seat, judge, before, after in sums
    )
    gaps = (_gap([each[place] for each in sums], rounding) for place in (2, 3))
    sheets = [_around(row, written[sheet_id]) for sheet_id in row.facts["sheets"]]
    aspects = tuple((key, _marks_of(key, sheets)) for key in row.facts.get("aspects", ()))
    return Round(row.at, row.who, row.facts["reason"], lines, *gaps, minutes, aspects)


def _marks_of(key, sheets):
    """The Lines of one aspect, seat after seat."""
    return tuple(
        Line(seat, judge, *(_mark_text(_last_given(side), key) for side in (before, after)))
        for seat, judge, before, after in sorted(sheets, key=lambda sheet: sheet[:2])
    )


def _mark_text(revision, key):
    value = None if revision is None else revision.marks.get(key)
    if isinstance(value, list):
        return " · ".join("–" if one is None else "×" if one == "x" else str(one) for one in value)
    return None if value is None else "×" if value == "x" else str(value)


def _sums(row, revisions):
    """(seat, judge, units before, units after) of one sheet that this act opened."""
    seat, judge, before, after = _around(row, revisions)
    return seat, judge, _last_units(before), _last_units(after)


def _around(row, revisions):
    """(seat, judge, what was written before, what since) of one sheet that this act opened."""
    openings = [
        place for place, (one, _, _) in enumerate(revisions)
        if (one.kind, one.reason) == ("reopen", row.facts["reason"])
    ]
    # A clock that was set back leaves no earlier one.
    opened = max([place for place in openings if revisions[place][0].at <= row.at] or openings)
    since = takewhile(lambda each: each[0].kind not in CLOSING, revisions[opened + 1 :])
    _, seat, judge = revisions[opened]
    return seat, judge, revisions[:opened], list(since)


def _last_given(revisions):
    """The last one with a full sheet, or None."""
    given = [one for one, _, _ in revisions if one.units is not None]
    return given[-1] if given else None


def _last_units(revisions):
    found = _last_given(revisions)
    return None if found is None else found.units


def _shown(units, rounding):
    return None if units is None else shown_total(units, rounding)


def _gap(units, rounding):
    return None if None in units else shown_total(max(units) - min(units), rounding)
