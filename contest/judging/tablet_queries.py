"""Tablets on the chief judge's desk, and what a tablet is told."""

from dataclasses import dataclass

from sqlalchemy import select

from contest import clock, signals
from contest.db import db
from contest.i18n import N_, listed, two_names
from contest.judging import number_queries
from contest.judging.models import Sheet
from contest.judging.number_queries import DeviceNumbers
from contest.judging.number_rules import OVER_STATES, merged, words
from contest.judging.tablet_models import ServerStart, Tablet
from contest.judging.tablet_rules import (
    AT_WORK,
    LOW_BATTERY,
    SILENT_AFTER,
    WARN_CHIEF_S,
    span,
)
from contest.people.models import Judge
from contest.prepared import Prepared
from contest.setup.models import Contest
from contest.setup.queries import get_contest, procedure_of
from contest.setup.rules import Note


@dataclass(frozen=True)
class TabletLine:
    """One tablet on the chief judge's desk."""

    id: int
    name: str
    judge: str
    row: Tablet
    is_silent: bool
    is_low: bool
    clock: str  # how wrong its clock is, in figures; "" when it is not worth a word
    numbers: DeviceNumbers

    @property
    def needs_eye(self):
        """True when somebody should walk over."""
        waits = self.row.unsent or self.row.refused or self.row.clashing
        return bool((self.is_silent and waits) or self.is_low or self.clock
                    or self.row.refused or self.row.clashing or self.numbers.never_seen
                    or self.numbers.unsent and not self.numbers.is_heard)

    @property
    def is_unsettled(self):
        """True when this judge's sheets on it are not all in, and that is not excused."""
        return str(self.row.user_id) in self.numbers.counts_left

    @property
    def called(self):
        """Tablet and judge in a sentence, with the order numbers that still wait."""
        unsent = f": {words(self.numbers.unsent)}" if self.numbers.unsent else ""
        return f"{self.name} ({self.judge}){unsent}"


def tablets_of(contest_id):
    """The tablets of a contest's judges, those that need an eye first."""
    now = clock.now()
    rows = number_queries.judge_tablets(contest_id)
    numbers = number_queries.numbers_of(contest_id, rows)
    lines = [
        TabletLine(
            row.id, row.name, row.user.name, row, now - row.seen_at > SILENT_AFTER,
            row.battery is not None and row.battery <= LOW_BATTERY and not row.is_charging,
            _clock_words(row.offset_s), numbers[row.device_id],
        )
        for row in rows
    ]
    return sorted(lines, key=lambda line: (not line.needs_eye, line.judge, line.name))


def find_line(contest_id, tablet_id):
    """The TabletLine of one tablet of a contest's judges, or Missing."""
    number_queries.get_tablet(contest_id, tablet_id)
    return next(line for line in tablets_of(contest_id) if line.id == tablet_id)


@signals.step_asked.connect
def hold_until_settled(act, contest_id, to, problems):
    """Nothing is published while a tablet holds what is not settled, or misses what it made.

    A tablet that will never speak again is excused in writing by the chief judge; where no four eyes are
    asked for, the one who publishes may also pass over it, tablet by tablet and with a reason.
    """
    is_asked = procedure_of(get_contest(contest_id)).four_eyes
    if act != "publish" and (is_asked or act != "finalise"):
        return
    lines = tablets_of(contest_id)
    problems += _notes_together(lines) if is_asked else _notes_one_by_one(lines)


def _notes_together(lines):
    unsettled = [line for line in lines if line.is_unsettled]
    notes = [Note(
        N_("Tablets with something that is not sent, was refused or is in conflict: %(names)s."),
        {"names": listed(line.called for line in unsettled)}, "judging.show_tablets", "todo",
    )] if unsettled else []
    if gone := _with_gaps(lines):
        notes.append(Note(
            N_("Operations that tablets made and that never arrived, by order number: %(names)s."),
            {"names": two_names(
                "; ".join(f"{name} ({judges}): {numbers}" for name, judges, numbers in gone),
                "; ".join(f"{name} ({judges.english}): {numbers}" for name, judges, numbers in gone),
            )},
            "judging.show_tablets", "todo",
        ))
    return notes


