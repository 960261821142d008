"""The sheets of a stage that count, as review and signatures look at them."""

from dataclasses import dataclass

from sqlalchemy import and_, select

from contest.db import db
from contest.i18n import both_names, two_names
from contest.judging.lines import shown_total
from contest.judging.models import Sheet, SheetRevision
from contest.judging.queries import blind_codes
from contest.people.models import Entrant, Judge
from contest.people.rules import PRACTICE
from contest.setup.queries import get_contest, plan_in_force


@dataclass(frozen=True)
class StageSheet:
    """One sheet, or one score: under its code where the module is blind, else under the entry number.

    id: the sheet's, or as text score_key(…) of a score; rev: its revision, or the id of the score's
    entry. total: the sum with which it was handed in, as text; None while it is not. note: what a
    score says instead of points (absent, void).
    """

    id: int | str
    module: object
    entrant_id: int
    code: str
    seat: int
    judge: str
    judge_user_id: int | None
    rev: int
    state: str
    total: str | None
    note: str = ""

    @property
    def is_score(self):
        """True for a score of the theory or the quiz, which no judge marked on a sheet."""
        return isinstance(self.id, str)


def score_key(entrant_id, module_key):
    """By what a contestant's score in a module is known among sheets."""
    return f"{entrant_id}.{module_key}"


def stage_sheets(contest_id):
    """Every StageSheet of the stage being held, in the order of modules, codes and seats."""
    contest, force = get_contest(contest_id), plan_in_force(contest_id)
    modules = {
        module.key: module for module in force.plan.modules_of_stage(contest.stage)
        if module.entry == "sheets"
    }
    codes = blind_codes(contest_id, contest.stage)
    rows = db.session.execute(
        select(Sheet, Entrant.number, Judge.name, Judge.user_id, SheetRevision.units)
        .outerjoin(
            SheetRevision,
            and_(SheetRevision.sheet_id == Sheet.id, SheetRevision.rev == Sheet.rev),
        )
        .join(Entrant, Sheet.entrant_id == Entrant.id)
        .join(Judge, Sheet.judge_id == Judge.id)
        .where(
            Sheet.contest_id == contest_id, Sheet.module_key.in_(list(modules)), Sheet.seat < PRACTICE
        )
    ).all()
    found = []
    for sheet, number, judge, user_id, units in rows:
        module = modules[sheet.module_key]
        code = codes.get(sheet.entrant_id, ("",))[0] if module.blind else number
        found.append(StageSheet(
            sheet.id, module, sheet.entrant_id, code or "–",
            sheet.seat, judge, user_id, sheet.rev, sheet.state,
            None if units is None else shown_total(units, force.plan.rounding),
        ))
    order = list(modules)
    return sorted(found, key=lambda s: (order.index(s.module.key), s.code, s.seat))


def called(sheet):
    """What a StageSheet is called in a sentence."""
    module = both_names(sheet.module)
    if sheet.is_score:
        return two_names(f"{sheet.code} {module}", f"{sheet.code} {module.english}")
    return two_names(
        f"{sheet.code} {module} {sheet.seat}", f"{sheet.code} {module.english} {sheet.seat}"
    )
