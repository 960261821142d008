"""The plan as a tree of nodes that can be found, added to, moved, renamed and removed one by one.

A node's address is the way to it in the plan document: "modules.2.criteria.0.aspects.1", "ranking",
or "plan" for the plan's own name. Documents are never changed in place: each act returns a new one.
"""

import copy
import re
from dataclasses import dataclass
from decimal import Decimal

from contest.errors import Conflict, Invalid, Missing
from contest.i18n import N_
from contest.scoring.scheme import Problem
from contest.scoring.units import text_of, units_of

TOP_NODES = ("plan", "rounding", "ranking", "teams")
LIST_NODE = re.compile(
    r"(?:(?:stages|parts|awards)\.[0-9]{1,3}"
    r"|modules\.[0-9]{1,3}(?:\.criteria\.[0-9]{1,2}(?:\.aspects\.[0-9]{1,2})?)?)"
)
HUNDRED = 100 * 10_000
# Parts hang on a stage and modules on a part by naming its key.
OWNERS = {"parts": ("stages", "stage"), "modules": ("parts", "part")}


@dataclass(frozen=True)
class Branch:
    """A node as the tree shows it. sum: the weights or marks below it as text; is_off: wrong."""

    address: str
    kind: str
    key: str
    name: str
    name_en: str
    figure: str
    sum: str
    is_off: bool
    problems: tuple[Problem, ...]
    branches: tuple["Branch", ...]

    @property
    def is_troubled(self):
        """True when this node or one below it has a problem."""
        return bool(self.problems) or any(branch.is_troubled for branch in self.branches)


def kind_of(address):
    """The kind of node an address names: plan, rounding, stages, aspects, …; Missing for others."""
    if address in TOP_NODES:
        return address
    if LIST_NODE.fullmatch(address):
        return re.findall(r"[a-z]+", address)[-1]
    raise Missing("There is no such place in the plan.")


def get_node(document, address):
    """The node at an address (an empty one when the plan says nothing there yet), or Missing."""
    kind_of(address)
    if address == "plan":
        return document
    if address in TOP_NODES:
        return document.get(address, {})
    siblings, index = _siblings(document, address)
    return siblings[index]


def _siblings(document, address):
    if not LIST_NODE.fullmatch(address):
        # An address that was typed by hand, or the whole plan, which has nothing beside it.
        raise Missing("There is no such place in the plan.")
    steps = address.split(".")
    place = document
    for step in steps[:-1]:
        place = place.get(step, []) if isinstance(place, dict) else _item(place, int(step))
    _item(place, int(steps[-1]))
    return place, int(steps[-1])


def _item(things, index):
    if index >= len(things):
        raise Missing("There is no such place in the plan.")
    return things[index]


def with_node(document, address, node):
    """The document with another node at an address; whatever names its key follows a new key."""
    new = copy.deepcopy(document)
    old = get_node(document, address)
    if address == "plan":
        return {**new, **node}
    if address in TOP_NODES:
        if not node:
            new.pop(address, None)
            return new
        new[address] = node
        return new
    siblings, index = _siblings(new, address)
    if node["key"] != old["key"]:
        _check_key_is_free(new, address, node["key"])
        _rename(new, address, old["key"], node["key"])
        siblings, index = _siblings(new, address)
    siblings[index] = node
    return new


def _check_key_is_free(document, address, key):
    if key in _keys_beside(document, address):
        raise Invalid(
            "The key %(key)s is used already.", key=key,
            fields={"key": Invalid("The key %(key)s is used already.", key=key)},
        )


def _keys_beside(document, address):
    if kind_of(address) == "aspects":  # unique in the whole module
        module = document["modules"][int(address.split(".")[1])]
        return {a["key"] for c in module.get("criteria", []) for a in c.get("aspects", [])}
    return {row["key"] for row in _siblings(document, address)[0]}


def _rename(document, address, old, new):
    kind = kind_of(address)
    for child, (owner, field) in OWNERS.items():
        if owner == kind:
            for row in document.get(child, []):
                if row[field] == old:
                    row[field] = new
    ties = document.get("ranking", {}).get("ties", [])
    for tie in ties:
        if kind == "aspects":
            module = document["modules"][int(address.split(".")[1])]["key"]
            if tie["by"] == "aspect" and tie["module"] == module and tie["key"] == old:
                tie["key"] = new
        elif kind in ("parts", "modules") and tie["by"] + "s" == kind and tie["key"] == old:
            tie["key"] = new
        elif kind == "modules" and tie.get("module") == old:
            tie["module"] = new
    if kind == "parts":
        for award in document.get("awards", []):
            if award.get("part") == old:
                award["part"] = new


