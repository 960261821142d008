"""Reads the plan: plain dictionaries with every default filled in and every amount a fraction.

Whether it is wise was checked elsewhere; here it only has to be a plan.
"""

from contest.recount.amounts import ZERO, amount
from contest.recount.aspects import read_aspect
from contest.recount.links import linked
from contest.recount.refusal import Refused
from contest.recount.shape import shaped

UNPLACED = ("majority", "borda")  # methods whose marks come from orders, not from points


def read(document):
    """The plan of a parsed TOML or JSON document; `Refused` when it is none."""
    document = shaped(document)
    plan = {
        "name": document.get("name", ""),
        "rounding": _rounding(document.get("rounding", {})),
        "ranking": _ranking(document.get("ranking", {})),
        "penalties": {"order": "", "percent": False} | document.get("penalties", {}),
        "prizes": {"one_each": False} | document.get("prizes", {}),
        "stages": [_stage(row) for row in document.get("stages", [])],
        "parts": [_part(row) for row in document.get("parts", [])],
        "modules": [_module(row) for row in document.get("modules", [])],
        "awards": [_award(row) for row in document.get("awards", [])],
        "teams": _teams(document.get("teams")),
        "organisations": _organisations(document.get("organisations")),
    }
    linked(plan)
    return _linked(plan)


def _rounding(row):
    places, mode = int(row.get("places", 2)), row.get("mode", "half_up")
    own = {r["step"]: (int(r.get("places", places)), r.get("mode", "half_up")) for r in row.get("own", [])}
    steps = set(row.get("steps", ["module", "part", "stage", "team"]))
    return {
        "places": places,
        "mode": mode,
        "steps": steps,
        "own": own,
        "compare": row.get("compare", "rounded"),
    }


def _ranking(row):
    plain = {
        "order": "high",
        "shared": True,
        "dense": False,
        "by_group": False,
        "passed_only": False,
        "ties": [],
    }
    return plain | row


def _stage(row):
    stage = {
        "combine": "weights",
        "advance": None,
        "advance_percent": None,
        "advance_rounding": "half_up",
        "advance_cap": None,
        "advance_line": "in",
        "advance_by": None,
        "scale": "none",
    } | row
    for name, default in (
        ("carry_percent", 0),
        ("base", 0),
        ("lowest", 0),
        ("cap", None),
        ("pass_mark", None),
        ("advance_percent", None),
    ):
        stage[name] = amount(row.get(name, default))
    return stage


def _part(row):
    part = {"combine": "weights", "best": 1, "to": "", "stage": "", "within": ""} | row
    for name, default in (("weight", 0), ("lowest", 0), ("cap", None), ("pass_mark", None)):
        part[name] = amount(row.get(name, default))
    return part


def _module(row):
    module = {"entry": "sheets", "difficulty": None, "adjustment": {}} | row
    for name, default in (
        ("weight", 0),
        ("max", None),
        ("lowest", 0),
        ("cap", None),
        ("pass_mark", None),
        ("adjust", None),
    ):
        module[name] = amount(row.get(name, default))
    if module["difficulty"]:
        spread = module["difficulty"]
        module["difficulty"] = {
            "lowest": amount(spread["lowest"]),
            "highest": amount(spread["highest"]),
            "places": int(spread.get("places", 1)),
        }
    module["adjustment"] = {"method": "none", "least": 10} | module["adjustment"]
    module["panels"] = _panels(module) if module["entry"] != "scores" else []
    return module


def _panels(module):
    """The panels of a module, each with the aspects that its judges mark."""
    rows = module.get("panels") or [{"key": ""} | module.get("panel", {})]
    panels = [_panel(row) for row in rows]
    for criterion in module.get("criteria", []):
        mine = [p for p in panels if len(panels) == 1 or p["key"] == criterion.get("panel")]
        if not mine:
            raise Refused(f"A criterion of {module['key']} names no panel of it.")
        mine[0]["aspects"].extend(read_aspect(row) for row in criterion.get("aspects", []))
    for panel in panels:
        panel["max"] = sum((a["max"] for a in panel["aspects"]), ZERO)
        if panel["method"] in UNPLACED:
            panel["max"] = module["max"] if module["max"] is not None else ZERO
    return panels


