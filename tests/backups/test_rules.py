from datetime import UTC, datetime, timedelta

import pytest

from contest.backups import rules
from contest.backups.rules import Contents, Manifest
from contest.errors import Conflict, Invalid

NOON = datetime(2026, 11, 23, 4, 0, tzinfo=UTC)
BEFORE = Contents("0016", {"ledger": 5, "trail": 9}, {"1": "14:ab"})


def known(*ages, whole=True):
    """{name: (moment, is it whole)} of copies so many minutes old."""
    return {f"{age:05}": (NOON - timedelta(minutes=age), whole) for age in ages}


def kept(copies):
    return sorted(set(copies) - set(rules.superfluous(copies, NOON)))


def test_the_last_twelve_copies_are_kept():
    assert kept(known(*range(12))) == sorted(known(*range(12)))


def test_older_ones_are_kept_one_an_hour_then_one_a_day():
    fives = known(*range(0, 3 * 24 * 60, 5))

    found = kept(fives)

    last = {f"{age:05}" for age in range(0, 60, 5)}
    assert last <= set(found)
    by_hour = {f"{fives[name][0]:%Y%m%d%H}" for name in found if name < "01440"}
    assert len(by_hour) == 25  # the first of them is cut
    older = [name for name in found if name >= "01440"]
    assert len(older) == len({f"{fives[name][0]:%Y%m%d}" for name in older}) == 3
    assert len(found) < 12 + 25 + 4


def test_of_an_hour_the_newest_copy_is_kept():
    copies = known(*range(12), 185, 190, 200)

    assert [name for name in kept(copies) if name > "00100"] == ["00185"]


def test_the_newest_whole_copy_is_never_thrown_away():
    copies = known(*range(20), whole=False) | known(30)

    assert "00030" in kept(copies)
    assert "00019" not in kept(copies)


@pytest.mark.parametrize(("age", "takes_marks", "is_changed", "due"), [
    (None, True, False, True), (None, False, True, True), (None, False, False, False),
    (3.9, True, True, False), (4, True, False, True),
    (59, False, True, False), (60, False, True, True), (60, False, False, False),
])
def test_when_the_next_copy_is_due(age, takes_marks, is_changed, due):
    newest = None if age is None else NOON - timedelta(minutes=age)

    assert rules.is_due(NOON, newest, 5, takes_marks, lambda: is_changed) is due


def test_a_copy_is_late_when_it_is_older_than_six_minutes():
    late = [rules.is_late(NOON, NOON - timedelta(seconds=age), 5) for age in (360, 361)]

    assert late == [False, True]


@pytest.mark.parametrize(("found", "why"), [
    (Contents("0015", BEFORE.rows, BEFORE.heads), "another version"),
    (Contents("0016", {"ledger": 4, "trail": 9}, BEFORE.heads), "lacks rows"),
    (Contents("0016", BEFORE.rows, {}), "shorter"),
    (Contents("0016", BEFORE.rows, {"1": "13:ab"}), "shorter"),
    (Contents("0016", BEFORE.rows, {"1": "14:cd"}), "another one"),
])
def test_a_copy_that_is_not_the_same_is_none(found, why):
    with pytest.raises(Conflict, match=why):
        rules.check_copy(BEFORE, found, lambda contest, head: head == "14:ab")


def test_a_copy_may_hold_what_came_while_it_was_made():
    found = Contents("0016", {"ledger": 6, "trail": 10}, {"1": "16:ef", "2": "1:aa"})

    rules.check_copy(BEFORE, found, lambda contest, head: True)


def test_a_manifest_reads_as_it_was_written():
    manifest = Manifest(NOON, "0.1.0", "sqlite", "contest.sqlite", 10, "ab", BEFORE, {"codes_key": "c"})

    assert rules.read_manifest(manifest.text()) == manifest


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"format": "contest-backup/2"}', "\x00"])
def test_what_is_no_manifest_is_refused(text):
    with pytest.raises(Invalid):
        rules.read_manifest(text)


def test_names_are_in_the_order_of_moments_also_within_a_second():
    first = rules.name_of(NOON)
    second = rules.name_of(NOON, {first})

    assert [first, second] == ["20261123T040000Z", "20261123T040000Z-2"]
    assert all(rules.NAME.fullmatch(name) for name in (first, second))
