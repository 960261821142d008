"""The register of appeals: who filed what and when, what is late, and what a decision changes."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, select, union
from sqlalchemy.orm import joinedload

from contest import clock
from contest.accounts.models import User
from contest.audit.models import TrailRow
from contest.db import db
from contest.errors import Missing
from contest.figures.models import RecordedFigure
from contest.judging.adjustment_queries import KIND
from contest.judging.models import Handover, Penalty, Sheet
from contest.judging.side_queries import waiting_revisions
from contest.people.models import Entrant, Judge, StateEvent
from contest.people.rules import PRACTICE
from contest.results import queries as results
from contest.results.models import ResultSheet
from contest.results.result_document import result_document
from contest.results.rules import fingerprint
from contest.review.correction_rules import changes_between
from contest.review.models import Appeal, AppealFile
from contest.setup.queries import get_contest, plan_in_force, procedure_of
from contest.setup.rules import stage_of as stage_of_key


@dataclass(frozen=True)
class AppealLine:
    """One appeal as officials see it. entrant: None while who asks must not know who it is.

    due_at: when it has waited too long; second_until: until when the second instance is open, or
    None.
    """

    appeal: Appeal
    entrant: Entrant | None
    module: object
    files: tuple
    by: str
    decided_by: str
    due_at: datetime
    second_until: datetime | None

    @property
    def is_late(self):
        """True when it waits for a decision for longer than the procedure allows."""
        return self.appeal.decided_at is None and clock.now() >= self.due_at


@dataclass(frozen=True)
class Effect:
    """What an appeal's corrections change.

    waiting: by module, sheets to be confirmed; changes: since published.
    """

    waiting: dict
    revision: int | None
    changes: tuple

    def stored(self):
        """As it is kept with the decision."""
        changes = [
            {"number": one.number, "old": one.old, "new": one.new} for one in self.changes
        ]
        return {"revision": self.revision, "changes": changes}


def appeals_of(contest_id, stage=None):
    """Every appeal of a contest (of one stage), by number."""
    statement = (
        select(Appeal).filter_by(contest_id=contest_id)
        .options(joinedload(Appeal.entrant).joinedload(Entrant.human),
                 joinedload(Appeal.entrant).joinedload(Entrant.organisation))
        .order_by(Appeal.number)
    )
    if stage is not None:
        statement = statement.filter_by(stage=stage)
    return db.session.scalars(statement).all()


def appeals_of_entrant(entrant_id):
    """The appeals that one contestant filed, by number."""
    return db.session.scalars(
        select(Appeal).filter_by(entrant_id=entrant_id).order_by(Appeal.number)
    ).all()


def get_appeal(contest_id, appeal_id):
    """The appeal, if of this contest; else Missing."""
    appeal = db.session.get(Appeal, appeal_id)
    if appeal is None or appeal.contest_id != contest_id:
        raise Missing("There is no such appeal.")
    return appeal


def find_by_receipt(receipt):
    """The appeal with this receipt code, or None."""
    return db.session.scalar(select(Appeal).filter_by(receipt=receipt.strip().upper()))


def find_same(entrant_id, stage, module_key, ground, revision):
    """The appeal of a contestant in one matter, in the first instance, about this revision; or None."""
    return db.session.scalar(
        select(Appeal).filter_by(
            entrant_id=entrant_id, stage=stage, module_key=module_key, ground=ground, instance=1,
        ).where(Appeal.revision >= revision).order_by(Appeal.revision.desc()).limit(1)
    )


def announced_revision(contest_id, stage, told_at):
    """The number of the revision whose figures were published when results were announced; 0 for none."""
    number = shown = 0
    for revision, found in db.session.execute(
        select(ResultSheet.revision, ResultSheet.document_hash)
        .filter_by(contest_id=contest_id, stage=stage).where(ResultSheet.at <= told_at)
        .order_by(ResultSheet.revision)
    ):
        if found != shown:
            number, shown = revision, found
    return number


def find_second(appeal):
    """The appeal in the second instance that follows this one, or None."""
    return db.session.scalar(select(Appeal).filter_by(first_id=appeal.id))


def second_until(appeal, procedure, appeals):
    """Until when a rejected appeal may go to the second instance; None when it may not (any more)."""
    is_final = appeal.outcome != "rejected" or appeal.instance >= procedure.instances
    if is_final or any(one.first_id == appeal.id for one in appeals):
        return None
    return appeal.decided_at + timedelta(hours=procedure.second_hours)


def files_of(appeal_id):
    """The files that came with an appeal, without their content."""
    return db.session.scalars(
        select(AppealFile).filter_by(appeal_id=appeal_id).order_by(AppealFile.number)
    ).all()


def get_file(appeal, number):
    """(AppealFile, its content), or Missing."""
    row = db.session.execute(
        select(AppealFile, AppealFile.content).filter_by(appeal_id=appeal.id, number=number)
    ).first()
    if row is None:
        raise Missing("There is no such file.")
    if row[1] is None:
        raise Missing("The file was erased.")
    return row[0], row[1]


def lines(contest_id, is_hidden=False):
    """The AppealLines of a contest, those that wait first, the oldest first."""
    appeals = appeals_of(contest_id)
    found = [line_of(appeal, appeals, is_hidden) for appeal in appeals]
    return sorted(found, key=lambda line: (line.appeal.decided_at is not None, line.appeal.number))


def line_of(appeal, appeals=None, is_hidden=False):
    """One appeal as AppealLine."""
    procedure = procedure_of(get_contest(appeal.contest_id))
    names = dict(db.session.execute(
        select(User.id, User.name).where(
            User.id.in_({appeal.by_id, appeal.decided_by_id} - {None})
        )
    ).all())
    return AppealLine(
        appeal, None if is_hidden else appeal.entrant,
        find_module(appeal.contest_id, appeal.module_key), tuple(files_of(appeal.id)),
        names.get(appeal.by_id, ""), names.get(appeal.decided_by_id, ""),
        appeal.filed_at + timedelta(hours=procedure.answer_hours),
        second_until(
            appeal, procedure, appeals_of(appeal.contest_id) if appeals is None else appeals
        ),
    )


def find_module(contest_id, module_key):
    """The plan's module, or None for the whole result."""
    modules = {module.key: module for module in plan_in_force(contest_id).plan.modules}
    return modules.get(module_key)


