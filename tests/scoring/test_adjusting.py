"""Rooms are made comparable, or nobody has a mark; who is not there counts 0 and nothing else."""

import pytest

from contest.scoring.score import score
from tests.scoring import contests
from tests.scoring.ledger_book import scored


def rooms(method, marks, **more):
    """Standings of scores in rooms: marks {code: (room, score)}."""
    module = {**contests.score_module(), "adjustment": {"method": method, "least": 2}, **more}
    document = contests.plan_of([module], penalties={"percent": True})
    rows = [
        {"entrant": code, "item": "paper", "judge": "", "value": mark, "attempt": "", "status": ""}
        for code, (_, mark) in marks.items() if mark
    ]
    entrants = [{"code": code, "room": room} for code, (room, _) in marks.items()]
    return scored(document, rows, entrants)[2]


@pytest.mark.parametrize("method", ["group_mean", "z", "robust"])
def test_a_room_too_small_leaves_everybody_without_a_mark(method):
    found = rooms(method, {"a": ("1", "80"), "b": ("1", "90"), "c": ("2", "70")})

    module = found.modules["paper"]
    assert module.refused == ("2",)
    assert module.done.tolist() == [False, False, False]
    assert module.exact.numerators.tolist() == [0, 0, 0]  # adds nothing to the part
    assert module.raw.tolist() == [800_000, 900_000, 700_000]


def test_nobody_is_finished_yet():
    assert rooms("z", {"a": ("1", ""), "b": ("1", "")}).modules["paper"].refused == ()


def test_a_penalty_on_a_module_from_which_one_is_absent_changes_nothing():
    document = contests.plan_of([{**contests.score_module(), "lowest": "-10"}])
    row = contests.entrant({"paper": "80"}, module_state={"paper": 1}, penalty={"paper": "5"})
    book = contests.book_of(document, [row])

    found = score(contests.plan_from(document), book)

    assert found.modules["paper"].exact.value(0) == 0
    assert found.modules["paper"].done.tolist() == [True]
