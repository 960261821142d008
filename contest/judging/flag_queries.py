"""What judges reported about sheets: for the judge, and on the chief judge's desk."""

from dataclasses import dataclass

from sqlalchemy import bindparam, select

from contest import signals
from contest.db import db
from contest.errors import Missing
from contest.i18n import N_, both_names, joined, two_names
from contest.judging import rules
from contest.judging.models import Sheet
from contest.judging.queries import codes_of, contest_of_sheet, module_of, names_of
from contest.judging.tablet_models import SheetFlag
from contest.judging.tablet_rules import FLAG_REASONS
from contest.prepared import Prepared
from contest.scoring.scheme import Module
from contest.setup.queries import get_contest, plan_in_force, procedure_of
from contest.setup.rules import Note


@dataclass(frozen=True)
class FlagLine:
    """One report on the chief judge's desk."""

    row: SheetFlag
    module: Module
    code: str
    judge: str
    reason: str  # marked for translation


def find_flag(op_id):
    """The report that this operation made, or None."""
    return db.session.scalar(select(SheetFlag).filter_by(op_id=op_id))


# Every page of a sheet asks this.
_OF_SHEET = Prepared(
    select(SheetFlag.reason, SheetFlag.text, SheetFlag.at, SheetFlag.answer, SheetFlag.answered_at)
    .where(SheetFlag.sheet_id == bindparam("sheet"), SheetFlag.user_id == bindparam("user"))
    .order_by(SheetFlag.id.desc())
)


def flags_of_sheet(sheet_id, user_id):
    """What a judge reported about a sheet, newest first."""
    return _OF_SHEET.all(sheet=sheet_id, user=user_id)


def answers_for(user_id):
    """Reports of a judge that were answered, newest first, as the tablet is told."""
    return db.session.scalars(
        select(SheetFlag)
        .where(SheetFlag.user_id == user_id, SheetFlag.answered_at.is_not(None))
        .order_by(SheetFlag.answered_at.desc())
        .limit(20)
    ).all()


def sheet_for_flag(sheet_id, user_id):
    """The sheet on which a judge reports something: the own one; NotAllowed, Missing."""
    sheet = db.session.get(Sheet, sheet_id)
    if sheet is None:
        contest_of_sheet(sheet_id)  # Missing, in the sentence that every door uses
    rules.check_own_sheet(user_id, sheet.judge.user_id)
    return sheet


def flags_of(contest_id):
    """A contest's reports, open ones first, the oldest of them first; then the answered ones."""
    rows = db.session.scalars(select(SheetFlag).filter_by(contest_id=contest_id)).all()
    lines = _lines(contest_id, rows)
    waiting = sorted((x for x in lines if x.row.answered_at is None), key=lambda x: x.row.id)
    done = [x for x in lines if x.row.answered_at is not None]
    return waiting + sorted(done, key=lambda x: x.row.answered_at, reverse=True)


@signals.step_asked.connect
def hold_until_answered(act, contest_id, to, problems):
    """Nothing is published while a judge's report has no answer.

    Where no four eyes are asked for, whoever publishes may pass it over and says why.
    """
    is_asked = procedure_of(get_contest(contest_id)).four_eyes
    if act != "publish" and (is_asked or act != "finalise"):
        return
    waiting = [line for line in flags_of(contest_id) if line.row.answered_at is None]
    if waiting:
        names = [both_names(line.module) for line in waiting]
        names = [
            two_names(f"{line.code} {name}", f"{line.code} {name.english}")
            for line, name in zip(waiting, names, strict=True)
        ]
        problems.append(Note(
            N_("Judges' reports that nobody has answered: %(names)s."), {"names": joined(names)},
            "judging.list_flags", "todo" if is_asked else "confirm",
        ))


def get_flag(contest_id, flag_id):
    """One report of a contest, or Missing."""
    row = db.session.get(SheetFlag, flag_id)
    if row is None or row.contest_id != contest_id:
        raise Missing("There is no such report.")
    return _lines(contest_id, [row])[0]


def _lines(contest_id, rows):
    """Reports with the code under which the chief judge sees the contestant, never a blind name."""
    if not rows:
        return []
    force = plan_in_force(contest_id)
    found, codes = [], {}
    numbers = None
    for row in rows:
        module = module_of(force, row.module_key)
        if module.blind:
            if module.key not in codes:
                codes[module.key] = codes_of(contest_id, force.plan, module)
            code = codes[module.key].get(row.entrant_id, ("–", 0))[0]
        else:
            numbers = names_of(contest_id) if numbers is None else numbers
            code = numbers.get(row.entrant_id, ("–",))[0]
        found.append(FlagLine(row, module, code, row.user.name, FLAG_REASONS[row.reason]))
    return found
