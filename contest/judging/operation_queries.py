"""What an operation of a tablet is checked against: asked at once, for every tablet of the hall asks it."""

from dataclasses import dataclass

from sqlalchemy import bindparam, select

from contest.db import db
from contest.errors import Missing
from contest.judging.models import Sheet, SheetRevision
from contest.judging.neutral_queries import RECUSED
from contest.judging.number_queries import IS_ID_USED, IS_NUMBER_USED
from contest.judging.tablet_queries import FIRST_START, LATEST_START
from contest.setup.models import Contest
from contest.setup.procedure_rules import procedure_from
from contest.setup.queries import IN_FORCE, PlanInForce, plan_of_row
from contest.setup.rules import takes_marks


@dataclass(frozen=True)
class Found:
    """What stands in the database when an operation comes.

    is_known: it was stored before. is_id_used, is_number_used: as number_queries.used_by_another.
    epoch: of the server's latest start. is_recused: the sheet's judge keeps away from its contestant.
    """

    plan_now: PlanInForce
    stage: str
    takes_marks: bool
    is_known: bool
    is_id_used: bool
    is_number_used: bool
    epoch: str
    is_recused: bool


# Written out once, so that SQLAlchemy compiles them once.
_FOUND = IN_FORCE.join(Contest, Contest.id == bindparam("contest")).add_columns(
    Contest.state, Contest.stage, Contest.procedure,
    select(SheetRevision.id).where(SheetRevision.op_id == bindparam("op")).exists().label("is_known"),
    IS_ID_USED.label("is_id_used"), IS_NUMBER_USED.label("is_number_used"),
    LATEST_START.scalar_subquery().label("epoch"), RECUSED.exists().label("is_recused"),
)
_DOOR = select(
    FIRST_START.scalar_subquery(),
    select(Sheet.contest_id).where(Sheet.id == bindparam("sheet")).scalar_subquery(),
)


def find_all(sheet, operation):
    """Found for an operation on a sheet that is held (and so, where it must be, its contest); Missing."""
    row = db.session.execute(_FOUND, {
        "contest": sheet.contest_id, "op": operation.op_id, "device": operation.device_id,
        "seq": operation.device_seq, "judge": sheet.judge_id, "entrant": sheet.entrant_id,
        "organisation": sheet.entrant.organisation_id,
    }).first()
    if row is None:
        raise Missing("This contest has no plan in force.")
    return Found(
        plan_of_row(row), row.stage, takes_marks(row.state, procedure_from(row.procedure).name),
        row.is_known, row.is_id_used, row.is_number_used, row.epoch or "", row.is_recused,
    )


def find_door(sheet_id):
    """(what names this installation, "" before its first start; the id of the sheet's contest or None)."""
    installation, contest_id = db.session.execute(_DOOR, {"sheet": sheet_id}).one()
    return installation or "", contest_id
