"""What tablets sent and the server did not take, for the chief judge's desk."""

import json
from dataclasses import dataclass

from sqlalchemy import func, select

from contest.db import db
from contest.errors import Missing
from contest.judging.called_queries import called_entrant
from contest.judging.mark_words import aspect_words, mark_words
from contest.judging.models import Sheet, SheetRevision
from contest.judging.queries import module_of
from contest.judging.rules import on_seat
from contest.judging.sheet_rules import form_hash
from contest.judging.tablet_models import RefusedOperation
from contest.judging.tablet_rules import FLAG_REASONS
from contest.judging.veil_queries import Veil
from contest.people.models import Judge
from contest.setup.models import PlanVersion
from contest.setup.queries import plan_of_version

MOST_SHOWN = 100


@dataclass(frozen=True)
class RefusedMark:
    """One value as it was sent: what was marked, the mark in words, and why it was not taken.

    why: a stored sentence, None where only the operation as a whole was refused.
    """

    name: str
    mark: str
    why: dict | None = None


@dataclass(frozen=True)
class RefusedLine:
    """One refused operation: under which code, whose, and every value in it as it was sent.

    code: "" when the sheet is gone. is_here: the very same id is stored by now. is_hidden: its marks are
    kept from the reader, whose own sheet of this contestant is open.
    """

    row: RefusedOperation
    code: object
    judge: str
    values: tuple
    is_here: bool
    is_hidden: bool = False


def contest_of_own_sheet(sheet_id, user_id):
    """The contest of a sheet that is this judge's, or None."""
    return db.session.scalar(
        select(Sheet.contest_id).join(Judge, Sheet.judge_id == Judge.id)
        .where(Sheet.id == sheet_id, Judge.user_id == user_id)
    )


def count_of_sheet(sheet_id):
    """How many refused operations of a sheet are kept."""
    return db.session.scalar(
        select(func.count()).select_from(RefusedOperation).where(RefusedOperation.sheet_id == sheet_id)
    )


def is_kept(sheet_id, digest):
    """True when this very try was kept already."""
    found = select(RefusedOperation.id).filter_by(sheet_id=sheet_id, fingerprint=digest)
    return db.session.scalar(select(found.exists()))


def count_refused(contest_id):
    """How many refused operations of a contest are kept."""
    return db.session.scalar(
        select(func.count()).select_from(RefusedOperation)
        .where(RefusedOperation.contest_id == contest_id)
    )


def refused_of(contest_id, reader):
    """The latest RefusedLines of a contest, the newest first, as this user may read them."""
    rows = db.session.scalars(
        select(RefusedOperation).filter_by(contest_id=contest_id)
        .order_by(RefusedOperation.id.desc()).limit(MOST_SHOWN)
    ).all()
    sheets = {sheet.id: sheet for sheet in db.session.scalars(
        select(Sheet).where(Sheet.id.in_({row.sheet_id for row in rows}))
    )}
    here = set(db.session.scalars(
        select(SheetRevision.op_id).where(SheetRevision.op_id.in_([row.op_id for row in rows]))
    ))
    veil, forms = Veil(contest_id, reader), _Forms(contest_id)
    return [_line(row, sheets.get(row.sheet_id), row.op_id in here, veil, forms) for row in rows]


def _line(row, sheet, is_here, veil, forms):
    body = json.loads(row.body)
    is_hidden = "marks" in body and veil.hides(sheet, row.at)
    if "marks" not in body:
        values = (RefusedMark("", body.get("text") or FLAG_REASONS.get(body.get("reason"), "")),)
    else:
        values = () if is_hidden else _marks(row, body, forms.find(sheet, body.get("rules", "")))
    return RefusedLine(
        row,
        called_entrant(row.contest_id, sheet.module_key, sheet.entrant_id) if sheet else "",
        sheet.judge.name if sheet else "", values, is_here, is_hidden,
    )


def _marks(row, body, module):
    """Every mark that was sent, and every aspect that is to blame, by the form it was typed into."""
    known = {
        aspect.key: (aspect_words(criterion, aspect), aspect)
        for criterion in (module.criteria if module else ()) for aspect in criterion.aspects
    }
    why = row.sentence.get("fields", {})
    return tuple(
        RefusedMark(known[key][0] if key in known else key,
                    mark_words(known[key][1] if key in known else None, body["marks"].get(key)),
                    why.get(key))
        for key in dict.fromkeys((*body["marks"], *why))
    )


class _Forms:
    """The forms of a contest's sheets, also those of past versions of its plan, each read once."""

    def __init__(self, contest_id):
        self._contest_id, self._versions, self._found = contest_id, None, {}

    def find(self, sheet, rules):
        """The module on a sheet's seat under the rules that were said; None when there is no such form.

        What says no rules was understood by the plan in force.
        """
        if sheet is None:
            return None
        place = (sheet.module_key, sheet.seat, rules)
        if place not in self._found:
            self._found[place] = next(self._fitting(*place), None)
        return self._found[place]

    def _fitting(self, module_key, seat, rules):
        if self._versions is None:
            self._versions = db.session.scalars(
                select(PlanVersion.id)
                .where(PlanVersion.contest_id == self._contest_id, PlanVersion.in_force_at.is_not(None))
                .order_by(PlanVersion.number.desc())
            ).all()
        for version_id in self._versions:
            try:
                module = on_seat(module_of(plan_of_version(version_id), module_key), seat)
            except Missing:
                continue
            if not rules or form_hash(module) == rules:
                yield module
