"""From the total to the place, the ties, who goes on, the awards, the teams; and what is refused."""

import dataclasses

import pytest

from contest.scoring.exact import Exact
from contest.scoring.receipt import receipt, team_receipt
from tests.scoring.contests import part, plan_of, points_aspect, score_module, sheet_module
from tests.scoring.ledger_book import scored
from tests.scoring.test_receipt_rules import entrants, lines, marks, said


def two(**ranking):
    """Two modules in one part, half and half; the rest by keyword."""
    modules = [score_module("m1", "p", "50"), score_module("m2", "p", "50")]
    return plan_of(modules, [part("p", "100")], ranking=ranking)


EQUAL = "a m1 - 60\na m2 - 80\nb m1 - 80\nb m2 - 60\nc m1 - 90\nc m2 - 10"


@pytest.mark.parametrize(
    ("tie", "says"),
    [
        ({"by": "better_places"}, (
            "Equal so far with the one above; separated by the places in the modules, best first: "
            "its own | those of the one above.", "2, 2 | 1, 3")),
        ({"by": "sum", "keys": ["m1"]},
         ("Equal so far with the one above; separated by sum:m1.", "60 < 80")),
        ({"by": "module", "key": "m2", "order": "low"},
         ("Equal so far with the one above; separated by module:m2.", "80 > 60")),
        ({"by": "data", "key": "birth_date"},
         ("Equal so far with the one above; separated by data:birth_date.", "2000-01-31 < 2001-01-31")),
        ({"by": "data", "key": "time", "order": "low"},
         ("Equal so far with the one above; separated by data:time.", "61.5 > 59")),
    ],
)
def test_the_key_that_separated_equals_shows_both_sides(tie, says):
    people = entrants("a b c", birth_date=["2000-01-31", "2001-01-31", ""], time=["61.5", "59", ""])
    behind = 1 if tie["by"] == "better_places" else 0

    assert lines(two(ties=[tie]), EQUAL, people, behind)[-1] == says


def test_a_sum_of_several_modules_is_added_up():
    document = two(ties=[{"by": "sum", "keys": ["m1", "m3"]}])
    weights = {"m1": "30", "m2": "40", "m3": "30"}
    document["modules"] = [score_module(key, "p", weight) for key, weight in weights.items()]
    text = "a m1 - 50\na m2 - 60\na m3 - 50\nb m1 - 90\nb m2 - 30\nb m3 - 50"

    # 15 + 24 + 15 = 54 and 27 + 12 + 15 = 54
    assert lines(document, text, "a b")[-1] == (
        "Equal so far with the one above; separated by sum:m1+m3.", "100 < 140; 50 + 50 = 100"
        "; 90 + 50 = 140",
    )


def test_the_best_attempt_separates_and_who_has_none_comes_after():
    aspect = {**points_aspect(top="10"), "attempts": 2, "take": "last"}
    document = plan_of([sheet_module("m", aspects=[aspect], judges=1)],
                       ranking={"ties": [{"by": "attempt", "module": "m", "key": "A1"}]})
    text = "a m j 9 1\na m j 5 2\nb m j 6 1\nb m j 5 2\nc m j - 1 void\nd m j 0 1"

    assert lines(document, text, "a b c d", index=1)[-1] == (
        "Equal so far with the one above; separated by attempt:m.A1.", "6 < 9")
    assert lines(document, text, "a b c d", index=2)[-1] == (
        "The one above has a valid attempt here; it has none.", "")


def test_a_ruling_shows_the_chiefs_order():
    people = entrants("a b", ruling=["2", "1"])

    assert lines(two(shared=False), EQUAL[:39], people)[-1] == (
        "Equal so far with the one above; the chief judge ruled on their order.", "2 > 1")


def test_less_is_better_and_a_void_total_comes_last():
    aspect = {"key": "A1", "name": "t", "kind": "measured", "max": "99", "highest": "99", "itself": True,
              "attempts": 2, "better": "low"}
    document = plan_of([sheet_module("m", aspects=[aspect], judges=1)], ranking={"order": "low"})
    document["modules"][0]["max"] = "99"
    text = "a m j 50 1\nb m j 60 1\nb m j - 2 void\nc m j - 1 void"

    assert lines(document, text, "a b c", index=1)[-2][0] == "Place 2; ahead: 1."
    assert ("A module without a valid mark: the total is void and comes after all others.", "") in lines(
        document, text, "a b c", index=2
    )
    assert lines(document, text, "a b c", index=2)[-1] == (
        "The one above has a valid mark in every module; it has not.", "")


