"""The form of each node of a plan: how it is filled, how it is read, and what is refused."""

import re

from contest.errors import Invalid
from contest.scoring.scheme_fields import BAD, Table
from contest.setup.form_boxes import field_of
from contest.setup.plan_words import TABLES, usual_of

SPARE_ROWS = 3
# What is there only when its first choice is made.
OPTIONAL = {"teams": "method", "organisations": "order"}
# An inline table is there when one of these of its boxes is filled in.
FILLED = {
    "formula": ("start", "from", "points", "per"), "power": ("scale", "from", "exponent"),
    "difficulty": ("lowest", "highest"), "shift": ("group", "points"),
}
# What stays as it is, because it stands on pages of its own.
KEPT = {
    "plan": ("format", "rounding", "penalties", "ranking", "teams", "organisations", "prizes",
             "stages", "parts", "modules", "awards"),
    "modules": ("criteria", "panels"), "criteria": ("aspects",), "aspects": ("kind",),
    "awards": ("rule",),
}
WAYS = ("table", "formula", "power", "itself")
PLACES = {"stage": "stage", "part": "within"}
# A box that stands for several fields shows what is wrong with each of them.
SHOWN_AT = {"stage": "place", "within": "place", "part": "looks", "module": "looks", "any": "looks"}
SEVERAL = ("several", "picks")


def values_of(kind, sections, node):
    """A node as the texts of its form: {"panel-judges": "7", "reasons-0-name": "…"}."""
    values = {}
    for section in sections:
        for box in section.boxes:
            values |= _shown(kind, box, node)
        for rows in section.rows:
            for i, row in enumerate(_at(TABLES[kind], node, rows.name.split("-")) or ()):
                table = field_of(_table_of(kind, rows), rows.name.split("-")[-1]).kind.table
                values |= {
                    f"{rows.name}-{i}-{column.name}": _text(_at(table, row, [column.name]))
                    for column in rows.columns
                }
    if kind in OPTIONAL and not node:
        values[OPTIONAL[kind]] = ""
    if kind == "modules" and not values.get("panel-judges"):
        values["panel-judges"] = "3"
    return values


def _table_of(kind, rows):
    table = TABLES[kind]
    for step in rows.name.split("-")[:-1]:
        table = field_of(table, step).kind
    return table


def _shown(kind, box, node):
    """What stands in one box; a tie has three."""
    if box.kind == "tie":
        return tie_values(box.name, _tie_at(node, box.name))
    if box.name in MADE_OF:
        return {box.name: MADE_OF[box.name](node)}
    value = _at(TABLES[kind], node, box.name.split("-"))
    if box.kind in SEVERAL:
        return {box.name: list(value or ())}
    if box.kind == "list":
        return {box.name: ", ".join(map(str, value or ()))}
    return {box.name: _text(value)}


def _at(table, row, way):
    """The value at the end of a way, the usual one where the document leaves it out."""
    field = field_of(table, way[0])
    value = (row or {}).get(way[0])
    if value is None:
        value = usual_of(table, field)
    if len(way) == 1:
        return value
    return _at(field.kind, value, way[1:])


def _text(value):
    if isinstance(value, bool):
        return "1" if value else ""
    return "" if value is None else str(value)


def _tie_at(node, name):
    if name == "advance_by":
        return node.get("advance_by")
    ties, index = node.get("ties", ()), int(name.split("-")[1])
    return ties[index] if index < len(ties) else None


def tie_values(name, tie):
    """A tie key as the texts of its three boxes: what is compared, its order, and a free name."""
    if tie is None:
        return {name: "", f"{name}-order": "high", f"{name}-detail": ""}
    word, detail = tie["by"] + ":", ""
    if tie["by"] == "data":
        detail = tie["key"]
    elif tie["by"] == "sum":
        detail = " + ".join(tie["keys"])
    else:
        word += ".".join(filter(None, [tie.get("module"), tie.get("key")]))
    return {name: word, f"{name}-order": tie.get("order", "high"), f"{name}-detail": detail}


