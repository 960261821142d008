"""Which boxes the form of a node has: the usual ones first, the others behind a line that opens."""

from contest.i18n import N_
from contest.setup import plan_tree
from contest.setup.form_boxes import Box, Section, box, rows
from contest.setup.plan_words import CHOICES, FIELD_NAMES
from contest.setup.rare_sections import (
    advance_rules,
    attempts,
    difference,
    limits,
    module_rules,
    panel_rules,
    share_rules,
    who_may_take,
)

FORMULA_HINT = N_(
    "points = start + rate × (value − from) / per, never below 0 or above the top mark."
)
POWER_HINT = N_(
    "points = factor × difference to the power of the exponent, cut to whole points; the difference "
    "is value − from, or from − value where less is better."
)


def sections_of(document, address):
    """The sections of a node's form. What a field is set to is shown even where it has no use."""
    kind = plan_tree.kind_of(address)
    node = plan_tree.get_node(document, address)
    return tuple(MAKERS[kind](document, address, node))


def _boxes(kind, *names):
    return tuple(box(kind, name) for name in names)


def _names(kind, *, key=True):
    made = (box(kind, "name", required=True), box(kind, "name_en"))
    if not key:
        return made
    return (*made, box(kind, "key", required=True, hint=N_("What rules and files call it.")))


def _plan(document, address, node):
    names = ("scenario", "summary", "summary_en")
    return [Section((*_names("plan", key=False), *_boxes("plan", *names)))]


def _rounding(document, address, node):
    yield Section((
        box("rounding", "places", required=True), box("rounding", "mode"),
        box("rounding", "steps", hint=N_("A step that is not ticked keeps the exact value.")),
        box("rounding", "compare"),
    ))
    yield Section(
        title=N_("Steps with their own rounding"), is_rare=True,
        hint=N_("A step may have fewer decimals than the plan, or another way of rounding."),
        rows=(rows("rounding", "own", ("step", "places", "mode"), step="step"),),
    )


def _penalties(document, address, node):
    yield Section((
        box("penalties", "order", hint=N_("The limit is the “never above” of a module, part or "
                                          "stage.")),
        box("penalties", "percent", hint=N_("Of the value they come off; else they are points.")),
    ))


def _ranking(document, address, node):
    yield Section((
        box("ranking", "shared",
            hint=N_("1-2-2-4; else the chief judge rules on what is left tied.")),
        box("ranking", "by_group"),
    ))
    yield Section(
        title=N_("Ties are broken by, in this order"),
        boxes=tuple(_tie(f"ties-{i}") for i in range(len(node.get("ties", ())) + 2)),
    )
    yield Section(
        title=N_("Other ways of ranking"), is_rare=True,
        boxes=(
            box("ranking", "order", hint=N_("Where the lower is better there are no pass marks.")),
            box("ranking", "dense", hint=N_("1-2-2-3 instead of 1-2-2-4.")),
            box("ranking", "passed_only", hint=N_("Who misses a pass mark is listed without a "
                                                  "place.")),
        ),
    )


def _tie(name, **more):
    words = FIELD_NAMES.get(name, N_("Key"))
    return Box(name, "tie", words, CHOICES["order"], options="tie", **more)


def _teams(document, address, node):
    yield Section((
        box("teams", "method", blank=N_("No teams")),
        box("teams", "size", hint=N_("For the mean: by how many it is divided.")),
        box("teams", "best", when="method-best"),
        box("teams", "place_points", when="method-places",
            hint=N_("For the first place, the second, …: 10, 8, 6, 5")),
    ))


def _organisations(document, address, node):
    yield Section((box("organisations", "order", blank=N_("No table of the organisations")),))
    yield Section(
        title=N_("What each award counts"),
        rows=(rows("organisations", "points", ("award", "points"), award="award"),),
    )


def _prizes(document, address, node):
    hint = N_("Who has an award is passed over by later ones, and the next moves up; titles aside.")
    yield Section((box("prizes", "one_each", hint=hint),))


def _stages(document, address, node):
    index, count = int(address.split(".")[1]), len(document["stages"])
    boxes = [*_names("stages"), box("stages", "combine")]
    if index or "carry_percent" in node:
        boxes.append(box("stages", "carry_percent", hint=N_(
            "Share of the result of the stage before in this stage's result.")))
    lets_on = index < count - 1 or any(key.startswith("advance") for key in node)
    if lets_on:
        boxes.append(box("stages", "advance", hint=N_("To the next stage; empty for all.")))
    yield Section(tuple(boxes))
    if lets_on:
        yield advance_rules(_tie)
    yield limits("stages", *_boxes("stages", "base", "pass_mark", "lowest", "cap", "scale"))


def _parts(document, address, node):
    combine = box("parts", "combine", hint=N_("How what stands in it becomes its mark."))
    place = Box("place", "pick", FIELD_NAMES["place"], options="place", blank="–")
    boxes = [*_names("parts"), place]
    if _is_weighed(document, node) or node.get("weight") or node.get("to") == "team":
        boxes.append(box("parts", "weight", required=True))
    boxes += [combine, box("parts", "best", when="combine-best"),
              box("parts", "pass_mark", hint=N_("May be empty."))]
    yield Section(tuple(boxes))
    further = _boxes("parts", "lowest", "cap")
    if "teams" in document or node.get("to") == "team":
        further += (box("parts", "to", hint=N_(
            "A part for the team is marked on one member and counts in nobody's own result.")),)
    yield limits("parts", *further)


