"""What the ledger says a judge has handed in, and the code over it."""

from collections import defaultdict
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import aliased

from contest.accounts.models import User
from contest.db import db
from contest.judging.models import Sheet, SheetRevision
from contest.judging.rules import MARKING_STATES
from contest.judging.total_models import SheetTotal
from contest.judging.total_rules import Compared, Held, code_of, sheet_digest, total_digest
from contest.people.models import Judge
from contest.setup.models import Contest

HANDED_IN = ("submit", "resubmit")


@dataclass(frozen=True)
class Total:
    """One judge's sheets in one contest: how many there are, which are handed in, and the code over them."""

    contest_id: int
    name: str
    name_en: str
    held: dict[int, Held]

    @property
    def digests(self):
        """{sheet id: digest} of what is handed in."""
        return {one.sheet_id: one.digest for one in self.held.values() if one.rev}

    @property
    def count(self):
        """How many sheets the judge has to hand in; struck out ones are none."""
        return sum(one.counts for one in self.held.values())

    @property
    def digest(self):
        """SHA-256 over what is handed in."""
        return total_digest(self.digests)

    @property
    def code(self):
        """The digest as people compare it."""
        return code_of(self.digest)


def totals_of(user_id):
    """A judge's Totals in every contest that is being judged, the newest contest first."""
    contests = db.session.execute(
        select(Contest.id, Contest.name, Contest.name_en)
        .join(Judge, Judge.contest_id == Contest.id)
        .where(Judge.user_id == user_id, Contest.state.in_(MARKING_STATES)).order_by(Contest.id.desc())
    ).all()
    totals = [Total(*row, held_by(user_id, row.id)) for row in contests]
    return tuple(one for one in totals if one.held)


def held_by(user_id, contest_id, told_ids=()):
    """{sheet id: Held} of a judge's sheets in a contest, and of those told of that another judge has now."""
    own = select(Sheet.id).join(Judge, Sheet.judge_id == Judge.id).where(
        Judge.user_id == user_id, Sheet.contest_id == contest_id
    )
    told = select(Sheet.id).where(Sheet.id.in_(told_ids), Sheet.contest_id == contest_id)
    handed = _handed_in(own)
    excused = set(db.session.scalars(
        select(Sheet.id).where(Sheet.id.in_(own), Sheet.state == "excused")
    ))
    mine = set(db.session.scalars(own))
    latest = dict(db.session.execute(
        select(Sheet.id, func.coalesce(func.max(SheetRevision.rev), 0))
        .outerjoin(SheetRevision, SheetRevision.sheet_id == Sheet.id)
        .where(Sheet.id.in_(own.union(told))).group_by(Sheet.id)
    ).all())
    return {
        sheet_id: Held(sheet_id, rev, *handed.get(sheet_id, (0, "")),
                       counts=sheet_id in mine and sheet_id not in excused)
        for sheet_id, rev in latest.items()
    }


def _handed_in(own):
    """{sheet id: (revision, digest)}: the handing in behind which nothing stands but a confirmation."""
    later = aliased(SheetRevision)
    rows = db.session.execute(
        select(
            SheetRevision.sheet_id, SheetRevision.rev, SheetRevision.op_id, SheetRevision.marks
        ).where(
            SheetRevision.sheet_id.in_(own), SheetRevision.kind.in_(HANDED_IN),
            ~select(later.id).where(
                later.sheet_id == SheetRevision.sheet_id, later.rev > SheetRevision.rev,
                later.kind != "confirm",
            ).exists(),
        )
    )
    return {
        row.sheet_id: (row.rev, sheet_digest(row.sheet_id, row.rev, row.op_id, row.marks)) for row in rows
    }


@dataclass(frozen=True)
class JudgeTotal:
    """For the chief judge: one judge's total, and what each tablet in those hands last told."""

    judge: str
    total: Total
    told: tuple[tuple[SheetTotal, Compared, str], ...]  # with the tablet's own code


def list_totals(contest_id):
    """JudgeTotals of a contest's judges who have sheets, by name."""
    contest = db.session.get(Contest, contest_id)
    told = defaultdict(list)
    for row in db.session.scalars(
        select(SheetTotal).filter_by(contest_id=contest_id).order_by(SheetTotal.at.desc())
    ):
        found = Compared(**{name: tuple(ids) for name, ids in row.found.items()})
        told[row.user_id].append((row, found, code_of(row.digest)))
    judges = db.session.execute(
        select(Judge.user_id, User.name).join(User, Judge.user_id == User.id)
        .where(Judge.contest_id == contest_id).order_by(User.name)
    )
    lines = [
        JudgeTotal(name, Total(contest_id, contest.name, contest.name_en, held_by(user_id, contest_id)),
                   tuple(told[user_id]))
        for user_id, name in judges
    ]
    return tuple(line for line in lines if line.total.held or line.told)
