"""A second, slow way to score a contest, by fractions and lists, to compare the fast one with.

It shares no code with contest.scoring: it reads the plan document and the sheets as they are
stored. An entrant is a dict: group, team (a name or None), state (0 to 4), entered (bool), ruling,
scores {module: text or None}, sheets {module: [{"values", "submitted", "excused"}]}, module_state
{module: 0, 1, 2}, penalty {module or stage: text}.
"""

from fractions import Fraction
from math import floor


def standings(document, entrants):
    """A list of dicts beside the entrants: modules, parts, stages, total, complete, place."""
    rows = [_row(document, entrant) for entrant in entrants]
    for row in rows:
        row["keys"] = _keys(document, row)
    ranking = document.get("ranking", {})
    for mine in rows:
        others = [
            row
            for row in rows
            if row["ranked"]
            and (not ranking.get("by_group") or row["group"] == mine["group"])
        ]
        mine["place"] = _place(mine, others) if mine["ranked"] else 0
    return rows


def _place(mine, others):
    """Go down the keys; at each, those equal so far are split, if all of them have the key."""
    equal, ahead = others, 0
    for number in range(len(mine["keys"])):
        if any(row["keys"][number] is None for row in equal):
            continue
        own = mine["keys"][number]
        ahead += sum(row["keys"][number] > own for row in equal)
        equal = [row for row in equal if row["keys"][number] == own]
    return ahead + 1


def _row(document, entrant):
    road = _road(document, entrant, trimmed=True)
    last = document["stages"][-1]["key"]
    out = entrant.get("state", 0) in (1, 2, 3)
    value, done = road["stages"][last]
    own = [m["key"] for m in _modules_of_stage(document, last)]
    finished = [key for key in own if road["modules"][key][1]]
    entered = entrant.get("entered", True)
    return {
        **road,
        "entrant": entrant,
        "group": entrant.get("group", ""),
        "total": Fraction(0) if out else value,
        "complete": done and entered,
        "finished": len(finished),
        "ranked": entrant.get("state", 0) == 0 and entered and bool(finished),
    }


def _modules_of_stage(document, stage):
    parts = [part["key"] for part in document["parts"] if part["stage"] == stage]
    return [module for module in document["modules"] if module["part"] in parts]


def _road(document, entrant, trimmed):
    modules = {m["key"]: _module(document, m, entrant, trimmed) for m in document["modules"]}
    parts, stages = {}, {}
    for part in document["parts"]:
        own = [m for m in document["modules"] if m["part"] == part["key"]]
        value = sum(
            modules[m["key"]][0] * Fraction(m["weight"]) / _top(m, trimmed) for m in own
        )
        parts[part["key"]] = (
            _settle(document, value, "part"),
            all(modules[m["key"]][1] for m in own),
        )
    before = None
    for stage in document["stages"]:
        own = [part for part in document["parts"] if part["stage"] == stage["key"]]
        carry = Fraction(stage.get("carry_percent", "0")) / 100
        value = sum(parts[p["key"]][0] * Fraction(p["weight"]) / 100 for p in own) * (1 - carry)
        done = all(parts[p["key"]][1] for p in own)
        if carry:
            value += carry * stages[before][0]
            done = done and stages[before][1]
        value = _less(value, entrant, stage["key"])
        stages[stage["key"]] = (_settle(document, value, "stage"), done)
        before = stage["key"]
    return {"modules": modules, "parts": parts, "stages": stages}


def _top(module, trimmed):
    panel = module.get("panel", {})
    if panel.get("method") != "sum":
        return Fraction(module["max"])
    dropped = panel.get("drop_high", 0) + panel.get("drop_low", 0) if trimmed else 0
    return Fraction(module["max"]) * (panel["judges"] - dropped)


def _less(value, entrant, key):
    return max(value - Fraction(entrant.get("penalty", {}).get(key, "0")), Fraction(0))


def _module(document, module, entrant, trimmed):
    if entrant.get("module_state", {}).get(module["key"], 0):
        return Fraction(0), True
    if module.get("entry") == "scores":
        text = entrant.get("scores", {}).get(module["key"])
        if text is None:
            return Fraction(0), False
        value = Fraction(text)
    else:
        value = _panel(document, module, entrant, trimmed)
        if value is None:
            return Fraction(0), False
    return _settle(document, _less(value, entrant, module["key"]), "module"), True


def _aspects(module):
    return [aspect for criterion in module["criteria"] for aspect in criterion["aspects"]]


def _is_given(aspect, value):
    if value is None:
        return False
    return aspect["kind"] != "checklist" or None not in value


def _panel(document, module, entrant, trimmed):
    panel = module["panel"]
    seats = [seat for seat in entrant["sheets"][module["key"]] if not seat["excused"]]
    for seat in seats:
        given = [_is_given(a, seat["values"].get(a["key"])) for a in _aspects(module)]
        if not (seat["submitted"] and all(given)):
            return None
    low = panel.get("drop_low", 0)
    high = panel.get("drop_high", 0)
    if len(seats) <= low + high:
        return None
    if not trimmed:
        low = high = 0
    columns = [[_points(a, s["values"][a["key"]]) for s in seats] for a in _aspects(module)]
    if panel.get("level", "sheet") == "aspect":
        return sum(_combine(panel, column, low, high) for column in columns)
    totals = [_settle(document, sum(points), "sheet") for points in zip(*columns, strict=True)]
    return _combine(panel, totals, low, high)


