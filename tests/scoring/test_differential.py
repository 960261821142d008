"""The fast road and the slow road must agree on any plan and any book, to the last fraction."""

from decimal import Decimal
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some

from contest.scoring.receipt import receipt
from contest.scoring.scheme import PlanError
from contest.scoring.scheme_reading import plan_from
from contest.scoring.score import score
from tests.scoring import contests, oracle

UNITS = 10_000
FLAWS = ["none"] * 30 + ["gap", "open", "struck out", "struck out"]
REASONS = [{"name": "r0", "points": "1.5", "most": 3}, {"name": "r1", "points": "0.25"}]


@some.composite
def weights(draw, count):
    """Percents that add up to 100, with up to two decimals."""
    cuts = sorted(draw(some.sets(some.integers(1, 9_999), min_size=count - 1, max_size=count - 1)))
    edges = [0, *cuts, 10_000]
    return [str(Decimal(b - a) / 100) for a, b in zip(edges, edges[1:], strict=False)]


@some.composite
def aspects(draw, number):
    key = f"A{number}"
    kind = draw(some.sampled_from(["points", "deductions", "checklist", "judgement", "measured"]))
    aspect = {"key": key, "name": key, "kind": kind}
    aspect["max"] = draw(some.sampled_from(["5", "7", "10"]))
    if kind == "points":
        aspect["step"] = draw(some.sampled_from(["0.5", "1", "0.1"]))
    elif kind == "deductions":
        aspect["reasons"] = REASONS
    elif kind == "checklist":
        aspect["items"] = [{"name": "i", "points": "2"}, {"name": "j", "points": "3.5"}]
        aspect["max"] = "5.5"
    elif kind == "judgement":
        aspect["levels"] = [{"name": str(level)} for level in range(4)]
    else:
        aspect |= {"places": 1, "lowest": "-20", "highest": "60"}
        if draw(some.booleans()):
            aspect["table"] = [{"upto": "10", "points": "5"}, {"upto": "20.5", "points": "2.5"}]
            aspect["beyond"] = draw(some.sampled_from(["0", "1"]))
        else:
            aspect["formula"] = {
                "start": draw(some.sampled_from(["0", "3", "5"])),
                "from": draw(some.sampled_from(["0", "10", "-5"])),
                "points": draw(some.sampled_from(["-0.1", "0.5", "1"])),
                "per": draw(some.sampled_from(["1", "3", "7"])),
                "whole": draw(some.booleans()),
            }
    return aspect


def values_of(aspect):
    kind = aspect["kind"]
    if kind == "points":
        steps = int(Decimal(aspect["max"]) / Decimal(aspect["step"]))
        return some.integers(0, steps).map(lambda n: str(n * Decimal(aspect["step"])))
    if kind == "deductions":
        return some.fixed_dictionaries({}, optional={"0": some.integers(0, 3), "1": some.just(1)})
    if kind == "checklist":
        return some.lists(some.booleans(), min_size=2, max_size=2)
    if kind == "judgement":
        return some.integers(0, 3)
    return some.integers(-200, 600).map(lambda n: str(Decimal(n) / 10))


