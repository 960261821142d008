"""What must hold for every contest: nothing depends on order, and more is never worse."""

import random
from fractions import Fraction

import pytest

from tests.offline.first import differences, first
from tests.scoring.plans import random_contest

SEEDS = range(60)


def by_code(answer):
    """The parts of an answer that tell entrants and teams apart, whatever their order."""
    entrants = {one["code"]: one for one in answer["entrants"]}
    teams = {
        team["team"]: {**team, "counting": sorted(team["counting"])} for team in answer["teams"]
    }
    ties = sorted(sorted(tie) for tie in answer["open_ties"])
    return {"entrants": entrants, "teams": teams, "open_ties": ties, "final": answer["final"]}


@pytest.mark.parametrize("seed", SEEDS)
def test_shuffling_entrants_and_lines_changes_nothing(seed, tmp_path):
    rng = random.Random(seed)
    document, marks, entrants = random_contest(rng)
    if any("weights" in panel for module in document["modules"] for panel in _panels(module)):
        return  # judges' weights go by seats, and seats by the order of the lines
    if document.get("prizes", {}).get("one_each"):
        return  # of one person's equal entries the first in the file has the award
    if document.get("teams", {}).get("method") == "best":
        return  # of members equal in everything the first in the file counts
    before = by_code(first(tmp_path, document, marks, entrants))

    rng.shuffle(entrants)
    rng.shuffle(marks)
    after = by_code(first(tmp_path, document, marks, entrants))

    # A team takes its first organisation, and of equal representatives the first.
    assert differences(before, after) == []


def _panels(module):
    return module.get("panels") or ([module["panel"]] if "panel" in module else [])


@pytest.mark.parametrize("seed", SEEDS)
def test_renaming_judges_changes_nothing(seed, tmp_path):
    rng = random.Random(seed)
    document, marks, entrants = random_contest(rng)
    before = first(tmp_path, document, marks, entrants)
    for row in marks:
        row["judge"] = row["judge"] and f"judge {row['judge'][::-1]}"

    assert differences(before, first(tmp_path, document, marks, entrants)) == []


def scores_plan(**more):
    modules = [
        {"key": key, "part": "all", "name": key, "weight": weight, "max": "10", "entry": "scores"}
        for key, weight in (("a", "60"), ("b", "40"), ("c", "0"))
    ]
    return {
        "format": 1, "name": "x", "stages": [{"key": "final", "name": "f"}],
        "parts": [{"key": "all", "stage": "final", "name": "p", "weight": "100"}],
        "modules": modules, **more,
    }


def score_rows(rng, keys, count=6):
    return [
        {"entrant": f"e{number}", "item": key, "judge": "", "value": str(rng.randint(0, 10))}
        for number in range(count) for key in keys
    ]


@pytest.mark.parametrize("seed", SEEDS)
def test_more_points_never_lower_a_place(seed, tmp_path):
    rng = random.Random(seed)
    rows = score_rows(rng, "abc")
    document = scores_plan(ranking={"ties": [{"by": "module", "key": "b"}]})
    before = by_code(first(tmp_path, document, rows))["entrants"]
    row = rng.choice([row for row in rows if Fraction(row["value"]) < 10])

    row["value"] = str(int(row["value"]) + 1)

    after = by_code(first(tmp_path, document, rows))["entrants"]
    assert after[row["entrant"]]["place"] <= before[row["entrant"]]["place"]
    if row["item"] != "c":
        assert Fraction(after[row["entrant"]]["total"]) > Fraction(before[row["entrant"]]["total"])


@pytest.mark.parametrize("seed", SEEDS)
def test_an_event_of_no_weight_changes_no_place(seed, tmp_path):
    rng = random.Random(seed)
    rows = score_rows(rng, "abc")
    without = scores_plan()
    without["modules"] = without["modules"][:2]
    with_it = by_code(first(tmp_path, scores_plan(), rows))["entrants"]
    alone = by_code(
        first(tmp_path, without, [row for row in rows if row["item"] != "c"])
    )["entrants"]

    for code, one in alone.items():
        assert (with_it[code]["total"], with_it[code]["place"]) == (one["total"], one["place"])


@pytest.mark.parametrize("seed", SEEDS)
def test_a_missing_mark_is_never_a_zero(seed, tmp_path):
    rng = random.Random(seed)
    rows = score_rows(rng, "abc")
    missing = rng.randrange(len(rows))
    row = rows[missing]
    zero = [*rows[:missing], {**row, "value": "0"}, *rows[missing + 1 :]]

    without = first(tmp_path, scores_plan(), rows[:missing] + rows[missing + 1 :])
    with_zero = first(tmp_path, scores_plan(), zero)

    assert without["final"] is False and with_zero["final"] is True
    module = by_code(without)["entrants"][row["entrant"]]["modules"][row["item"]]
    assert (module["mark"], module["done"]) == (None, False)
