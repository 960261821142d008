"""Clause 1, continued. How one field of a plan document is read, refused and written again."""

import re
from dataclasses import MISSING, dataclass, field, fields
from datetime import date
from fractions import Fraction
from functools import cache

from contest.scoring.marks import MarkError, parse_number
from contest.scoring.scheme import Problem
from contest.scoring.units import text_of, units_of
from contest.scoring.words import N_, listed

BAD = object()  # what a field reads as when a problem was noted
POINTS_TOP = 1_000_000 * 10_000


@dataclass(frozen=True)
class Text:
    """Words for people."""

    longest: int = 200
    empty: bool = True

    def read(self, path, value, problems):
        if not isinstance(value, str):
            problems.append(Problem(path, "This must be text.", {}))
        elif not value.strip() and not self.empty:
            problems.append(Problem(path, "This must not be empty.", {}))
        elif len(value) > self.longest:
            problems.append(
                Problem(
                    path,
                    "This text has %(length)s characters; at most %(longest)s are allowed.",
                    {"length": len(value), "longest": self.longest},
                )
            )
        else:
            return value
        return BAD

    def write(self, value):
        return value


@dataclass(frozen=True)
class Key:
    """A short name that other parts of the plan refer to."""

    pattern: str = r"[a-z][a-z0-9_]{0,31}"
    says: str = N_(
        "The key must begin with a small letter, then small letters, digits and _, at most 32."
    )

    def read(self, path, value, problems):
        if isinstance(value, str) and re.fullmatch(self.pattern, value, re.ASCII):
            return value
        problems.append(Problem(path, self.says, {}))
        return BAD

    def write(self, value):
        return value


@dataclass(frozen=True)
class Points:
    """Points, percent or a measured value, kept in units."""

    low: int = 0
    high: int = POINTS_TOP
    above_low: bool = False

    def read(self, path, value, problems):
        try:
            units = units_of(parse_number(value))
        except MarkError:
            units = None
        too_low = units is not None and (units <= self.low if self.above_low else units < self.low)
        if units is not None and not too_low and units <= self.high:
            return units
        params = {"low": text_of(self.low), "high": text_of(self.high)}
        if self.above_low:
            message = Problem(
                path,
                "This must be a number above %(low)s and up to %(high)s, "
                "with at most four decimals.",
                params,
            )
        else:
            message = Problem(
                path,
                "This must be a number between %(low)s and %(high)s, with at most four decimals.",
                params,
            )
        problems.append(message)
        return BAD

    def write(self, value):
        return None if value is None else text_of(value)


@dataclass(frozen=True)
class Fine:
    """A number kept with its own count of decimals, such as the scale of a power formula."""

    decimals: int
    high: int

    def read(self, path, value, problems):
        try:
            number = parse_number(value)
        except MarkError:
            number = None
        whole = None if number is None else Fraction(number) * 10**self.decimals
        if whole is not None and whole.denominator == 1 and 0 < number <= self.high:
            return int(whole)
        problems.append(
            Problem(
                path,
                "This must be a number above 0 and up to %(high)s, with at most %(decimals)s "
                "decimals.",
                {"high": self.high, "decimals": self.decimals},
            )
        )
        return BAD

    def write(self, value):
        whole, rest = divmod(value, 10**self.decimals)
        return f"{whole}.{rest:0{self.decimals}d}".rstrip("0").rstrip(".")


@dataclass(frozen=True)
class PartOfAll:
    """A fraction between 0 and 1, "1/12"."""

    def read(self, path, value, problems):
        if isinstance(value, str) and re.fullmatch(r"[1-9][0-9]{0,3}/[1-9][0-9]{0,3}", value):
            if Fraction(value) <= 1:
                return value
        problems.append(Problem(path, "This must be a fraction up to 1, such as 1/12.", {}))
        return BAD

    def write(self, value):
        return value


@dataclass(frozen=True)
class Day:
    """A day, written 2026-05-01."""

    def read(self, path, value, problems):
        text = value.isoformat() if isinstance(value, date) else value
        try:
            return date.fromisoformat(text).isoformat()
        except (TypeError, ValueError):
            problems.append(Problem(path, "This must be a day, written like 2026-05-01.", {}))
            return BAD

    def write(self, value):
        return value


@dataclass(frozen=True)
class Listed:
    """A list of values of one kind."""

    kind: object
    most: int = 100

    def read(self, path, value, problems):
        if not isinstance(value, list | tuple) or len(value) > self.most:
            problems.append(
                Problem(path, "This must be a list of at most %(most)s.", {"most": self.most})
            )
            return BAD
        rows = [self.kind.read(f"{path}[{i}]", one, problems) for i, one in enumerate(value)]
        return BAD if BAD in rows else tuple(rows)

    def write(self, value):
        return [self.kind.write(one) for one in value]


