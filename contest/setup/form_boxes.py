"""What the boxes of a node's form are: one for each field, shown where the field applies.

A box takes its kind, its label and its choices from the field it stands for, so that the pages and
the file are two views of one format. `when` is a word for the style sheet, which hides a box until
the choice it belongs to is made; without such a browser everything is shown.
"""

from dataclasses import dataclass, replace

from contest.scoring.scheme_fields import (
    Choice,
    Choices,
    Day,
    Fine,
    Flag,
    Listed,
    Points,
    Tables,
    Text,
    Whole,
)
from contest.setup.plan_words import TABLES, choices_of, field_name

KINDS = {
    Flag: "yes", Choice: "choice", Choices: "several", Points: "number", Fine: "number",
    Whole: "number", Day: "day", Listed: "list",
}


@dataclass(frozen=True)
class Box:
    """One field of a form. name: the way to it, "panel-judges".

    kind: text, long, number, yes, choice, several, list (several values in one line), day; pick and
    picks (one or more of `options`, which the page knows by that name); tie (a key with its order).
    """

    name: str
    kind: str
    words: str
    choices: dict | None = None
    hint: str = ""
    required: bool = False
    blank: str = ""  # the words of an empty choice
    options: str = ""
    when: str = ""


@dataclass(frozen=True)
class Rows:
    """A list of tables in a form, a line for each. fixed: so many lines, or 0 for some spare ones."""

    name: str
    words: str
    columns: tuple[Box, ...]
    fixed: int = 0

    @property
    def typed(self):
        """The columns that make a line count: a choice alone, always sent, is an empty line."""
        return tuple(c.name for c in self.columns if c.kind not in ("choice", "yes"))


@dataclass(frozen=True)
class Section:
    """Boxes that belong together. is_rare: behind a line that opens it."""

    boxes: tuple[Box, ...] = ()
    rows: tuple[Rows, ...] = ()
    title: str = ""
    hint: str = ""
    is_rare: bool = False
    when: str = ""


def field_of(table, key):
    """The field of a table, of whatever kind the row is, by its key in the document."""
    every = [table.fields, *table.variants.values()]
    return next(each for fields in every for each in fields if each.key == key)


def table_at(node, way):
    """The table to which a way of keys leads from a node's kind: ("modules", "panel")."""
    table = TABLES[node]
    for step in way:
        kind = field_of(table, step).kind
        table = kind.table if isinstance(kind, Tables) else kind
    return table


def box(node, name, **more):
    """The box of one field: box("modules", "panel-judges", required=True)."""
    *way, key = name.split("-")
    kind = field_of(table_at(node, way), key).kind
    table = way[-1] if way else node
    choices = choices_of(table, key) if isinstance(kind, Choice | Choices) else None
    sort = KINDS.get(type(kind), "text")
    if isinstance(kind, Text) and kind.longest > 1000:
        sort = "long"
    made = Box(name, sort, field_name(table, key), choices)
    return replace(made, **more)


def rows(node, name, columns, fixed=0, **picks):
    """A list inside a node, with a column for each of these keys. picks: options by column."""
    *way, key = name.split("-")
    table = way[-1] if way else node
    made = []
    for column in columns:
        each = box(node, f"{name}-{column}")
        kind = "text" if each.kind == "long" else each.kind
        each = replace(each, name=column, kind=kind)
        if column in picks:
            each = replace(each, kind="pick", options=picks[column])
        made.append(each)
    return Rows(name, field_name(table, key), tuple(made), fixed)
