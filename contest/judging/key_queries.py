"""Which keys tablets have shown, what was ruled on them, and which marks they signed."""

from collections import Counter
from dataclasses import dataclass

from sqlalchemy import bindparam, func, or_, select
from sqlalchemy.orm import aliased

from contest import signals
from contest.audit.device_signatures import grouped_print, what_differs
from contest.db import db
from contest.i18n import N_, joined, listed
from contest.judging import number_queries
from contest.judging.called_queries import called
from contest.judging.key_models import DeviceKey, DeviceRuling
from contest.judging.key_rules import ADMIT, ASK, ASK_NO_MORE, WITHDRAW
from contest.judging.models import Sheet, SheetRevision
from contest.people.models import Judge
from contest.setup.queries import get_contest, procedure_of
from contest.setup.rules import Note


def _is_one_of(first, second):
    # Not as IN: such a list is written anew with each execution.
    return or_(DeviceRuling.kind == first, DeviceRuling.kind == second)


# Every operation of every tablet asks these, as parts of one statement.
PUBLIC = select(DeviceKey.public).where(
    DeviceKey.device_id == bindparam("device"), DeviceKey.short == bindparam("key")
)
IS_ASKED = (
    select(DeviceRuling.kind == ASK)
    .where(DeviceRuling.contest_id == bindparam("contest"), _is_one_of(ASK, ASK_NO_MORE))
    .order_by(DeviceRuling.id.desc()).limit(1)
)
IS_ADMITTED = (
    select(DeviceRuling.kind == ADMIT)
    .where(DeviceRuling.contest_id == bindparam("contest"), _is_one_of(ADMIT, WITHDRAW),
           DeviceRuling.public == PUBLIC.scalar_subquery())
    .order_by(DeviceRuling.id.desc()).limit(1)
)


# What a row is held against: no objects are made of the thousands that the desk asks for.
_LOOKED_AT = [getattr(SheetRevision, name) for name in (
    "id", "sheet_id", "kind", "by_id", "at", "marks", "op_id", "base_rev", "device_id", "device_seq",
    "signer", "signature", "signed",
)]


@dataclass(frozen=True)
class KeyLine:
    """One key on the chief judge's desk: of which tablet, shown by whom, and the latest ruling on it."""

    row: DeviceKey
    tablet: str
    ruling: DeviceRuling | None

    @property
    def is_admitted(self):
        """True when marks signed with it are taken where the contest asks for that."""
        return self.ruling is not None and self.ruling.kind == ADMIT

    @property
    def words(self):
        """The key as the tablet shows it."""
        return grouped_print(self.row.short)


@dataclass(frozen=True)
class Signed:
    """How the marks that judges handed in are signed.

    admitted, others: sheets signed by tablets that the chief judge admitted, and by others; paper: typed in
    from paper; unsigned: how many are not signed; wrong: names of sheets whose row is not what was signed, or
    not confirmed as it was handed in; unvouched: of sheets taken since the contest asks, and signed by no
    admitted tablet.
    """

    admitted: int
    others: int
    paper: int
    unsigned: int
    wrong: tuple
    unvouched: tuple

    @property
    def wrong_names(self):
        """They as a list in a sentence."""
        return listed(self.wrong)

    @property
    def unvouched_names(self):
        """They as a list in a sentence."""
        return listed(self.unvouched)


def find_key(device_id, short):
    """The DeviceKey of a tablet by its print, or None."""
    return db.session.scalar(select(DeviceKey).filter_by(device_id=device_id, short=short))


def count_keys(device_id):
    """How many keys a tablet has shown."""
    return db.session.scalar(
        select(func.count()).select_from(DeviceKey).where(DeviceKey.device_id == device_id)
    )


def latest_asking(contest_id):
    """The latest DeviceRuling on whether signatures are asked for, or None."""
    return db.session.scalar(
        select(DeviceRuling).where(
            DeviceRuling.contest_id == contest_id, DeviceRuling.kind.in_((ASK, ASK_NO_MORE))
        ).order_by(DeviceRuling.id.desc()).limit(1)
    )


def is_asked(contest_id):
    """Does the contest take only what admitted tablets sign?"""
    latest = latest_asking(contest_id)
    return latest is not None and latest.kind == ASK


