"""The plan as a tree of nodes that can be found, moved, renamed and removed one by one.

A node's address is the way to it in the plan document: "modules.2.criteria.0.aspects.1", "ranking",
or "plan" for the plan's own name. Documents are never changed in place: each act returns a new one.
"""

import copy
import re

from contest.errors import Conflict, Invalid, Missing

TOP_NODES = (
    "plan", "rounding", "penalties", "ranking", "teams", "organisations", "prizes",
)
LIST_NODE = re.compile(
    r"(?:(?:stages|parts|awards)\.[0-9]{1,3}|modules\.[0-9]{1,3}"
    r"(?:\.panels\.[0-9]|\.criteria\.[0-9]{1,2}(?:\.aspects\.[0-9]{1,2})?)?)"
)
# What a present but empty table of the plan means; absent, there is none.
PRESENT = {"teams": {"method": "sum"}, "organisations": {"order": "points"}}
# Parts hang on a stage or a part, and modules on a part, by naming its key.
OWNERS = {"parts": ("stage", "within"), "modules": ("part",)}


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
        usual = PRESENT.get(address, {}) if address in document else {}
        return {**usual, **document.get(address, {})}
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
    if kind_of(address) in ("parts", "stages"):
        _drop_weights(new, kind_of(address), node)
    return new


def _drop_weights(document, kind, owner):
    """Where points are added up nothing has a weight, and a form shows none to take away."""
    if owner.get("combine", "weights") == "weights":
        return
    inside = _inside(document, kind, owner["key"])
    for row in (row for rows in inside.values() for row in rows):
        if row.get("to") != "team":
            row.pop("weight", None)


def _inside(document, kind, key):
    """The parts and modules that stand in a stage or part itself, {"parts": […], "modules": […]}."""
    field = "stage" if kind == "stages" else "within"
    return {
        "parts": [row for row in document.get("parts", ()) if row.get(field) == key],
        "modules": [row for row in document.get("modules", ())
                    if kind == "parts" and row["part"] == key],
    }


def _check_key_is_free(document, address, key):
    if key in _keys_beside(document, address):
        raise Invalid(
            "The key %(key)s is used already.", key=key,
            fields={"key": Invalid("The key %(key)s is used already.", key=key)},
        )


def _keys_beside(document, address):
    if kind_of(address) == "modules":  # penalties name a module or a stage by its key alone
        return {row["key"] for name in ("modules", "stages") for row in document[name]}
    if kind_of(address) == "aspects":  # unique in the whole module
        module = document["modules"][int(address.split(".")[1])]
        return {a["key"] for c in module.get("criteria", []) for a in c.get("aspects", [])}
    return {row["key"] for row in _siblings(document, address)[0]}


def _rename(document, address, old, new):
    """Let everything that names a key name the new one."""
    kind = kind_of(address)
    way = address.split(".")
    module = document["modules"][int(way[1])] if way[0] == "modules" else {}
    if kind == "panels":
        _replace(module.get("criteria", ()), "panel", old, new)
    if kind == "stages":
        _replace(document.get("parts", ()), "stage", old, new)
    if kind == "parts":
        _replace(document.get("parts", ()), "within", old, new)
        _replace(document.get("modules", ()), "part", old, new)
        _replace(document.get("awards", ()), "part", old, new)
    if kind == "modules":
        _replace(document.get("awards", ()), "module", old, new)
    if kind == "awards":
        _replace(document.get("organisations", {}).get("points", ()), "award", old, new)
        for award in document.get("awards", ()):
            _replace_in(award, "unless", old, new)
    for tie in _ties(document):
        _rename_in_tie(tie, kind, module.get("key"), old, new)


def _replace(rows, field, old, new):
    for row in rows:
        if row.get(field) == old:
            row[field] = new


def _replace_in(row, field, old, new):
    if field in row:
        row[field] = [new if each == old else each for each in row[field]]


