"""New nodes of a plan, with believable fields that can be read at once."""

import copy
from decimal import Decimal

from contest.errors import Conflict, Missing
from contest.i18n import N_
from contest.scoring.units import text_of, units_of
from contest.setup.plan_tree import get_node, kind_of

HUNDRED = 100 * 10_000
NEW_NODE_NAMES = {
    "stages": N_("Add a stage"), "parts": N_("Add a part"), "modules": N_("Add a module"),
    "panels": N_("Add a panel"), "criteria": N_("Add a criterion"),
    "aspects": N_("Add an aspect"), "awards": N_("Add an award"),
}
CHILD_KINDS = {
    "stages": ("parts",), "parts": ("modules", "parts"), "modules": ("criteria", "panels"),
    "criteria": ("aspects",),
}


def with_added(document, kind, parent=""):
    """The document with a new node of this kind (below the node `parent`), and its address."""
    owners = {owner for owner, children in CHILD_KINDS.items() if kind in children}
    if kind not in MAKERS or (owners and kind_of(parent) not in owners):
        raise Missing("There is no such place in the plan.")
    new = copy.deepcopy(document)
    if kind in ("panels", "criteria", "aspects"):
        owner = get_node(new, parent)
        if kind == "panels":
            _name_the_only_panel(owner)
        made = MAKERS[kind](new, parent)
        rows, address = owner.setdefault(kind, []), f"{parent}.{kind}"
    else:
        made = MAKERS[kind](new, parent)
        rows, address = new.setdefault(kind, []), kind
    rows.append(made)
    return new, f"{address}.{len(rows) - 1}"


def _name_the_only_panel(module):
    """Among several panels each has a key, and every criterion says whose it is."""
    if module.get("entry", "sheets") != "sheets":
        raise Missing("There is no such place in the plan.")
    if module.get("panels"):
        return
    only = module.pop("panel", {"judges": 3})
    module["panels"] = [{"key": "panel_1", "name": "第一评分组", "name_en": "First panel", **only}]
    for criterion in module.get("criteria", ()):
        criterion["panel"] = "panel_1"


def _taken(document, kind):
    return {row["key"] for row in document.get(kind, [])}


def _free_key(stem, taken):
    number = 1
    while f"{stem}{number}" in taken:
        number += 1
    return f"{stem}{number}"


def _new_stage(document, _parent):
    return {"key": _free_key("stage_", _taken(document, "stages")), "name": "新赛段",
            "name_en": "New stage"}


def _new_part(document, parent):
    owner = get_node(document, parent)
    field = "stage" if kind_of(parent) == "stages" else "within"
    made = {"key": _free_key("part_", _taken(document, "parts")), field: owner["key"],
            "name": "新部分", "name_en": "New part"}
    return {**made, **_weight_in(document, owner, field)}


def _new_module(document, parent):
    owner = get_node(document, parent)
    made = {"key": _free_key("module_", _taken(document, "modules")), "part": owner["key"],
            "name": "新模块", "name_en": "New module", "max": "100", "entry": "scores",
            "kind": "theory"}
    return {**made, **_weight_in(document, owner, "part")}


def _weight_in(document, owner, field):
    """The weight that is left for a newcomer; none where points are added up."""
    if owner.get("combine", "weights") != "weights":
        return {}
    fields = ("stage",) if field == "stage" else ("within", "part")
    beside = [row for kind in ("parts", "modules") for row in document.get(kind, [])
              if owner["key"] in [row.get(each) for each in fields]]
    rest = HUNDRED - sum(units_of_text(row.get("weight", "0")) for row in beside)
    return {"weight": text_of(rest) if rest > 0 else "10"}


def _new_panel(document, parent):
    taken = {row["key"] for row in get_node(document, parent)["panels"]}
    if len(taken) >= 9:
        raise Conflict("A module can have at most 9 panels.")
    return {"key": _free_key("panel_", taken), "name": "新评分组", "name_en": "New panel",
            "judges": 3}


def _new_criterion(document, parent):
    module = get_node(document, parent)
    taken = {row["key"] for row in module.get("criteria", ())}
    free = [letter for letter in "ABCDEFGHIJKLMNOPQRSTUVWXYZ" if letter not in taken]
    if not free:
        raise Conflict("A sheet can have at most 26 criteria.")
    made = {"key": free[0], "name": "新评分项", "name_en": "New criterion", "aspects": []}
    if module.get("panels"):
        made["panel"] = module["panels"][-1]["key"]
    return made


def _new_aspect(document, parent):
    module = get_node(document, ".".join(parent.split(".")[:2]))
    aspects = [a for c in module["criteria"] for a in c["aspects"]]
    rest = units_of_text(module["max"]) - sum(units_of_text(a["max"]) for a in aspects)
    key = _free_key(get_node(document, parent)["key"], {a["key"] for a in aspects})
    top = text_of(rest) if rest > 0 else "10"
    return {"key": key, "name": "新评分点", "name_en": "New aspect", **blank_aspect("points", top)}


def _new_award(document, _parent):
    return {"key": _free_key("award_", _taken(document, "awards")), "name": "新奖项",
            "name_en": "New award", "to": "entrant", "rule": "count", "count": 1}


MAKERS = {
    "stages": _new_stage, "parts": _new_part, "modules": _new_module, "panels": _new_panel,
    "criteria": _new_criterion, "aspects": _new_aspect, "awards": _new_award,
}


def units_of_text(text):
    """Units in a decimal text of a canonical document."""
    return units_of(Decimal(text))


def blank_aspect(kind, top):
    """The fields of a new aspect of this kind that is worth `top` points (text)."""
    return {"kind": kind, **({} if kind == "rank" else {"max": top}), **BLANK_ASPECTS[kind](top)}


BLANK_ASPECTS = {
    "points": lambda top: {"step": "1"},
    "deductions": lambda top: {
        "reasons": [{"name": "操作不规范", "name_en": "Not by the rule", "points": "1", "most": 5}],
    },
    "checklist": lambda top: {"items": [{"name": "已完成", "name_en": "Done", "points": top}]},
    "judgement": lambda top: {
        "levels": [
            {"name": "未达到要求", "name_en": "Below the standard"},
            {"name": "达到要求", "name_en": "Meets the standard"},
            {"name": "优于要求", "name_en": "Better than the standard"},
            {"name": "优秀", "name_en": "Excellent"},
        ],
    },
    "measured": lambda top: {
        "unit": "秒", "unit_en": "s", "lowest": "0", "highest": "600",
        "table": [{"upto": "60", "points": top}],
    },
    "grade": lambda top: {
        "grades": [
            {"key": "A", "name": "优秀", "name_en": "Excellent", "points": top},
            {"key": "B", "name": "合格", "name_en": "Pass",
             "points": text_of(units_of_text(top) * 6 // 10)},
            {"key": "C", "name": "不合格", "name_en": "Fail", "points": "0"},
        ],
    },
    "rank": lambda top: {},
}


def blank_award(rule):
    """The fields of an award that belong to this rule."""
    return {
        "ratio": {"ratio": "10"}, "count": {"count": 1}, "threshold": {"least": "60"},
        "top": {"first": 1, "last": 1}, "vote": {"count": 1},
    }[rule]
