"""Generated modules of a plan document: aspects of every kind, panels of every method."""

from fractions import Fraction

KINDS = ["points", "deductions", "checklist", "judgement", "measured", "grade"]
POWERS = (  # scale, from, exponent, better, lowest, highest
    ("25.4347", "18", "1.81", "low", "9", "20"),
    ("51.39", "1.5", "1.05", "high", "0", "12"),
    ("3", "2", "0.5", "high", "0", "30"),
    ("0.00000001", "1", "2", "high", "0", "9"),
    ("7", "10", "1", "low", "0", "12"),
)


def text(number) -> str:
    """A Fraction of at most four decimals as text, cut down to them."""
    units = int(number * 10_000)
    sign = "-" if units < 0 else ""
    whole, part = divmod(abs(units), 10_000)
    return f"{sign}{whole}.{part:04d}".rstrip("0").rstrip(".")


def aspect(dice, key, kind=None):
    """One aspect of a sheet."""
    kind = kind or dice.pick("kind", KINDS, [4, 2, 1, 2, 4, 1])
    made = {"key": key, "name": f"aspect {key}", "kind": kind, **ASPECTS[kind](dice)}
    if kind == "rank":
        return made
    item = dice.pick("key_item", ["", "sheet", "module"], [8, 1, 1])
    return {**made, "key_item": item} if item else made


def limit_judges(dice, document):
    """Some aspects get a limit between judges: nothing, one step or two, which some keep and some do not."""
    for one in document["modules"]:
        for made in (a for c in one.get("criteria", ()) for a in c["aspects"]):
            if made["kind"] in ("points", "measured") and dice.yes("apart", 0.2):
                made["apart"] = text(dice.one([0, 1, 2]) * Fraction(made.get("step", "1")))


def _points(dice):
    top, step = dice.one([("2", "1"), ("5", "1"), ("3", "0.5"), ("10", "2.5")])
    tries = _attempts(dice, ["best", "worst", "last", "sum", "mean"])
    if tries.get("take") == "sum":
        kept = tries["attempts"] - tries.get("drop_best", 0) - tries.get("drop_worst", 0)
        top = text(Fraction(top) * kept)
    return {"max": top, "step": step, **tries}


def _deductions(dice):
    reasons = [{"name": "late", "points": "1.5", "most": 3}, {"name": "dirty", "points": "0.25"}]
    if dice.yes("loses", 0.4):
        reasons.append({"name": "dangerous", "points": dice.one(["0", "1"]), "loses": True})
    return {"max": dice.one(["3", "5"]), "reasons": reasons}


def _checklist(dice):
    points = dice.one([("1", "2"), ("0.5", "0.5", "2"), ("1", "1", "1", "1")])
    items = [{"name": f"item {i}", "points": each} for i, each in enumerate(points)]
    return {"max": text(sum(map(Fraction, points))), "items": items}


def _judgement(dice):
    return {"max": dice.one(["3", "5", "10"]), "levels": [{"name": str(n)} for n in range(4)]}


def _grade(dice):
    points = dice.one([("5", "3", "1"), ("4", "4", "2", "0"), ("3", "0")])
    grades = [{"key": k, "name": k, "points": p} for k, p in zip("ABCD", points, strict=False)]
    return {"max": points[0], "grades": grades}


def _rank(dice):
    return {"max": "1"}


def _measured(dice):
    way = dice.pick("way", ["table", "formula", "power", "itself"])
    made = WAYS[way](dice)
    takes = ["best", "worst", "last", "sum", *(["mean"] if way == "itself" else [])]
    tries = _attempts(dice, takes, made.get("power", {}).get("better"))
    if way == "itself" and tries.get("take") == "sum":
        made["max"] = text(Fraction(made["highest"]) * tries["attempts"])
    if way != "itself" and dice.yes("unclamped", 0.25):
        made["clamp"] = False
    return {"unit": "s", "places": dice.between(0, 2), **made, **tries}


def _by_table(dice):
    rows = [{"upto": "3", "points": "5"}, {"upto": "5.5", "points": "2.5"}, {"upto": "9", "points": "1"}]
    beyond = {"beyond": "0.5"} if dice.yes("beyond", 0.3) else {}
    return {"max": "5", "lowest": "0", "highest": "12", "table": rows, **beyond}


