from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from contest.board import rules
from contest.errors import Conflict, Invalid

NOON = datetime(2026, 11, 23, 4, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


@pytest.mark.parametrize(
    ("freeze_from", "revealed_at", "expected"),
    [
        pytest.param(None, None, None, id="never frozen"),
        pytest.param(NOON + MINUTE, None, None, id="frozen later"),
        pytest.param(NOON, None, NOON, id="frozen from this moment"),
        pytest.param(NOON - MINUTE, None, NOON - MINUTE, id="frozen before"),
        pytest.param(NOON - MINUTE, NOON + MINUTE, NOON - MINUTE, id="revealed later"),
        pytest.param(NOON - MINUTE, NOON, None, id="revealed at this moment"),
    ],
)
def test_the_cut_off(freeze_from, revealed_at, expected):
    assert rules.public_cutoff(NOON, freeze_from, revealed_at) == expected


def test_movement_looks_ten_minutes_back_from_what_is_seen():
    now = NOON + timedelta(seconds=42)

    assert rules.movement_moment(now, None) == NOON - 10 * MINUTE
    assert rules.movement_moment(now, NOON - MINUTE) == NOON - 11 * MINUTE


def at(minutes):
    return NOON + minutes * MINUTE


@pytest.mark.parametrize(
    ("waiting", "expected"),
    [
        pytest.param({"paper", "drill", "talk"}, None, id="nothing is over"),
        pytest.param({"drill", "talk"}, ("paper", at(3)), id="one is over"),
        pytest.param({"talk"}, ("drill", at(9)), id="the later of two"),
        pytest.param({"drill"}, ("paper", at(3)), id="the third has no mark yet"),
        pytest.param({"paper"}, ("drill", at(9)), id="whatever their order in the plan"),
    ],
)
def test_the_last_round_is_the_module_that_was_complete_last(waiting, expected):
    came = {("paper", 1): at(1), ("paper", 2): at(3), ("drill", 1): at(9), ("other", 1): at(20)}

    assert rules.last_round({"paper", "drill", "talk"}, came, waiting) == expected


def test_when_every_module_is_over_places_are_compared_with_the_last_but_one():
    came = {("paper", 1): at(1), ("drill", 1): at(9)}

    assert rules.last_round({"paper", "drill"}, came, set()) == ("paper", at(1))
    assert rules.last_round({"paper"}, came, set()) is None


@pytest.mark.parametrize(
    ("place", "before", "expected"), [(3, 5, 2), (5, 3, -2), (3, 3, 0), (3, None, None), (None, 3, None)]
)
def test_movement(place, before, expected):
    assert rules.movement(place, before) == expected


@pytest.mark.parametrize(
    ("state", "cutoff", "published", "expected"),
    [
        ("scoring", None, None, "scoring"), ("provisional", None, None, "provisional"),
        ("final", None, None, "final"), ("archived", None, None, "final"),
        ("final", NOON, None, "scoring"), ("final", NOON, "provisional", "provisional"),
    ],
)
def test_a_frozen_board_does_not_say_final(state, cutoff, published, expected):
    assert rules.board_state(state, cutoff, published) == expected


def test_a_disqualified_person_is_only_not_ranked():
    assert rules.public_person_state("disqualified") == "unranked"
    assert rules.public_person_state("absent") == "absent"


def test_a_typed_moment_is_local():
    moment = rules.read_moment("2026-11-23T12:00", ZoneInfo("Asia/Shanghai"))

    assert moment == NOON


@pytest.mark.parametrize("text", ["", "noon", "2026-13-01T00:00", "2026-11-23 12:00"])
def test_what_is_not_a_moment_is_refused(text):
    with pytest.raises(Invalid) as refused:
        rules.read_moment(text, UTC)

    assert "moment" in refused.value.fields


def test_a_freeze_does_not_take_back_what_was_seen():
    assert rules.freeze_moment(NOON, NOON, None) == NOON
    assert rules.freeze_moment(NOON + MINUTE, NOON, None) == NOON + MINUTE
    # Typed to the minute, forty seconds into it: what came in meanwhile stays.
    assert rules.freeze_moment(NOON, NOON + MINUTE * 2 / 3, None) == NOON + MINUTE * 2 / 3
    with pytest.raises(Invalid):
        rules.freeze_moment(NOON - 2 * MINUTE, NOON, None)
    with pytest.raises(Conflict):
        rules.freeze_moment(NOON, NOON, NOON - MINUTE)
