"""Records, the contests in them, the final results that are compared, and what they propose."""

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from contest import clock
from contest.accounts.models import User
from contest.awards.annulment_queries import annulled_entrants
from contest.board.queries import find_cutoff
from contest.db import db
from contest.errors import Missing
from contest.figures.models import RecordedFigure
from contest.people.models import Entrant
from contest.registry import (
    ladder_queries,
    person_queries,
    person_rules,
    record_aspect_rules,
    record_rules,
    record_team_rules,
)
from contest.registry.record_models import RecordContest, RecordLine, RecordMark
from contest.results.attempt_queries import best_attempts
from contest.results.models import ResultSheet
from contest.results.queries import find_latest_sheet, plan_of_sheet, stage_of
from contest.scoring.units import text_of
from contest.setup.models import Contest
from contest.setup.queries import find_plan_in_force

FINAL_IN = ("final", "archived")
NAMELESS = person_rules.NAMELESS
# The personal data are a later area; it says here of which of some entrants the person was erased:
# fn(entrant ids) -> ids.
ERASED = []


def list_lines():
    """Every RecordLine: those in force first, by event and name."""
    return db.session.scalars(
        select(RecordLine).order_by(
            RecordLine.ended_at.is_not(None), RecordLine.event, RecordLine.name, RecordLine.id
        )
    ).all()


def get_line(line_id):
    """A record, or Missing."""
    line = db.session.get(RecordLine, line_id)
    if line is None:
        raise Missing("There is no such record.")
    return line


def get_mark(mark_id):
    """A result that was proposed as a record, or Missing; also while its contest's board is frozen."""
    mark = db.session.get(RecordMark, mark_id)
    if mark is None or find_cutoff(mark.contest_id, clock.now()) is not None:
        raise Missing("There is no such result.")
    return mark


def contests_in(line_id):
    """The RecordContests of a record, those that were taken out last."""
    return db.session.scalars(
        select(RecordContest).filter_by(line_id=line_id).options(joinedload(RecordContest.contest))
        .order_by(RecordContest.out_at.is_not(None), RecordContest.id)
    ).all()


def find_entry(line_id, contest_id):
    """The RecordContest by which a contest belongs to a record now, or None."""
    return db.session.scalar(
        select(RecordContest).filter_by(line_id=line_id, contest_id=contest_id, out_at=None)
    )


def lines_with(contest_id):
    """The records to which a contest belongs, in order; also those that were laid down."""
    return db.session.scalars(
        select(RecordLine).join(RecordContest, RecordContest.line_id == RecordLine.id)
        .where(RecordContest.contest_id == contest_id, RecordContest.out_at.is_(None))
        .order_by(RecordLine.id)
    ).all()


def contests_to_choose(line):
    """[(contest with a plan that could be let in, why it cannot or None)], the latest first."""
    inside = {one.contest_id for one in contests_in(line.id) if one.out_at is None}
    levels, found = ladder_queries.contest_levels(), []
    for contest in db.session.scalars(select(Contest).order_by(Contest.id.desc())):
        force = None if contest.id in inside else find_plan_in_force(contest.id)
        if force is not None:
            found.append((contest, _why_unfit(line, contest, force.plan, levels)))
    return found


def why_unfit(line, contest_id):
    """Why a contest cannot be compared for a record (a Conflict), or None; Missing without a plan."""
    force = find_plan_in_force(contest_id)
    if force is None:
        raise Missing("There is no such contest.")
    return _why_unfit(line, db.session.get(Contest, contest_id), force.plan, ladder_queries.contest_levels())


def _why_unfit(line, contest, plan, levels):
    on = contest.ends_on or contest.starts_on
    return record_rules.why_unfit(line, plan, levels.get(contest.id, ""), on)


def unfit_inside(line, entries):
    """{contest id: why its results are not compared, though it belongs to a record} by the rules of now."""
    levels, found = ladder_queries.contest_levels(), {}
    for entry in entries:
        force = find_plan_in_force(entry.contest_id) if entry.out_at is None else None
        if force and (why := _why_unfit(line, entry.contest, force.plan, levels)) is not None:
            found[entry.contest_id] = why
    return found


def evidence_of(marks):
    """{mark's id: (the published ResultSheet, the row of it that the mark rests on)}."""
    ids = {one.result_sheet_id for one in marks}
    sheets = {one.id: one for one in db.session.scalars(select(ResultSheet).where(ResultSheet.id.in_(ids)))}
    return {
        one.id: (
            sheets[one.result_sheet_id], next(_rows_of_kind(sheets[one.result_sheet_id].document, one))
        ) for one in marks
    }


def _rows_of_kind(document, mark):
    kind, key = ("teams", "team_id") if mark.team_id else ("rows", "entrant_id")
    return (row for row in document[kind] if row[key] == mark.holder_id)


def results_of(line):
    """The Results of all final, standing results that belong to a record."""
    levels, found = ladder_queries.contest_levels(), []
    for entry in contests_in(line.id):
        if entry.out_at is None:
            found += _final_results(line, entry.contest, levels)
    return found