def _by_formula(dice):
    formula = {
        "start": dice.one(["0", "3", "5"]),
        "from": dice.one(["0", "4", "-2"]),
        "points": dice.one(["-0.5", "0.5", "1", "-1"]),
        "per": dice.one(["1", "3", "2.5"]),
        "whole": dice.yes("whole", 0.4),
    }
    return {"max": dice.one(["4", "6"]), "lowest": "-5", "highest": "12", "formula": formula}


def _by_power(dice):
    scale, origin, exponent, better, lowest, highest = dice.one(POWERS)
    power = {"scale": scale, "from": origin, "exponent": exponent, "better": better}
    return {"max": dice.one(["20", "1200"]), "lowest": lowest, "highest": highest, "power": power}


def _by_itself(dice):
    return {"max": dice.one(["12", "15"]), "lowest": "0", "highest": "12", "itself": True}


WAYS = {"table": _by_table, "formula": _by_formula, "power": _by_power, "itself": _by_itself}
ASPECTS = {
    "points": _points, "deductions": _deductions, "checklist": _checklist, "judgement": _judgement,
    "grade": _grade, "rank": _rank, "measured": _measured,
}


def _attempts(dice, takes, better=None):
    if not dice.yes("attempts", 0.9 if dice.wants("take.", "drop_attempts", "void") else 0.3):
        return {}
    count, take = dice.between(2, 4), dice.pick("take", takes)
    made = {"attempts": count, "take": take}
    low = dice.yes("better_low", 0.4)
    if better or low:
        made["better"] = better or "low"
    if take in ("sum", "mean") and dice.yes("drop_attempts", 0.4):
        made["drop_worst"] = dice.between(0, 1)
        made["drop_best"] = dice.between(0, count - 1 - made["drop_worst"])
    return made


def criterion(dice, letter, kinds=None, panel=""):
    """A heading with one to three aspects; `kinds` where they are settled."""
    kinds = kinds or [None] * dice.one([1, 1, 2, 2, 3])
    found = [aspect(dice, f"{letter}{n + 1}", kind) for n, kind in enumerate(kinds)]
    made = {"key": letter, "name": f"criterion {letter}", "aspects": found}
    return {**made, "panel": panel} if panel else made


