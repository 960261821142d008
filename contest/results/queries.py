"""Tables in, standings out, as officials see them; and what was published.

The public never asks here: its one door is board.queries.public_board().
"""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from contest.accounts.models import User
from contest.db import db
from contest.errors import Missing
from contest.i18n import N_
from contest.results import rules
from contest.results.models import ResultSheet
from contest.results.reckoning import Reckoning
from contest.setup.models import Contest
from contest.setup.queries import DESK_NOTES, find_plan_in_force, get_contest
from contest.setup.rules import Note


def book(contest_id, as_of=None):
    """(PlanInForce, scoring Book, {entrant id: row}) now or as of a moment; the arrays are copies."""
    with Reckoning(contest_id, as_of) as question:
        made, _ = question.ruled(question.stage(), copy=True)
        return question.force, made, {line.id: row for row, line in enumerate(question.roster)}


def standings(contest_id, stage=None, as_of=None):
    """The OfficialStandings of a stage (None: the one being held), now or as of a moment."""
    return scored(contest_id, stage, as_of)[0]


def scored(contest_id, stage=None, as_of=None):
    """(OfficialStandings, scoring Standings, roster) of a stage; the last two in the same order."""
    with Reckoning(contest_id, as_of) as question:
        return question.scored(question.stage(stage))


def published(contest_id, stage=None):
    """Every published ResultSheet without its document, the latest first: PublishedSheet rows."""
    statement = (
        select(
            ResultSheet.id, ResultSheet.stage, ResultSheet.revision, ResultSheet.kind,
            ResultSheet.document_hash, ResultSheet.reason, ResultSheet.by_id, User.name,
            ResultSheet.at,
        )
        .outerjoin(User, ResultSheet.by_id == User.id)
        .where(ResultSheet.contest_id == contest_id)
        .order_by(ResultSheet.id.desc())
    )
    if stage is not None:
        statement = statement.where(ResultSheet.stage == stage)
    return [PublishedSheet(*row) for row in db.session.execute(statement)]


@dataclass(frozen=True)
class PublishedSheet:
    """One published revision of a stage's results, and who published it."""

    id: int
    stage: str
    revision: int
    kind: str
    document_hash: str
    reason: str
    by_id: int | None
    by: str | None
    at: datetime


def find_latest_sheet(contest_id, stage, kind=None, as_of=None):
    """The latest ResultSheet of a stage (of one kind, up to a moment), or None."""
    statement = (
        select(ResultSheet).filter_by(contest_id=contest_id, stage=stage)
        .order_by(ResultSheet.revision.desc()).limit(1)
    )
    if kind is not None:
        statement = statement.filter_by(kind=kind)
    if as_of is not None:
        statement = statement.where(ResultSheet.at <= as_of)
    return db.session.scalar(statement)


def get_sheet(contest_id, stage, revision):
    """One published revision with its document, or Missing."""
    sheet = db.session.scalar(
        select(ResultSheet).filter_by(contest_id=contest_id, stage=stage, revision=revision)
    )
    if sheet is None:
        raise Missing("These results were not published.")
    return sheet


def lock_contest(contest_id):
    """The contest, locked until the transaction ends, so that no mark comes in between; Missing."""
    contest = db.session.scalar(
        select(Contest).filter_by(id=contest_id).with_for_update()
        .execution_options(populate_existing=True)
    )
    if contest is None:
        raise Missing("There is no such contest.")
    return contest


def next_stage(plan, stage):
    """The plan's stage after this one, or None."""
    keys = [each.key for each in plan.stages]
    after = keys.index(stage) + 1
    return plan.stages[after] if after < len(keys) else None


def desk_notes(contest_id):
    """What is to be done about results, for the contest's desk."""
    contest = get_contest(contest_id)
    if contest.state not in rules.PUBLISHABLE_STATES or find_plan_in_force(contest_id) is None:
        return []
    found = standings(contest_id)
    ties = len(found.open_ties) + len(found.open_team_ties)
    notes = []
    if ties:
        notes.append(Note(
            N_("%(count)s ties wait for the chief judge's ruling."), {"count": ties},
            "results.show_results", "todo",
        ))
    if found.is_final and contest.state == "scoring":
        notes.append(Note(
            N_("Every mark is in: the results can be published."), {}, "results.show_results",
            "good",
        ))
    return notes


DESK_NOTES.append(desk_notes)
