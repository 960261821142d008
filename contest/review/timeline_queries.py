"""The public time line of a contest: announced, appeals until, notice until, final, corrected."""

from dataclasses import dataclass
from datetime import datetime

from contest import clock, working_days
from contest.board import queries as board
from contest.errors import Missing
from contest.results.queries import stage_of
from contest.review import appeal_queries, correction_queries, notice_queries, queries
from contest.scoring.scheme import Stage
from contest.setup.calendar_queries import calendar
from contest.setup.models import Contest
from contest.setup.queries import (
    get_contest_by_slug,
    held_states,
    plan_in_force,
    procedure_of,
)


@dataclass(frozen=True)
class Window:
    """Appeals about a module (None: the whole results): announced at, taken until."""

    module: object
    at: datetime
    ends_at: datetime


@dataclass(frozen=True)
class TimeLine:
    """Everything that the public page shows.

    appeals_until: the latest end of a window, or None. open_appeals: how many wait for a decision.
    notice: NoticeNow or None; days_left: its working days left. final: the Revision that is final,
    or None. unannounced: years in the notice's time whose holidays are not announced. corrected: the
    Revisions that changed what was published before.
    """

    contest: Contest
    stage: Stage
    now: datetime
    windows: tuple
    appeals_until: datetime | None
    open_appeals: int
    has_notice: bool
    notice: notice_queries.NoticeNow | None
    days_left: int
    unannounced: tuple
    final: correction_queries.Revision | None
    corrected: tuple
    revisions: tuple


def get_public_contest(slug):
    """The contest of a public address, or Missing when the public may not see it."""
    contest = get_contest_by_slug(slug)
    if not contest.is_public:
        raise Missing("There is no such contest.")
    return contest


def timeline(contest, zone):
    """The TimeLine of a contest now."""
    now, stage = clock.now(), stage_of(contest.id)
    windows = _windows(contest, stage)
    notice = find_public_notice(contest.id, stage, now)
    shown = correction_queries.public_revisions(contest.id, stage, now)
    is_final = contest.state in ("final", "archived") and shown and shown[-1].sheet.kind == "final"
    return TimeLine(
        contest, plan_in_force(contest.id).plan.stage(stage), now, windows,
        max((one.ends_at for one in windows), default=None),
        sum(one.decided_at is None for one in appeal_queries.appeals_of(contest.id, stage)),
        "notice" in held_states(contest) or notice is not None, notice,
        working_days.working_days_left(calendar(), now, notice.ends_at, zone) if notice else 0,
        calendar().unannounced(
            notice.notice.at.astimezone(zone).date(), notice.ends_at.astimezone(zone).date()
        ) if notice else (),
        shown[-1] if is_final else None, tuple(one for one in shown if one.changes), tuple(shown),
    )


def _windows(contest, stage):
    latest = {}
    for one in queries.moments(contest.id, stage):
        latest[one.module_key] = one
    modules = {module.key: module for module in plan_in_force(contest.id).plan.modules}
    return tuple(
        Window(modules.get(key), one.at, one.ends_at)
        for key, one in sorted(latest.items(), key=lambda pair: pair[1].at)
    )


def find_public_notice(contest_id, stage, now):
    """The latest notice of a stage that the public may see, or None."""
    found = notice_queries.find_notice(contest_id, stage)
    return found if found and is_shown(contest_id, found.notice.at, now) else None


def get_public_notice(contest_id, number, now):
    """One notice with its list, or Missing."""
    found = notice_queries.get_notice(contest_id, number)
    if not is_shown(contest_id, found.notice.at, now):
        raise Missing("There is no such notice.")
    return found


def is_shown(contest_id, at, now):
    """True unless the board is frozen at an earlier moment."""
    cutoff = board.find_cutoff(contest_id, now)
    return cutoff is None or at <= cutoff


def names_policy(contest):
    """How public lists of this contest print people."""
    return procedure_of(contest).names
