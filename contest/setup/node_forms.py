"""The form of each node of a plan: its boxes, how they are read, and what is refused."""

from dataclasses import dataclass

from contest.errors import Invalid
from contest.i18n import N_
from contest.scoring import scheme_tables as reading
from contest.scoring.scheme_fields import BAD
from contest.setup.plan_changes import FIELD_NAMES

CHOICES = {
    "mode": {"half_up": N_("Half up (9.125 becomes 9.13)"),
             "half_even": N_("Half to even (9.125 becomes 9.12)"), "down": N_("Always down")},
    "compare": {"rounded": N_("the rounded total, as printed"), "exact": N_("the exact total")},
    "steps": {"sheet": N_("each judge's sheet"), "module": N_("the module"),
              "part": N_("the part"), "stage": N_("the stage"), "team": N_("the team")},
    "method": {"mean": N_("Mean"), "sum": N_("Sum"), "median": N_("Median (the middle one)")},
    "team_method": {"sum": N_("Sum of the members"), "mean": N_("Mean of the members"),
                    "best": N_("Sum of the best members")},
    "panel_level": {"sheet": N_("the judges' totals"), "aspect": N_("each aspect by itself")},
    "entry": {"sheets": N_("Judges mark on sheets"),
              "scores": N_("A score comes in (file or clerk)")},
    "module_kind": {"theory": N_("Theory"), "practical": N_("Practical"), "work": N_("Work"),
                    "quiz": N_("Quiz")},
    "kind": {"points": N_("Points with a step"), "deductions": N_("Deductions from full marks"),
             "checklist": N_("Yes/no checklist"), "judgement": N_("Judgement from 0 to 3"),
             "measured": N_("Measured value")},
    "to": {"entrant": N_("Contestant"), "team": N_("Team"), "organisation": N_("Organisation")},
    "rule": {"ratio": N_("A share of the entrants"), "count": N_("A fixed number"),
             "threshold": N_("Everyone above a mark"), "top": N_("From one place to another"),
             "vote": N_("By vote of the committee")},
    "of": {"competed": N_("those who competed"), "registered": N_("those who registered")},
    "award_rounding": {"half_up": N_("Half up"), "up": N_("Up"), "down": N_("Down")},
    "border": {"in": N_("All get it"), "out": N_("None gets it")},
    "order": {"high": N_("higher first"), "low": N_("lower first")},
}


@dataclass(frozen=True)
class Box:
    """One field of a form. kind: text, long, number, yes, choice, several, stage, part."""

    name: str
    kind: str = "text"
    choices: str = ""
    hint: str = ""
    required: bool = False
    label: str = ""
    blank: str = ""  # the words of an empty choice

    @property
    def words(self):
        """The label of the box."""
        return self.label or FIELD_NAMES[self.name.split("-")[-1]]


