"""What must hold for every contest, tried on small ones drawn from a fixed seed, and on the plans we ship."""

import random
import tomllib
from decimal import Decimal
from pathlib import Path

import pytest

from tests.recount.sheets import answer, column, measured, module, places, plan, points

PRESETS = sorted((Path(__file__).resolve().parents[2] / "contest" / "setup" / "presets").glob("*.toml"))
JUDGEMENT = {"key": "A2", "name": "x", "kind": "judgement", "max": 30}
CODES = "abcdefgh"


def drawn(seed):
    """A plan, its lines and its entrants, all drawn from the seed."""
    pick = random.Random(seed)
    modules = []
    for key in "mno":
        panel = {
            "judges": pick.choice([1, 3]),
            "level": pick.choice(["sheet", "aspect"]),
            "method": pick.choice(["mean", "sum", "median", "borda", "majority"]),
            "remark": pick.random() < 0.1,
        }
        if panel["method"] in ("borda", "majority"):
            panel["level"] = "sheet"
        elif panel["judges"] == 3:
            panel["drop_high"] = pick.choice([0, 1])
        timed = measured(
            "A3", 30, better="low", attempts=2, formula={"start": 30, "from": 5, "points": -1, "per": 2}
        )
        adjustment = {"method": pick.choice(["none", "none", "group_mean", "z", "robust"]), "least": 1}
        modules.append(
            module(
                key,
                points("A1", 40),
                JUDGEMENT,
                timed,
                panel=panel,
                max=100,
                weight=pick.choice([30, 40]),
                adjustment=adjustment,
                pass_mark=pick.choice([None, 20]),
            )
        )
    document = plan(
        *modules,
        parts=[
            {
                "key": "all",
                "stage": "final",
                "name": "x",
                "combine": pick.choice(["weights", "points", "best"]),
            }
        ],
        stages=[{"key": "final", "name": "F", "advance": 3, "advance_cap": 2}],
        rounding={
            "mode": pick.choice(["half_up", "half_even", "down"]),
            "compare": pick.choice(["rounded", "exact"]),
        },
        ranking={
            "order": pick.choice(["high", "high", "low"]),
            "by_group": pick.random() < 0.5,
            "shared": pick.random() < 0.5,
            "passed_only": pick.random() < 0.2,
            "ties": [
                {"by": "module", "key": "m"},
                {"by": "aspect", "module": "n", "key": "A3", "order": "low"},
                {"by": "attempt", "module": "n", "key": "A3", "order": "low"},
                {"by": "untrimmed"},
                {"by": "better_places"},
            ],
        },
        teams={"method": pick.choice(["sum", "mean", "best"]), "size": 4, "best": 2},
        organisations={"points": [{"award": "first", "points": 3}]},
        awards=[
            {"key": "first", "name": "1", "to": "entrant", "rule": "ratio", "ratio": 20},
            {"key": "second", "name": "2", "to": "entrant", "rule": "ratio", "ratio": 50, "cumulative": True},
            {"key": "team", "name": "t", "to": "team", "rule": "count", "count": 1},
        ],
    )
    people = [
        {
            "code": e,
            "group": pick.choice("xy"),
            "team": "tu"[n % 2],
            "organisation": pick.choice("op"),
            "room": pick.choice("12"),
        }
        for n, e in enumerate(CODES)
    ]
    return document, list(_lines(pick, modules)), people


def _lines(pick, modules):
    for entrant in CODES:
        if pick.random() < 0.1:
            yield {
                "entrant": entrant,
                "item": "",
                "status": pick.choice(["absent", "disqualified", "not_finished"]),
            }
        for entry in modules:
            if pick.random() < 0.1:
                yield {"entrant": entrant, "item": entry["key"], "status": pick.choice(["absent", "void"])}
            for judge in range(entry["panel"]["judges"]):
                if pick.random() < 0.95:
                    yield from _sheet(pick, entrant, entry["key"], f"J{judge}")


def _sheet(pick, entrant, key, judge):
    mark = {"entrant": entrant, "judge": judge}
    yield mark | {"item": f"{key}.A1", "value": pick.randrange(38, 41)}
    yield mark | {"item": f"{key}.A2", "value": pick.randrange(2, 4)}
    for attempt in (1, 2):
        void = pick.random() < 0.2
        yield mark | {
            "item": f"{key}.A3",
            "attempt": attempt,
            "value": "" if void else pick.randrange(5, 8),
            "status": "void" if void else "",
        }


@pytest.mark.parametrize("seed", range(40))
def test_the_order_of_the_files_changes_nobodys_result(seed):
    document, rows, people = drawn(seed)
    pick = random.Random(seed)
    mixed, others = pick.sample(rows, len(rows)), pick.sample(people, len(people))

    first, second = answer(document, rows, people), answer(document, mixed, others)

    for name in (
        "total",
        "exact",
        "place",
        "place_overall",
        "awards",
        "passed",
        "goes_on",
        "decided_by",
        "modules",
    ):
        assert column(first, name) == column(second, name)


@pytest.mark.parametrize("seed", range(40))
def test_places_and_quotas_add_up(seed):
    result = answer(*drawn(seed))

    overall = sorted(row["place_overall"] for row in result["entrants"] if row["place"])
    assert all(overall.count(p) == 1 or overall.index(p) + 1 == p for p in overall)
    for quota in result["quotas"]:
        rows = [r for r in result["awards"] if (r["award"], r["group"]) == (quota["award"], quota["group"])]
        assert len(rows) == quota["given"]
    assert all(
        row["total"] == "0.00" for row in result["entrants"] if row["state"] in ("absent", "disqualified")
    )
    assert all(row["place"] is None for row in result["entrants"] if row["state"] != "normal")


def test_the_same_bonus_for_everybody_changes_nobodys_place():
    rows = [
        {"entrant": e, "item": k, "value": str(v)} for k in "mn" for e, v in zip(CODES, range(8), strict=True)
    ]
    document = plan(module("m", cap=None), module("n"))
    bonus = [row | {"value": str(int(row["value"]) + 5)} if row["item"] == "m" else row for row in rows]

    assert places(answer(document, rows)) == places(answer(document, bonus))


@pytest.mark.parametrize("path", PRESETS, ids=lambda p: p.stem)
def test_every_plan_we_ship_can_be_reckoned(path):
    document = tomllib.loads(path.read_text("utf-8"), parse_float=Decimal)
    scored = [m for m in document["modules"] if m.get("entry") == "scores"]
    rows = [{"entrant": e, "item": m["key"], "value": str(m["max"])} for m in scored for e in "ab"]

    result = answer(document, rows, [{"code": "a", "team": "x"}, {"code": "b", "team": "y"}])

    assert {
        row["modules"][m["key"]]["done"]
        for row in result["entrants"]
        for m in scored
        if m["key"] in row["modules"]
    } <= {True}
