"""Spans in working days, counted by hand on the State Council's calendars."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from contest import working_days as days

SHANGHAI = ZoneInfo("Asia/Shanghai")
BY_HAND = [
    # A plain week: Thursday 26 November 2026, five days: Fri, Mon, Tue, Wed, Thu.
    ("2026-11-26", 5, "2026-12-03"),
    # 30 September 2026, before the National Day: 8, 9, then Saturday 10 October is worked, 12, 13.
    ("2026-09-30", 5, "2026-10-13"),
    # Sunday 20 September 2026 is worked for the National Day.
    ("2026-09-18", 1, "2026-09-20"),
    # The Spring Festival of 2026: Saturday 14 February is worked, then nine days off.
    ("2026-02-13", 2, "2026-02-24"),
    # 28 April 2024 is a worked Sunday; 1 to 5 May off; Saturday 11 May worked.
    ("2024-04-27", 3, "2024-04-30"), ("2024-04-30", 6, "2024-05-11"),
    # 2025: 1 to 8 October off together with mid-autumn; Saturday 11 October worked.
    ("2025-09-30", 3, "2025-10-11"),
    # New Year 2027 is not announced: only weekends are free, so Friday 1 January counts.
    ("2026-12-31", 1, "2027-01-01"),
]


@pytest.mark.parametrize(("begins", "count", "ends"), BY_HAND)
def test_the_last_day_is_the_one_counted_by_hand(begins, count, ends):
    found = days.last_day(days.shipped(), date.fromisoformat(begins), count)
    assert found == date.fromisoformat(ends)


def test_every_shipped_year_makes_up_its_bridge_days_by_worked_weekends():
    """Days off in a year less weekends in them less worked weekends is the number of feast days."""
    feast_days = {2024: 11, 2025: 13, 2026: 13}  # since 2025 New Year's Eve and 2 May are feasts
    calendar = days.shipped()
    for year, feasts in feast_days.items():
        whole_year = days.days_from(date(year, 1, 1), date(year, 12, 31))
        lost = sum(d.weekday() < 5 and not calendar.is_working(d) for d in whole_year)
        won = sum(d.weekday() >= 5 and calendar.is_working(d) for d in whole_year)
        on_weekends = sum(
            date(year, *feast).weekday() >= 5 for feast in FEASTS[year]
        )
        assert len(FEASTS[year]) == feasts
        # A feast that falls on a weekend is made up by a free weekday.
        assert lost - won in {feasts - on_weekends, feasts}, year


FEASTS = {
    2024: [(1, 1), (2, 10), (2, 11), (2, 12), (4, 4), (5, 1), (6, 10), (9, 17), (10, 1), (10, 2),
           (10, 3)],
    2025: [(1, 1), (1, 28), (1, 29), (1, 30), (1, 31), (4, 4), (5, 1), (5, 2), (5, 31), (10, 1),
           (10, 2), (10, 3), (10, 6)],
    2026: [(1, 1), (2, 16), (2, 17), (2, 18), (2, 19), (4, 5), (5, 1), (5, 2), (6, 19), (9, 25),
           (10, 1), (10, 2), (10, 3)],
}


def test_the_span_ends_at_midnight_in_the_contests_zone_whatever_the_hour_it_began():
    for hour in (0, 9, 23):
        begins = datetime(2026, 11, 26, hour, 30, tzinfo=SHANGHAI)
        ends = days.end_of_working_days(days.shipped(), begins, 5, SHANGHAI)
        assert ends == datetime(2026, 12, 4, 0, 0, tzinfo=SHANGHAI)
    late_in_utc = datetime(2026, 11, 26, 17, 0, tzinfo=UTC)  # already Friday in Shanghai
    assert days.end_of_working_days(days.shipped(), late_in_utc, 5, SHANGHAI) == datetime(
        2026, 12, 5, 0, 0, tzinfo=SHANGHAI
    )


def test_days_left_fall_to_one_on_the_last_day_and_to_none_with_its_end():
    begins = datetime(2026, 9, 30, 10, 0, tzinfo=SHANGHAI)
    ends = days.end_of_working_days(days.shipped(), begins, 5, SHANGHAI)
    def left(moment):
        return days.working_days_left(days.shipped(), moment, ends, SHANGHAI)
    assert left(begins) == 6  # today and five more
    assert left(datetime(2026, 10, 5, 10, 0, tzinfo=SHANGHAI)) == 5  # in the holidays none is used
    assert left(datetime(2026, 10, 13, 23, 59, tzinfo=SHANGHAI)) == 1
    assert left(ends) == 0


def test_hours_run_through_nights_and_feasts():
    begins = datetime(2026, 10, 1, 23, 0, tzinfo=SHANGHAI)
    assert days.end_of_hours(begins, 2) == begins + timedelta(hours=2)
    assert days.end_of_hours(begins, 0.5) == begins + timedelta(minutes=30)


def test_what_organisers_enter_counts_and_an_unannounced_year_is_named():
    new_year = date(2027, 1, 1)
    calendar = days.with_days(days.shipped(), [(new_year, True, "元旦"), (date(2027, 1, 3), False, "元旦")])
    assert days.last_day(calendar, date(2026, 12, 31), 1) == date(2027, 1, 3)
    assert calendar.reason(new_year) == "元旦"
    assert calendar.unannounced(date(2026, 12, 31), new_year) == (2027,)
    announced = days.with_days(calendar, [], [(2027, "国办发明电〔2026〕9号")])
    assert announced.unannounced(date(2026, 12, 31), new_year) == ()
    assert days.shipped().is_working(new_year)  # nobody else's calendar changed


@pytest.mark.parametrize("count", [0, -1, 251])
def test_no_such_count_of_days(count):
    with pytest.raises(ValueError, match="working days"):
        days.last_day(days.shipped(), date(2026, 11, 26), count)


@pytest.mark.parametrize("entry", [
    'off = []\non = [["x", 2026-11-26]]',  # a Thursday is worked anyway
    'off = [["x", 2025-01-01, 2025-01-01]]\non = []',  # a day of another year
    'off = [["x", 2026-11-28, 2026-11-28]]\non = [["x", 2026-11-28]]',  # both at once
])
def test_a_calendar_file_that_contradicts_itself_is_refused(entry):
    with pytest.raises(ValueError, match="calendar is wrong"):
        days.read_calendar(f'[2026]\nsource = "x"\n{entry}\n')