def _panel(row):
    panel = {
        "key": "",
        "judges": 1,
        "level": "sheet",
        "method": "mean",
        "drop_high": 0,
        "drop_low": 0,
        "drop_from": 0,
        "remark": False,
    } | row
    panel["factor"] = amount(row.get("factor", 1))
    panel["spread"] = amount(row.get("spread"))
    panel["tolerance"] = [(amount(r["least"]), amount(r["apart"])) for r in row.get("tolerance") or []]
    panel["weights"] = [amount(w) for w in row.get("weights") or []]
    panel["aspects"] = []
    return panel


def _award(row):
    award = {
        "to": "entrant",
        "rule": "count",
        "title": False,
        "level": "",
        "of": "competed",
        "border": "in",
        "rounding": "half_up",
        "cumulative": False,
        "count": 0,
        "first": 1,
        "part": None,
        "module": None,
        "any": False,
        "passed": False,
        "unless": [],
        "from_competed": 0,
        "only": {},
        "shift": None,
    } | row
    award["least"] = amount(row.get("least"))
    award["last"] = row.get("last", award["first"])
    award["share"] = amount(row["fraction"]) if row.get("fraction") else amount(row.get("ratio", 0)) / 100
    return award


def _teams(row):
    if row is None:
        return None
    return (
        {"method": "sum", "size": None, "best": 1}
        | row
        | {"place_points": [amount(p) for p in row.get("place_points", [])]}
    )


def _organisations(row):
    if row is None:
        return None
    return {
        "order": row.get("order", "points"),
        "points": {r["award"]: amount(r["points"]) for r in row.get("points", [])},
    }


def _linked(plan):
    """Adds who stands below whom, and the top of each thing."""
    parts = {part["key"]: part for part in plan["parts"]}
    for part in plan["parts"]:
        part["modules"] = [m for m in plan["modules"] if m["part"] == part["key"]]
        part["parts"] = [p for p in plan["parts"] if p["within"] == part["key"]]
    for stage in plan["stages"]:
        stage["parts"] = [p for p in plan["parts"] if p["stage"] == stage["key"] and not p["within"]]
        stage["all_parts"] = [p for p in plan["parts"] if _root(p, parts)["stage"] == stage["key"]]
        stage["all_modules"] = [
            m for m in plan["modules"] if _root(parts[m["part"]], parts)["stage"] == stage["key"]
        ]
        own = [p for p in stage["all_parts"] if not _for_team(p, parts)]
        stage["own_parts"] = [p["key"] for p in own]
        stage["own_modules"] = [
            m["key"] for m in stage["all_modules"] if not _for_team(parts[m["part"]], parts)
        ]
    for module in plan["modules"]:
        module["top"] = _module_top(module)
    for part in plan["parts"]:
        part["top"] = _part_top(part)
    plan["module"] = {m["key"]: m for m in plan["modules"]}
    plan["part"] = parts
    return plan


def _root(part, parts):
    while part["within"]:
        part = parts[part["within"]]
    return part


def _for_team(part, parts):
    return part["to"] == "team" or bool(part["within"]) and _for_team(parts[part["within"]], parts)


def full_kept(panel):
    """How many marks a full panel keeps."""
    drops = panel["drop_high"] + panel["drop_low"]
    return panel["judges"] - (drops if panel["judges"] >= panel["drop_from"] else 0)


def _module_top(module):
    if module["adjustment"]["method"] == "robust":
        return amount(1000)
    if module["entry"] == "scores":
        top = module["max"]
    else:
        top = sum(
            (
                p["max"] * p["factor"] * (full_kept(p) if p["method"] == "sum" else 1)
                for p in module["panels"]
            ),
            ZERO,
        )
    return top * (module["difficulty"]["highest"] if module["difficulty"] else 1)


def _part_top(part):
    if part["combine"] == "weights":
        return amount(100)
    tops = [m["top"] for m in part["modules"]] + [_part_top(p) for p in part["parts"] if p["to"] != "team"]
    return part["best"] * tops[0] if part["combine"] == "best" and tops else sum(tops, ZERO)


def without_drops(document):
    """The plan as it would be if no panel dropped a mark; `None` when none does."""
    dropping = False
    modules = []
    for row in document.get("modules", []):
        changed = dict(row)
        if row.get("panel"):
            changed["panel"] = dict(row["panel"]) | {"drop_high": 0, "drop_low": 0}
            dropping = dropping or changed["panel"] != row["panel"]
        if row.get("panels"):
            changed["panels"] = [dict(p) | {"drop_high": 0, "drop_low": 0} for p in row["panels"]]
            dropping = dropping or changed["panels"] != row["panels"]
        modules.append(changed)
    return read({**document, "modules": modules}) if dropping else None