def test_who_misses_a_pass_mark_has_no_place_where_the_plan_says_so():
    document = two(passed_only=True)
    document["parts"][0]["pass_mark"] = "60"

    found = lines(document, EQUAL, "a b c", index=2)

    assert found[-2:] == [
        ("The pass mark is missed.", "50 < 60"),
        ("No place: a pass mark is missed, and only who passes is placed.", ""),
    ]


def test_dense_places_and_the_place_among_all_groups():
    people = entrants("a b c", group=["x", "x", "y"])

    assert lines(two(dense=True), EQUAL, people, index=2)[-2][0] == (
        "Place 2, no place skipped after equals; ahead: 2; equal: 0.")
    assert lines(two(by_group=True), EQUAL, people, index=2)[-2:] == [
        ("Place 1; ahead: 0.", "50"), ("Place among all groups: 3.", "")]


def rounds(**first):
    """A preliminary from which some go on."""
    stages = [{"key": "first", "name": "1", **first}, {"key": "final", "name": "2"}]
    parts = [part("p", "100", stage="first"), part("q", "100")]
    return plan_of([score_module("m", "p"), score_module("n", "q")], parts, stages)


FIRST = "a m - 90\nb m - 80\nc m - 80\nd m - 70"


@pytest.mark.parametrize(
    ("first", "index", "says"),
    [
        ({"advance": 2}, 0, "Goes on to the next stage; to go on: 2."),
        ({"advance": 2}, 2,
         "Goes on: equal on the last place that goes on, and all of those do; to go on: 2."),
        ({"advance": 2, "advance_line": "out"}, 1,
         "Does not go on: equal on the last place that goes on, and none of those does; to go on: 2."),
        ({"advance": 3, "advance_cap": 1}, 1,
         "Does not go on: 1 of its organisation do already, which is the most."),
        ({"advance_percent": "50"}, 3, "Does not go on; to go on: 2."),
    ],
)
def test_who_goes_on_and_why_not(first, index, says):
    people = entrants("a b c d", organisation=["n", "n", "s", "w"])

    assert lines(rounds(**first), FIRST, people, index)[-1] == (says, "")


def test_awards_close_the_receipt_with_their_reasons():
    document = two()
    document["awards"] = [{"key": "gold", "name": "一等奖", "to": "entrant", "rule": "count", "count": 1}]

    assert lines(document, EQUAL, "a b c", with_awards=True)[-1] == (
        "Place 1; this prize goes to 1.", "")


def test_the_700_scale_of_a_stage_is_shown_beside_the_place():
    document = two()
    document["stages"] = [{"key": "final", "name": "f", "scale": "robust"}]

    assert ("On the 700 scale of all: median 70 and median distance 0 of 3; it ranks nothing.",
            "700") in lines(document, EQUAL, "a b c")


TEAMS = "a m1 - 60\na m2 - 80\nb m1 - 80\nb m2 - 40\nc m1 - 90\nc m2 - 50\nd m1 - 10\nd m2 - 10"


def team_lines(teams, index=0, text=TEAMS, document=None, columns=()):
    document = (document or two()) | {"teams": teams}
    people = entrants("a b c d", team=["x", "x", "x", "y"], **dict(columns))
    plan, book, standings = scored(document, marks(text), people)
    return said(team_receipt(plan, book, standings, index))


@pytest.mark.parametrize(
    ("teams", "says"),
    [
        ({"method": "sum"}, [("Mark of c.", "70"), ("The members' marks added up.", "70 + 60 + 70 = 200")]),
        ({"method": "mean", "size": 4},
         [("Mean over the 4 members of a full team.", "(70 + 60 + 70) ÷ 4 = 50")]),
        ({"method": "best", "best": 2}, [("The best 2 members added up.", "70 + 70 = 140")]),
        ({"method": "places", "place_points": ["5", "3", "2.5"]},
         [("Points for the place of b, 3.", "2.5"), ("The members' marks added up.", "5 + 2.5 + 5 = 12.5")]),
        ({"method": "sum", "size": 2}, [
            ("3 members, more than the 2 of a team: no mark and no place.", "")]),
    ],
)
def test_what_a_team_is_made_of(teams, says):
    found = team_lines(teams)

    assert all(line in found for line in says)