def _tie_from(form, name):
    by, _, key = _first(form, name).partition(":")
    if not by:
        return None
    tie, detail = {"by": by}, _first(form, f"{name}-detail")
    if by == "data":
        tie["key"] = key or detail
    elif by == "sum":
        keys = [each for each in re.split(r"[\s+,，、]+", key or detail) if each]
        tie |= {"keys": keys} if keys else {}
    elif by in ("aspect", "attempt"):
        tie["module"], _, tie["key"] = key.partition(".")
    elif key:
        tie["key"] = key
    order = _first(form, f"{name}-order")
    return tie if by == "better_places" or not order else {**tie, "order": order}


def _place_of(node):
    return f"part:{node['within']}" if node.get("within") else f"stage:{node.get('stage', '')}"


def _looks_of(node):
    if node.get("any"):
        return "any"
    for key in ("part", "module"):
        if node.get(key):
            return f"{key}:{node[key]}"
    return ""


def _way_of(node):
    return next((way for way in WAYS if node.get(way)), "table")


MADE_OF = {"place": _place_of, "looks": _looks_of, "way": _way_of}


def read_node(kind, sections, form, node):
    """The node that a form describes, canonical; Invalid with a reason for each bad box.

    form: dict of lists of texts. node: the node as it was; what has no place in its form stays.
    """
    values = {key: value for key, value in node.items() if key in KEPT.get(kind, ())}
    for section in sections:
        for box in section.boxes:
            _put(values, box.name, _typed(box, form))
        for rows in section.rows:
            _put(values, rows.name, rows_in(rows, form))
    for group, needed in FILLED.items():
        if group in values and not any(values[group].get(key) for key in needed):
            del values[group]
    if "only" in values and not any(values["only"].values()):
        del values["only"]
    SETTLED.get(kind, lambda values: None)(values)
    if kind in OPTIONAL and not values.get(OPTIONAL[kind]):
        return {}
    read = _canonical(kind, sections, values)
    # An empty table would be none at all.
    return {OPTIONAL[kind]: values[OPTIONAL[kind]], **read} if kind in OPTIONAL else read


def _first(form, name):
    return (form.get(name) or [""])[0].strip()


def _typed(box, form):
    if box.kind == "tie":
        return _tie_from(form, box.name) or ""
    if box.kind == "yes":
        return box.name in form
    if box.kind in SEVERAL:
        return [text.strip() for text in form.get(box.name, ())]
    if box.kind == "list":
        return [each for each in re.split(r"[\s,，、;；]+", _first(form, box.name)) if each]
    return _first(form, box.name).replace("\r\n", "\n")


def _put(values, name, value):
    if value == "":
        return
    *way, last = name.split("-")
    for step in way:
        values = values.setdefault(step, {})
    values[last] = value


def _settle_ties(values):
    ties = values.get("ties", {})
    values["ties"] = [ties[number] for number in sorted(ties, key=int)]


def _settle_stage(values):
    if values.get("advance_line") != "key":
        values.pop("advance_by", None)


def _settle_part(values):
    sort, _, key = values.pop("place", "").partition(":")
    if key:
        values[PLACES.get(sort, "stage")] = key


def _settle_module(values):
    if values.get("entry") == "scores":
        for key in ("criteria", "panel", "panels"):
            values.pop(key, None)
        return
    if values.get("panels"):
        values.pop("panel", None)
    if not values.get("criteria"):
        values["criteria"] = [
            {"key": "A", "name": "评分项", "name_en": "Criterion", "aspects": [
                {"key": "A1", "name": "评分点", "name_en": "Aspect", "kind": "points",
                 "max": values.get("max", "100"), "step": "1"},
            ]}
        ]
        if values.get("panels"):
            values["criteria"][0]["panel"] = values["panels"][0]["key"]


def _settle_aspect(values):
    way = values.pop("way", None)
    if way is None:
        return
    for other in {*WAYS, "beyond"} - {way, "beyond" if way == "table" else way}:
        values.pop(other, None)
    if way == "itself":
        values["itself"] = True


