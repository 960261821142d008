"""Moving the end of a public notice when days of its time turn out to be days off."""

from sqlalchemy import select

from contest import clock, signals
from contest.audit.chaining import note_row
from contest.audit.models import TrailRow
from contest.db import db
from contest.results.queries import lock_contest, stage_of
from contest.review import notice_queries, notice_rules
from contest.review.models import NoticeChange
from contest.setup.calendar_queries import calendar
from contest.setup.models import Contest


@signals.calendar_changed.connect
def move_ends(_act, actor, moved):
    """Every notice that is not final yet lasts at least its working days, within the calendar's own work."""
    contests = select(Contest.id).filter_by(state="notice").order_by(Contest.id)
    for contest_id in db.session.scalars(contests).all():
        contest = lock_contest(contest_id)
        found = notice_queries.find_notice(contest_id, stage_of(contest_id))
        if contest.state != "notice" or found is None:
            continue
        ends_at = notice_rules.moved_end(calendar(), found, clock.now(), clock.zone())
        if ends_at is not None:
            _move(actor, contest, found, ends_at)
            moved.append(f"{contest.slug} {found.notice.number}")


def _move(actor, contest, found, ends_at):
    row = TrailRow(
        at=clock.now(), who=actor.name, user_id=actor.user_id, did="notice.move", contest_id=contest.id,
        subject=f"notice {found.notice.number}",
        facts={"old": found.ends_at.isoformat(), "new": ends_at.isoformat()},
    )
    db.session.add_all([row, NoticeChange(
        notice_id=found.notice.id, kind="calendar", ends_at=ends_at, reason="", by_id=actor.user_id,
        at=clock.now(),
    )])
    db.session.flush()
    note_row("trail", {column.key: getattr(row, column.key) for column in TrailRow.__table__.columns})