def test_a_member_who_is_not_there_adds_nothing():
    found = team_lines({"method": "sum"}, text=TEAMS + "\nb - - - - absent")

    assert ("b adds nothing: absent, withdrawn, disqualified or not in this stage.", "") in found
    assert ("The members' marks added up.", "70 + 70 = 140") in found


def test_a_teams_own_part_comes_through_one_member():
    document = two()
    document["parts"].append(part("task", "30", to="team"))
    document["modules"].append(score_module("t", "task"))

    found = team_lines({"method": "sum"}, text=TEAMS + "\nb t - 80", document=document)

    assert found[3:8] == [
        ("The members' marks added up.", "70 + 60 + 70 = 200"),
        ("Score.", "80"),
        ("Mark × weight ÷ top mark of each finished module, added up.", "80 × 100 ÷ 100 = 80"),
        ("The team's own part, marked through b.", "80"),
        ("+ the team's own part × its weight.", "200 + 80 × 30 ÷ 100 = 224"),
    ]


def test_equal_teams_are_separated_by_the_sum_of_a_key():
    document = two(ties=[{"by": "module", "key": "m1"}])
    text = "a m1 - 60\na m2 - 80\nd m1 - 70\nd m2 - 70\nb - - - - withdrawn\nc - - - - absent"

    assert team_lines({"method": "sum"}, text=text, document=document)[-2:] == [
        ("Place 2; ahead: 1.", "70"),
        ("Equal so far with the one above; separated by module:m1.", "60 < 70"),
    ]


def bent(result, **more):
    """A column one unit off."""
    return dataclasses.replace(
        result, exact=Exact(result.exact.numerators + result.exact.denominator, result.exact.denominator),
        rounded=result.rounded + 1, **more,
    )


def forgeries(found):
    """Standings, each with one number changed."""
    for kind in ("modules", "parts", "stages"):
        columns = getattr(found, kind)
        for key in columns:
            yield f"{kind} {key}", dataclasses.replace(
                found, **{kind: {**columns, key: bent(columns[key])}}
            )
            undone = dataclasses.replace(columns[key], done=~columns[key].done)
            yield f"{kind} {key}", dataclasses.replace(found, **{kind: {**columns, key: undone}})
    yield "total", dataclasses.replace(found, total=bent(found.total))
    yield "place", dataclasses.replace(found, place=found.place + 1)
    yield "700 scale", dataclasses.replace(found, scaled=found.scaled + 1)
    module = found.modules["m1"]
    raw = dataclasses.replace(module, raw=module.raw + 1)
    yield "raw mark", dataclasses.replace(found, modules={**found.modules, "m1": raw})
    yield "does not put", dataclasses.replace(found, decided_by=("module:m1",) * 3)


def test_a_receipt_that_comes_to_another_number_is_not_given():
    document = two(ties=[{"by": "module", "key": "m1"}])
    document["stages"] = [{"key": "final", "name": "f", "scale": "robust"}]
    plan, book, found = scored(document, marks(EQUAL), entrants("a b c"))
    tried = 0

    for what, forged in forgeries(found):
        with pytest.raises(ArithmeticError, match=what):
            receipt(plan, book, forged, 2)
        tried += 1

    assert tried == 13


@pytest.mark.parametrize("what", ["total", "place", "other members", "number of members"])
def test_a_teams_receipt_that_comes_to_another_number_is_not_given(what):
    document = two() | {"teams": {"method": "best", "best": 1}}
    people = entrants("a b c", team=["x", "x", "y"])
    plan, book, found = scored(document, marks(EQUAL), people)
    teams = {
        "total": dataclasses.replace(found.teams, total=bent(found.teams.total)),
        "place": dataclasses.replace(found.teams, place=found.teams.place + 1),
        "other members": dataclasses.replace(found.teams, counting=~found.teams.counting),
        "number of members": dataclasses.replace(found.teams, too_many=~found.teams.too_many),
    }[what]

    with pytest.raises(ArithmeticError, match=what):
        team_receipt(plan, book, dataclasses.replace(found, teams=teams), 0)


def test_where_less_is_better_who_has_finished_everything_comes_first():
    document = rounds() | {"ranking": {"order": "low"}}
    document["stages"][1]["carry_percent"] = "50"
    text = "a n - 10\nb m - 50\nb n - 90"

    assert lines(document, text, "a b")[-2:] == [
        ("Place 2; ahead: 1.", "5"),
        ("The one above has everything finished; it has not.", ""),
    ]
