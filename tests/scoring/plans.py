"""Generated contests: a plan document, and the lines of MARKS.csv and ENTRANTS.csv that go with it.

`random_contest(rng)` reaches every option of docs/rules/README.md; `bias` (one of `FEATURES`, or
several) makes one of them nearly certain. The contests are small and their marks coarse, so that
ties are many. The same rng gives the same contest.
"""

import copy
import os
import random
from fractions import Fraction

from hypothesis import strategies as some

from contest.scoring.scheme import PlanError
from contest.scoring.scheme_reading import plan_from
from tests.scoring.plan_awards import awards
from tests.scoring.plan_dice import FEATURES, Dice
from tests.scoring.plan_marks import entrants_of, marks_of
from tests.scoring.plan_modules import held, limit_judges, module, module_top, score_module

__all__ = ["FEATURES", "examples", "features_of", "random_contest", "random_contests", "random_document"]

SHARES = {
    1: [["100"]],
    2: [["50", "50"], ["30", "70"], ["33.33", "66.67"]],
    3: [["20", "30", "50"], ["40", "40", "20"]],
    4: [["25", "25", "25", "25"], ["10", "20", "30", "40"]],
}


def examples(count: int) -> int:
    """How many of so many examples a test makes: fewer where CONTEST_CONTESTS asks for a quick run."""
    contests = int(os.environ.get("CONTEST_CONTESTS", "400"))
    return max(1, min(count, count * contests // 400))


def random_contest(
    rng: random.Random, bias: str | tuple[str, ...] = ()
) -> tuple[dict, list[dict], list[dict]]:
    """(document, marks_rows, entrants_rows): a plan that can be used, and rows of text by column."""
    return features_of(rng, bias)[0]


def features_of(rng: random.Random, bias: str | tuple[str, ...] = ()):
    """((document, marks_rows, entrants_rows), names of the features that are in it)."""
    dice, document = _usable(rng, bias)
    entrants = entrants_of(dice, document)
    marks = marks_of(dice, document, entrants)
    # No mark depends on it; drawn last, it leaves the contest of each seed otherwise as it was.
    limit_judges(dice, document)
    return (document, marks, entrants), frozenset(dice.used)


@some.composite
def random_contests(draw, bias=()):
    """A hypothesis strategy of `random_contest`; the seed is what shrinks and is shown."""
    return random_contest(random.Random(draw(some.integers(0, 2**32 - 1))), bias)


def random_document(rng: random.Random, bias: str | tuple[str, ...] = ()) -> dict:
    """A plan document that can be used."""
    return _usable(rng, bias)[1]


def _usable(rng, bias):
    while True:
        dice = Dice(rng, bias)
        document = _document(dice)
        try:
            plan_from(document)
        except PlanError as error:
            # Only what 64 bits cannot count is thrown away; anything else is a fault here.
            if all("counted exactly" in each.message for each in error.problems):
                continue
            raise
        return dice, document


def _document(dice):
    building = _Building(dice)
    building.stages()
    document = {
        "format": 1,
        "name": "generated",
        "rounding": _rounding(dice),
        "penalties": {},
        "ranking": _ranking(dice, building),
        "stages": building.made["stages"],
        "parts": building.made["parts"],
        "modules": building.made["modules"],
    }
    if dice.yes("penalty_first", 0.2):
        document["penalties"]["order"] = "penalty_first"
    if dice.yes("percent", 0.2):
        document["penalties"]["percent"] = True
    if building.teams:
        document["teams"] = building.teams
    if document["ranking"].get("order") == "low":
        _take_out_what_low_forbids(document)
    return document | awards(dice, document)


def _take_out_what_low_forbids(document):
    for thing in (*document["stages"], *document["parts"], *document["modules"]):
        thing.pop("pass_mark", None)
        if thing.get("combine") == "best":
            thing["combine"] = "points"
            thing.pop("best", None)


class _Building:
    """Stages, parts and modules as they grow; keys are numbered."""

    def __init__(self, dice):
        self.dice = dice
        self.made = {"stages": [], "parts": [], "modules": []}
        # The spec of each part's top, to hold caps and pass marks to.
        wanted = dice.wants("team", "too_many")
        self.teams = _teams(dice) if dice.yes("teams", 0.95 if wanted else 0.4) else None

    def stages(self):
        dice = self.dice
        lets_on = dice.wants("advance", "line.", "carry", "tie.stage", "unmarked", "strangers")
        two = dice.yes("two_stages", 0.9 if lets_on else 0.25)
        if two:
            self.stage("preliminary", None)
        self.stage("final", self.made["stages"][0] if two else None)
        if two:
            _advance(dice, self)

    def stage(self, key, before):
        dice = self.dice
        combine = dice.pick("stage", ["weights", "points"], [3, 1])
        count = dice.one([1, 1, 2, 2, 3])
        shares = dice.one(SHARES[count])
        tops = [
            self.part({"stage": key} | ({"weight": share} if combine == "weights" else {}), 0)
            for share in shares
        ]
        made = {"key": key, "name": f"stage {key}"}
        if combine == "points":
            made["combine"] = "points"
        if before is not None and dice.yes("carry", 0.5):
            made["carry_percent"] = dice.one(["30", "50", "33.33", "100"])
        top = sum(tops) if combine == "points" else Fraction(100)
        if dice.yes("base", 0.1):
            made["base"] = dice.one(["10", "100"])
        if dice.yes("scale", 0.1):
            made["scale"] = "robust"
        self.made["stages"].append(made | held(dice, top))
        if key == "final" and self.teams and dice.yes("team_part", 0.25):
            self.team_part(key)

    def part(self, where, depth):
        """A part with what is in it; its top."""
        dice = self.dice
        combine = dice.pick("combine", ["weights", "points", "best"], [4, 2, 1])
        made = {"key": f"p{len(self.made['parts']) + 1}", "name": "part", **where}
        self.made["parts"].append(made)
        top = self.best_of(made) if combine == "best" else self.together(made, combine, depth)
        made |= held(dice, top)
        return top

    def together(self, made, combine, depth):
        dice = self.dice
        count = dice.one([1, 1, 1, 2, 2, 3]) if len(self.made["modules"]) < 4 else 1
        tops = []
        for share in dice.one(SHARES[count]):
            weight = {"weight": share} if combine == "weights" else {}
            if depth < 2 and dice.yes("within", 0.12):
                tops.append(self.part({"within": made["key"], **weight}, depth + 1))
            else:
                tops.append(self.module({"part": made["key"], **weight}))
        if combine == "weights":
            return Fraction(100)
        made["combine"] = combine
        return sum(tops)

    def module(self, where):
        made = module(self.dice, f"m{len(self.made['modules']) + 1}") | where
        self.made["modules"].append(made)
        return module_top(made)

    def best_of(self, made):
        """The best of several runs, all marked by the same rules."""
        dice = self.dice
        count, best = dice.one([(2, 1), (3, 2), (3, 1), (2, 2)])
        made |= {"combine": "best", "best": best}
        top = self.module({"part": made["key"]})
        for _ in range(count - 1):
            again = copy.deepcopy(self.made["modules"][-1])
            again["key"] = f"m{len(self.made['modules']) + 1}"
            self.made["modules"].append(again)
        return best * top

    def team_part(self, stage):
        dice = self.dice
        made = {"key": f"p{len(self.made['parts']) + 1}", "name": "team task", "stage": stage}
        made |= {"weight": dice.one(["100", "50", "30"]), "to": "team"}
        self.made["parts"].append(made)
        task = score_module(dice, f"m{len(self.made['modules']) + 1}")
        self.made["modules"].append(task | {"part": made["key"], "weight": "100"})


def _teams(dice):
    method = dice.pick("team", ["sum", "mean", "best", "places"])
    made = {"method": method}
    if method == "best":
        made["best"] = dice.between(1, 2)
    if method == "places":
        made["place_points"] = dice.one([["5", "3", "2", "1"], ["10", "6.5", "6.5"], ["1"]])
    if method == "mean" or dice.one([True, False]):
        made["size"] = dice.between(2, 4)
    return made


def _rounding(dice):
    steps = ["sheet", "panel", "module", "part", "stage", "team"]
    chosen = [step for step in steps if dice.one([True, False])]
    if dice.yes("round_all", 0.1):
        chosen = steps
    elif dice.yes("round_nothing", 0.1):
        chosen = []
    made = {"places": dice.one([0, 1, 2, 2, 3, 4]), "steps": chosen}
    made["mode"] = dice.pick("mode", ["half_up", "half_even", "down"], [2, 1, 1])
    if dice.yes("own", 0.25):
        made["own"] = [
            {"step": step, "places": dice.between(0, made["places"]),
             "mode": dice.one(["half_up", "half_even", "down"])}
            for step in dice.rng.sample(steps, dice.between(1, 2))
        ]
    if dice.yes("exact", 0.3):
        made["compare"] = "exact"
    return made


def _ranking(dice, building):
    ties, seen = [], set()
    for _ in range(dice.between(0, 4) or dice.wants("tie.")):
        tie = _tie(dice, building)
        name = (tie["by"], tie.get("module"), tie.get("key"), tuple(tie.get("keys", ())))
        if tie and name not in seen:
            seen.add(name)
            ties.append(tie)
    made = {"ties": ties}
    if dice.yes("order_low", 0.15):
        made["order"] = "low"
    for feature, key, value, chance in (
        ("ruled", "shared", False, 0.4), ("dense", "dense", True, 0.15),
        ("by_group", "by_group", True, 0.25), ("passed_only", "passed_only", True, 0.15),
    ):
        if dice.yes(feature, chance):
            made[key] = value
    return made


def _tie(dice, building):
    made = building.made
    kinds = ["part", "module", "stage", "aspect", "attempt", "untrimmed", "better_places", "data", "sum"]
    by = dice.pick("tie", kinds)
    tie = {"by": by, "order": dice.one(["high", "high", "low"])}
    if by in ("aspect", "attempt"):
        found = [
            {**tie, "module": each["key"], "key": aspect["key"]}
            for each in made["modules"] for criterion in each.get("criteria", ())
            for aspect in criterion["aspects"]
            if aspect["kind"] in ("points", "measured") or (by == "aspect" and aspect["kind"] != "rank")
        ]
        return dice.one(found) if found else {"by": "better_places"}
    if by == "data":
        return {**tie, "key": dice.one(["draw", "time", "birth_date"])}
    if by == "sum":
        keys = [each["key"] for each in made["modules"]]
        return {**tie, "keys": dice.rng.sample(keys, dice.between(1, min(3, len(keys))))}
    if by in ("part", "module", "stage"):
        return {**tie, "key": dice.one(made[f"{by}s"])["key"]}
    return {"by": by} if by == "better_places" else tie


def _advance(dice, building):
    """How many go on from the first stage."""
    stage = building.made["stages"][0]
    if dice.yes("advance", 0.45):
        stage["advance"] = dice.between(1, 4)
    elif dice.yes("advance_percent", 0.6):
        stage["advance_percent"] = dice.one(["50", "33.33", "70"])
        stage["advance_rounding"] = dice.one(["half_up", "up", "down"])
    else:
        return
    if dice.yes("advance_cap", 0.3):
        stage["advance_cap"] = dice.between(1, 2)
    line = dice.pick("line", ["in", "out", "key"], [2, 1, 1])
    if line != "in":
        stage["advance_line"] = line
    if line == "key":
        stage["advance_by"] = _tie(dice, building)
