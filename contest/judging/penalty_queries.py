"""The penalties that stand."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from contest.db import db
from contest.judging.models import Penalty
from contest.setup import rules as setup_rules


@dataclass(frozen=True)
class PenaltyRow:
    """A penalty that stands, in units; scope is a module's, part's or stage's key."""

    id: int
    entrant_id: int
    scope: str
    units: int
    reason: str
    at: datetime


def penalties(contest_id, as_of=None):
    """The penalties that stand, now or as of a moment: those not lifted until then."""
    statement = select(Penalty).filter_by(contest_id=contest_id).order_by(Penalty.id)
    if as_of is not None:
        statement = statement.where(Penalty.at <= as_of)
    rows = list(db.session.scalars(statement))
    lifted = {row.lifts_id for row in rows}
    return [
        PenaltyRow(row.id, row.entrant_id, row.scope, row.units, row.reason, row.at)
        for row in rows
        if row.lifts_id is None and row.id not in lifted
    ]


def scopes_of(plan, module, is_hidden=False):
    """From what a penalty may be taken on a contestant's page: the module, parts, the stage.

    A part that shares its key with a module or stage is left out: the key means the latter.
    is_hidden: names are; then a code's page has its own module only, as anything else shows by name.
    """
    if is_hidden and module.blind:
        return (module,)
    stage = plan.stage(setup_rules.stage_of(plan, module.key))
    taken = {thing.key for thing in (*plan.modules, *plan.stages)}
    parts = [part for part in plan.parts_under(stage.key) if part.key not in taken]
    return (module, *parts, stage)