def modules_of(contest_id, stage):
    """The modules of a stage, in the plan's order."""
    plan = plan_in_force(contest_id).plan
    return [module for module in plan.modules if stage_of_key(plan, module.key) == stage]


def first_decider(appeal):
    """The id of who decided the first instance of an appeal in the second; None otherwise."""
    first = db.session.get(Appeal, appeal.first_id) if appeal.first_id else None
    return first.decided_by_id if first else None


def markers_of(appeal):
    """The user ids of everybody who marked this contestant in this module, or all, or decided on marks.

    Who has, or had, a sheet that counts; who gave a penalty, adjusted a mark or called somebody absent.
    """
    keys = [
        module.key for module in modules_of(appeal.contest_id, appeal.stage)
        if appeal.module_key in ("", module.key)
    ]
    held = select(Sheet.id, Sheet.judge_id).where(
        Sheet.contest_id == appeal.contest_id, Sheet.entrant_id == appeal.entrant_id,
        Sheet.module_key.in_(keys), Sheet.seat < PRACTICE,
    ).subquery()
    before = select(Handover.from_id).where(Handover.sheet_id.in_(select(held.c.id)))
    judges = select(Judge.user_id).where(Judge.id.in_(select(held.c.judge_id)) | Judge.id.in_(before))
    return set(db.session.scalars(union(judges, *_rulings_on(appeal, keys)))) - {None}


def _rulings_on(appeal, keys):
    """Selects of who gave this contestant a penalty, an adjustment or a state, here or in all modules.

    Before the appeal: whoever puts right what it showed decides on it like anybody else.
    """
    modules = {module.key for module in modules_of(appeal.contest_id, appeal.stage)}
    where = (
        # A penalty on a part or on the stage is one on each of its modules.
        (Penalty, Penalty.scope.not_in(modules - set(keys))),
        (RecordedFigure, (RecordedFigure.kind == KIND) & RecordedFigure.key.in_(keys)),
        (StateEvent, StateEvent.module_key.in_(["", *keys])),
    )
    return tuple(
        select(table.by_id).where(
            table.contest_id == appeal.contest_id, table.entrant_id == appeal.entrant_id,
            table.at < appeal.filed_at, is_here,
        )
        for table, is_here in where
    )


def effect_of(appeal):
    """What has been corrected for this contestant, and what that changed since it was published."""
    waiting = {}
    for module in modules_of(appeal.contest_id, appeal.stage):
        if appeal.module_key in ("", module.key):
            revisions = waiting_revisions(appeal.contest_id, module.key, appeal.entrant_id)
            waiting |= {module.key: revisions} if revisions else {}
    sheet = results.find_latest_sheet(appeal.contest_id, appeal.stage)
    if sheet is None:
        return Effect(waiting, None, ())
    official = results.standings(appeal.contest_id, appeal.stage)
    document = result_document(get_contest(appeal.contest_id), official.force, official)
    if fingerprint(document) == sheet.document_hash:
        return Effect(waiting, sheet.revision, ())
    return Effect(waiting, sheet.revision, tuple(changes_between(sheet.document, document)))


def refused_tries(contest_id):
    """The trail's rows about appeals that came too late, the latest first."""
    return db.session.scalars(
        select(TrailRow).filter_by(contest_id=contest_id, did="appeal.refuse")
        .order_by(TrailRow.id.desc())
    ).all()


def count_late_tries(contest_id, subject):
    """How many late tries about one contestant and module are on record."""
    return db.session.scalar(
        select(func.count()).select_from(TrailRow)
        .filter_by(contest_id=contest_id, did="appeal.refuse", subject=subject)
    )