def _combine(panel, marks, low, high):
    kept = sorted(marks)[low : len(marks) - high]
    method = panel.get("method", "mean")
    if method == "median":
        middle = len(kept) // 2
        return kept[middle] if len(kept) % 2 else (kept[middle - 1] + kept[middle]) / 2
    mean = sum(kept) / Fraction(len(kept))
    return mean * (panel["judges"] - low - high) if method == "sum" else mean


def _points(aspect, value):
    kind = aspect["kind"]
    if kind == "points":
        return Fraction(value)
    if kind == "judgement":
        return Fraction(aspect["max"]) * value / 3
    if kind == "checklist":
        worth = [Fraction(item["points"]) for item in aspect["items"]]
        return sum((w for w, tick in zip(worth, value, strict=True) if tick), Fraction(0))
    if kind == "deductions":
        off = sum(Fraction(aspect["reasons"][int(i)]["points"]) * n for i, n in value.items())
        return max(Fraction(aspect["max"]) - off, Fraction(0))
    value = Fraction(value)
    if "table" in aspect:
        for row in aspect["table"]:
            if value <= Fraction(row["upto"]):
                return Fraction(row["points"])
        return Fraction(aspect.get("beyond", "0"))
    formula = aspect["formula"]
    steps = (value - Fraction(formula["from"])) / Fraction(formula["per"])
    if formula.get("whole"):
        steps = floor(steps) if steps > 0 else -floor(-steps)
    points = Fraction(formula["start"]) + Fraction(formula["points"]) * steps
    return min(max(points, Fraction(0)), Fraction(aspect["max"]))


def _settle(document, value, step):
    rounding = document.get("rounding", {})
    steps = rounding.get("steps", ["module", "part", "stage", "team"])
    return printed(document, value) if step in steps else value


def printed(document, value):
    """The value rounded as the plan prints it."""
    rounding = document.get("rounding", {})
    scale = 10 ** rounding.get("places", 2)
    whole = floor(value * scale)
    rest = value * scale - whole
    half = Fraction(1, 2)
    mode = rounding.get("mode", "half_up")
    if mode == "half_up":
        up = rest >= half
    elif mode == "half_even":
        up = rest > half or (rest == half and whole % 2 == 1)
    else:
        up = False
    return Fraction(whole + up, scale)


def _compared(document, value):
    exact = document.get("rounding", {}).get("compare") == "exact"
    return value if exact else printed(document, value)


def _keys(document, row):
    last = document["stages"][-1]["key"]
    keys = [_compared(document, row["total"])]
    ranking = document.get("ranking", {})
    for tie in ranking.get("ties", []):
        sign = -1 if tie.get("order") == "low" else 1
        if tie["by"] == "aspect":
            value, done = _aspect_key(document, row, tie)
        elif tie["by"] == "untrimmed":
            value = _road(document, row["entrant"], trimmed=False)["stages"][last][0]
            value, done = _compared(document, value), row["stages"][last][1]
        else:
            value, done = row[f"{tie['by']}s"][tie["key"]]
            value = _compared(document, value)
        keys.append(sign * value if done else None)
    if not ranking.get("shared", True):
        ruling = row["entrant"].get("ruling", 0)
        keys.append(-ruling if ruling else None)
    return keys


def _aspect_key(document, row, tie):
    module = next(m for m in document["modules"] if m["key"] == tie["module"])
    entrant = row["entrant"]
    elsewhere = entrant.get("module_state", {}).get(tie["module"], 0)
    if elsewhere or not row["modules"][tie["module"]][1]:
        return 0, False
    aspect = next(a for a in _aspects(module) if a["key"] == tie["key"])
    seats = [s for s in entrant["sheets"][tie["module"]] if not s["excused"]]
    values = [seat["values"][aspect["key"]] for seat in seats]
    if aspect["kind"] == "measured":
        return sum(map(Fraction, values)) / len(values), True
    points = [_points(aspect, value) for value in values]
    panel = module["panel"]
    if panel.get("level", "sheet") == "aspect":
        return _combine(panel, points, panel.get("drop_low", 0), panel.get("drop_high", 0)), True
    return sum(points) / Fraction(len(points)), True


def teams(document, rows):
    """By team name: the mark after rounding, whether it is done, and its place (0 for none)."""
    plan = document["teams"]
    found = {}
    for name in sorted({r["entrant"].get("team") for r in rows} - {None}):
        members = [
            r
            for r in rows
            if r["entrant"].get("team") == name and r["entrant"].get("entered", True)
        ]
        present = [r for r in members if r["entrant"].get("state", 0) != 2]
        active = [r for r in members if r["entrant"].get("state", 0) in (0, 4)]
        too_many = len(present) > plan.get("size", 100)
        counting = [] if too_many else active
        total = sorted((r["total"] for r in counting), reverse=True)
        if plan.get("method", "sum") == "best":
            total = total[: plan["best"]]
        value = sum(total, Fraction(0))
        if plan.get("method") == "mean":
            value /= plan["size"]
        found[name] = {
            "total": _settle(document, value, "team"),
            "done": all(r["complete"] for r in counting if r["entrant"].get("state", 0) == 0),
            "ranked": any(r["finished"] for r in counting),
        }
    for mine in found.values():
        own = _compared(document, mine["total"])
        others = [_compared(document, t["total"]) for t in found.values() if t["ranked"]]
        better = sum(other > own for other in others)
        mine["place"] = better + 1 if mine["ranked"] else 0
    return found
