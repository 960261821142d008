"""What a change changes: totals, places and awards, of entrants and of teams."""

import pytest

from contest.scoring.comparing import changes
from contest.scoring.medals import awards
from contest.scoring.scheme_reading import plan_from
from contest.scoring.score import score
from tests.scoring import contests

FIRST = {"key": "first", "name": "一等奖", "to": "entrant", "rule": "count", "count": 1}
BEST_TEAM = {"key": "team", "name": "团体奖", "to": "team", "rule": "count", "count": 1}


def side(marks, teams=None, prizes=(FIRST,)):
    document = contests.scores_only(awards=list(prizes))
    if teams:
        document["teams"] = {"method": "sum"}
    rows = [
        contests.entrant({"paper": mark} if mark else {}, **({"team": teams[i]} if teams else {}))
        for i, mark in enumerate(marks)
    ]
    plan = plan_from(document)
    standings = score(plan, contests.book_of(document, rows))
    return standings, awards(plan, standings)[0]


def compared(before, after):
    found = changes(before[0], after[0], before[1], after[1])
    return [
        (
            one.to,
            one.index,
            *((s.total // 10_000, s.place, s.complete, s.awards) for s in (one.before, one.after)),
        )
        for one in found
    ]


def test_nothing_changes():
    assert compared(side(["90", "80"]), side(["90", "80"])) == []


def test_who_changes_is_listed_by_the_place_before():
    # The third rises from 70 to 95; the others move down, the fourth has no mark before or after.
    before, after = side(["80", "90", "70", None]), side(["80", "90", "95", None])

    assert compared(before, after) == [
        ("entrant", 1, (90, 1, True, ("first",)), (90, 2, True, ())),
        ("entrant", 0, (80, 2, True, ()), (80, 3, True, ())),
        ("entrant", 2, (70, 3, True, ()), (95, 1, True, ("first",))),
    ]


def test_who_had_no_place_comes_last():
    before, after = side([None, "90"]), side(["60", "70"])

    assert compared(before, after) == [
        ("entrant", 1, (90, 1, True, ("first",)), (70, 1, True, ("first",))),
        ("entrant", 0, (0, 0, False, ()), (60, 2, True, ())),
    ]


def test_teams_are_compared_too():
    prizes = (BEST_TEAM,)
    before = side(["90", "80", "60"], "aab", prizes)
    after = side(["90", "80", "99"], "aab", prizes)

    assert compared(before, after) == [
        ("entrant", 0, (90, 1, True, ()), (90, 2, True, ())),
        ("entrant", 1, (80, 2, True, ()), (80, 3, True, ())),
        ("entrant", 2, (60, 3, True, ()), (99, 1, True, ())),
        ("team", 1, (60, 2, True, ()), (99, 2, True, ())),
    ]


def test_teams_are_left_out_where_only_one_has_them():
    assert compared(side(["90", "80"]), side(["90", "80"], "ab")) == []


@pytest.mark.parametrize(
    ("one", "other"),
    [(side(["90", "80"]), side(["90"])), (side(["90", "80"], "ab"), side(["90", "80"], "bb"))],
    ids=["another entrant", "other teams"],
)
def test_standings_of_others_are_not_compared(one, other):
    with pytest.raises(ValueError, match="not about the same entrants"):
        changes(one[0], other[0], one[1], other[1])