def _is_weighed(document, node):
    """True where a part's or module's weight counts in what it stands in."""
    stage = next((s for s in document["stages"] if s["key"] == node.get("stage")), {})
    inside = node.get("within") or node.get("part")
    part = next((p for p in document["parts"] if p["key"] == inside), {})
    return (part or stage).get("combine", "weights") == "weights"


def _modules(document, address, node):
    boxes = [*_names("modules"), box("modules", "part", kind="pick", options="part")]
    if _is_weighed(document, node) or node.get("weight"):
        boxes.append(box("modules", "weight", required=True))
    boxes += [
        box("modules", "max", required=True), box("modules", "kind"), box("modules", "entry"),
        box("modules", "blind", hint=N_("Judges see the code only."), when="entry-sheets"),
        box("modules", "speciality", when="entry-sheets"),
    ]
    yield Section(tuple(boxes))
    if not node.get("panels"):
        yield Section(panel_boxes("modules", "panel-"), title=N_("Panel"), when="entry-sheets")
        yield panel_rules("modules", "panel-", when="entry-sheets")
    yield from module_rules()


def panel_boxes(kind, prefix=""):
    """The boxes of a panel that every contest looks at."""
    return (
        box(kind, f"{prefix}judges"), box(kind, f"{prefix}level"), box(kind, f"{prefix}method"),
        box(kind, f"{prefix}drop_high"), box(kind, f"{prefix}drop_low"),
        box(kind, f"{prefix}spread",
            hint=N_("Totals further apart are shown as “far apart”; they are never changed.")),
    )


def _panels(document, address, node):
    yield Section((*_names("panels"), *panel_boxes("panels")))
    yield panel_rules("panels")


def _criteria(document, address, node):
    boxes = _names("criteria")
    module = plan_tree.get_node(document, ".".join(address.split(".")[:2]))
    if module.get("panels") or node.get("panel"):
        boxes += (box("criteria", "panel", kind="pick", options="panel", blank="–"),)
    yield Section(boxes)


def _aspects(document, address, node):
    kind = node["kind"]
    boxes = [*_names("aspects")]
    if kind == "checklist":
        boxes.append(box("aspects", "max", hint=N_("Empty: the sum of its lines.")))
    elif kind != "rank" or node.get("max", "1") != "1":
        boxes.append(box("aspects", "max", required=True))
    if kind == "points":
        boxes.append(box("aspects", "step", required=True))
    if kind == "measured":
        boxes += [*_boxes("aspects", "unit", "unit_en", "places", "lowest"),
                  box("aspects", "highest", required=True),
                  Box("way", "choice", FIELD_NAMES["way"], CHOICES["way"])]
    yield Section(tuple(boxes))
    if kind in ASPECT_ROWS:
        yield Section(rows=(rows("aspects", *ASPECT_ROWS[kind]),))
    if kind == "measured":
        yield from _ways()
    if kind in ("points", "measured"):
        yield attempts()
        yield difference(kind)
    if kind == "measured":
        yield Section(
            _boxes("aspects", "record"), title=N_("Record"), is_rare=True,
            hint=N_("Its best valid value may be compared for a record; no mark counts by it."),
        )
    if kind != "rank":
        further = _boxes("aspects", "clamp") if kind == "measured" else ()
        yield Section(
            (*further, box("aspects", "key_item")), title=N_("Key item"), is_rare=True,
            hint=N_("What is lost with it when it earns nothing."),
        )


ASPECT_ROWS = {
    "deductions": ("reasons", ("name", "name_en", "points", "most", "loses")),
    "checklist": ("items", ("name", "name_en", "points")),
    "judgement": ("levels", ("name", "name_en"), 4),
    "grade": ("grades", ("key", "name", "name_en", "points")),
}


def _ways():
    """A measured value earns points by one of these."""
    yield Section(
        title=N_("Table of points"), when="way-table",
        rows=(rows("aspects", "table", ("upto", "points")),), boxes=_boxes("aspects", "beyond"),
    )
    formula = ("start", "from", "points", "per", "whole")
    yield Section(
        _boxes("aspects", *(f"formula-{key}" for key in formula)), title=N_("Formula for points"),
        hint=FORMULA_HINT, when="way-formula",
    )
    power = ("scale", "from", "exponent", "better")
    yield Section(
        _boxes("aspects", *(f"power-{key}" for key in power)),
        title=N_("Power formula for points"), hint=POWER_HINT, when="way-power",
    )


def _awards(document, address, node):
    rule = node["rule"]
    boxes = [*_names("awards"), box("awards", "to"), *_rule_boxes(rule)]
    is_single = node.get("to") == "entrant"
    if rule != "vote" and (is_single or node.get("passed")):
        boxes.append(box("awards", "passed"))
    yield Section((*boxes, *_boxes("awards", "title", "level", "note", "note_en")))
    if rule == "ratio":
        yield share_rules()
    if rule != "vote":
        yield from who_may_take(document, address, node, is_single)


def _rule_boxes(rule):
    return {
        "ratio": _boxes("awards", "ratio", "of", "rounding", "border"),
        "count": (box("awards", "count", required=True), box("awards", "border")),
        "threshold": (
            box("awards", "least", required=True),
            Box("looks", "pick", FIELD_NAMES["looks"], options="looks"),
        ),
        "top": (box("awards", "first"), box("awards", "last", required=True),
                box("awards", "border")),
        "vote": (box("awards", "count", required=True),),
    }[rule]


MAKERS = {
    "plan": _plan, "rounding": _rounding, "penalties": _penalties, "ranking": _ranking,
    "teams": _teams, "organisations": _organisations, "prizes": _prizes, "stages": _stages,
    "parts": _parts, "modules": _modules, "panels": _panels, "criteria": _criteria,
    "aspects": _aspects, "awards": _awards,
}
