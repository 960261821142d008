"""A plan as a TOML file that an organiser can read, keep, change and upload again."""

import json

from contest.scoring import scheme_reading, scheme_tables
from contest.scoring.scheme_fields import Fine, Listed, Points, Table, Tables

# Tables and lists of tables of the whole plan that stand under a heading of their own, in order.
HEADED = ("rounding", "penalties", "ranking", "teams", "organisations", "prizes")
BLOCKS = ("stages", "parts", "modules", "awards")
# What stands under headings of its own inside a block, and inside such a thing in its turn.
INSIDE = ("adjustment", "panels", "criteria")
WIDEST = 100


def toml_of(plan):
    """The TOML text of a Plan; reading it gives the same plan again."""
    document = scheme_reading.plan_document(plan)
    fields = _kinds(scheme_tables.PLAN, document)
    lines = _pairs(scheme_tables.PLAN, document, without=HEADED + BLOCKS)
    for key in HEADED:
        # An empty [teams] says that there are teams, by the usual rules.
        if key in document:
            lines += ["", f"[{key}]", *_pairs(fields[key], document[key])]
    for key in BLOCKS:
        for row in document.get(key, ()):
            lines += ["", f"[[{key}]]", *_block(key, fields[key].table, row)]
    for key in BLOCKS:
        if key in document and not document[key]:
            lines.insert(0, f"{key} = []")
    return "\n".join(lines) + "\n"


def _block(name, table, row):
    """The lines of one row of a list, with what is inside it under indented headings."""
    kinds = _kinds(table, row)
    lines = _pairs(table, row, without=INSIDE)
    for key in INSIDE:
        if key not in row:
            continue
        if isinstance(kinds[key], Table):
            inner = [f"[{name}.{key}]", *_pairs(kinds[key], row[key])]
            lines += ["", *_indented(inner)]
        for each in row[key] if isinstance(kinds[key], Tables) else ():
            inner = [f"[[{name}.{key}]]", *_pairs(kinds[key].table, each)]
            lines += ["", *_indented(inner)]
    return lines


def _indented(lines):
    return [f"  {line}" for text in lines for line in text.split("\n")]


def _pairs(table, row, without=()):
    kinds = _kinds(table, row)
    return [
        f"{key} = {_value(kinds[key], value, len(key) + 3)}"
        for key, value in row.items() if key not in without
    ]


def _kinds(table, row):
    extra = table.variants.get(row.get(table.by), ()) if table.by else ()
    return {field.key: field.kind for field in (*table.fields, *extra)}


def _value(kind, value, used=0):
    if isinstance(kind, Table):
        kinds = _kinds(kind, value)
        return "{" + ", ".join(f"{k} = {_value(kinds[k], v, used)}" for k, v in value.items()) + "}"
    if isinstance(kind, Tables):
        return _list([_value(kind.table, row) for row in value], used)
    if isinstance(kind, Listed):
        return "[" + ", ".join(_value(kind.kind, one) for one in value) + "]"
    if isinstance(kind, Points | Fine):
        return value  # decimal text is a number of TOML as it stands
    if isinstance(value, bool):
        return "true" if value else "false"
    # JSON's strings, numbers and lists of strings are written alike in TOML; DEL alone is not.
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")


def _list(rows, used):
    """Tables in a list: on one line when they fit, else one on each line."""
    line = "[" + ", ".join(rows) + "]"
    if len(line) + used <= WIDEST and "\n" not in line:
        return line
    return "[\n" + "".join(f"  {_deeper(row)},\n" for row in rows) + "]"


def _deeper(text):
    return text.replace("\n", "\n  ")