def _final_results(line, contest, levels):
    force = find_plan_in_force(contest.id)
    sheet = force and final_sheet(contest, record_rules.stage_key(line, force.plan))
    if not sheet or _why_unfit(line, contest, plan_of_sheet(sheet), levels) is not None:
        return []
    on = contest.ends_on or contest.starts_on or clock.day_of(sheet.at)
    gone = annulled_entrants(contest.id)
    if line.holder == "team":
        return _team_results(line, sheet, on, gone)
    rows = [row for row in sheet.document["rows"] if row["entrant_id"] not in gone]
    return [
        record_rules.Result(
            contest.id, row["entrant_id"], sheet.id, value, on, row["name"], row["organisation"]
        )
        for row, value in record_rules.values_in(rows, line, measured_of(line, contest.id, sheet.at))
    ]


def _team_results(line, sheet, on, gone):
    """The Results of teams; one with a member whose result was annulled has none."""
    document = sheet.document
    found = record_team_rules.values_in(
        document["teams"], document["rows"], line, plan_of_sheet(sheet)
    )
    return [
        record_rules.Result(
            sheet.contest_id, team["team_id"], sheet.id, value, on, team["name"], team["organisation"],
            members,
        )
        for team, value, members in found if not gone.intersection(team["members"])
    ]


def final_sheet(contest, stage):
    """The final results of a stage that hold now (a ResultSheet), or None."""
    sheet = find_latest_sheet(contest.id, stage)
    if sheet is None or sheet.kind != "final":
        return None
    is_held = stage == stage_of(contest.id)
    return sheet if contest.state in FINAL_IN or not is_held else None


def measured_of(line, contest_id, as_of=None):
    """{entrant id: units} of a recorded figure, or of what judges measured, as it stood at a moment."""
    if line.what == "aspect":
        return _measured(line, contest_id, as_of)
    if line.what != "figure":
        return {}
    statement = (
        select(RecordedFigure.entrant_id, RecordedFigure.units)
        .filter_by(contest_id=contest_id, kind="data", key=line.key).order_by(RecordedFigure.id)
    )
    if as_of is not None:
        statement = statement.where(RecordedFigure.at <= as_of)
    return {entrant_id: units for entrant_id, units in db.session.execute(statement) if units is not None}


def _measured(line, contest_id, as_of):
    module_key, _, aspect_key = line.key.partition(".")
    stage = record_rules.stage_key(line, find_plan_in_force(contest_id).plan)
    return {
        entrant_id: record_aspect_rules.units_of_mean(mean, line.places, line.better)
        for entrant_id, mean in best_attempts(contest_id, stage, module_key, aspect_key, as_of).items()
    }


def marks_of(line_id, *states):
    """The RecordMarks of a record in these states (none: all), by day."""
    statement = (
        select(RecordMark).filter_by(line_id=line_id).options(joinedload(RecordMark.contest))
        .order_by(RecordMark.on, RecordMark.id)
    )
    if states:
        statement = statement.where(RecordMark.state.in_(states))
    return db.session.scalars(statement).all()


def tellable(marks):
    """Those of some marks whose contest's board hides nothing any more."""
    now = clock.now()
    frozen = {each for each in {one.contest_id for one in marks} if find_cutoff(each, now) is not None}
    return [one for one in marks if one.contest_id not in frozen]


def erased_among(entrant_ids):
    """Ids of those entrants whose person was erased: a record of theirs bears no name."""
    return {each for tell in ERASED for each in tell(entrant_ids)}


def printed(line, value):
    """A value as it is printed; "" for none."""
    return "" if value is None else text_of(value, line.places)


def waiting(line):
    """[(mark, how it stands to what stood before it: of KINDS, what stood or None)] of a record, by day."""
    live = marks_of(line.id, *record_rules.LIVE)
    by_key = {(one.contest_id, one.holder_id): one for one in live}
    found = record_rules.replay(line.better, line.earlier_value, [as_result(one) for one in live])
    marks = [(by_key[one.result.contest_id, one.result.holder_id], one.kind, one.before) for one in found]
    told = set(tellable([mark for mark, _, _ in marks]))
    return [row for row in marks if row[0].state == "proposed" and row[0] in told]


def as_result(mark):
    """A stored mark as the Result that it was."""
    return record_rules.Result(
        mark.contest_id, mark.holder_id, mark.result_sheet_id, mark.value, mark.on, mark.name, mark.unit,
        tuple((one.entrant_id, one.name) for one in mark.members) if mark.team_id else (),
    )


def count_waiting():
    """{record's id: how many results wait to be confirmed}; none of a contest whose board is frozen."""
    found = {}
    for mark in tellable(db.session.scalars(select(RecordMark).filter_by(state="proposed")).all()):
        found[mark.line_id] = found.get(mark.line_id, 0) + 1
    return found


def is_own(user_id, mark):
    """True when an account is, or may be, that of the person behind a result, or of one of the team."""
    person = person_queries.whose_account(user_id)
    return person is not None and any(
        person_queries.may_be_one(person, one.human, (user_id,)) for one in _people_behind(mark)
    )


def _people_behind(mark):
    if mark.team_id is None:
        return [mark.entrant]
    mates = db.session.scalars(select(Entrant).filter_by(team_id=mark.team_id)).all()
    return {*mates, *(one.entrant for one in mark.members)}


def names_of(ids):
    """{account's id: name}."""
    return dict(db.session.execute(select(User.id, User.name).where(User.id.in_(set(ids) - {None}))).all())