def _notes_one_by_one(lines):
    return [Note(
        N_("The tablet %(tablet)s of %(judge)s holds what is not in: not sent %(unsent)s, refused "
           "%(refused)s, in conflict %(clashing)s."),
        {"tablet": line.name, "judge": line.judge, "unsent": line.row.unsent,
         "refused": line.row.refused, "clashing": line.row.clashing},
        "judging.show_tablets", "confirm",
    ) for line in lines if line.is_unsettled] + [Note(
        N_("The tablet %(tablet)s of %(judge)s made operations that never arrived, by order number: "
           "%(numbers)s."),
        {"tablet": name, "judge": judges, "numbers": numbers}, "judging.show_tablets", "confirm",
    ) for name, judges, numbers in _with_gaps(lines)]


def _with_gaps(lines):
    """(tablet's name, its judges, numbers) of each device whose numbers are not all here or spoken for.

    What waits is told with the judge's sheets that are not in, when the tablet says so of one.
    """
    found = {}
    for line in lines:
        found.setdefault(line.row.device_id, []).append(line)
    gaps = []
    for own in found.values():
        numbers = own[0].numbers
        is_told = any(line.is_unsettled for line in own)
        gone = merged([*numbers.never_seen, *(() if is_told else numbers.unsent)])
        if gone:
            gaps.append((own[0].name, listed(dict.fromkeys(line.judge for line in own)), words(gone)))
    return gaps


def _clock_words(offset_s):
    if abs(offset_s) <= WARN_CHIEF_S:
        return ""
    sign, time = "+" if offset_s > 0 else "−", span(abs(offset_s))
    return two_names(sign + time, sign + time.english)


# Every operation of every tablet asks these: written out once, so that SQLAlchemy compiles them once.
LATEST_START = select(ServerStart.token).order_by(ServerStart.id.desc()).limit(1)
FIRST_START = select(ServerStart.token).order_by(ServerStart.id).limit(1)


_EPOCH, _INSTALLATION = Prepared(LATEST_START), Prepared(FIRST_START)


def epoch():
    """The token of the server's latest start; "" for a server that was never started by `serve`."""
    found = _EPOCH.first()
    return found.token if found else ""


def installation():
    """What names this database and every copy of it: the token of its first start; "" before that."""
    found = _INSTALLATION.first()
    return found.token if found else ""


def revs_of(user_id):
    """{sheet id: revision} of a judge's sheets in contests that are not over."""
    rows = db.session.execute(
        select(Sheet.id, Sheet.rev)
        .join(Judge, Sheet.judge_id == Judge.id)
        .join(Contest, Sheet.contest_id == Contest.id)
        .where(Judge.user_id == user_id, Contest.state.not_in(OVER_STATES))
    )
    return dict(rows.all())


def contests_over(user_id):
    """Ids of a judge's contests whose results are final: tablets need to keep nothing of them."""
    return tuple(db.session.scalars(
        select(Contest.id)
        .join(Judge, Judge.contest_id == Contest.id)
        .where(Judge.user_id == user_id, Contest.state.in_(OVER_STATES))
    ))


def elsewhere(user_id, device_id, sheet_id):
    """Pairs (tablet's name, since when) on which the same judge has this sheet open too."""
    if sheet_id is None:
        return ()
    rows = db.session.execute(
        select(Tablet.name, Tablet.sheet_since)
        .where(Tablet.user_id == user_id, Tablet.device_id != device_id,
               Tablet.sheet_id == sheet_id, Tablet.seen_at > clock.now() - AT_WORK)
        .order_by(Tablet.sheet_since)
    )
    return tuple((name, since) for name, since in rows)


def contests_of_judge(user_id):
    """The ids of the contests in which somebody judges."""
    return set(db.session.scalars(select(Judge.contest_id).filter_by(user_id=user_id)))
