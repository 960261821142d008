"""What an operation of a tablet is checked against: asked at once, for every tablet of the hall asks it."""

from dataclasses import dataclass

from sqlalchemy import bindparam, select

from contest.errors import Missing
from contest.judging.key_queries import IS_ADMITTED, IS_ASKED, PUBLIC
from contest.judging.key_rules import KeyFound
from contest.judging.models import Sheet, SheetRevision
from contest.judging.neutral_queries import RECUSED
from contest.judging.number_queries import IS_ID_USED, IS_NUMBER_USED
from contest.judging.queries import check_found
from contest.judging.tablet_queries import FIRST_START, LATEST_START
from contest.people.models import Entrant, Judge
from contest.prepared import Prepared
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
    key: KeyFound


@dataclass
class HeldSheet:
    """A sheet that is held, with what its judge and its entrant decide: no rows of theirs are made for it."""

    id: int
    contest_id: int
    module_key: str
    entrant_id: int
    judge_id: int
    seat: int
    rev: int
    state: str
    marks: dict
    judge_user_id: int
    judge_organisation_id: int | None
    entrant_organisation_id: int

    def become(self, values):
        """As Sheet.become."""
        self.state, self.rev, self.marks = values["state"], values["rev"], values["marks"]


_SHEET = Prepared(
    select(
        Sheet.id, Sheet.contest_id, Sheet.module_key, Sheet.entrant_id, Sheet.judge_id, Sheet.seat,
        Sheet.rev, Sheet.state, Sheet.marks, Judge.user_id,
        Judge.organisation_id.label("judges_own"), Entrant.organisation_id.label("entrants_own"),
    )
    .join(Judge, Sheet.judge_id == Judge.id)
    .join(Entrant, Sheet.entrant_id == Entrant.id)
    .where(Sheet.id == bindparam("sheet"))
    .with_for_update(of=Sheet)
)
# Written out once, so that SQLAlchemy compiles them once.
_FOUND = Prepared(IN_FORCE.join(Contest, Contest.id == bindparam("contest")).add_columns(
    Contest.state, Contest.stage, Contest.procedure,
    select(SheetRevision.id).where(SheetRevision.op_id == bindparam("op")).exists().label("is_known"),
    IS_ID_USED.label("is_id_used"), IS_NUMBER_USED.label("is_number_used"),
    LATEST_START.scalar_subquery().label("epoch"), RECUSED.exists().label("is_recused"),
    PUBLIC.scalar_subquery().label("public"), IS_ASKED.scalar_subquery().label("is_asked"),
    IS_ADMITTED.scalar_subquery().label("is_admitted"),
))
_DOOR = Prepared(select(
    FIRST_START.scalar_subquery().label("installation"),
    select(Sheet.contest_id).where(Sheet.id == bindparam("sheet")).scalar_subquery().label("contest_id"),
))


def hold_sheet(sheet_id):
    """The HeldSheet, locked until the transaction ends; Missing."""
    # SQLite took its one write lock at BEGIN; PostgreSQL locks the row.
    return HeldSheet(*check_found(_SHEET.first(sheet=sheet_id)))


def find_all(sheet, operation, key=""):
    """Found for an operation on a sheet that is held (and so, where it must be, its contest); Missing.

    key: device_signatures.print_of the one that signed it.
    """
    row = _FOUND.first(
        contest=sheet.contest_id, op=operation.op_id, device=operation.device_id,
        seq=operation.device_seq, judge=sheet.judge_id, entrant=sheet.entrant_id,
        organisation=sheet.entrant_organisation_id, key=key,
    )
    if row is None:
        raise Missing("This contest has no plan in force.")
    return Found(
        plan_of_row(row), row.stage, takes_marks(row.state, procedure_from(row.procedure).name),
        row.is_known, row.is_id_used, row.is_number_used, row.epoch or "", row.is_recused,
        KeyFound(row.public, bool(row.is_asked), bool(row.is_admitted)),
    )


def find_door(sheet_id):
    """(what names this installation, "" before its first start; the id of the sheet's contest or None)."""
    installation, contest_id = _DOOR.first(sheet=sheet_id)
    return installation or "", contest_id
