"""A plan as a TOML file that an organiser can read, keep, change and upload again."""

import json

from contest.scoring import scheme_reading, scheme_tables
from contest.scoring.scheme_fields import Points, Table, Tables

HEADED = ("rounding", "ranking", "teams")
BLOCKS = ("stages", "parts", "modules", "awards")


def toml_of(plan):
    """The TOML text of a Plan; reading it gives the same plan again."""
    document = scheme_reading.plan_document(plan)
    fields = {field.key: field.kind for field in scheme_tables.PLAN.fields}
    lines = [
        f"{key} = {_value(fields[key], value)}"
        for key, value in document.items() if key not in HEADED + BLOCKS
    ]
    for key in HEADED:
        if document.get(key):
            lines += ["", f"[{key}]", *_pairs(fields[key], document[key])]
    for key in BLOCKS:
        for row in document.get(key, ()):
            lines += ["", f"[[{key}]]", *_block(key, fields[key].table, row)]
    return "\n".join(lines) + "\n"


def _block(key, table, row):
    criteria = row.get("criteria", ())
    lines = _pairs(table, {k: v for k, v in row.items() if k != "criteria"})
    for criterion in criteria:
        kind = scheme_tables.CRITERION
        lines += ["", f"  [[{key}.criteria]]"]
        lines += [f"  {line}" for line in _pairs(kind, {k: v for k, v in criterion.items()
                                                        if k != "aspects"})]
        lines.append("  aspects = [")
        aspects = criterion["aspects"]
        lines += [f"    {_value(scheme_tables.ASPECT, aspect)}," for aspect in aspects]
        lines.append("  ]")
    return lines


def _pairs(table, row):
    kinds = _kinds(table, row)
    return [f"{key} = {_value(kinds[key], value)}" for key, value in row.items()]


def _kinds(table, row):
    extra = table.variants.get(row.get(table.by), ()) if table.by else ()
    return {field.key: field.kind for field in (*table.fields, *extra)}


def _value(kind, value):
    if isinstance(kind, Table):
        return "{" + ", ".join(_pairs(kind, value)) + "}"
    if isinstance(kind, Tables):
        return "[" + ", ".join(_value(kind.table, row) for row in value) + "]"
    if isinstance(kind, Points):
        return value  # decimal text is a number of TOML as it stands
    if isinstance(value, bool):
        return "true" if value else "false"
    # JSON's strings, numbers and lists of strings are written alike in TOML; DEL alone is not.
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
