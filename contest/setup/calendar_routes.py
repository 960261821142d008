"""The calendar of working days, by which notices and answers are due."""

from datetime import date

from flask import flash, g, redirect, request, url_for
from flask_babel import gettext

from contest import clock, working_days
from contest.accounts.guards import needs
from contest.audit.work import Actor
from contest.errors import Invalid, Missing
from contest.pages import form_refusal, show
from contest.setup import calendar_actions, calendar_queries, calendar_rules
from contest.setup.blueprint import bp


@bp.get("/calendar")
@needs("organiser", "service_officer")
def show_calendar():
    """The days of one year that are not what their weekday says."""
    return _show_calendar(request.args.get("year", type=int) or clock.now().year)


def _show_calendar(year, refused=None):
    facts = form_refusal(refused, request.form) if refused else {"values": {}, "field_errors": {}}
    brought = working_days.shipped().announced
    years = range(min(brought), clock.now().year + calendar_rules.YEARS_AHEAD + 1)
    if year not in years:
        raise Missing("There is no such year in the calendar.")
    return show(
        "setup/show_calendar.html", status=refused.status if refused else 200,
        years=years, year=year, lines=calendar_queries.days_of(year), kinds=calendar_rules.KINDS,
        source=calendar_queries.calendar().announced.get(year, ""), is_open=year not in brought,
        may_edit=g.person.has_role("organiser"), **facts,
    )


@bp.post("/calendar", defaults={"contest_id": None})
@needs("organiser", everywhere=True)
def enter_calendar_days(contest_id):
    """Enter days off, or weekend days that are worked."""
    form = request.form
    try:
        first = _day(form, "first")
        last = _day(form, "last") if form.get("last", "").strip() else first
        calendar_actions.enter_days(
            _actor(), first, last, form.get("kind", ""), form.get("reason", "")
        )
    except Invalid as refused:
        return _show_calendar(form.get("year", type=int) or clock.now().year, refused)
    flash(gettext("The calendar is saved."), "good")
    return _back(first.year)


@bp.post("/calendar/<day>/remove", defaults={"contest_id": None})
@needs("organiser", everywhere=True)
def remove_calendar_day(day, contest_id):
    """Take a day out again."""
    try:
        when = date.fromisoformat(day)
    except ValueError as wrong:
        raise Missing("This day was not entered.") from wrong
    calendar_actions.remove_day(_actor(), when)
    return _back(when.year)


@bp.post("/calendar/<int:year>/announced", defaults={"contest_id": None})
@needs("organiser", everywhere=True)
def announce_calendar_year(year, contest_id):
    """Say that a year's holidays are announced and entered."""
    try:
        calendar_actions.announce_year(_actor(), year, request.form.get("source", ""))
    except Invalid as refused:
        return _show_calendar(year, refused)
    flash(gettext("The calendar is saved."), "good")
    return _back(year)


def _day(form, name):
    try:
        return date.fromisoformat(form.get(name, "").strip())
    except ValueError as wrong:
        sentence = Invalid("Write the day as year-month-day, such as 2026-11-23.")
        raise Invalid("Please check the marked fields.", fields={name: sentence}) from wrong


def _back(year):
    return redirect(url_for("setup.show_calendar", year=year), 303)


def _actor():
    return Actor(g.person.user_id, g.person.name)
