from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from contest.audit.forms import Search, read_search
from contest.errors import Invalid

SHANGHAI = ZoneInfo("Asia/Shanghai")


def test_nothing_typed_wants_everything():
    assert read_search({}, SHANGHAI) == Search()


def test_days_are_taken_in_the_installations_time_zone_and_the_last_one_is_included():
    search = read_search({"first_on": "2026-11-23", "last_on": "2026-11-23"}, SHANGHAI)

    assert search.since == datetime(2026, 11, 22, 16, 0, tzinfo=UTC)
    assert search.until == datetime(2026, 11, 23, 16, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    "typed", ["23.11.2026", "2026-02-30", "yesterday", "0001-01-01", "9999-12-31"]
)
def test_a_day_that_cannot_be_read_is_named(typed):
    with pytest.raises(Invalid) as refused:
        read_search({"first_on": typed}, SHANGHAI)

    assert refused.value.fields.keys() == {"first_on"}


def test_days_the_wrong_way_round_are_refused():
    with pytest.raises(Invalid) as refused:
        read_search({"first_on": "2026-11-24", "last_on": "2026-11-23"}, SHANGHAI)

    assert refused.value.fields.keys() == {"last_on"}
