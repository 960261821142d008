"""Tables in, standings out, as officials see them; and what was published.

The public never asks here: its one door is board.queries.public_board().
"""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select

from contest.accounts.models import User
from contest.accounts.queries import people_with_role
from contest.db import db
from contest.errors import Missing
from contest.i18n import N_
from contest.judging.desk_queries import count_reopened
from contest.judging.neutral_queries import written_own_sheets
from contest.judging.queries import blind_codes
from contest.results import rules
from contest.results.code_rows import under_codes
from contest.results.models import Reopening, ResultSheet
from contest.results.published_standings import standings_of_document
from contest.results.reckoning import Reckoning
from contest.results.result_document import result_document
from contest.results.roll import roster
from contest.results.standing_rows import OfficialStandings
from contest.setup.models import Contest
from contest.setup.queries import (
    DESK_NOTES,
    find_plan_in_force,
    get_contest,
    plan_in_force,
    plan_of_version,
)
from contest.setup.rules import Note

# Later areas say here why published results cannot be opened again: fn(contest_id) -> Refusal or None.
HOLDS_RESULTS = []


def book(contest_id, as_of=None, stage=None):
    """(PlanInForce, scoring Book, {entrant id: row}) now or as of a moment; the arrays are copies.

    The chief's rulings in it are those of the stage (None: the one being held).
    """
    with Reckoning(contest_id, as_of) as question:
        made, _ = question.ruled(question.stage(stage), copy=True)
        return question.force, made, {line.id: row for row, line in enumerate(question.roster)}


def standings(contest_id, stage=None, as_of=None, is_read=False):
    """The OfficialStandings of a stage (None: the one being held), now or as of a moment.

    is_read: this transaction has asked before, so the tables are not read again.
    """
    return scored(contest_id, stage, as_of, is_read).official


def scored(contest_id, stage=None, as_of=None, is_read=False):
    """What Reckoning knows of a stage: official, found, roster and book, the last three in one order."""
    with Reckoning(contest_id, as_of, is_read) as question:
        return question.scored(question.stage(stage))


@dataclass(frozen=True)
class ResultsPage:
    """Everything the results page shows of one stage.

    problems: (sentence, parameters) that keep it from being published.
    publisher_id: who published the latest revision. confirmers: names of those who may make the
    provisional results final, which the publisher may not. changed_since: the number of the last
    revision when today's figures are no longer those that it holds, else None.
    is_by_code: names are hidden, official is what under_codes() leaves.
    reopening, proposer: the open proposal to take final results back, and whose it is. held: why
    they can no longer be taken back, or None.
    """

    contest: Contest
    official: OfficialStandings
    problems: list
    published: list
    is_held: bool
    next_stage: object
    needs_reason: dict
    publisher_id: int | None
    confirmers: list
    changed_since: int | None
    reopening: object
    proposer: str
    held: object
    is_by_code: bool


def results_page(contest_id, stage=None, hides_names=None):
    """The ResultsPage of a stage (None: the one being held).

    hides_names: of a stage's key, whether whoever asks may see its blind codes only.
    """
    contest = get_contest(contest_id)
    official = standings(contest_id, stage)
    held = stage_of(contest_id)
    sheets = published(contest_id, official.stage)
    latest = sheets[0] if sheets else None
    document = result_document(contest, official.force, official)
    reopening = find_reopening(contest_id)
    is_by_code = hides_names is not None and hides_names(official.stage)
    if is_by_code:
        official = under_codes(official, blind_codes(contest_id, official.stage))
    return ResultsPage(
        contest, official, problems(official), sheets,
        official.stage == held, next_stage(official.plan, official.stage),
        {
            "provisional": latest is not None,
            "final": any(sheet.kind == "final" for sheet in sheets),
        },
        latest.by_id if latest else None, _confirmers(contest_id, latest),
        rules.changed_since(latest, document), reopening,
        name_of(reopening.proposed_by_id) if reopening else "", why_results_are_held(contest_id),
        is_by_code,
    )


def problems(official):
    """Everything that keeps a stage's table from being published, as rules.problems says it."""
    keys = {module.key for module in official.plan.modules_of_stage(official.stage)}
    return rules.problems(
        official, written_own_sheets(official.contest_id, keys),
        count_reopened(official.contest_id, keys),
    )


def _confirmers(contest_id, latest):
    organisers = people_with_role("organiser", contest_id)
    return [name for user_id, name in organisers.items() if not latest or user_id != latest.by_id]


def stage_of(contest_id, as_of=None):
    """The key of the stage that is being held now, or was at a moment."""
    with Reckoning(contest_id, as_of) as question:
        return question.stage()


