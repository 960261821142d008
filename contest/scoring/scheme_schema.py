"""Clause 1, continued. The format of a plan file as a JSON Schema, made from the same tables.

Draft 7, which every editor reads. Amounts may be numbers or decimal text. How many decimals a
*number* has cannot be told by a schema without refusing good ones (0.3 is no multiple of 0.0001 in
binary), so that is told of text alone, as plans are written in JSON here.
"""

from dataclasses import MISSING, fields

from contest.scoring.scheme_fields import (
    Choice,
    Choices,
    Day,
    Fine,
    Flag,
    Key,
    Listed,
    PartOfAll,
    Points,
    Table,
    Tables,
    Text,
    Whole,
)
from contest.scoring.scheme_tables import PLAN

END = r"$(?!\n)"  # in Python alone, $ also stands before a last line feed
NOT_NOTHING = r"(?!0*(\.0*)?$)"
ZEROS = "0{0,5}"  # in front; the reader takes at most twelve digits before the point
POINT = r"(\.0{1,12})?"
# A day that there is: 30 or 31 days in a month, 28 in February, and its 29th in leap years.
DAY = (
    r"^(?!0000)([0-9]{4}-((0[13578]|1[02])-(0[1-9]|[12][0-9]|3[01])|(0[469]|11)-(0[1-9]|[12][0-9]|30)"
    r"|02-(0[1-9]|1[0-9]|2[0-8]))|([0-9]{2}(0[48]|[2468][048]|[13579][26])"
    r"|([02468][048]|[13579][26])00)-02-29)" + END
)


def plan_schema() -> dict:
    """The JSON Schema of a plan file."""
    definitions = _Definitions()
    root = _table(PLAN, definitions)
    return {
        "$schema": "http://json-schema.org/draft-07/schema#",
        "title": "Plan of a contest",
        "description": "The rules of a contest, format 1. docs/rules/README.md says what they mean.",
        **root,
        "definitions": dict(sorted(definitions.schemas.items())),
    }


class _Definitions:
    """The schemas that others refer to, by the name of what the table becomes."""

    def __init__(self):
        self.schemas = {}
        self._tables = {}

    def name_of(self, table):
        name = table.cls.__name__
        if self._tables.setdefault(name, table) is not table:
            name += "Row"  # a second table for the same thing, such as one of several panels
        if name not in self.schemas:
            self.schemas[name] = {}
            self.schemas[name] = _table(table, self)
        return name


def _table(table, definitions):
    if not table.by:
        return _closed(table, table.fields, definitions)
    kind = next(each.kind for each in table.fields if each.key == table.by)
    cases = []
    for variant, further in table.variants.items():
        then = _closed(table, (*table.fields, *further), definitions)
        when = {"properties": {table.by: {"const": variant}}, "required": [table.by]}
        cases.append({"if": when, "then": then})
    return {
        "type": "object",
        "properties": {table.by: SCHEMAS[type(kind)](kind, definitions)},
        "required": [table.by],
        "allOf": cases,
    }


def _closed(table, chosen, definitions):
    """An object with these fields and no others."""
    usual = {each.name: each.default for each in fields(table.cls)}
    properties = {}
    for each in chosen:
        schema = SCHEMAS[type(each.kind)](each.kind, definitions)
        default = usual[each.name]
        if default is not MISSING and isinstance(default, str | int) and "$ref" not in schema:
            schema = {**schema, "default": each.kind.write(default)}
        properties[each.key] = schema
    closed = {"type": "object", "properties": properties, "additionalProperties": False}
    required = [each.key for each in chosen if table.is_required(each)]
    for key, other in table.settled.items():
        required.remove(key)
        says = {"required": [other], "properties": {other: {"minItems": 1}}}
        closed["anyOf"] = [{"required": [key]}, says]
    return {**closed, "required": required} if required else closed


def _reference(table, definitions):
    return {"$ref": f"#/definitions/{definitions.name_of(table)}"}


def _text(kind, _definitions):
    schema = {"type": "string", "maxLength": kind.longest}
    return schema if kind.empty else {**schema, "pattern": r"\S"}


