"""A receipt says every step in words and sums that a person can redo."""

import dataclasses

import numpy as np
import pytest

from contest.scoring.book import Book
from contest.scoring.exact import Exact
from contest.scoring.receipt import receipt
from contest.scoring.scheme_reading import plan_from
from contest.scoring.score import score
from contest.scoring.standings import Result
from contest.scoring.words import in_english
from tests.scoring import contests
from tests.scoring.contests import part, plan_of, score_module
from tests.scoring.test_marks import ASPECTS, FULL_SHEET
from tests.scoring.test_score import FULL, one, practical, seat


def steps_of(document, rows, index=0):
    plan, book = plan_from(document), contests.book_of(document, rows)
    steps = receipt(plan, book, score(plan, book), index)
    return [(in_english(step.label, step.params), step.sum) for step in steps]


def test_a_receipt_can_be_redone_with_a_calculator():
    rows = [
        one("90", seat("80"), seat("85.5"), seat("90"), penalty={"drill": "2"}),
        one("99", *FULL),
    ]

    assert steps_of(practical(), rows) == [
        ("Score.", "90"),
        ("Mark × weight ÷ top mark of each finished module, added up.", "90 × 100 ÷ 100 = 90"),
        ("Sheet of judge 1.", "A1 80 = 80"),
        ("Sheet of judge 2.", "A1 85.5 = 85.5"),
        ("Sheet of judge 3.", "A1 90 = 90"),
        ("Mean of the marks that count (1); dropped: 80, 90.", "(85.5) ÷ 1 = 85.5"),
        ("Penalty taken off; nothing goes below 0.", "85.5 − 2 → 83.5"),
        ("Mark × weight ÷ top mark of each finished module, added up.", "83.5 × 100 ÷ 100 = 83.5"),
        ("Result × weight of each part, added up.", "90 × 30 ÷ 100 + 83.5 × 70 ÷ 100 = 85.45"),
        ("Place 2; ahead: 1.", "85.45"),
        ("The total separates it from the one above.", "85.45 < 89.2"),
    ]


def test_every_kind_of_mark_is_written_out():
    document = contests.plan_of([contests.sheet_module(aspects=ASPECTS)])

    steps = steps_of(document, [contests.entrant(sheets={"drill": [FULL_SHEET]})])

    # 9.5 + 16 + 10 + 13.333… + 12 + 3.5
    assert steps[0][1] == (
        "A1 9.5 + A2 (20 − 4 → 16) + A3 10 + A4 (20 × 2 ÷ 3) + A5 (300.1 → 12)"
        " + A6 (0 + 0.5 × 7 → 3.5) = 64.333333…"
    )
    assert ("Rounded to 2 decimals.", "64.333333… → 64.33") in steps


def test_a_tie_that_was_separated_names_the_key_and_both_values():
    document = contests.theory_and_practical(
        ranking={"ties": [{"by": "part", "key": "practical"}]}
    )
    rows = [
        contests.entrant({"paper": "94", "work": "74"}),
        contests.entrant({"paper": "80", "work": "80"}),
    ]

    assert steps_of(document, rows)[-2:] == [
        ("Place 2; ahead: 1.", "80"),
        ("Equal so far with the one above; separated by part:practical.", "74 < 80"),
    ]


def test_a_shared_place_says_with_how_many():
    rows = [contests.entrant({"paper": mark}) for mark in ("80", "80", "90")]

    assert steps_of(contests.scores_only(), rows)[-2][0] == (
        "Place 2, shared; ahead: 1; equal: 1."
    )


def test_missing_sheets_are_said_and_nothing_is_counted():
    steps = steps_of(practical(), [one("90", seat("80"), seat("85"), seat(None, submitted=False))])

    assert ("Not finished; sheets missing: 1. Nothing is counted yet.", "") in steps
    assert ("Not everything is finished: the place is provisional.", "") in steps
    assert not any("÷ 3" in arithmetic for _, arithmetic in steps)


def test_struck_out_judges_are_said():
    rows = [one("90", seat("80"), seat("10", excused=True), seat("90"))]

    steps = steps_of(practical(), rows)

    assert ("Judge 2 is struck out.", "") in steps
    assert ("Too many judges are struck out; left: 2, to be dropped: 2.", "") in steps


@pytest.mark.parametrize(
    ("more", "says"),
    [
        ({"state": 1}, "Absent: the total counts as 0, and there is no place."),
        ({"state": 3}, "Disqualified: the total counts as 0, and there is no place."),
        ({"module_state": {"drill": 1}}, "Absent from this module: it counts as 0."),
        ({"module_state": {"drill": 2}}, "The mark of this module is cancelled: it counts as 0."),
        ({"entered": False}, "No place yet: nothing is finished, or not in this stage."),
    ],
)
def test_states_are_said_in_words(more, says):
    steps = steps_of(practical(), [one("90", *FULL, **more)])

    assert says in [label for label, _ in steps]


def test_each_step_knows_its_piece_of_the_plan():
    document = practical()
    plan, book = plan_from(document), contests.book_of(document, [one("90", *FULL)])

    steps = receipt(plan, book, score(plan, book), 0)

    assert steps[0].about == plan.module("paper")
    assert steps[1].about == plan.part("theory")
    assert steps[-1].about is None


def test_a_receipt_that_comes_to_another_number_is_not_given():
    document = practical()
    plan, book = plan_from(document), contests.book_of(document, [one("90", *FULL)])
    found = score(plan, book)
    part = found.parts["theory"]
    bent = Result(Exact(part.exact.numerators + 1), part.rounded, part.done)
    forged = dataclasses.replace(found, parts={**found.parts, "theory": bent})

    with pytest.raises(ArithmeticError, match="theory"):
        receipt(plan, book, forged, 0)


def test_a_stage_from_which_nothing_is_carried_has_no_steps():
    stages = [
        {"key": "preliminary", "name": "初赛"},
        {"key": "final", "name": "决赛", "carry_percent": 0},
    ]
    parts = [part("online", "100", stage="preliminary"), part("theory", "100")]
    modules = [score_module("quiz", "online"), score_module("paper", "theory")]
    plan = plan_from(plan_of(modules, parts, stages))
    book = Book(
        entrants=("1",),
        score={"paper": np.array([800_000])},
        score_given={"paper": np.array([True])},
    )

    steps = receipt(plan, book, score(plan, book), 0)

    about = {step.about.key for step in steps if step.about is not None}
    assert about == {"paper", "theory", "final"}
