"""The public notice: its list, how far its time is, and the objections to it."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, select

from contest import clock
from contest.accounts.models import User
from contest.db import db
from contest.errors import Conflict, Missing
from contest.results import queries as results
from contest.results.decided_queries import may_take
from contest.results.result_document import result_document
from contest.results.rules import changed_since
from contest.review import notice_rules
from contest.review.models import Notice, NoticeChange, Objection
from contest.review.outcome_queries import outcome_of_objection
from contest.review.public_rules import check_public_list
from contest.scoring.medals import awards
from contest.setup.queries import get_contest, procedure_of


@dataclass(frozen=True)
class NoticeNow:
    """A notice with what happened to it since.

    ends_at: with every extension, and as the calendar of working days moved it. objections: to every
    notice of this contest, also to those that were broken off.
    """

    notice: Notice
    ends_at: datetime
    extensions: tuple
    moves: tuple  # NoticeChanges by which the calendar of working days moved the end
    broken_off: NoticeChange | None
    objections: tuple
    phase: str  # notice_rules.PHASES

    @property
    def open_objections(self):
        """Objections that wait for a decision."""
        return [one for one in self.objections if one.decided_at is None]


@dataclass(frozen=True)
class ObjectionLine:
    """An objection with the names of those who handle it. notice: the number of what it objects to.

    outcome: what came of it (outcome_queries.Outcome), where it was founded.
    """

    objection: Objection
    notice: int
    entered_by: str
    handler: str
    decided_by: str
    is_late: bool
    outcome: object


def now_of(notice):
    """The NoticeNow of a notice."""
    changes = db.session.scalars(
        select(NoticeChange).filter_by(notice_id=notice.id).order_by(NoticeChange.id)
    ).all()
    objections = tuple(db.session.scalars(
        select(Objection).filter_by(contest_id=notice.contest_id).order_by(Objection.number)
    ))
    extensions = tuple(one for one in changes if one.kind == "extended")
    broken = next((one for one in changes if one.kind == "broken_off"), None)
    moves = tuple(one for one in changes if one.kind == "calendar")
    ends_at = max([notice.ends_at, *(one.ends_at for one in (*extensions, *moves))])
    is_open = any(one.decided_at is None for one in objections)
    return NoticeNow(
        notice, ends_at, extensions, moves, broken, objections,
        notice_rules.phase(ends_at, broken is not None, is_open, clock.now()),
    )


def find_notice(contest_id, stage):
    """The latest notice of a stage as NoticeNow, or None."""
    notice = db.session.scalar(
        select(Notice).filter_by(contest_id=contest_id, stage=stage)
        .order_by(Notice.number.desc()).limit(1)
    )
    return now_of(notice) if notice else None


def get_notice(contest_id, number):
    """One notice by its number as NoticeNow, or Missing."""
    notice = db.session.scalar(
        select(Notice).filter_by(contest_id=contest_id, number=number)
    )
    if notice is None:
        raise Missing("There is no such notice.")
    return now_of(notice)


def list_notices(contest_id):
    """Every notice of a contest, the latest first."""
    return [now_of(notice) for notice in db.session.scalars(
        select(Notice).filter_by(contest_id=contest_id).order_by(Notice.number.desc())
    )]


def list_to_notify(contest_id):
    """(ResultSheet, the lines of the list) as they would go before the public now.

    Conflict when nothing is published, or when today's figures are no longer the published ones;
    Invalid when a line holds what looks like an identity card or telephone number.
    """
    contest = get_contest(contest_id)
    scored = results.scored(contest_id)
    official = scored.official
    sheet = results.find_latest_sheet(contest_id, official.stage)
    if sheet is None:
        raise Conflict("Publish the results as provisional first.")
    if changed_since(sheet, result_document(contest, official.force, official)) is not None:
        raise Conflict(
            "The figures have changed since the provisional results were published. "
            "Publish them as provisional again first."
        )
    prizes, team_prizes = _prizes(contest_id, scored)
    policy = procedure_of(contest).names
    rows = notice_rules.public_rows(sheet.document, prizes, policy)
    rows += notice_rules.team_rows(sheet.document, team_prizes)
    check_public_list(rows)
    return sheet, rows


def _prizes(contest_id, scored):
    """({entrant id: names}, {team id: names}) of the awards that the plan's rules give."""
    plan = scored.official.plan
    prizes = {"entrant": {}, "team": {}}
    if scored.official.stage != plan.last_stage.key:
        return {}, {}
    allowed = may_take(contest_id, plan, scored.found, scored.roster)
    for line in awards(plan, scored.found, allowed, scored.book)[0]:
        award = plan.award(line.award)
        if line.to not in prizes:
            continue
        one = scored.roster[line.index].id if line.to == "entrant" else (
            int(scored.found.teams.teams[line.index])
        )
        prizes[line.to].setdefault(one, []).append((award.name, award.name_en))
    return prizes["entrant"], prizes["team"]


def get_objection(contest_id, objection_id):
    """The objection, if of this contest; else Missing."""
    objection = db.session.get(Objection, objection_id)
    if objection is None or objection.contest_id != contest_id:
        raise Missing("There is no such objection.")
    return objection


def find_objection(receipt):
    """The objection with this receipt code, or None."""
    return db.session.scalar(select(Objection).filter_by(receipt=receipt.strip().upper()))


def objection_lines(found, answer_hours):
    """The ObjectionLines of a NoticeNow, to earlier notices too, those that wait first."""
    numbers = dict(db.session.execute(
        select(Notice.id, Notice.number).filter_by(contest_id=found.notice.contest_id)
    ).all())
    ids = {
        one for row in found.objections
        for one in (row.by_id, row.handler_id, row.decided_by_id) if one is not None
    }
    names = dict(db.session.execute(select(User.id, User.name).where(User.id.in_(ids))).all())
    lines = [
        ObjectionLine(
            row, numbers[row.notice_id], names.get(row.by_id, ""), names.get(row.handler_id, ""),
            names.get(row.decided_by_id, ""),
            row.decided_at is None and clock.now() >= row.at + timedelta(hours=answer_hours),
            outcome_of_objection(row),
        )
        for row in found.objections
    ]
    return sorted(lines, key=lambda line: (line.objection.decided_at is not None, line.objection.number))


def count_recent_objections(contest_id):
    """How many objections came through the public form within an hour."""
    return db.session.scalar(
        select(func.count()).select_from(Objection).where(
            Objection.contest_id == contest_id, Objection.by_id.is_(None),
            Objection.at >= clock.now() - timedelta(hours=1),
        )
    )