def _ties(document):
    """Every tie key of the plan: those of the ranking, and those of who goes on."""
    yield from document.get("ranking", {}).get("ties", ())
    yield from (s["advance_by"] for s in document.get("stages", ()) if "advance_by" in s)


def _rename_in_tie(tie, kind, module, old, new):
    if kind == "aspects":
        if tie.get("module") == module and tie["key"] == old:
            tie["key"] = new
        return
    if tie["by"] + "s" == kind:
        _replace([tie], "key", old, new)
    if kind == "modules":
        _replace([tie], "module", old, new)
        _replace_in(tie, "keys", old, new)


def without_node(document, address):
    """The document without a node and whatever hangs on it alone, ties and awards included."""
    if address in TOP_NODES:
        raise Conflict("This place of the plan cannot be removed.")
    new = copy.deepcopy(document)
    siblings, index = _siblings(new, address)
    kind, gone = kind_of(address), siblings.pop(index)
    if kind == "panels":
        _leave_one_panel(new["modules"][int(address.split(".")[1])], gone["key"])
    if kind in ("stages", "parts"):
        _drop_inside(new, kind, gone["key"])
    if kind in ("stages", "parts", "modules"):
        _drop_from_awards(new)
    if kind == "awards":
        _drop_award(new, gone["key"])
    _drop_ties(new)
    return new


def _leave_one_panel(module, gone):
    """The panel that is left alone needs no key, and marks everything."""
    for criterion in module.get("criteria", ()):
        if criterion.get("panel") == gone:
            del criterion["panel"]
    if len(module["panels"]) > 1:
        return
    for panel in module.pop("panels"):
        module["panel"] = {k: v for k, v in panel.items() if k not in ("key", "name", "name_en")}
    for criterion in module.get("criteria", ()):
        criterion.pop("panel", None)


def _drop_inside(document, kind, key):
    inside = _inside(document, kind, key)
    for part in inside["parts"]:
        document["parts"].remove(part)
        _drop_inside(document, "parts", part["key"])
    for module in inside["modules"]:
        document["modules"].remove(module)


def _drop_from_awards(document):
    for award in document.get("awards", ()):
        for field, name in (("part", "parts"), ("module", "modules")):
            if award.get(field) not in {row["key"] for row in document.get(name, ())}:
                award.pop(field, None)


def _drop_award(document, key):
    for award in document.get("awards", ()):
        left = [each for each in award.get("unless", ()) if each != key]
        award.pop("unless", None)
        if left:
            award["unless"] = left
    organisations = document.get("organisations", {})
    if "points" in organisations:
        organisations["points"] = [row for row in organisations["points"] if row["award"] != key]


def _drop_ties(document):
    ranking = document.get("ranking", {})
    if "ties" in ranking:
        ranking["ties"] = [tie for tie in ranking["ties"] if _tie_stands(document, tie)]
    for stage in document.get("stages", ()):
        if "advance_by" in stage and not _tie_stands(document, stage["advance_by"]):
            del stage["advance_by"], stage["advance_line"]


def _tie_stands(document, tie):
    modules = {row["key"]: row for row in document.get("modules", ())}
    if tie["by"] in ("part", "module", "stage"):
        return tie["key"] in {row["key"] for row in document.get(f"{tie['by']}s", ())}
    if tie["by"] == "sum":
        return set(tie["keys"]) <= set(modules)
    if tie["by"] in ("aspect", "attempt"):
        criteria = modules.get(tie["module"], {}).get("criteria", [])
        return tie["key"] in {a["key"] for c in criteria for a in c["aspects"]}
    return True


def with_moved(document, address, direction):
    """The document with a node one place up (-1) or down (1) among its own, and its new address."""
    new = copy.deepcopy(document)
    if address in TOP_NODES:
        raise Conflict("This place of the plan cannot be moved.")
    siblings, index = _siblings(new, address)
    owners = OWNERS.get(kind_of(address), ())
    here = [siblings[index].get(field) for field in owners]
    other = index + direction
    while 0 <= other < len(siblings) and [siblings[other].get(f) for f in owners] != here:
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
