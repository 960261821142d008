"""What day it is: of the installation's time zone, not of Greenwich."""

from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from contest import clock
from contest.errors import Invalid
from contest.people import entrant_actions, roster_actions

ONE_IN_THE_MORNING = datetime(2026, 11, 23, 17, 0, tzinfo=UTC)  # of the 24th in Shanghai


@pytest.fixture(autouse=True)
def _night(app):
    clock.stand_still(ONE_IN_THE_MORNING)
    yield
    clock.set_zone(app.config["TIME_ZONE"])


def test_after_midnight_it_is_the_next_day_here():
    assert (clock.today(), clock.day_of(ONE_IN_THE_MORNING)) == (date(2026, 11, 24), date(2026, 11, 24))
    clock.set_zone("UTC")
    assert clock.today() == date(2026, 11, 23)


def test_who_is_born_today_is_not_born_in_the_future():
    entrant_actions._check_born({"born_on": "2026-11-24"})
    with pytest.raises(Invalid):
        entrant_actions._check_born({"born_on": "2026-11-25"})
    rows = [{"row": row, "values": {"born_on": f"2026-11-{day}"}} for row, day in ((3, 24), (4, 25))]
    assert [problem.row for problem in roster_actions._unborn(rows)] == [4]


def test_the_day_is_asked_for_in_one_place():
    """A wrapper in one area hides from a reader of another that it is the same day."""
    folder = Path(clock.__file__).parent
    found = [
        path.relative_to(folder).as_posix() for path in folder.rglob("*.py")
        if "def today(" in path.read_text("utf-8")
    ]
    assert found == ["clock.py"]
