"""Lines of a receipt that few contests need: rooms, percentages, ties by an aspect. Worked by hand."""

import pytest

from tests.scoring.contests import part, plan_of, points_aspect, score_module, scores_only, sheet_module
from tests.scoring.test_receipt_rules import entrants, lines, measured

SPLIT = "Equal so far with the one above; separated by %s."


def rooms(method, least=2, **rounding):
    module = {**score_module("m", "p"), "adjustment": {"method": method, "least": least}}
    return plan_of([module], rounding=rounding)


def sums(found, start):
    return [sum_ for label, sum_ in found if label.startswith(start)]


def test_the_mark_of_a_room_in_which_nobody_is_normal_stays():
    text = "a m - 80\n b m - 70\n c m - 80.126\n c - - - - not_finished"
    people = entrants("a b c", room=["1", "1", "2"])

    found = lines(rooms("z", steps=[]), text, people, 2)

    assert sums(found, "Nobody else took part in this room: the mark stays.") == ["80.126 → 80.13"]
    whole = lines(rooms("z", steps=[]), text.replace("80.126", "80.12"), people, 2)
    assert sums(whole, "Nobody else took part in this room: the mark stays.") == [""]


def test_a_room_whose_mean_is_nothing_keeps_its_marks():
    people = entrants("a b c d", room=["1", "1", "2", "2"])

    found = lines(rooms("group_mean"), "a m - 0\n b m - 0\n c m - 80\n d m - 60", people, 0)

    assert sums(found, "The mean of its room is 0: the mark stays.") == ["0"]


def test_who_was_absent_has_nothing_to_adjust():
    people = entrants("a b c", room=["1", "1", "1"])

    found = lines(rooms("z"), "a m - 80\n b m - 70\n c m - - - absent", people, 2)

    assert ("Absent from this module: it counts as 0.", "") in found
    assert sums(found, "Rooms made comparable") == []


def test_means_are_written_with_as_many_decimals_as_the_sum_needs():
    # All: (70 + 71 + 73 + 90 + 80) ÷ 5 = 76.8; the room: 214 ÷ 3. 71 × 76.8 ÷ 71.3333 would be 76.44115….
    people = entrants("a b c d e", room=["1", "1", "1", "2", "2"])
    text = "a m - 70\n b m - 71\n c m - 73\n d m - 90\n e m - 80"

    found = lines(rooms("group_mean", places=4), text, people, 1)

    assert sums(found, "Rooms made comparable") == ["71 × 76.8 ÷ 71.33333 = 76.441121… → 76.4411"]


@pytest.mark.parametrize(("rounding", "wanted"), [("half_up", 2), ("up", 2), ("down", 1)])
def test_how_many_go_on_is_a_part_of_those_of_the_own_group(rounding, wanted):
    """Half of three in group x is 1.5, whatever the two of group y do."""
    stages = [
        {"key": "pre", "name": "1", "advance_percent": "50", "advance_rounding": rounding},
        {"key": "final", "name": "2"},
    ]
    document = plan_of(
        [score_module("m", "p"), score_module("n", "q")], [part("p", "100", "pre"), part("q", "100")], stages,
        ranking={"by_group": True},
    )
    text = "\n".join(f"{code} m - {mark}" for code, mark in zip("abcde", (90, 80, 70, 60, 50), strict=True))
    people = entrants("a b c d e", group=list("xxxyy"))

    assert (f"Goes on to the next stage; to go on: {wanted}.", "") in lines(document, text, people, 0)
    assert (f"Does not go on; to go on: {wanted}.", "") in lines(document, text, people, 2)
    assert ("Goes on to the next stage; to go on: 1.", "") in lines(document, text, people, 3)


def test_a_penalty_in_percent_takes_nothing_from_nothing_and_at_most_all():
    document = scores_only(penalties={"percent": True})
    label = "Penalty of %s percent taken off what is above 0."

    assert (label % 10, "0 → 0") in lines(document, "a paper - 0\n a paper.penalty - 10")
    assert (label % 150, "80 − 80 × 100 ÷ 100 = 0") in lines(document, "a paper - 80\n a paper.penalty - 150")


def tied(aspects, text, tie="aspect", **panel):
    """The sums of the line that separates b from a."""
    document = plan_of(
        [sheet_module("m", "p", aspects=aspects, **panel)],
        ranking={"ties": [{"by": tie, "module": "m", "key": "A1", "order": "high"}]},
    )
    return sums(lines(document, text, "a b", 1), SPLIT % f"{tie}:m.A1")


def test_a_tie_by_a_measured_value_leaves_out_who_saw_only_failed_attempts():
    # Both earn 10 + 10, then 10 and 0: 5 points each; of b one value stands, of a two.
    aspect = measured(table=[{"upto": "20", "points": "10"}], attempts=2)
    text = """
        a m j 12 1
        a m k 16 1
        a m l - 1 void
        b m j 11 1
        b m k 15 1
        b m l - 1 void
    """
    assert tied([aspect], text, judges=3) == ["13 < 14; (11 + 15) ÷ 2 = 13; (12 + 16) ÷ 2 = 14"]


def test_a_tie_by_an_aspect_that_a_panel_combines_by_itself():
    aspects = [points_aspect("A1", "10"), points_aspect("A2", "10")]
    # A1: the middle of 7, 8, 9 and of 5, 6, 9; A2 makes up for it.
    rows = {"a": ("789", "111"), "b": ("569", "333")}
    text = "\n".join(
        f"{code} m.A{n} j{seat} {mark}"
        for code, both in rows.items() for n, row in enumerate(both, 1) for seat, mark in enumerate(row)
    )
    found = tied(aspects, text, judges=3, level="aspect", method="median")
    assert len(found) == 1
    assert found[0].startswith("6 < 8; ")


def test_a_tie_by_an_attempt_leaves_out_judges_who_saw_only_failed_ones():
    aspect = {**points_aspect(top="20"), "attempts": 2, "take": "last"}
    text = """
        a m j 9 1
        a m j 5 2
        a m k 8 1
        a m k - 2 void
        b m j 7 1
        b m j 5 2
        b m k - 1 void
        b m k - 2 void
    """
    # Both: 5 and nothing. The best attempts of a: (9 + 8) ÷ 2; of b: 7, with one judge.
    assert tied([aspect], text, "attempt", judges=2) == ["7 < 8.5; (9 + 8) ÷ 2 = 8.5"]
