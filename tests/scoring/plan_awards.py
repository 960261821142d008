"""Generated awards of a plan document, and the table of the organisations."""


def awards(dice, document) -> dict:
    """awards, prizes and organisations; nothing where the plan has none."""
    made = {}
    wanted = dice.wants("award", "fraction", "cumulative", "passed", "unless", "only", "shift",
                        "one_each", "from_competed", "organisations")
    if dice.yes("awards", 0.95 if wanted else 0.6):
        made["awards"] = _list(dice, document)
        if dice.yes("one_each", 0.2):
            made["prizes"] = {"one_each": True}
        if dice.yes("organisations", 0.3):
            rows = [
                {"award": award["key"], "points": points}
                for award, points in zip(made["awards"], ("4", "3", "1.5", "1"), strict=False)
            ]
            order = dice.one(["points", "average", "medals"])
            made["organisations"] = {"points": rows, "order": order}
    return made


def _list(dice, document):
    found, left = [], {"entrant": 100, "team": 100}
    for number in range(dice.between(1, 5)):
        to = "team" if "teams" in document and dice.rng.random() < 0.25 else "entrant"
        rule = dice.pick("award", ["ratio", "count", "threshold", "top", "vote"], [3, 3, 2, 2, 1])
        award = {"key": f"a{number + 1}", "name": f"award {number + 1}", "to": to, "rule": rule}
        award |= RULES[rule](dice, document, to, left)
        if rule != "vote":
            award |= _conditions(dice, document, to, rule, found)
        if rule == "top" and dice.rng.random() < 0.5:
            award["title"] = True
        found.append(award)
    return found


def _ratio(dice, document, to, left):
    made = {"rounding": dice.one(["half_up", "up", "down"]), "of": dice.one(["competed", "registered"])}
    is_whole = dice.yes("cumulative", 0.25)
    if is_whole:
        made["cumulative"] = True
    share = dice.one([10, 20, 30])
    if not is_whole:
        share = min(share, left[to])
        left[to] -= share
    if is_whole and dice.rng.random() < 0.3:
        share = 60
    if share >= 10 and dice.yes("fraction", 0.3):
        return made | {"fraction": dice.one(["1/12", "1/10", "1/11"])}
    return made | {"ratio": str(max(share, 0) or "0.0001")} | _border(dice)


def _count(dice, document, to, left):
    return {"count": dice.between(1, 3)} | _border(dice)


def _threshold(dice, document, to, left):
    made = {"least": dice.one(["1", "3", "10", "50", "0"])}
    if to == "entrant":
        modules = _first_modules(document)
        looks = dice.one(["", "part", "module", "any"])
        if looks == "any":
            made["any"] = True
        elif looks == "module" and modules:
            made["module"] = dice.one(modules)
        elif looks == "part":
            made["part"] = dice.one(_first_parts(document))
    return made


def _first_modules(document):
    """Modules of the first stage: they have marks whichever stage is scored."""
    parts = _first_parts(document)
    return [m["key"] for m in document["modules"] if m["part"] in parts]


def _first_parts(document):
    first = document["stages"][0]["key"]
    return [p["key"] for p in document["parts"] if p.get("stage") == first and p.get("to") != "team"]


def _top(dice, document, to, left):
    first = dice.between(1, 2)
    return {"first": first, "last": first + dice.between(0, 2)} | _border(dice)


def _vote(dice, document, to, left):
    return {"count": dice.between(1, 2)}


RULES = {"ratio": _ratio, "count": _count, "threshold": _threshold, "top": _top, "vote": _vote}


def _border(dice):
    return dice.one([{}, {"border": "out"}, {"border": "in"}])


def _conditions(dice, document, to, rule, before):
    made = {}
    if before and dice.yes("unless", 0.25):
        made["unless"] = [dice.one(before)["key"]]
    if dice.yes("from_competed", 0.15):
        made["from_competed"] = dice.between(2, 6)
    if to == "team":
        return made
    if dice.yes("passed", 0.2):
        made["passed"] = True
    if dice.yes("only", 0.25):
        made["only"] = dict([dice.one(ONLY)])
        if dice.rng.random() < 0.3:
            made["only"] |= dict([dice.one(ONLY)])
        if {"most_age", "least_age"} & set(made["only"]):
            made["only"]["on"] = "2026-05-01"
    by_group = document["ranking"].get("by_group")
    if rule in ("count", "ratio") and not by_group and dice.yes("shift", 0.25):
        made["shift"] = {"group": dice.one("AB"), "points": dice.one(["10", "-10", "33.3", "0"])}
    return made


ONLY = [
    ("gender", "female"), ("gender", "male"), ("employment", "staff"), ("group", "A"),
    ("most_age", 25), ("least_age", 26), ("without_title", "master"),
]
