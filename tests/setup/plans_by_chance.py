"""Plan documents by chance, straight from the tables of the format: what can be read, is tried.

Every field can be read, though their sums need not agree. Keys that name rows are unique, because
a version is compared with another by its keys. Nothing here names a field, so a new one is tried
from the day on which it stands in contest/scoring/scheme_tables.py.
"""

import copy
from datetime import date
from decimal import Decimal

from hypothesis import strategies as st

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
from contest.scoring.units import text_of

ROWS = 2
KEYED = ("stages", "parts", "modules", "panels", "criteria", "awards")
words = st.text(
    st.characters(exclude_categories=("Cs",)) | st.sampled_from('评分"\\\n\r\t#[]{}=\x7f\u2028'),
    max_size=8,
)


def _text(kind):
    return words if kind.empty else words.map(lambda text: text if text.strip() else "名" + text)


def _points(kind):
    low = kind.low + kind.above_low
    tidy = st.integers(-(-low // 10_000), kind.high // 10_000).map(lambda n: n * 10_000)
    return st.one_of(st.integers(low, kind.high), tidy).filter(
        lambda units: low <= units
    ).map(text_of)


def _fine(kind):
    top = kind.high * 10**kind.decimals
    return st.integers(1, top).map(lambda n: format(Decimal(n).scaleb(-kind.decimals), "f"))


def _key(kind):
    return st.from_regex(rf"\A(?:{kind.pattern})\Z")


OF_KIND = {
    Text: _text,
    Key: _key,
    Points: _points,
    Fine: _fine,
    Whole: lambda kind: st.integers(kind.low, kind.high),
    Flag: lambda kind: st.booleans(),
    Choice: lambda kind: st.sampled_from(kind.options),
    Choices: lambda kind: st.lists(st.sampled_from(kind.options), unique=True),
    Day: lambda kind: st.dates(date(1900, 1, 1), date(2100, 1, 1)).map(date.isoformat),
    PartOfAll: lambda kind: st.tuples(st.integers(1, 99), st.integers(99, 999)).map(
        lambda pair: f"{pair[0]}/{pair[1]}"
    ),
    Listed: lambda kind: st.lists(value_of(kind.kind), max_size=3),
    Tables: lambda kind: st.lists(table_of(kind.table), max_size=min(ROWS, kind.most)),
}


def value_of(kind):
    """A value that a field of this kind can hold."""
    if isinstance(kind, Table):
        return table_of(kind)
    return OF_KIND[type(kind)](kind)


def table_of(table):
    """A table with the fields it must have, and some of the others."""
    if not table.by:
        return _fields(table, table.fields)
    return st.sampled_from(sorted(table.variants)).flatmap(
        lambda variant: _fields(table, (*table.fields, *table.variants[variant]), variant)
    )


def _fields(table, fields, variant=None):
    values = {each.key: value_of(each.kind) for each in fields}
    if variant is not None:
        values[table.by] = st.just(variant)
    needed = {each.key: values[each.key] for each in fields if table.is_required(each)}
    further = {key: value for key, value in values.items() if key not in needed}
    return st.fixed_dictionaries(needed, optional=further)


def _with_own_keys(document):
    document = copy.deepcopy(document)
    for name in ("stages", "parts", "modules", "awards"):
        _number(document.get(name, ()), f"{name[0]}_{{}}")
    for module in document["modules"]:
        _number(module.get("panels", ()), "panel_{}")
        for c, criterion in enumerate(module.get("criteria", ())):
            criterion["key"] = "ABC"[c]
            _number(criterion["aspects"], "ABC"[c] + "{}")
    return document


def _number(rows, stem):
    for number, row in enumerate(rows, 1):
        row["key"] = stem.format(number)


def read(document):
    """The plan in a document whose sums need not agree, and what cannot be read in it."""
    problems = []
    return PLAN.read("", document, problems), problems


# The lines of a checklist may add up to more than any top mark: such a one is left out.
documents = table_of(PLAN).map(_with_own_keys).filter(lambda document: not read(document)[1])
