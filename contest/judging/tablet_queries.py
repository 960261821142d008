"""Tablets on the chief judge's desk, and what a tablet is told."""

from dataclasses import dataclass

from sqlalchemy import select

from contest import clock, signals
from contest.db import db
from contest.i18n import N_, two_names
from contest.judging.models import Sheet
from contest.judging.tablet_models import ServerStart, Tablet
from contest.judging.tablet_rules import (
    AT_WORK,
    LOW_BATTERY,
    SILENT_AFTER,
    WARN_CHIEF_S,
    span,
)
from contest.people.models import Judge
from contest.setup.models import Contest
from contest.setup.queries import get_contest, procedure_of
from contest.setup.rules import Note

# Results that are final are what tablets have been keeping their copies for.
OVER_STATES = ("final", "archived")


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

    @property
    def needs_eye(self):
        """True when somebody should walk over."""
        waits = self.row.unsent or self.row.refused or self.row.clashing
        return bool((self.is_silent and waits) or self.is_low or self.clock
                    or self.row.refused or self.row.clashing)


def tablets_of(contest_id):
    """The tablets of a contest's judges, those that need an eye first."""
    now = clock.now()
    judges = select(Judge.user_id).where(
        Judge.contest_id == contest_id, Judge.user_id.is_not(None)
    )
    rows = db.session.scalars(select(Tablet).where(Tablet.user_id.in_(judges)))
    lines = [
        TabletLine(
            row.id, row.name, row.user.name, row, now - row.seen_at > SILENT_AFTER,
            row.battery is not None and row.battery <= LOW_BATTERY and not row.is_charging,
            _clock_words(row.offset_s),
        )
        for row in rows
    ]
    return sorted(lines, key=lambda line: (not line.needs_eye, line.judge, line.name))


def unsettled(contest_id):
    """The tablets whose last word was that something on them is not in, or was refused."""
    return [
        line for line in tablets_of(contest_id)
        if line.row.unsent or line.row.refused or line.row.clashing
    ]


@signals.step_asked.connect
def hold_until_settled(act, contest_id, to, problems):
    """Nothing is published while a tablet holds what is not settled.

    A tablet that will never speak again is excused by the three people who publish with exceptions;
    where no four eyes are asked for, by the one who publishes, tablet by tablet and with a reason.
    """
    is_asked = procedure_of(get_contest(contest_id)).four_eyes
    if act != "publish" and (is_asked or act != "finalise"):
        return
    lines = unsettled(contest_id)
    if lines and is_asked:
        problems.append(Note(
            N_("Tablets with something that is not sent, was refused or is in conflict: %(names)s."),
            {"names": ", ".join(f"{line.name} ({line.judge})" for line in lines)},
            "judging.show_tablets", "todo",
        ))
    elif lines:
        problems += [Note(
            N_("The tablet %(tablet)s of %(judge)s holds what is not in: not sent %(unsent)s, refused "
               "%(refused)s, in conflict %(clashing)s."),
            {"tablet": line.name, "judge": line.judge, "unsent": line.row.unsent,
             "refused": line.row.refused, "clashing": line.row.clashing},
            "judging.show_tablets", "confirm",
        ) for line in lines]


def _clock_words(offset_s):
    if abs(offset_s) <= WARN_CHIEF_S:
        return ""
    sign, time = "+" if offset_s > 0 else "−", span(abs(offset_s))
    return two_names(sign + time, sign + time.english)


def epoch():
    """The token of the server's latest start; "" for a server that was never started by `serve`."""
    latest = select(ServerStart.token).order_by(ServerStart.id.desc()).limit(1)
    return db.session.scalar(latest) or ""


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
