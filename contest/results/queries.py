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
from contest.judging.blind_queries import hidden_modules
from contest.judging.counting_queries import reopened_sheets
from contest.judging.neutral_queries import written_own_sheets
from contest.judging.queries import blind_codes
from contest.results import rules
from contest.results.code_rows import under_codes
from contest.results.models import Reopening, ResultSheet
from contest.results.published_standings import standings_of_document
from contest.results.publisher_queries import first_organiser_id
from contest.results.reckoning import Reckoning
from contest.results.result_document import result_document
from contest.results.roll import roster
from contest.results.standing_rows import OfficialStandings
from contest.results.unhanded_queries import unhanded
from contest.results.views import halves
from contest.setup.models import Contest
from contest.setup.queries import (
    DESK_NOTES,
    find_plan_in_force,
    get_contest,
    held_states,
    plan_in_force,
    plan_of_version,
    procedure_of,
    step_notes,
)
from contest.setup.rules import SCORES_COUNT_IN, UNPUBLISHED_IN, Note
from contest.setup.step_rules import needs_second as step_needs_second
from contest.setup.step_rules import next_step, steps_from

# Later areas say here why published results cannot be opened again: fn(contest_id) -> Refusal or None.
HOLDS_RESULTS = []
# Likewise fn(contest_id, latest sheet, new document) -> a Refusal: why this later revision is not
# published, or None.
HOLDS_REVISIONS = []


def book(contest_id, as_of=None, stage=None):
    """(PlanInForce, scoring Book, {entrant id: row}) now or as of a moment; the arrays are copies.

    The chief's rulings in it are those of the stage (None: the one being held).
    """
    with Reckoning(contest_id, as_of) as question:
        made, _ = question.ruled(question.stage(stage), copy=True)
        return question.force, made, {line.id: row for row, line in enumerate(question.roster)}


def standings(contest_id, stage=None, as_of=None, is_read=False, view=None):
    """The OfficialStandings of a stage (None: the one being held), now or as of a moment.

    is_read: this transaction has asked before, so the tables are not read again. view: the half of
    the marks that may be looked at (views.View); by code, its lines are codes.
    """
    official = scored(contest_id, stage, as_of, is_read, view).official
    if view is None or not view.by_code:
        return official
    return under_codes(official, blind_codes(contest_id, official.stage))


def scored(contest_id, stage=None, as_of=None, is_read=False, view=None):
    """What Reckoning knows of a stage: official, found, roster and book, the last three in one order."""
    with Reckoning(contest_id, as_of, is_read, view) as question:
        return question.scored(question.stage(stage))


@dataclass(frozen=True)
class ResultsPage:
    """Everything the results page shows of one stage.

    problems: (sentence, parameters) that keep it from being published.
    publisher_id: who published the latest revision. confirmers: names of those who may make the
    provisional results final, which the publisher may not. changed_since: the number of the last
    revision when today's figures are no longer those that it holds, else None.
    is_by_code: official is the half under codes. hidden: the blind modules that name nobody yet.
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
    hidden: tuple
    may_publish: bool
    may_finalise: bool
    by_two: bool
    gates: list
    has_marks: bool


def results_page(contest_id, stage=None, wants_names=False):
    """The ResultsPage of a stage (None: the one being held).

    While blind modules name nobody it shows one half of the marks: theirs under codes, or with
    wants_names the others under names.
    """
    contest = get_contest(contest_id)
    official = standings(contest_id, stage)
    held = stage_of(contest_id)
    sheets = published(contest_id, official.stage)
    latest = sheets[0] if sheets else None
    document = result_document(contest, official.force, official)
    reopening = find_reopening(contest_id)
    hidden = hidden_modules(contest_id, official.stage)
    missing = told_problems(official)
    if hidden:
        official = _halves(official, hidden)[0 if wants_names else 1]
    acts = {step.act for step in steps_from(contest.state, held_states(contest))}
    return ResultsPage(
        contest, official, missing, sheets,
        official.stage == held, next_stage(official.plan, official.stage),
        {
            "provisional": latest is not None,
            "final": any(sheet.kind == "final" for sheet in sheets),
        },
        first_organiser_id(contest_id, latest) if latest else None, _confirmers(contest_id, latest),
        rules.changed_since(latest, document), reopening,
        name_of(reopening.proposed_by_id) if reopening else "", why_results_are_held(contest_id),
        bool(hidden) and not wants_names, tuple(hidden),
        may_publish="publish" in acts, may_finalise="finalise" in acts,
        by_two=needs_second(contest_id, "publish"), gates=_gates(contest, official, missing),
        has_marks=any(row.place for row in official.rows),
    )


def problems(official):
    """Everything that keeps a stage's table from being published, as rules.problems says it."""
    return rules.problems(official, *_sheets_held(official))


def _sheets_held(official):
    """(Sheets of the own organisation, (opened again, to be confirmed), not handed in by judge)."""
    keys, cid = {module.key for module in official.plan.modules_of_stage(official.stage)}, official.contest_id
    return written_own_sheets(cid, keys), reopened_sheets(cid, keys), unhanded(official)


def told_problems(official):
    """problems() as everybody may read them: while names are hidden, no number beside a blind module."""
    hidden = hidden_modules(official.contest_id, official.stage)
    if not hidden:
        return problems(official)
    return [
        *rules.hidden_problems(hidden), *rules.sheet_problems(*_sheets_held(official)),
        *rules.problems_of_halves(*_halves(official, hidden)),
    ]


def _halves(official, hidden):
    """The standings under names and those under codes."""
    return [
        standings(official.contest_id, official.stage, is_read=True, view=view)
        for view in halves(official.plan, hidden)
    ]


def _gates(contest, official, missing):
    """What other areas, and the gates of the results, say of publishing; without what is `missing`."""
    steps = steps_from(contest.state, held_states(contest))
    step = next((s for s in steps if s.act in ("publish", "finalise")), None)
    if step is None or official.stage != stage_of(contest.id):
        return []
    told = {sentence for sentence, _ in missing}
    return [note for note in step_notes(contest, step) if note.text not in told]


def needs_second(contest_id, act):
    """True when this act, from where the contest stands, is proposed by one and confirmed by another."""
    contest = get_contest(contest_id)
    steps = steps_from(contest.state, held_states(contest))
    four_eyes = procedure_of(contest).four_eyes
    return any(step.act == act and step_needs_second(step, four_eyes) for step in steps)


def _confirmers(contest_id, latest):
    organisers = people_with_role("organiser", contest_id)
    first_id = first_organiser_id(contest_id, latest) if latest else None
    return [name for user_id, name in organisers.items() if not latest or user_id != first_id]


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
    if get_contest(contest_id).state != "final":
        return None
    latest = find_latest_sheet(contest_id, stage_of(contest_id))
    if latest is None:
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
        N_("The results are final; prizes and titles stand on the page of awards."), {},
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
    if contest.state not in SCORES_COUNT_IN or find_plan_in_force(contest_id) is None:
        return []
    found = standings(contest_id)
    if hidden_modules(contest_id, found.stage):
        return []
    notes = [Note(*tie, "results.show_results", "todo") for tie in rules.open_ties(found)]
    step = next_step(contest.state, held_states(contest))
    if contest.state in UNPUBLISHED_IN and step.act == "publish" and not problems(found):
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
    elif contest.state == "provisional" and step.act == "finalise":
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