def with_added(document, kind, parent=""):
    """The document with a new node of this kind (below the node `parent`), and its address."""
    owner = next((owner for owner, child in CHILD_KINDS.items() if child == kind), None)
    if owner is not None and kind_of(parent) != owner:
        raise Missing("There is no such place in the plan.")
    new = copy.deepcopy(document)
    if kind == "criteria":
        rows = get_node(new, parent).setdefault("criteria", [])
        address = f"{parent}.criteria.{len(rows)}"
    elif kind == "aspects":
        rows = get_node(new, parent).setdefault("aspects", [])
        address = f"{parent}.aspects.{len(rows)}"
    elif kind in ("stages", "parts", "modules", "awards"):
        rows = new.setdefault(kind, [])
        address = f"{kind}.{len(rows)}"
    else:
        raise Missing("There is no such place in the plan.")
    rows.append(MAKERS[kind](new, parent))
    return new, address


def _free_key(stem, taken):
    number = 1
    while f"{stem}{number}" in taken:
        number += 1
    return f"{stem}{number}"


def _new_stage(document, _parent):
    taken = {row["key"] for row in document.get("stages", [])}
    return {"key": _free_key("stage_", taken), "name": "新赛段", "name_en": "New stage"}


def _new_part(document, parent):
    stage = get_node(document, parent)["key"]
    taken = {row["key"] for row in document.get("parts", [])}
    rest = _rest(row["weight"] for row in document.get("parts", []) if row["stage"] == stage)
    return {"key": _free_key("part_", taken), "stage": stage, "name": "新部分",
            "name_en": "New part", "weight": rest}


def _new_module(document, parent):
    part = get_node(document, parent)["key"]
    taken = {row["key"] for row in document.get("modules", [])}
    rest = _rest(row["weight"] for row in document.get("modules", []) if row["part"] == part)
    return {"key": _free_key("module_", taken), "part": part, "name": "新模块",
            "name_en": "New module", "weight": rest, "max": "100", "entry": "scores",
            "kind": "theory"}


def _new_criterion(document, parent):
    taken = {row["key"] for row in get_node(document, parent)["criteria"]}
    free = [letter for letter in "ABCDEFGHIJKLMNOPQRSTUVWXYZ" if letter not in taken]
    if not free:
        raise Conflict("A sheet can have at most 26 criteria.")
    return {"key": free[0], "name": "新评分项", "name_en": "New criterion", "aspects": []}


def _new_aspect(document, parent):
    module = get_node(document, ".".join(parent.split(".")[:2]))
    taken = {a["key"] for c in module["criteria"] for a in c["aspects"]}
    rest = units_of_text(module["max"]) - sum(
        units_of_text(a["max"]) for c in module["criteria"] for a in c["aspects"]
    )
    stem = get_node(document, parent)["key"]
    top = text_of(rest) if rest > 0 else "10"
    return {"key": _free_key(stem, taken), "name": "新评分点", "name_en": "New aspect",
            **blank_aspect("points", top)}


def _new_award(document, _parent):
    taken = {row["key"] for row in document.get("awards", [])}
    return {"key": _free_key("award_", taken), "name": "新奖项", "name_en": "New award",
            "to": "entrant", "rule": "count", "count": 1}


MAKERS = {
    "stages": _new_stage, "parts": _new_part, "modules": _new_module,
    "criteria": _new_criterion, "aspects": _new_aspect, "awards": _new_award,
}


def units_of_text(text):
    """Units in a decimal text of a canonical document."""
    return units_of(Decimal(text))


def _rest(weights):
    rest = HUNDRED - sum(units_of_text(weight) for weight in weights)
    return text_of(rest) if rest > 0 else "10"


def blank_aspect(kind, top):
    """The fields of a new aspect of this kind that is worth `top` points (text)."""
    return {
        "points": {"kind": "points", "max": top, "step": "1"},
        "deductions": {
            "kind": "deductions", "max": top,
            "reasons": [{"name": "操作不规范", "name_en": "Not by the rule", "points": "1",
                         "most": 5}],
        },
        "checklist": {
            "kind": "checklist", "max": top,
            "items": [{"name": "已完成", "name_en": "Done", "points": top}],
        },
        "judgement": {
            "kind": "judgement", "max": top,
            "levels": [
                {"name": "未达到要求", "name_en": "Below the standard"},
                {"name": "达到要求", "name_en": "Meets the standard"},
                {"name": "优于要求", "name_en": "Better than the standard"},
                {"name": "优秀", "name_en": "Excellent"},
            ],
        },
        "measured": {
            "kind": "measured", "max": top, "unit": "秒", "unit_en": "s", "lowest": "0",
            "highest": "600", "table": [{"upto": "60", "points": top}],
        },
    }[kind]


def blank_award(rule):
    """The fields of an award that belong to this rule."""
    return {
        "ratio": {"ratio": "10"}, "count": {"count": 1}, "threshold": {"least": "60"},
        "top": {"first": 1, "last": 1}, "vote": {"count": 1},
    }[rule]