NAMES = (Box("name", required=True), Box("name_en"))
KEY = Box("key", hint=N_("What rules and files call it."), required=True)
PANEL = (
    Box("panel-judges", "number", required=True),
    Box("panel-level", "choice", "panel_level", label=N_("What is combined")),
    Box("panel-method", "choice", "method", label=N_("How it is combined")),
    Box("panel-drop_high", "number"), Box("panel-drop_low", "number"),
    Box("panel-spread", "number",
        hint=N_("Totals further apart are shown as odd; they are never changed.")),
)
FORMULA_HINT = N_(
    "points = start + rate × (value − from) / per, never below 0 or above the top mark."
)
BOXES = {
    "plan": (*NAMES, Box("scenario"), Box("summary", "long"), Box("summary_en", "long")),
    "rounding": (
        Box("places", "number", required=True), Box("mode", "choice", "mode"),
        Box("steps", "several", "steps",
            hint=N_("A step that is not ticked keeps the exact value.")),
        Box("compare", "choice", "compare"),
    ),
    "ranking": (
        Box("shared", "yes", hint=N_("1-2-2-4; else the chief judge rules on what is left tied.")),
        Box("by_group", "yes"),
    ),
    "teams": (
        Box("method", "choice", "team_method", blank=N_("No teams")),
        Box("best", "number", hint=N_("Only for the sum of the best members.")),
        Box("size", "number"),
    ),
    "stages": (
        *NAMES, KEY,
        Box("advance", "number", hint=N_("Equals on the line all go on.")),
        Box("carry_percent", "number",
            hint=N_("Share of the result of the stage before in this stage's result.")),
    ),
    "parts": (
        *NAMES, KEY, Box("stage", "stage"), Box("weight", "number", required=True),
        Box("pass_mark", "number", hint=N_("Out of 100; may be empty.")),
    ),
    "modules": (
        *NAMES, KEY, Box("part", "part"), Box("weight", "number", required=True),
        Box("max", "number", required=True), Box("kind", "choice", "module_kind"),
        Box("entry", "choice", "entry"), Box("blind", "yes", hint=N_("Judges see the code only.")),
        Box("speciality"),
    ),
    "criteria": (*NAMES, KEY),
    "aspects": (*NAMES, KEY, Box("max", "number", required=True)),
    "awards": (*NAMES, KEY, Box("to", "choice", "to")),
}
ASPECT_BOXES = {
    "points": (Box("step", "number", required=True),),
    "deductions": (), "checklist": (), "judgement": (),
    "measured": (
        Box("unit"), Box("unit_en"), Box("places", "number"),
        Box("lowest", "number"), Box("highest", "number", required=True),
        Box("beyond", "number"),
    ),
}
FORMULA = (
    Box("formula-start", "number", label=N_("Start")),
    Box("formula-from", "number", label=N_("From")),
    Box("formula-points", "number", label=N_("Rate")),
    Box("formula-per", "number", label=N_("Per")),
    Box("formula-whole", "yes", label=N_("Only whole steps count")),
)
AWARD_BOXES = {
    "ratio": (Box("ratio", "number", required=True), Box("of", "choice", "of"),
              Box("rounding", "choice", "award_rounding"), Box("border", "choice", "border"),
              Box("passed", "yes")),
    "count": (Box("count", "number", required=True), Box("border", "choice", "border"),
              Box("passed", "yes")),
    "threshold": (Box("least", "number", required=True), Box("part", "part"),
                  Box("passed", "yes")),
    "top": (Box("first", "number"), Box("last", "number", required=True),
            Box("border", "choice", "border"), Box("passed", "yes")),
    "vote": (Box("count", "number", required=True),),
}
AWARD_TAIL = (Box("title", "yes"), Box("level"), Box("note", "long"), Box("note_en", "long"))
# Lists inside an aspect: rows of these columns.
ROWS = {
    "reasons": (("name", N_("Reason in Chinese")), ("name_en", N_("Reason in English")),
                ("points", N_("Points off")), ("most", N_("At most so often"))),
    "items": (("name", N_("Line in Chinese")), ("name_en", N_("Line in English")),
              ("points", N_("Points"))),
    "levels": (("name", N_("Description in Chinese")), ("name_en", N_("Description in English"))),
    "table": (("upto", N_("Up to and including")), ("points", N_("Points"))),
}
ROWS_OF_KIND = {"deductions": "reasons", "checklist": "items", "judgement": "levels",
                "measured": "table"}
SPARE_ROWS = 3
SPECS = {
    "plan": reading.PLAN, "rounding": reading.ROUNDING, "ranking": reading.RANKING,
    "teams": reading.TEAMS, "stages": reading.STAGE, "parts": reading.PART,
    "modules": reading.MODULE, "criteria": reading.CRITERION, "aspects": reading.ASPECT,
    "awards": reading.AWARD,
}


def boxes_of(kind, node):
    """The boxes of a node's form, in order."""
    if kind == "aspects":
        return BOXES[kind] + ASPECT_BOXES[node["kind"]]
    if kind == "awards":
        return BOXES[kind] + AWARD_BOXES[node["rule"]] + AWARD_TAIL
    return BOXES[kind]


def values_of(kind, node):
    """A node as the texts of its form: {"panel-judges": "7", "reasons-0-name": "…"}."""
    values = {}
    for key, value in node.items():
        if key == "ties":
            values |= {f"ties-{i}": tie_word(tie) for i, tie in enumerate(value)}
        elif isinstance(value, dict):
            values |= {f"{key}-{inner}": _text(v) for inner, v in value.items()}
        elif isinstance(value, list) and key in ROWS:
            for i, row in enumerate(value):
                usual = {"most": 1} if key == "reasons" else {}
                values |= {
                    f"{key}-{i}-{inner}": _text(v) for inner, v in {**usual, **row}.items()
                }
        elif isinstance(value, list) and key == "steps":
            values[key] = value
        elif not isinstance(value, list):
            values[key] = _text(value)
    return DEFAULTS.get(kind, {}) | values if node or kind != "teams" else values


DEFAULTS = {  # what a canonical document leaves out because it is the usual
    "rounding": {"places": "2", "mode": "half_up", "compare": "rounded",
                 "steps": ["module", "part", "stage", "team"]},
    "ranking": {"shared": "1"}, "teams": {"method": "sum"},
    "modules": {"entry": "sheets", "kind": "practical", "panel-level": "sheet",
                "panel-method": "mean"},
    "awards": {"of": "competed", "rounding": "half_up", "border": "in", "first": "1"},
    "aspects": {"step": "1", "lowest": "0", "places": "0"},
}


