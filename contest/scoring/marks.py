"""Clause 2. What a mark is, how it is written down, and what it earns.

Not given, absent and zero are three things: here `None` is "not yet marked", and never becomes 0.
A *raw* mark is one int: units (points), units deducted (deductions), units earned (checklist),
0 to 3 (judgement), units of the measured value (measured). KINDS holds the functions of each kind;
a new kind is one more row.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from math import lcm

import numpy as np

from contest.scoring.scheme import Aspect, Module
from contest.scoring.units import text_of, units_of

FULL_WIDTH = str.maketrans("０１２３４５６７８９．－＋", "0123456789.-+")
NUMBER = re.compile(r"[+-]?[0-9]{1,12}(\.[0-9]{1,12})?")
HIGHEST_JUDGEMENT = 3


class MarkError(ValueError):
    """A mark that cannot be taken: an English sentence saying what is allowed, and parameters."""

    def __init__(self, message, /, **params):
        self.message = message
        self.params = params
        super().__init__(message)

    def __str__(self):
        return self.message % self.params if self.params else self.message


def parse_number(text: str | int | Decimal) -> Decimal:
    """The number in `text`; full-width digits are understood. MarkError for anything else.

    >>> parse_number(" ９．５ ")
    Decimal('9.5')
    """
    number = _find_number(text)
    if number is None:
        raise MarkError("“%(text)s” is not a number; write it like 9.5.", text=_shown(text))
    return number


def read_mark(aspect: Aspect, value: object) -> int | None:
    """The raw mark in a stored or typed `value`; None when it is not yet marked.

    MarkError, naming what is allowed, for everything that is not a mark of this aspect.
    """
    return KINDS[aspect.kind].read(aspect, value)[0]


def canonical_mark(aspect: Aspect, value: object) -> object:
    """The one way to store `value` in a sheet: "9.5", {"0": 2}, [True, False], 2, or None.

    MarkError as `read_mark`. A half-filled checklist is kept as it is, though it is not yet a mark.
    """
    return KINDS[aspect.kind].read(aspect, value)[1]


def read_sheet(module: Module, values: dict) -> tuple[np.ndarray, np.ndarray]:
    """One sheet: int64 (aspects,) raw marks and bool (aspects,), True where a mark is given.

    MarkError for the first value that is not a mark, KeyError for an aspect not on the sheet.
    """
    known = {aspect.key for aspect in module.aspects}
    for key in values:
        if key not in known:
            raise KeyError(key)
    raw = [read_mark(aspect, values.get(aspect.key)) for aspect in module.aspects]
    given = np.array([mark is not None for mark in raw], dtype=bool)
    return np.array([mark or 0 for mark in raw], dtype=np.int64), given


def sheet_points(module: Module, values: dict) -> list[Fraction | None]:
    """Units earned by each aspect of one sheet, exactly; None where not yet marked."""
    raw, given = read_sheet(module, values)
    points = []
    for aspect, mark, is_given in zip(module.aspects, raw, given, strict=True):
        numerators, denominator = points_of(aspect, np.array([mark], dtype=np.int64))
        points.append(Fraction(int(numerators[0]), denominator) if is_given else None)
    return points


def points_of(aspect: Aspect, raw: np.ndarray) -> tuple[np.ndarray, int]:
    """Units earned by raw marks of one aspect: int64 numerators, same shape, and a denominator."""
    kind = KINDS[aspect.kind]
    denominator = kind.denominator(aspect)
    return kind.numerators((aspect,), raw[..., None], denominator)[..., 0], denominator


def common_denominator(aspects: tuple[Aspect, ...]) -> int:
    """The denominator in which every mark of these aspects is a whole number of units."""
    return lcm(*(KINDS[aspect.kind].denominator(aspect) for aspect in aspects))


def earned(aspects: tuple[Aspect, ...], raw: np.ndarray) -> tuple[np.ndarray, int]:
    """Units earned: int64 (…, aspects) raw in, int64 numerators and `common_denominator` out."""
    denominator = common_denominator(aspects)
    names = [aspect.kind for aspect in aspects]
    if len(set(names)) == 1:
        return KINDS[names[0]].numerators(aspects, raw, denominator), denominator
    numerators = np.empty_like(raw)
    for name in dict.fromkeys(names):
        columns = [index for index, other in enumerate(names) if other == name]
        some = tuple(aspects[column] for column in columns)
        numerators[..., columns] = KINDS[name].numerators(some, raw[..., columns], denominator)
    return numerators, denominator


def raw_range(aspect: Aspect) -> tuple[int, int]:
    """The lowest and the highest raw mark this aspect can have."""
    return KINDS[aspect.kind].raw_range(aspect)


def _find_number(text):
    if isinstance(text, bool | float):
        # A float has already lost the digits that were typed.
        return None
    if isinstance(text, int):
        return Decimal(text)
    if isinstance(text, Decimal):
        text = format(text, "f")
    if not isinstance(text, str):
        return None
    text = text.strip().translate(FULL_WIDTH)
    return Decimal(text) if NUMBER.fullmatch(text) else None


def _find_units(text):
    number = _find_number(text)
    return None if number is None else units_of(number)


def _shown(text):
    return str(text).strip()[:20]


def _is_blank(value):
    return value is None or (isinstance(value, str) and not value.strip())


def _read_points(aspect, value):
    if _is_blank(value):
        return None, None
    units = _find_units(value)
    allowed = {"text": _shown(value), "top": text_of(aspect.max), "step": text_of(aspect.step)}
    if units is None:
        raise MarkError(
            "“%(text)s” is not a mark: it must be a number between 0 and %(top)s "
            "in steps of %(step)s.",
            **allowed,
        )
    if not 0 <= units <= aspect.max:
        raise MarkError(
            "%(text)s is out of range: the mark must be between 0 and %(top)s.", **allowed
        )
    if units % aspect.step:
        raise MarkError(
            "%(text)s is between the steps: the mark must be between 0 and %(top)s "
            "in steps of %(step)s.",
            **allowed,
        )
    return units, text_of(units)


def _read_deductions(aspect, value):
    if value is None:
        return None, None
    if not isinstance(value, dict):
        raise MarkError("The deductions must say how often each reason was seen.")
    counts = {}
    for key, count in value.items():
        index = int(key) if str(key).isascii() and str(key).isdigit() else len(aspect.reasons)
        if index >= len(aspect.reasons):
            raise MarkError("There is no such reason for a deduction on this sheet.")
        reason = aspect.reasons[index]
        if type(count) is not int or not 0 <= count <= reason.most:
            raise MarkError(
                "“%(reason)s” can be counted from 0 to %(most)s times.",
                reason=reason.name,
                most=reason.most,
            )
        if count:
            counts[index] = count
    units = sum(aspect.reasons[index].points * count for index, count in counts.items())
    return units, {str(index): counts[index] for index in sorted(counts)}


def _read_checklist(aspect, value):
    if value is None:
        return None, None
    ticks = list(value) if isinstance(value, list | tuple) else []
    answers = [tick for tick in ticks if tick is None or isinstance(tick, bool)]
    if len(ticks) != len(aspect.items) or len(answers) != len(ticks):
        raise MarkError(
            "The checklist has %(count)s lines; each is answered yes or no.",
            count=len(aspect.items),
        )
    if any(tick is None for tick in ticks):
        return None, (None if all(tick is None for tick in ticks) else ticks)
    return sum(item.points for item, tick in zip(aspect.items, ticks, strict=True) if tick), ticks


def _read_judgement(aspect, value):
    if _is_blank(value):
        return None, None
    units = _find_units(value)
    step = None if units is None or units % 10_000 else units // 10_000
    if step is None or not 0 <= step <= HIGHEST_JUDGEMENT:
        raise MarkError(
            "“%(text)s” is not a judgement: it must be 0, 1, 2 or 3.", text=_shown(value)
        )
    return step, step


def _read_measured(aspect, value):
    if _is_blank(value):
        return None, None
    units = _find_units(value)
    allowed = {
        "text": _shown(value),
        "lowest": text_of(aspect.lowest),
        "highest": text_of(aspect.highest),
        "places": aspect.places,
    }
    if units is None:
        raise MarkError(
            "“%(text)s” is not a measured value: it must be a number between %(lowest)s "
            "and %(highest)s.",
            **allowed,
        )
    if not aspect.lowest <= units <= aspect.highest:
        raise MarkError(
            "%(text)s is out of range: the value must be between %(lowest)s and %(highest)s.",
            **allowed,
        )
    if units % 10 ** (4 - aspect.places):
        raise MarkError(
            "%(text)s is too fine: the value must be between %(lowest)s and %(highest)s; "
            "decimals allowed: %(places)s.",
            **allowed,
        )
    return units, text_of(units)


def _column(aspects, attribute):
    return np.array([getattr(aspect, attribute) for aspect in aspects], dtype=np.int64)


def _units_as_they_are(aspects, raw, denominator):
    return raw * denominator if denominator != 1 else raw


def _full_marks_less_deductions(aspects, raw, denominator):
    # Taken off until nothing is left, never below zero (扣完为止，不倒扣).
    return np.maximum(_column(aspects, "max") - raw, 0) * denominator


def _thirds(aspects, raw, denominator):
    shares = [aspect.max * denominator // HIGHEST_JUDGEMENT for aspect in aspects]
    return raw * np.array(shares, dtype=np.int64)


def _by_rule(aspects, raw, denominator):
    columns = [_one_by_rule(a, raw[..., i], denominator) for i, a in enumerate(aspects)]
    return np.stack(columns, axis=-1)


def _one_by_rule(aspect, raw, denominator):
    if aspect.formula is None:
        upto = np.array([bracket.upto for bracket in aspect.table], dtype=np.int64)
        points = [bracket.points for bracket in aspect.table] + [aspect.beyond]
        return np.array(points, dtype=np.int64)[np.searchsorted(upto, raw)] * denominator
    formula = aspect.formula
    away = raw - formula.origin
    if formula.whole:
        # Only full steps count, on either side of the origin: 9 seconds early is no step of 10.
        steps = np.sign(away) * (np.abs(away) // formula.per)
        return np.clip(formula.start + formula.points * steps, 0, aspect.max) * denominator
    slope = Fraction(formula.points, formula.per)
    numerators = formula.start * slope.denominator + slope.numerator * away
    held = np.clip(numerators, 0, aspect.max * slope.denominator)
    return held * (denominator // slope.denominator)


def _one(aspect):
    return 1


def _denominator_of_thirds(aspect):
    return Fraction(aspect.max, HIGHEST_JUDGEMENT).denominator


def _denominator_of_rule(aspect):
    formula = aspect.formula
    if formula is None or formula.whole:
        return 1
    return Fraction(formula.points, formula.per).denominator


@dataclass(frozen=True)
class Kind:
    """What the rest of the program needs to know of one kind of mark.

    read(aspect, value) -> (raw or None, canonical value). raw_range(aspect) -> (lowest, highest).
    denominator(aspect) -> int. numerators(aspects, raw int64 (…, aspects), denominator) -> the same
    shape, units earned, for any common denominator.
    """

    read: Callable
    raw_range: Callable
    denominator: Callable
    numerators: Callable


KINDS = {
    "points": Kind(_read_points, lambda a: (0, a.max), _one, _units_as_they_are),
    "deductions": Kind(
        _read_deductions,
        lambda a: (0, sum(reason.points * reason.most for reason in a.reasons)),
        _one,
        _full_marks_less_deductions,
    ),
    "checklist": Kind(_read_checklist, lambda a: (0, a.max), _one, _units_as_they_are),
    "judgement": Kind(
        _read_judgement, lambda a: (0, HIGHEST_JUDGEMENT), _denominator_of_thirds, _thirds
    ),
    "measured": Kind(
        _read_measured, lambda a: (a.lowest, a.highest), _denominator_of_rule, _by_rule
    ),
}