def panel(dice, method):
    """The rules of one panel that combines marks."""
    judges = dice.one([1, 2, 3, 3, 4, 5]) if not dice.wants("panel.", "excused") else dice.between(3, 5)
    made = {"judges": judges, "method": method, "level": dice.pick("level", ["sheet", "aspect"])}
    if judges > 1 and dice.yes("panel.drops", 0.9 if dice.wants("panel.drop", "panel.tol") else 0.5):
        low = dice.between(0, (judges - 1) // 2)
        high = dice.between(0 if low else 1, judges - 1 - low)
        made |= {"drop_low": low, "drop_high": high}
        if dice.yes("panel.drop_from", 0.3):
            made["drop_from"] = dice.between(2, judges)
        if method != "median" and dice.yes("panel.tolerance", 0.4):
            made["tolerance"] = dice.one([TOLERANCES[:2], TOLERANCES, TOLERANCES[1:2]])
    elif method == "mean" and dice.yes("panel.weights", 0.3):
        made["weights"] = [dice.one(["1", "2", "1.5", "40"]) for _ in range(judges)]
    return {**made, **_around(dice)}


TOLERANCES = [
    {"least": "4", "apart": "0.5"},
    {"least": "1.5", "apart": "1"},
    {"least": "0", "apart": "2"},
]


def _around(dice):
    made = {}
    if dice.yes("panel.factor", 0.25):
        made["factor"] = dice.one(["0.5", "2", "1.25", "0.3333"])
    if dice.yes("panel.spread", 0.2):
        made["spread"] = dice.one(["0", "1", "3"])
    return made


def sheet_module(dice, key):
    """A module marked on sheets, by one panel or several, or by the judges' orders."""
    method = dice.pick("method", ["mean", "sum", "median", "majority", "borda"], [4, 2, 2, 1, 1])
    if method in ("majority", "borda"):
        made = _by_order(dice, method)
    elif dice.yes("panels", 0.2):
        made = _several(dice)
    else:
        made = _one_panel(dice, method)
    tops = [a["max"] for c in made["criteria"] for a in c["aspects"]]
    return {"key": key, "name": f"module {key}", "max": text(sum(map(Fraction, tops))), **made}


def _kinds(dice, rules):
    if not dice.yes("remark", 0.12):
        return None
    rules["remark"] = True
    return ["judgement", dice.one(KINDS)]


def _one_panel(dice, method):
    rules = panel(dice, method)
    made = [criterion(dice, "A", _kinds(dice, rules))]
    if dice.rng.random() < 0.25:
        made.append(criterion(dice, "B"))
    return {"panel": rules, "criteria": made}


def _several(dice):
    panels, criteria = [], []
    names = [("A", "execution"), ("B", "artistry"), ("C", "line")]
    for letter, name in names[: dice.between(2, 3)]:
        rules = panel(dice, dice.pick("method", ["mean", "sum", "median"], [3, 2, 1]))
        criteria.append(criterion(dice, letter, _kinds(dice, rules), name))
        panels.append({"key": name, "name": name, **rules})
    return {"panels": panels, "criteria": criteria}


def _by_order(dice, method):
    judges = dice.one([1, 2, 3, 3, 5, 5])
    rules = {"judges": judges, "method": method, **_around(dice)}
    made = criterion(dice, "A", ["rank"] if dice.yes("rank", 0.5) else None)
    return {"panel": rules, "criteria": [made], "max": str(10 * judges)}


def score_module(dice, key):
    """A module into which scores come."""
    top = dice.one(["100", "60", "10"])
    return {"key": key, "name": f"module {key}", "max": top, "entry": "scores"}


def module_top(module) -> Fraction:
    """The most its mark can be, by section 3 of the law."""
    if module.get("adjustment", {}).get("method") == "robust":
        return Fraction(1000)
    panels = module.get("panels") or ([module["panel"]] if "panel" in module else [])
    top = Fraction(0) if panels else Fraction(module["max"])
    for each in panels:
        own = Fraction(module["max"])
        if module.get("panels"):
            own = sum(Fraction(a["max"]) for c in module["criteria"]
                      if c["panel"] == each["key"] for a in c["aspects"])
        drops = each["judges"] >= each.get("drop_from", 0)
        dropped = (each.get("drop_low", 0) + each.get("drop_high", 0)) * drops
        kept = each["judges"] - dropped if each["method"] == "sum" else 1
        top += own * kept * Fraction(each.get("factor", "1"))
    return top * Fraction(module.get("difficulty", {}).get("highest", "1"))


def module(dice, key):
    """A module with everything that may stand around its mark."""
    scores = dice.pick("entry", ["sheets", "scores"], [7, 3]) == "scores"
    made = score_module(dice, key) if scores else sheet_module(dice, key)
    by_order = made.get("panel", {}).get("method") in ("majority", "borda")
    if dice.yes("difficulty", 0.12):
        made["difficulty"] = {"lowest": "1", "highest": dice.one(["2", "3.5"]), "places": 1}
    if dice.yes("adjust", 0.15):
        made["adjust"] = dice.one(["0.5", "2"])
    if not by_order:
        method = dice.pick("adjustment", ["none", "group_mean", "z", "robust"], [17, 1, 1, 1])
        if method != "none":
            made["adjustment"] = {"method": method, "least": dice.one([2, 2, 2, 3])}
    return {**made, **held(dice, module_top(made))}


def held(dice, top) -> dict:
    """lowest, cap and pass mark of a module, part or stage with this top."""
    made = {}
    if dice.yes("lowest", 0.12):
        made["lowest"] = dice.one(["-1", "-5", "-100"])
    if dice.yes("cap", 0.12):
        made["cap"] = text(top * dice.one([Fraction(1, 2), Fraction(3, 4), Fraction(9, 10)]))
    if dice.yes("pass_mark", 0.15):
        made["pass_mark"] = text(top * dice.one([Fraction(1, 3), Fraction(1, 2)]))
    return made