def _key(kind, _definitions):
    return {"type": "string", "pattern": f"^(?:{kind.pattern}){END}", "description": kind.says}


def _points(kind, _definitions):
    low, high = kind.low / 10_000, kind.high / 10_000
    bound = {"exclusiveMinimum" if kind.above_low else "minimum": int(low), "maximum": int(high)}
    pattern = _decimal(int(low), int(high), 4, kind.above_low)
    return _amount("number", bound, pattern)


def _fine(kind, _definitions):
    bound = {"exclusiveMinimum": 0, "maximum": kind.high}
    return _amount("number", bound, _decimal(0, kind.high, kind.decimals, True))


def _whole(kind, _definitions):
    bound = {"minimum": kind.low, "maximum": kind.high}
    least = rf"(?!0*({_below(kind.low)})(\.0*)?$)" if kind.low else ""
    return _amount("integer", bound, rf"^{least}{ZEROS}({_below(kind.high + 1)}){POINT}{END}")


def _amount(number, bound, pattern):
    return {"anyOf": [{"type": number, **bound}, {"type": "string", "pattern": pattern}]}


def _decimal(low, high, decimals, above_low):
    """A pattern for decimal text from low (0 or below) to high (0 or above)."""
    rest = rf"(\.[0-9]{{1,{decimals}}}0{{0,4}})?"
    not_nothing = NOT_NOTHING if above_low else ""
    ways = [rf"{not_nothing}{ZEROS}({_up_to(high, rest)})", f"-{ZEROS}({_up_to(-low, rest)})"]
    return f"^({'|'.join(ways[:1] if above_low else ways)}){END}"


def _up_to(high, rest):
    return rf"({_below(high)}){rest}|{high}{POINT}"


def _below(limit):
    """A pattern for the whole numbers from 0 to below `limit`, without zeros in front."""
    digits = str(limit)
    ways = ["[0-9]"] if len(digits) > 1 else []
    if len(digits) > 2:
        ways.append(f"[1-9][0-9]{{1,{len(digits) - 2}}}")
    for place, digit in enumerate(digits):
        least = 1 if place == 0 and len(digits) > 1 else 0
        if int(digit) > least:
            free = len(digits) - place - 1
            tail = f"[0-9]{{{free}}}" if free else ""
            ways.append(f"{digits[:place]}[{least}-{int(digit) - 1}]{tail}")
    return "|".join(ways) or "(?!)"


def _flag(_kind, _definitions):
    return {"type": "boolean"}


def _choice(kind, _definitions):
    return {"type": "string", "enum": list(kind.options)}


def _choices(kind, _definitions):
    return {"type": "array", "items": {"type": "string", "enum": list(kind.options)}}


def _day(_kind, _definitions):
    return {"type": "string", "format": "date", "pattern": DAY}


def _part_of_all(_kind, _definitions):
    """Of two numbers with as many digits, the first that differ say which is less."""
    one = "[1-9][0-9]"
    shorter = "|".join(f"{one}{{{n}}}/{one}{{{n + 1},3}}" for n in range(3))
    alike = "|".join(f"{one}{{{n}}}/{one}{{{n}}}$" for n in range(4))
    less = "|".join(rf"{d}[0-9]*/\1[{d + 1}-9][0-9]*" for d in range(9))
    return {
        "type": "string",
        "pattern": rf"^(?:{shorter}|(?={alike})([0-9]*)(?:/\1|{less})){END}",
        "description": "A fraction up to 1, such as 1/12.",
    }


def _listed(kind, definitions):
    items = SCHEMAS[type(kind.kind)](kind.kind, definitions)
    return {"type": "array", "items": items, "maxItems": kind.most}


def _tables(kind, definitions):
    return {"type": "array", "items": _reference(kind.table, definitions), "maxItems": kind.most}


SCHEMAS = {
    Text: _text, Key: _key, Points: _points, Fine: _fine, Whole: _whole, Flag: _flag,
    Choice: _choice, Choices: _choices, Day: _day, PartOfAll: _part_of_all, Listed: _listed,
    Tables: _tables, Table: _reference,
}