@some.composite
def panels(draw):
    judges = draw(some.integers(1, 5))
    low = draw(some.integers(0, (judges - 1) // 2))
    high = draw(some.integers(0, judges - 1 - low))
    return {
        "judges": judges,
        "level": draw(some.sampled_from(["sheet", "aspect"])),
        "method": draw(some.sampled_from(["mean", "sum", "median"])),
        "drop_high": high,
        "drop_low": low,
    }


@some.composite
def plans(draw):
    sheets = []
    count = draw(some.integers(1, 2))
    for number, weight in enumerate(draw(weights(count))):
        own = [draw(aspects(i + 1)) for i in range(draw(some.integers(1, 3)))]
        sheets.append(
            contests.sheet_module(f"m{number}", "work", weight, own, **draw(panels()))
        )
    top = draw(some.sampled_from(["100", "60", "97"]))
    modules = [contests.score_module(top=top), *sheets]
    theory, work = draw(weights(2))
    carried = draw(some.booleans())
    stage = "first" if carried else "final"
    parts = [contests.part("theory", "100" if carried else theory, stage)]
    parts.append(contests.part("work", "100" if carried else work))
    stages = [{"key": "final", "name": "f"}]
    if carried:
        stages = [{"key": "first", "name": "1"}, {"key": "final", "name": "f"}]
        stages[1]["carry_percent"] = draw(some.sampled_from(["0", "30", "33.33"]))
    steps = draw(some.sets(some.sampled_from(["sheet", "module", "part", "stage", "team"])))
    order = draw(some.sampled_from(["high", "low"]))
    ties = [
        {"by": "part", "key": "work"},
        {"by": "module", "key": "m0", "order": "low"},
        {"by": "aspect", "module": "m0", "key": "A1", "order": order},
        {"by": "untrimmed"},
    ]
    return contests.plan_of(
        modules,
        parts,
        stages,
        rounding={
            "places": draw(some.integers(0, 3)),
            "mode": draw(some.sampled_from(["half_up", "half_even", "down"])),
            "steps": sorted(steps),
            "compare": draw(some.sampled_from(["rounded", "exact"])),
        },
        ranking={
            "shared": draw(some.booleans()),
            "by_group": draw(some.booleans()),
            "ties": draw(some.permutations(ties))[draw(some.integers(0, 3)) :],
        },
        teams=draw(
            some.sampled_from(
                [
                    {"method": "sum"},
                    {"method": "sum", "size": 2},
                    {"method": "mean", "size": 3},
                    {"method": "best", "best": 2, "size": 4},
                ]
            )
        ),
    )


@some.composite
def seats(draw, module):
    rows = []
    for _ in range(module["panel"]["judges"]):
        own = module["criteria"][0]["aspects"]
        values = {aspect["key"]: draw(values_of(aspect)) for aspect in own}
        flaw = draw(some.sampled_from(FLAWS))
        if flaw == "gap":
            values[own[0]["key"]] = None
        rows.append(
            {"values": values, "submitted": flaw != "open", "excused": flaw == "struck out"}
        )
    return rows


@some.composite
def entrants(draw, document):
    found = []
    for _ in range(draw(some.integers(1, 6))):
        top = int(document["modules"][0]["max"])
        found.append(
            {
                # Few different scores, so that there are ties.
                "scores": {"paper": draw(some.sampled_from([None, "0", "33.35", str(top), "50"]))},
                "sheets": {
                    module["key"]: draw(seats(module)) for module in document["modules"][1:]
                },
                "group": draw(some.sampled_from(["a", "b"])),
                "team": draw(some.sampled_from([None, "x", "y"])),
                "state": draw(some.sampled_from([0, 0, 0, 0, 0, 1, 2, 3, 4])),
                "entered": draw(some.integers(0, 9)) > 0,
                "ruling": draw(some.integers(0, 2)),
                "module_state": {"m0": draw(some.sampled_from([0, 0, 0, 0, 1, 2]))},
                "penalty": {
                    "m0": draw(some.sampled_from(["0", "0", "1.25", "300"])),
                    "final": draw(some.sampled_from(["0", "0", "2"])),
                },
            }
        )
    # A copy makes a full tie likely; one with another sheet of the first judge, a tie in the total.
    copy = {**found[0], "ruling": draw(some.integers(0, 2))}
    nearly = {**copy, "sheets": dict(copy["sheets"])}
    for module in document["modules"][1:]:
        first, *others = nearly["sheets"][module["key"]]
        own = module["criteria"][0]["aspects"]
        values = {aspect["key"]: draw(values_of(aspect)) for aspect in own}
        nearly["sheets"][module["key"]] = [{**first, "values": values}, *others]
    return [*found, copy, nearly]


@some.composite
def cases(draw):
    document = draw(plans())
    return document, draw(entrants(document))


def points(exact, index):
    return exact.value(index) / UNITS


def check_columns(document, found, expected):
    for kind in ("modules", "parts", "stages"):
        for key, result in getattr(found, kind).items():
            for index, row in enumerate(expected):
                value, done = row[kind][key]
                assert bool(result.done[index]) == done, (kind, key, index)
                assert points(result.exact, index) == value, (kind, key, index)
                printed = Fraction(int(result.rounded[index]), UNITS)
                assert printed == oracle.printed(document, value)
    for index, row in enumerate(expected):
        assert points(found.total.exact, index) == row["total"]


def check_teams(document, book, found, expected):
    for name, team in oracle.teams(document, expected).items():
        index = book.teams.index(name)
        assert points(found.teams.total.exact, index) == team["total"]
        assert bool(found.teams.total.done[index]) == team["done"]
        if not document["ranking"]["ties"]:
            assert found.teams.place[index] == team["place"]


@settings(max_examples=250, deadline=None, suppress_health_check=list(HealthCheck))
@given(cases())
def test_the_fast_and_the_slow_road_agree(case):
    document, rows = case
    try:
        plan = plan_from(document)
    except PlanError as refused:
        assert all("counted exactly" in each.message for each in refused.problems), refused
        return

    book = contests.book_of(document, rows)
    found = score(plan, book)

    expected = oracle.standings(document, rows)
    check_columns(document, found, expected)
    assert found.place.tolist() == [row["place"] for row in expected]
    assert found.complete.tolist() == [row["complete"] for row in expected]
    check_teams(document, book, found, expected)


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(cases())
def test_every_receipt_leads_to_the_standings(case):
    document, rows = case
    try:
        plan = plan_from(document)
    except PlanError:
        return
    book = contests.book_of(document, rows)
    found = score(plan, book)

    for index in range(book.count):
        steps = receipt(plan, book, found, index)  # raises when it comes to another number

        assert steps[-1].label % steps[-1].params


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(cases(), some.randoms(use_true_random=False))
def test_shuffling_entrants_and_judges_changes_nothing(case, random):
    document, rows = case
    try:
        plan = plan_from(document)
    except PlanError:
        return
    order = list(range(len(rows)))
    random.shuffle(order)
    shuffled = [dict(rows[index]) for index in order]
    for row in shuffled:
        row["sheets"] = {
            key: random.sample(seats, len(seats)) for key, seats in row["sheets"].items()
        }

    before = score(plan, contests.book_of(document, rows))
    after = score(plan, contests.book_of(document, shuffled))

    assert after.place.tolist() == before.place[order].tolist()
    assert np.array_equal(after.total.exact.numerators, before.total.exact.numerators[order])
    assert after.decided_by == tuple(before.decided_by[index] for index in order)
    if before.teams is not None and before.teams.teams:
        assert after.teams.place.tolist() == before.teams.place.tolist()


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(cases(), some.data())
def test_more_points_never_lower_a_place(case, data):
    document, rows = case
    rows = [{**row, "scores": {"paper": row["scores"]["paper"] or "0"}} for row in rows]
    document["ranking"] |= {"by_group": False, "ties": []}
    try:
        plan = plan_from(document)
    except PlanError:
        return
    lucky = data.draw(some.integers(0, len(rows) - 1))
    before = score(plan, contests.book_of(document, rows)).place[lucky]
    top = document["modules"][0]["max"]
    raised = [dict(row) for row in rows]
    raised[lucky]["scores"] = {"paper": top}

    after = score(plan, contests.book_of(document, raised)).place[lucky]

    assert after <= before


@pytest.mark.parametrize("judges", [2, 3, 7])
def test_a_missing_mark_is_never_zero(judges):
    document = contests.plan_of([contests.sheet_module(judges=judges)])
    full = [{"A1": "80"} for _ in range(judges)]
    missing = [{"values": {"A1": None}, "submitted": True, "excused": False}, *full[1:]]

    found = score(
        plan_from(document),
        contests.book_of(
            document,
            [contests.entrant(sheets={"drill": full}), contests.entrant(sheets={"drill": missing})],
        ),
    )

    assert found.modules["drill"].done.tolist() == [True, False]
    assert found.place.tolist() == [1, 0]  # not a place at the bottom: no place yet