def without_node(document, address):
    """The document without a node and whatever hangs on it alone, ties included."""
    if address in TOP_NODES:
        raise Conflict("This place of the plan cannot be removed.")
    new = copy.deepcopy(document)
    siblings, index = _siblings(new, address)
    kind, gone = kind_of(address), siblings.pop(index)
    if kind == "stages":
        new["parts"] = [row for row in new.get("parts", []) if row["stage"] != gone["key"]]
    if kind in ("stages", "parts"):
        parts = {row["key"] for row in new.get("parts", [])}
        new["modules"] = [row for row in new.get("modules", []) if row["part"] in parts]
        for award in new.get("awards", []):
            if award.get("part", "") not in parts:
                award.pop("part", None)
    if "ties" in new.get("ranking", {}):
        new["ranking"]["ties"] = [tie for tie in new["ranking"]["ties"] if _tie_stands(new, tie)]
    return new


def _tie_stands(document, tie):
    modules = {row["key"]: row for row in document.get("modules", [])}
    if tie["by"] == "part":
        return tie["key"] in {row["key"] for row in document.get("parts", [])}
    if tie["by"] == "module":
        return tie["key"] in modules
    if tie["by"] == "aspect":
        criteria = modules.get(tie["module"], {}).get("criteria", [])
        return tie["key"] in {a["key"] for c in criteria for a in c["aspects"]}
    return True


def with_moved(document, address, direction):
    """The document with a node one place up (-1) or down (1) among its own, and its new address."""
    new = copy.deepcopy(document)
    if address in TOP_NODES:
        raise Conflict("This place of the plan cannot be moved.")
    siblings, index = _siblings(new, address)
    field = OWNERS.get(kind_of(address), ("", ""))[1]
    other = index + direction
    while 0 <= other < len(siblings) and field and siblings[other][field] != siblings[index][field]:
        other += direction
    if not 0 <= other < len(siblings):
        return new, address
    siblings[index], siblings[other] = siblings[other], siblings[index]
    return new, f"{address.rsplit('.', 1)[0]}.{other}"


def address_of(path):
    """The address of the node that a problem's path points into.

    >>> address_of("modules[2].criteria[0].aspects[1].max"), address_of("teams.best")
    ('modules.2.criteria.0.aspects.1', 'teams')
    """
    dotted = re.sub(r"\[(\d+)\]", r".\1", path)
    found = LIST_NODE.match(dotted)
    if found:
        return found.group()
    top = dotted.split(".")[0]
    return top if top in TOP_NODES else "plan"


def tree_of(plan, problems):
    """The whole plan as branches, each with its own problems; stages hold parts, parts modules."""
    by_address = {}
    for problem in problems:
        by_address.setdefault(address_of(problem.path), []).append(problem)

    def branch(address, kind, thing, *, figure="", total=None, wanted=None, branches=()):
        return Branch(
            address, kind, getattr(thing, "key", ""), getattr(thing, "name", ""),
            getattr(thing, "name_en", ""), figure, "" if total is None else text_of(total),
            total is not None and total != wanted, tuple(by_address.get(address, ())),
            tuple(branches),
        )

    def module_branch(index, module):
        address = f"modules.{index}"
        criteria = [
            branch(
                f"{address}.criteria.{c}", "criteria", criterion, figure=text_of(criterion.max),
                branches=[
                    branch(f"{address}.criteria.{c}.aspects.{a}", "aspects", aspect,
                           figure=text_of(aspect.max))
                    for a, aspect in enumerate(criterion.aspects)
                ],
            )
            for c, criterion in enumerate(module.criteria)
        ]
        total = sum(aspect.max for aspect in module.aspects) if module.entry == "sheets" else None
        return branch(address, "modules", module, figure=f"{text_of(module.weight)} %",
                      total=total, wanted=module.max, branches=criteria)

    def part_branch(index, part):
        inside = [(i, m) for i, m in enumerate(plan.modules) if m.part == part.key]
        return branch(
            f"parts.{index}", "parts", part, figure=f"{text_of(part.weight)} %",
            total=sum(module.weight for _, module in inside), wanted=HUNDRED,
            branches=[module_branch(i, module) for i, module in inside],
        )

    def stage_branch(index, stage):
        inside = [(i, p) for i, p in enumerate(plan.parts) if p.stage == stage.key]
        return branch(
            f"stages.{index}", "stages", stage,
            total=sum(part.weight for _, part in inside), wanted=HUNDRED,
            branches=[part_branch(i, part) for i, part in inside],
        )

    return (
        branch("plan", "plan", plan),
        *(stage_branch(i, stage) for i, stage in enumerate(plan.stages)),
        *(branch(name, name, None) for name in ("ranking", "rounding", "teams")),
        *(branch(f"awards.{i}", "awards", award) for i, award in enumerate(plan.awards)),
    )


NEW_NODE_NAMES = {
    "stages": N_("Add a stage"), "parts": N_("Add a part"), "modules": N_("Add a module"),
    "criteria": N_("Add a criterion"), "aspects": N_("Add an aspect"), "awards": N_("Add an award"),
}
CHILD_KINDS = {
    "stages": "parts", "parts": "modules", "modules": "criteria", "criteria": "aspects",
}
