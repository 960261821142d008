"""Entering holidays, and weekend days that are worked, of years the program does not bring along."""

from contest import clock, signals, working_days
from contest.audit.work import work
from contest.db import db
from contest.errors import Missing
from contest.setup import calendar_queries, calendar_rules
from contest.setup.calendar_models import CalendarDay, CalendarYear


def enter_days(actor, first, last, kind, reason):
    """Make the days from first to last days off (or worked); what stood there is replaced."""
    words = calendar_rules.check_days(
        first, last, kind, reason, clock.now().year, working_days.shipped().announced
    )
    days = working_days.days_from(first, last)
    standing = calendar_queries.find_days(days)
    with work(
        actor, "calendar.enter", subject=f"{first.isoformat()} – {last.isoformat()}",
        kind=kind, reason=words,
        was={day.isoformat(): row.reason for day, row in standing.items()},
    ) as facts:
        for day in days:
            row = standing.get(day) or CalendarDay(day=day)
            row.is_off, row.reason = kind == "off", words
            row.by_id, row.at = actor.user_id, clock.now()
            db.session.add(row)
        _tell_changed(actor, facts)


def _tell_changed(actor, facts):
    moved = []
    db.session.flush()
    signals.calendar_changed.send("calendar", actor=actor, moved=moved)
    if moved:
        facts["moved_ends"] = moved


def remove_day(actor, day):
    """Take a day that was entered out again; Missing when it was not entered here."""
    calendar_rules.check_is_open(day.year, working_days.shipped().announced)
    row = calendar_queries.find_days([day]).get(day)
    if row is None:
        raise Missing("This day was not entered.")
    with work(
        actor, "calendar.remove", subject=day.isoformat(), reason=row.reason,
        kind="off" if row.is_off else "on",
    ) as facts:
        db.session.delete(row)
        _tell_changed(actor, facts)


def announce_year(actor, year, source):
    """Say that a year's holidays were announced and are entered, and by which document."""
    calendar_rules.check_is_open(year, working_days.shipped().announced)
    words = calendar_rules.check_source(year, source, clock.now().year)
    row = calendar_queries.find_year(year) or CalendarYear(year=year)
    with work(actor, "calendar.announce", subject=str(year), old=row.source or "", new=words):
        row.source, row.by_id, row.at = words, actor.user_id, clock.now()
        db.session.add(row)
