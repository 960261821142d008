"""Teams as both scorers see them: too many members, members left behind, and no team at all."""

import pytest

from contest.recount import recount
from tests.offline.first import differences, first

TEAMS = {"a": "T1", "b": "T1", "c": "T1", "d": "T2", "e": "T2"}


def plan_of(stages, **more):
    return {
        "format": 1, "name": "teams", "teams": {"method": "sum", "size": 2},
        "stages": stages,
        "parts": [
            {"key": f"p{n}", "stage": stage["key"], "name": f"p{n}", "weight": 100}
            for n, stage in enumerate(stages, 1)
        ],
        "modules": [
            {"key": f"m{n}", "part": f"p{n}", "name": f"m{n}", "entry": "scores", "weight": 100,
             "max": 100} for n in range(1, len(stages) + 1)
        ], **more,
    }


def both(tmp_path, document, marks, teams):
    rows = [{"entrant": one, "item": item, "judge": "", "value": value}
            for item, values in marks.items() for one, value in values.items()]
    entrants = [{"code": one, "team": teams.get(one, "")} for one in "abcde"]
    answer = first(tmp_path, document, rows, entrants)
    assert differences(answer, recount(document, rows, entrants)) == []
    return answer


def test_a_team_with_too_many_has_no_mark(tmp_path):
    marks = {"m1": {"a": "95", "b": "94", "c": "60", "d": "92", "e": "50"}}

    found = both(tmp_path, plan_of([{"key": "final", "name": "final"}]), marks, TEAMS)["teams"]

    assert [(t["team"], t["total"], t["done"], t["place"]) for t in found] == [
        ("T1", None, False, None), ("T2", "142.00", True, 1),
    ]


def test_who_was_left_behind_is_not_counted_as_a_member(tmp_path):
    stages = [{"key": "first", "name": "first", "advance": 3}, {"key": "final", "name": "final"}]
    marks = {
        "m1": {"a": "95", "b": "94", "c": "60", "d": "92", "e": "50"},
        "m2": {"a": "80", "b": "70", "d": "75"},
    }

    found = both(tmp_path, plan_of(stages), marks, TEAMS)["teams"]

    assert [(t["team"], t["total"], t["place"]) for t in found] == [
        ("T1", "150.00", 1), ("T2", "75.00", 2),
    ]


@pytest.mark.parametrize(("rule", "count"), [
    ({"rule": "count", "count": 2}, 2), ({"rule": "ratio", "ratio": 50}, 0),
    ({"rule": "top", "last": 3}, 3), ({"rule": "threshold", "least": 10}, None),
])
def test_a_team_prize_has_its_number_also_where_there_are_no_teams(tmp_path, rule, count):
    award = {"key": "best", "name": "best", "to": "team", **rule}
    document = plan_of([{"key": "final", "name": "final"}], awards=[award])

    answer = both(tmp_path, document, {"m1": dict.fromkeys("abcde", "80")}, {})

    assert answer["teams"] == [] and answer["awards"] == []
    assert answer["quotas"] == [
        {"award": "best", "group": "", "base": 0, "count": count, "given": 0}
    ]
