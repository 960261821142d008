"""Section 7: who goes on."""

import pytest

from tests.recount.sheets import answer, column, lines, module, plan, scores

FIELD = {"a": 90, "b": 80, "c": 80, "d": 70, "e": 60}


def contest(*, ranking=None, **first):
    stages = [
        {"key": "one", "name": "1", "combine": "points"} | first,
        {"key": "two", "name": "2", "combine": "points"},
    ]
    parts = [
        {"key": "p", "stage": "one", "name": "p", "combine": "points"},
        {"key": "q", "stage": "two", "name": "q", "combine": "points"},
    ]
    return plan(
        module("m", part="p"), module("n", part="q"), stages=stages, parts=parts, ranking=ranking or {}
    )


def going_on(entrants=None, rows=None, field=None, ranking=None, **first):
    """Who goes on from the first stage, as one word."""
    result = answer(contest(ranking=ranking, **first), rows or scores(m=field or FIELD), entrants)
    return "".join(code for code, on in column(result, "goes_on").items() if on)


@pytest.mark.parametrize(
    "rule, expected",
    [
        pytest.param({"advance": 3}, "abc", id="three places"),
        pytest.param({"advance": 2}, "abc", id="equals on the last place all go on"),
        pytest.param({"advance": 2, "advance_line": "out"}, "a", id="none of the equals"),
        pytest.param({"advance": 3, "advance_line": "out"}, "abc", id="the line does not part equals here"),
        pytest.param({"advance": 9}, "abcde", id="all there are"),
        pytest.param({"advance_percent": 50}, "abc", id="2.5 half up to 3 unless said"),
        pytest.param({"advance_percent": 50, "advance_rounding": "up"}, "abc", id="2.5 up to 3"),
        pytest.param({"advance_percent": 28}, "a", id="1.4 down to 1 unless said"),
        pytest.param({"advance_percent": 30, "advance_rounding": "down"}, "a", id="1.5 down to 1"),
        pytest.param(
            {"advance_percent": 30, "advance_rounding": "half_up"}, "abc", id="1.5 to 2, and the equals"
        ),
    ],
)
def test_who_goes_on(rule, expected):
    assert going_on(**rule) == expected


def test_on_the_line_one_more_key_may_decide():
    rule = {"advance": 2, "advance_line": "key", "advance_by": {"by": "data", "key": "draw", "order": "low"}}
    people = [{"code": e, "draw": draw} for e, draw in zip("abcde", (5, 4, 3, 2, 1), strict=True)]

    assert going_on(people, **rule) == "ac"
    assert going_on([dict(p, draw=1) for p in people], **rule) == "abc"  # still equal: all in


def test_a_percentage_is_of_those_who_competed():
    """Of five one withdrew: 50 % of 4."""
    assert going_on(rows=scores(m=FIELD) + lines("e - - - - withdrawn"), advance_percent=50) == "abc"
    assert going_on(rows=scores(m=FIELD) + lines("e - - - - withdrawn"), advance_percent=25) == "a"


def test_a_cap_lets_the_next_ones_move_up():
    """a, b and c come from o; two of them at most."""
    people = [{"code": e, "organisation": "o" if e in "abc" else ""} for e in "abcde"]
    field = {"a": 90, "b": 85, "c": 80, "d": 70, "e": 60}

    assert going_on(people, field=field, advance=3, advance_cap=2) == "abd"
    assert going_on(people, field=field, advance=4, advance_cap=1) == "ade"


def test_places_go_by_group():
    people = [{"code": e, "group": "x" if e in "ab" else "y"} for e in "abcde"]

    assert going_on(people, advance=1, ranking={"by_group": True}) == "ac"


def test_only_who_goes_on_takes_part_in_the_next_stage():
    result = answer(contest(advance=3), scores(m=FIELD, n={"a": 10, "b": 30, "c": 20, "d": 99}))

    assert result["stage"] == "two"
    assert column(result, "place") == {"a": 3, "b": 1, "c": 2, "d": None, "e": None}
    assert column(result, "entered") == {"a": True, "b": True, "c": True, "d": False, "e": False}
    assert column(result, "goes_on") == dict.fromkeys("abcde")
    assert result["entrants"][3]["modules"]["n"]["mark"] is None


def test_a_stage_that_is_not_final_lets_on_whoever_would_go_on_now():
    """e has no mark yet; the first two are a and b."""
    field = {"a": 90, "b": 85, "c": 80, "d": 70}
    people = [{"code": e} for e in "abcde"]

    result = answer(contest(advance=2), scores(m=field, n={"a": 10, "b": 20, "c": 30}), people)

    assert column(result, "place") == {"a": 2, "b": 1, "c": None, "d": None, "e": None}
    assert result["final"] is False


def test_an_earlier_stage_may_be_asked_for():
    result = answer(contest(advance=3), scores(m=FIELD, n={"a": 10}), stage="one")

    assert (result["stage"], column(result, "place")["b"]) == ("one", 2)


def test_equals_of_one_organisation_reach_its_number_together():
    """b and c are equal: with a they are three of o, and all go on; d and e as well, f does not."""
    people = [{"code": e, "organisation": "o" if e in "abcf" else "p"} for e in "abcdef"]
    field = {"a": 90, "b": 80, "c": 80, "f": 75, "d": 70, "e": 60}

    assert going_on(people, field=field, advance=5, advance_cap=2) == "abcde"


@pytest.mark.parametrize(
    "extra, expected",
    [
        pytest.param("e m - - - absent", "a", id="absent from every module: 25 % of 4"),
        pytest.param("e m - - - void", "abc", id="cancelled is not absent: 30 % of 5"),
        pytest.param("e - - - - disqualified", "abc", id="who was disqualified did compete"),
        pytest.param("e - - - - absent", "a", id="absent"),
    ],
)
def test_who_competed(extra, expected):
    """30 % of 5 is 1.5, so 2 and the equals; of 4 it is 1.2."""
    field = {e: v for e, v in FIELD.items() if e != "e"}

    assert going_on(rows=scores(m=field) + lines(extra), advance_percent=30) == expected


def test_who_is_listed_and_not_marked_yet_competes():
    people = [{"code": e} for e in "abcde"]

    assert going_on(people, field={"a": 9, "b": 8}, advance_percent=30) == "ab"


def test_open_teams_of_an_earlier_stage_that_lets_on_keep_the_later_from_being_final():
    document = contest(advance=2, ranking={"shared": False}) | {"teams": {"method": "mean", "size": 1}}
    rows = scores(m={"a": 9, "b": 7}, n={"a": 5, "b": 6})
    people = [{"code": "a", "team": "x"}, {"code": "b", "team": "y"}]

    assert answer(document, rows, people)["final"] is True
    rows += lines("a m.penalty - 2")
    people = [p | {"ruling": n} for n, p in enumerate(people, 1)]
    result = answer(document, rows, people)
    assert (result["open_ties"], result["open_team_ties"], result["final"]) == ([], [], False)
