"""Which attempts stand on a page is what the scoring takes."""

from fractions import Fraction

import numpy as np
import pytest

from contest.judging.attempt_lines import attempts_of, standing_of
from contest.scoring.attempts import taken
from contest.scoring.marks import read_sheet
from contest.scoring.scheme import Aspect, Criterion, Module, Panel

DICE = np.random.default_rng(7)


def aspect_with(take, better, drops):
    return Aspect(
        "A1", "次", "measured", 1_000_000, unit="s", places=2, highest=1_000_000, itself=True,
        attempts=5, take=take, better=better, drop_best=drops[0], drop_worst=drops[1],
    )


def attempts_at_random():
    texts = ["x", None, *(f"{DICE.integers(1, 60) / 10:.1f}" for _ in range(5))]
    return [texts[DICE.integers(len(texts))] for _ in range(5)]


@pytest.mark.parametrize("better", ["high", "low"])
@pytest.mark.parametrize(
    ("take", "drops"),
    [("best", (0, 0)), ("worst", (0, 0)), ("last", (0, 0)), ("sum", (0, 0)), ("sum", (1, 1)),
     ("mean", (0, 2)), ("mean", (1, 0))],
)
def test_the_page_and_the_scoring_take_the_same(take, better, drops):
    aspect = aspect_with(take, better, drops)
    module = Module("m", "p", "m", 100, criteria=(Criterion("A", "A", (aspect,)),),
                    panel=Panel(judges=1))
    for _ in range(60):
        value = attempts_at_random()
        raw, given = read_sheet(module, {"A1": value})
        took = taken(module, raw[None], given[None])

        found = standing_of(aspect, value)

        assert found.is_void == bool(took.void[0, 0])
        if found.value is None:
            assert found.is_void or not took.given[0, 0]
            continue
        assert found.value == Fraction(int(took.values[0, 0]), took.denominators[0])
        # Those that are said to count make up the value.
        counting = [Fraction(int(raw[index])) for index in found.counting]
        whole = sum(counting) / (len(counting) if take == "mean" else 1)
        assert whole == found.value
        assert [a.index for a in attempts_of(aspect, value) if a.counts] == list(found.counting)


def test_what_is_no_mark_is_shown_and_stands_for_nothing():
    aspect = aspect_with("best", "high", (0, 0))

    assert standing_of(aspect, ["abc"]).value is None
    assert [a.value for a in attempts_of(aspect, ["abc", "x"])] == ["abc", "", "", "", ""]
    assert attempts_of(aspect, None)[1].is_void is False