def published_standings(sheet):
    """The OfficialStandings of a ResultSheet, exactly as they were published."""
    force = plan_of_version(sheet.plan_version_id)
    return standings_of_document(sheet.contest_id, sheet.document, force, sheet.at)


def published(contest_id, stage=None):
    """Every published ResultSheet without its document, the latest first: PublishedSheet rows."""
    statement = (
        select(
            ResultSheet.id, ResultSheet.stage, ResultSheet.revision, ResultSheet.kind,
            ResultSheet.document_hash, ResultSheet.reason, ResultSheet.by_id, User.name,
            ResultSheet.at, ResultSheet.second_count,
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
    """One published revision of a stage's results, and who published it.

    second_count: see ResultSheet; None from before there was a second scorer.
    """

    id: int
    stage: str
    revision: int
    kind: str
    document_hash: str
    reason: str
    by_id: int | None
    by: str | None
    at: datetime
    second_count: dict | None


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


def newest_sheets():
    """{(contest id, stage): id of the last published ResultSheet}, of every contest."""
    rows = db.session.execute(
        select(ResultSheet.contest_id, ResultSheet.stage, func.max(ResultSheet.id))
        .group_by(ResultSheet.contest_id, ResultSheet.stage)
    )
    return {(contest_id, stage): sheet_id for contest_id, stage, sheet_id in rows}


def get_sheet(contest_id, stage, revision):
    """One published revision with its document, or Missing."""
    sheet = db.session.scalar(
        select(ResultSheet).filter_by(contest_id=contest_id, stage=stage, revision=revision)
    )
    if sheet is None:
        raise Missing("These results were not published.")
    return sheet


def find_reopening(contest_id):
    """The Reopening of the final results that somebody has still to decide on, or None."""
    contest = get_contest(contest_id)
    latest = find_latest_sheet(contest_id, stage_of(contest_id))
    if contest.state != "final" or latest is None:
        return None
    return db.session.scalar(
        select(Reopening).filter_by(
            contest_id=contest_id, result_sheet_id=latest.id, decided_at=None
        )
    )


def why_results_are_held(contest_id):
    """Why published results can no longer be taken back, as a Refusal; None when they can."""
    return next((why for holds in HOLDS_RESULTS if (why := holds(contest_id))), None)


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


def _final_notes(contest):
    notes = [Note(
        N_("The results are final: prizes and titles are given on the page of awards."), {},
        "awards.show_awards", "info",
    )]
    if find_reopening(contest.id):
        notes.append(Note(
            N_("It was proposed to open the final results again: a second organiser decides."), {},
            "results.show_results", "todo",
        ))
    plan = plan_in_force(contest.id).plan
    if next_stage(plan, stage_of(contest.id)):
        notes.append(Note(
            N_("The next stage can be opened."), {}, "results.show_results", "todo",
        ))
    return notes


def desk_notes(contest_id):
    """What is to be done about results, for the contest's desk."""
    contest = get_contest(contest_id)
    if contest.state == "final":
        return _final_notes(contest)
    if contest.state not in rules.PUBLISHABLE_STATES or find_plan_in_force(contest_id) is None:
        return []
    found = standings(contest_id)
    ties = len(found.open_ties) + len(found.open_team_ties)
    notes = []
    if ties:
        notes.append(Note(
            N_("Ties that wait for the chief judge's ruling: %(count)s."), {"count": ties},
            "results.show_results", "todo",
        ))
    if contest.state == "scoring" and not problems(found):
        notes.append(Note(
            N_("Every mark is in: the results can be published."), {}, "results.show_results",
            "good",
        ))
    latest = find_latest_sheet(contest_id, found.stage)
    document = result_document(contest, found.force, found)
    if contest.state == "provisional" and rules.changed_since(latest, document):
        notes.append(Note(
            N_("The figures have changed since the provisional results were published. "
               "Publish them as provisional again first."), {}, "results.show_results", "todo",
        ))
    elif contest.state == "provisional":
        notes.append(Note(
            N_("The provisional results wait for a second organiser to make them final."), {},
            "results.show_results", "todo",
        ))
    return notes


def roster_line(contest_id, entrant_id):
    """The RosterLine of one entrant, or Missing."""
    for line in roster(contest_id):
        if line.id == entrant_id:
            return line
    raise Missing("There is no such entrant.")


def plan_of_sheet(sheet):
    """The plan under which a result sheet was published."""
    return plan_of_version(sheet.plan_version_id).plan


def name_of_publisher(sheet):
    """Who published a result sheet; empty when a program did."""
    return name_of(sheet.by_id)


def name_of(user_id):
    """The name of an account; empty for a program."""
    user = db.session.get(User, user_id) if user_id else None
    return user.name if user else ""


DESK_NOTES.append(desk_notes)
