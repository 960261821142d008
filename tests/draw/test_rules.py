"""The draw can be redone by anybody, is fair, and its codes cannot be misread."""

import hashlib
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contest.draw import rules
from contest.errors import Conflict, Invalid

NUMBERS = st.lists(st.text("A0123456789", min_size=1, max_size=5), unique=True, max_size=60)


def redone(numbers, seed):
    """The order by the published recipe, written down a second time and differently."""
    left = sorted(numbers)
    for i in reversed(range(1, len(left))):
        tries = (hashlib.sha256(bytes(f"{seed}:{i}:{k}", "utf-8")).digest() for k in range(99))
        h = next(n for t in tries if (n := int.from_bytes(t, "big")) < 2**256 // (i + 1) * (i + 1))
        left[h % (i + 1)], left[i] = left[i], left[h % (i + 1)]
    return left


@given(NUMBERS, st.text(min_size=1, max_size=20))
def test_the_published_recipe_gives_the_same_order(numbers, seed):
    drawn = rules.draw(numbers, seed)

    assert sorted(drawn, key=lambda number: drawn[number][1]) == redone(numbers, seed)


@given(NUMBERS)
def test_the_order_in_which_people_are_given_does_not_matter(numbers):
    assert rules.draw(numbers, "seed-1") == rules.draw(numbers[::-1], "seed-1")


@given(NUMBERS)
def test_everybody_gets_a_code_and_a_place_of_their_own(numbers):
    drawn = rules.draw(numbers, "seed-1")

    assert set(drawn) == set(numbers)
    assert len({code for code, _ in drawn.values()}) == len(numbers)
    assert sorted(place for _, place in drawn.values()) == list(range(1, len(numbers) + 1))


def test_a_known_draw_stays_what_it_was():
    # printf cement:3:0 | sha256sum … mod 4 is 0; cement:2:0 mod 3 is 1; cement:1:0 mod 2 is 0.
    # A1 A2 A3 A4 -> A4 A2 A3 A1 -> A4 A3 A2 A1 -> A3 A4 A2 A1
    assert rules.shuffled(["A1", "A2", "A3", "A4"], "cement") == ["A3", "A4", "A2", "A1"]


def test_every_order_is_about_equally_likely():
    # 6 orders of 3 people in 3000 draws: 500 each; 100 off is more than five deviations.
    counts = Counter(tuple(rules.shuffled("abc", f"seed{n}")) for n in range(3000))

    assert len(counts) == 6
    assert all(abs(count - 500) < 100 for count in counts.values())


def test_codes_hold_no_look_alikes_and_suffice_for_a_thousand():
    codes = rules.possible_codes(1000)

    assert len(set(codes)) == len(codes) >= 2000
    assert not set("".join(codes)) & set("0OQ1IL2Z5SG8BUV")


def test_a_doubled_number_is_refused():
    with pytest.raises(ValueError, match="must differ"):
        rules.draw(["A1", "A1"], "seed-1")


@pytest.mark.parametrize("seed", ["", "short", "a b c d e", "x" * 101, "abc\tdef"])
def test_a_seed_that_cannot_be_written_down_is_refused(seed):
    with pytest.raises(Invalid) as refused:
        rules.check_seed(seed)

    assert list(refused.value.fields) == ["seed"]


def test_a_seed_of_lottery_numbers_is_taken():
    rules.check_seed("20261123-福彩3D-478")


@pytest.mark.parametrize(
    ("state", "entrants", "submitted", "word"),
    [
        ("final", 3, False, "published"),
        ("scoring", 0, False, "no entrants"),
        ("scoring", 3, True, "Marks"),
    ],
)
def test_a_draw_at_the_wrong_time_is_refused(state, entrants, submitted, word):
    with pytest.raises(Conflict, match=word):
        rules.check_may_draw(state, entrants, submitted)