@dataclass(frozen=True)
class Whole:
    """A whole number, such as a count of judges."""

    low: int
    high: int

    def read(self, path, value, problems):
        try:
            number = parse_number(value)
        except MarkError:
            number = None
        if number is not None and number == int(number) and self.low <= number <= self.high:
            return int(number)
        if self.low == self.high:
            problems.append(Problem(path, "This must be %(allowed)s.", {"allowed": self.low}))
            return BAD
        problems.append(
            Problem(
                path,
                "This must be a whole number between %(low)s and %(high)s.",
                {"low": self.low, "high": self.high},
            )
        )
        return BAD

    def write(self, value):
        return value


@dataclass(frozen=True)
class Flag:
    """Yes or no."""

    def read(self, path, value, problems):
        if isinstance(value, bool):
            return value
        problems.append(Problem(path, "This must be true or false.", {}))
        return BAD

    def write(self, value):
        return value


@dataclass(frozen=True)
class Choice:
    """One of a few words."""

    options: tuple[str, ...]

    def read(self, path, value, problems):
        if isinstance(value, str) and value in self.options:
            return value
        problems.append(
            Problem(
                path, "This must be one of: %(allowed)s.", {"allowed": listed(self.options)}
            )
        )
        return BAD

    def write(self, value):
        return value


@dataclass(frozen=True)
class Choices:
    """Some of a few words, in their own order."""

    options: tuple[str, ...]

    def read(self, path, value, problems):
        if isinstance(value, list | tuple) and all(word in self.options for word in value):
            return tuple(word for word in self.options if word in value)
        problems.append(
            Problem(
                path,
                "This must be a list of words out of: %(allowed)s.",
                {"allowed": listed(self.options)},
            )
        )
        return BAD

    def write(self, value):
        return list(value)


@dataclass(frozen=True)
class Field:
    """One key of a table; `required` follows the dataclass unless said, `attribute` is its name."""

    key: str
    kind: object
    required: bool | None = None
    attribute: str = ""

    @property
    def name(self):
        """The attribute of the dataclass."""
        return self.attribute or self.key


@cache
def _own_fields(cls):
    """{attribute: dataclass field}; asked for every field of every table of a plan."""
    return {each.name: each for each in fields(cls)}


@dataclass(frozen=True)
class Table:
    """A table of fields that becomes one dataclass.

    by: the key whose value adds further fields (`variants`), such as an aspect's kind.
    """

    settled = {}  # a field that must stand there unless this other one does, by its key

    cls: type
    fields: tuple[Field, ...]
    by: str = ""
    variants: dict[str, tuple[Field, ...]] = field(default_factory=dict, hash=False)

    def read(self, path, value, problems):
        if not isinstance(value, dict):
            problems.append(Problem(path, "This must be a table of fields.", {}))
            return BAD
        chosen = self._fields_for(value.get(self.by))
        self._note_unknown(path, value, chosen, problems)
        values = {}
        for each in chosen:
            here = f"{path}.{each.key}" if path else each.key
            if each.key in value and value[each.key] is not None:
                values[each.name] = each.kind.read(here, value[each.key], problems)
            elif self.is_required(each):
                problems.append(Problem(here, "This field is missing.", {}))
                values[each.name] = BAD
        return BAD if BAD in values.values() else self.cls(**values)

    def write(self, value):
        if value is None:
            return None
        document = {}
        variant = getattr(value, self.by) if self.by else None
        own = _own_fields(self.cls)
        for each in self._fields_for(variant):
            inner = getattr(value, each.name)
            if inner != own[each.name].default or self.is_required(each):
                document[each.key] = each.kind.write(inner)
        return document

    def is_required(self, each):
        """True where the field must stand in the table."""
        if each.required is not None:
            return each.required
        own = _own_fields(self.cls)[each.name]
        return own.default is MISSING and own.default_factory is MISSING

    def _fields_for(self, variant):
        extra = self.variants.get(variant, ()) if isinstance(variant, str) else ()
        return self.fields + extra

    def _note_unknown(self, path, value, chosen, problems):
        variant = value.get(self.by)
        if self.by and not (isinstance(variant, str) and variant in self.variants):
            return  # the kind itself is wrong: which fields belong to it cannot be said
        allowed = [each.key for each in chosen]
        for key in value:
            if key not in allowed:
                here = f"{path}.{key}" if path else str(key)
                problems.append(
                    Problem(
                        here,
                        "The field %(field)s is unknown here; allowed are: %(allowed)s.",
                        {"field": key, "allowed": listed(allowed)},
                    )
                )


@dataclass(frozen=True)
class Tables:
    """A list of tables."""

    table: Table
    most: int = 200

    def read(self, path, value, problems):
        if not isinstance(value, list | tuple):
            problems.append(Problem(path, "This must be a list of tables.", {}))
            return BAD
        if len(value) > self.most:
            problems.append(
                Problem(
                    path,
                    "This list has %(count)s entries; at most %(most)s are allowed.",
                    {"count": len(value), "most": self.most},
                )
            )
            return BAD
        rows = [self.table.read(f"{path}[{i}]", row, problems) for i, row in enumerate(value)]
        return BAD if BAD in rows else tuple(rows)

    def write(self, value):
        return [self.table.write(row) for row in value]