def keys_of(contest_id):
    """The KeyLines of the tablets of a contest's judges: not admitted ones first, the latest first."""
    names = {row.device_id: row.name for row in number_queries.judge_tablets(contest_id)}
    judges = select(Judge.user_id).where(Judge.contest_id == contest_id, Judge.user_id.is_not(None))
    latest = _latest_rulings(contest_id)
    found = db.session.scalars(
        select(DeviceKey)
        .where(DeviceKey.device_id.in_(list(names)) | DeviceKey.user_id.in_(judges))
        .order_by(DeviceKey.id.desc())
    )
    lines = [
        KeyLine(row, names.get(row.device_id, row.device_id[:4].upper()), latest.get(row.public))
        for row in found
    ]
    return sorted(lines, key=lambda line: line.is_admitted)


def _latest_rulings(contest_id):
    rows = db.session.scalars(
        select(DeviceRuling)
        .where(DeviceRuling.contest_id == contest_id, DeviceRuling.kind.in_((ADMIT, WITHDRAW)))
        .order_by(DeviceRuling.id)
    )
    return {row.public: row for row in rows}


def signed_of(contest_id):
    """Signed: every sheet that its judge handed in, its latest such row held against its signature."""
    latest = (
        select(func.max(SheetRevision.id)).where(
            SheetRevision.contest_id == contest_id, SheetRevision.kind.in_(("submit", "resubmit"))
        ).group_by(SheetRevision.sheet_id)
    )
    rows = db.session.execute(
        select(*_LOOKED_AT, Sheet.module_key, Sheet.entrant_id, Sheet.seat)
        .join(Sheet, Sheet.id == SheetRevision.sheet_id).where(SheetRevision.id.in_(latest))
        .order_by(SheetRevision.id)
    )
    asked = latest_asking(contest_id)
    since = asked.at if asked is not None and asked.kind == ASK else None
    admitted = {public for public, row in _latest_rulings(contest_id).items() if row.kind == ADMIT}
    judges = set(db.session.scalars(select(Judge.user_id).where(Judge.contest_id == contest_id)))
    counts, wrong, unvouched = Counter(), [], []
    for row in rows:
        kind = _kind_of(row, judges, admitted)
        counts[kind] += 1
        if kind == "wrong":
            wrong.append(row)
        if since is not None and row.at > since and kind not in ("admitted", "paper"):
            unvouched.append(row)
    wrong += _confirmed_otherwise(contest_id)
    return Signed(
        counts["admitted"], counts["others"], counts["paper"], counts["unsigned"],
        tuple(called(contest_id, wrong)), tuple(called(contest_id, unvouched)),
    )


def _confirmed_otherwise(contest_id):
    """Confirmations of other marks than were handed in again: they count, and no tablet signs them."""
    before = aliased(SheetRevision)
    rows = db.session.execute(
        select(SheetRevision.marks, before.marks.label("handed_in"), Sheet.module_key, Sheet.entrant_id,
               Sheet.seat)
        .join(before, (before.sheet_id == SheetRevision.sheet_id) & (before.rev == SheetRevision.rev - 1))
        .join(Sheet, Sheet.id == SheetRevision.sheet_id)
        .where(SheetRevision.contest_id == contest_id, SheetRevision.kind == "confirm")
        .order_by(SheetRevision.id)
    )
    return [row for row in rows if row.marks != row.handed_in]


def _kind_of(row, judges, admitted):
    if row.signature and what_differs(row._mapping):
        return "wrong"
    if row.signature:
        return "admitted" if row.signer in admitted else "others"
    # Also one who has given the sheet away since; two clerks type in what is on paper.
    return "unsigned" if row.by_id in judges else "paper"


def _has_signed(contest_id):
    return db.session.scalar(select(
        select(SheetRevision.id)
        .where(SheetRevision.contest_id == contest_id, SheetRevision.signature != "").exists()
    ))


@signals.step_asked.connect
def hold_until_signed(act, contest_id, to, problems):
    """Nothing is published while a row of the ledger is not what its tablet signed, or nobody signed it."""
    is_formal = procedure_of(get_contest(contest_id)).four_eyes
    if act != "publish" and (is_formal or act != "finalise"):
        return
    if not is_asked(contest_id) and not _has_signed(contest_id):
        return
    found = signed_of(contest_id)
    if found.wrong:
        problems.append(Note(
            N_("Sheets whose marks are not those that their tablet signed: %(sheets)s. Somebody has changed "
               "the database."), {"sheets": joined(found.wrong)}, "judging.list_keys", "todo",
        ))
    if found.unvouched:
        problems.append(Note(
            N_("Sheets that no admitted tablet has signed, though this contest asks for it: %(sheets)s."),
            {"sheets": joined(found.unvouched)}, "judging.list_keys", "todo" if is_formal else "confirm",
        ))