def _text(value):
    if isinstance(value, bool):
        return "1" if value else ""
    return str(value)


def tie_word(tie):
    """A tie key as one word of a select: "aspect:hydrant.A1:low"."""
    name = f"{tie['module']}.{tie['key']}" if tie.get("module") else tie.get("key", "")
    return f"{tie['by']}:{name}:{tie.get('order', 'high')}"


def _tie_from(word):
    by, name, order = (word.split(":") + ["", ""])[:3]
    tie = {"by": by, "order": order}
    if by == "aspect":
        tie["module"], _, tie["key"] = name.partition(".")
    elif by != "untrimmed":
        tie["key"] = name
    return tie


def read_node(kind, form, node):
    """The node that a form describes, canonical; Invalid with a reason for each bad box.

    form: dict of lists of texts. node: the node as it was; what the form does not show stays.
    """
    values = {key: value for key, value in node.items() if key in KEPT.get(kind, ())}
    for box in boxes_of(kind, node):
        _put(values, box.name, _typed(box, form))
    READERS.get(kind, lambda form, node, values: None)(form, node, values)
    if kind == "teams" and not values.get("method"):
        return {}
    return _canonical(kind, values)


KEPT = {
    "plan": ("format", "rounding", "ranking", "teams", "stages", "parts", "modules", "awards"),
    "modules": ("criteria",), "criteria": ("aspects",), "aspects": ("kind",), "awards": ("rule",),
}


def _typed(box, form):
    texts = [text.strip() for text in form.get(box.name, ())]
    if box.kind == "yes":
        return bool(texts)
    if box.kind == "several":
        return texts
    return texts[0] if texts else ""


def _put(values, name, value):
    if value == "":
        return
    group, _, inner = name.partition("-")
    if inner:
        values.setdefault(group, {})[inner] = value
    else:
        values[group] = value


def _read_module(form, node, values):
    if values.get("entry") == "scores":
        values.pop("criteria", None)
        return
    for box in PANEL:
        _put(values, box.name, _typed(box, form))
    values.setdefault("panel", {"judges": "3"})
    if not values.get("criteria"):
        values["criteria"] = [
            {"key": "A", "name": "评分项", "name_en": "Criterion", "aspects": [
                {"key": "A1", "name": "评分点", "name_en": "Aspect", "kind": "points",
                 "max": values.get("max", "100"), "step": "1"},
            ]}
        ]


def _read_aspect(form, node, values):
    rows = ROWS_OF_KIND.get(node["kind"])
    if rows:
        values[rows] = rows_in(rows, form)
    if node["kind"] == "measured":
        for box in FORMULA:
            _put(values, box.name, _typed(box, form))
        formula = values.get("formula", {})
        if not any(text for key, text in formula.items() if key != "whole"):
            values.pop("formula", None)
        if not values["table"]:
            values.pop("table")


def _read_ranking(form, node, values):
    words = [form.get(f"ties-{i}", [""])[0] for i in range(len(form))]
    values["ties"] = [_tie_from(word) for word in words if word]


def rows_in(name, form):
    """The rows of a list as typed, as dicts of what is not empty; blank rows are left out.

    The four levels of a judgement keep their places.
    """
    count = 0
    while any(f"{name}-{count}-{column}" in form for column, _ in ROWS[name]):
        count += 1
    rows = []
    for i in range(count):
        texts = {column: form.get(f"{name}-{i}-{column}", [""])[0].strip()
                 for column, _ in ROWS[name]}
        row = {column: text for column, text in texts.items() if text}
        if row or name == "levels":
            rows.append(row)
    return rows


def typed_values(kind, form, node):
    """What was typed, as the texts of the form, for showing it again with its refusals."""
    values = {name: texts if name == "steps" else texts[0].strip()
              for name, texts in form.items() if texts}
    rows = ROWS_OF_KIND.get(node.get("kind", "")) if kind == "aspects" else None
    if rows:
        values = {name: text for name, text in values.items() if not name.startswith(f"{rows}-")}
        for i, row in enumerate(rows_in(rows, form)):
            values |= {f"{rows}-{i}-{column}": text for column, text in row.items()}
    return values


READERS = {"modules": _read_module, "aspects": _read_aspect, "ranking": _read_ranking}


def _canonical(kind, values):
    problems = []
    spec = SPECS[kind]
    thing = spec.read("", values, problems)
    if problems or thing is BAD:
        fields = {}
        for problem in problems:
            name = problem.path.replace("[", "-").replace("].", "-").replace("]", "")
            fields.setdefault(name.replace(".", "-"), Invalid(problem.message, **problem.params))
        raise Invalid("Some fields need another look.", fields=fields)
    return spec.write(thing)
