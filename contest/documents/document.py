"""What a document says, before anybody decides whether it becomes paper, a spreadsheet or Word.

Words fixed here: a *document* is one thing that is handed over (an award list, a contestant's
report). It has *parts*, one after the other. An *annex* is a part that begins on a page of its own
and has parts itself.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any

from contest.documents.words import words_of

KINDS = ("text", "number", "date")
ALIGNMENTS = ("left", "center", "right")
LOOKS = ("list", "summary", "report", "sheet")
LANGUAGES = ("zh", "en")
TAKEN = (str, int, Decimal, date)
# No leading zeros: "007" is a name for somebody, not the number 7.
CANONICAL = re.compile(r"-?(0|[1-9][0-9]*)(\.[0-9]+)?")
WIDE_FROM = 96  # Characters (a Chinese one is two) that fit across an upright A4 page.


@dataclass(frozen=True)
class Column:
    """One column: `width` in Latin characters (a Chinese one takes two); `align` else by kind."""

    key: str
    label: str
    kind: str = "text"
    width: float = 12
    align: str = ""

    def __post_init__(self):
        if self.kind not in KINDS:
            raise ValueError(f"column {self.key!r}: kind {self.kind!r} is not one of {KINDS}")
        if self.align not in ("", *ALIGNMENTS):
            raise ValueError(f"column {self.key!r}: align {self.align!r} must be in {ALIGNMENTS}")
        if self.width <= 0:
            raise ValueError(f"column {self.key!r}: width must be above 0")
        if not self.align:
            by_kind = {"text": "left", "number": "right", "date": "center"}
            object.__setattr__(self, "align", by_kind[self.kind])


@dataclass(frozen=True)
class Table:
    """Rows under declared columns; each row maps a column's key to text, a number or a day.

    A cell is str, int, Decimal, date or None. In a `number` column a canonical decimal string
    ("9.50") is a number and keeps its places; any other text there ("absent") stays text.
    Floats are refused.
    """

    title: str
    columns: tuple[Column, ...]
    rows: tuple[Mapping[str, Any], ...] = ()
    notes: tuple[str, ...] = ()

    def __post_init__(self):
        for name in ("columns", "rows", "notes"):
            object.__setattr__(self, name, tuple(getattr(self, name)))
        keys = [column.key for column in self.columns]
        if not keys or len(set(keys)) != len(keys):
            raise ValueError(f"table {self.title!r}: column keys must be there and differ: {keys}")
        for place, row in enumerate(self.rows, start=1):
            _check_row(self.title, place, row, keys)

    @property
    def width(self):
        """How many Latin characters the columns take side by side."""
        return sum(column.width for column in self.columns)

    def cells(self, row):
        """The values of one row in the order of the columns; None where the row says nothing."""
        return [row.get(column.key) for column in self.columns]


def _check_row(title, place, row, keys):
    if strange := sorted(set(row) - set(keys)):
        raise ValueError(f"table {title!r}, row {place}: no such column: {', '.join(strange)}")
    for key, value in row.items():
        if value is None or (isinstance(value, TAKEN) and not isinstance(value, bool)):
            continue
        raise TypeError(
            f"table {title!r}, row {place}, {key}: {type(value).__name__} is not taken; "
            "give text, a whole number, a Decimal or a date"
        )


@dataclass(frozen=True)
class Heading:
    """A heading between parts."""

    text: str


@dataclass(frozen=True)
class Paragraph:
    """Running text; in a notice the first line is set in."""

    text: str


@dataclass(frozen=True)
class Code:
    """Something for a camera: `code` is what it reads, `text` the same for people, beside it."""

    text: str
    code: str


@dataclass(frozen=True)
class Facts:
    """Labels with their values, `columns` pairs a line (contestant number, unit, …)."""

    pairs: tuple[tuple[str, str], ...]
    columns: int = 2

    def __post_init__(self):
        object.__setattr__(self, "pairs", tuple((str(a), str(b)) for a, b in self.pairs))
        if self.columns < 1:
            raise ValueError("facts need at least one pair a line")


@dataclass(frozen=True)
class Signatures:
    """Lines to sign, each with label and date; `seal` leaves a place for that body's stamp."""

    labels: tuple[str, ...]
    seal: str = ""

    def __post_init__(self):
        object.__setattr__(self, "labels", tuple(self.labels))