def _settle_award(values):
    sort, _, key = values.pop("looks", "").partition(":")
    if sort:
        values[sort] = key or True


SETTLED = {
    "ranking": _settle_ties, "stages": _settle_stage, "parts": _settle_part,
    "modules": _settle_module, "aspects": _settle_aspect, "awards": _settle_award,
}


def rows_in(rows, form):
    """The rows of a list as typed, as dicts of what is not empty; blank rows are left out.

    Rows of a fixed number, the four levels of a judgement, keep their places.
    """
    count = 0
    while any(f"{rows.name}-{count}-{column.name}" in form for column in rows.columns):
        count += 1
    found = []
    for i in range(count):
        row = {}
        for column in rows.columns:
            name = f"{rows.name}-{i}-{column.name}"
            text = name in form if column.kind == "yes" else _first(form, name)
            if text:
                row[column.name] = text
        if rows.fixed or any(key in row for key in rows.typed):
            found.append(row)
    return found


def typed_values(sections, form):
    """What was typed, as the texts of the form, for showing it again with its refusals."""
    several = {box.name for section in sections for box in section.boxes if box.kind in SEVERAL}
    values = {name: [] for name in several}
    values |= {
        name: texts if name in several else texts[0].strip()
        for name, texts in form.items() if texts
    }
    for rows in (rows for section in sections for rows in section.rows):
        values = {
            name: text for name, text in values.items() if not name.startswith(f"{rows.name}-")
        }
        for i, row in enumerate(rows_in(rows, form)):
            values |= {f"{rows.name}-{i}-{key}": _text(text) for key, text in row.items()}
    return values


def row_count(rows, texts):
    """How many lines a list shows: those that are filled, and some to fill in."""
    if rows.fixed:
        return rows.fixed
    used = [
        int(found[1]) for name in texts
        if (found := re.fullmatch(rf"{re.escape(rows.name)}-(\d+)-\w+", name))
    ]
    return max(used, default=-1) + 1 + SPARE_ROWS


def open_sections(sections, texts, usual, errors):
    """For each section: True where something in it is not as usual, or wrong."""
    def is_open(section):
        names = [box.name for box in section.boxes] + [rows.name for rows in section.rows]
        touched = any(
            texts.get(name, "") != usual.get(name, "") for name in names
        ) or any(name.startswith(f"{rows.name}-") for rows in section.rows for name in texts)
        return touched or any(
            error == name or error.startswith(f"{name}-") for error in errors for name in names
        )

    return [is_open(section) for section in sections]


def unplaced(sections, errors):
    """The refusals that belong to no box of the form, so that none goes unsaid."""
    names = _names_in(sections)
    return [
        why for name, why in errors.items()
        if name not in names and not any(name.startswith(f"{each}-") for each in names)
    ]


def _canonical(kind, sections, values):
    problems = []
    spec: Table = TABLES[kind]
    thing = spec.read("", values, problems)
    if problems or thing is BAD:
        names = _names_in(sections)
        found = {}
        for problem in problems:
            name = _box_at(problem.path, names)
            found.setdefault(name, Invalid(problem.message, **problem.params))
        raise Invalid("Please check the marked fields.", fields=found)
    return spec.write(thing)


def _names_in(sections):
    return {box.name for section in sections for box in section.boxes} | {
        rows.name for section in sections for rows in section.rows
    }


def _box_at(path, names):
    """The box or cell at which a problem is shown: "reasons[1].points" at "reasons-1-points"."""
    name = re.sub(r"\[(\d+)\]", r"-\1", path).replace(".", "-")
    if SHOWN_AT.get(name) in names and name not in names:
        return SHOWN_AT[name]
    at = name
    while at and at not in names:
        at = at.rpartition("-")[0]
    # A list of tables shows it in the cell, a list in one line in the line itself.
    is_cell = bool(at) and re.fullmatch(rf"{re.escape(at)}-\d+-\w+", name)
    return name if is_cell and not at.startswith("ties-") else at or name