@dataclass(frozen=True)
class Annex:
    """A part on pages of its own, numbered by its place among the annexes."""

    title: str
    parts: tuple[Any, ...]

    def __post_init__(self):
        object.__setattr__(self, "parts", tuple(self.parts))


@dataclass(frozen=True)
class Document:
    """One thing that is handed over; `look` names the typeset page: list, summary, report, sheet.

    `number` is the document number (文号), `issuers` the bodies that issue it, `issued_on` the day
    as it is to be read. `footer` stands on every page (contest, version of the plan, moment of
    printing). `sealed` leaves a place for the issuers' stamp.
    """

    title: str
    parts: tuple[Any, ...] = ()
    look: str = "report"
    language: str = "zh"
    subtitle: str = ""
    number: str = ""
    issuers: tuple[str, ...] = ()
    issued_on: str = ""
    footer: str = ""
    sealed: bool = False

    def __post_init__(self):
        object.__setattr__(self, "parts", tuple(self.parts))
        object.__setattr__(self, "issuers", tuple(self.issuers))
        if self.look not in LOOKS:
            raise ValueError(f"look {self.look!r} is not one of {LOOKS}")
        if self.language not in LANGUAGES:
            raise ValueError(f"language {self.language!r} is not one of {LANGUAGES}")
        for part in self.parts:
            if not isinstance(part, PARTS):
                raise TypeError(f"{type(part).__name__} is not a part of a document")
            inner = part.parts if isinstance(part, Annex) else ()
            if any(isinstance(piece, Annex) or not isinstance(piece, PARTS) for piece in inner):
                raise TypeError(f"annex {part.title!r} holds something that is not a part")

    @property
    def tables(self):
        """Every table of the document and its annexes, in order."""
        inner = (piece for part in self.parts for piece in getattr(part, "parts", (part,)))
        return tuple(piece for piece in inner if isinstance(piece, Table))

    @property
    def codes(self):
        """Every Code of the document, in order."""
        return tuple(part for part in self.parts if isinstance(part, Code))

    @property
    def is_wide(self):
        """True when a table is too wide for an upright page."""
        return any(table.width > WIDE_FROM for table in self.tables)


PARTS = (Heading, Paragraph, Code, Facts, Signatures, Table, Annex)


def document_of(thing, language="zh"):
    """A document as it is; a table alone as a document that holds nothing else."""
    if isinstance(thing, Table):
        return Document(title=thing.title, parts=(thing,), language=language)
    return thing


def with_codes(table, document):
    """The table with the document's codes in a last column: a file of rows alone has no foot for them.

    In each row, so that the file stays a table whose other columns hold what they held.
    """
    if not document.codes:
        return table
    said = " ".join(part.code for part in document.codes)
    language = document.language
    label = words_of(language)["chain"]
    return replace(
        table, columns=(*table.columns, Column("chain", label, width=max(12, len(said)))),
        rows=tuple({**row, "chain": said} for row in table.rows),
    )


def joined(tables, label, key="list"):
    """Tables with the same columns as one; a first column tells which list a row is from."""
    tables = tuple(tables)
    first = tables[0]
    if any(table.columns != first.columns for table in tables):
        raise ValueError("only tables with the same columns can be joined")
    widest = max(12, *(2 * len(table.title) for table in tables))
    rows = tuple({key: table.title, **row} for table in tables for row in table.rows)
    notes = tuple(dict.fromkeys(note for table in tables for note in table.notes))
    return replace(
        first, columns=(Column(key, label, width=widest), *first.columns), rows=rows, notes=notes
    )
