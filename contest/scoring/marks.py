"""Clause 2. What a mark is and how it is written down.

Not given, absent and zero are three things: here `None` is "not yet marked", and never becomes 0.
A *raw* mark is one int: units (points), units deducted (deductions), units earned (checklist,
grade), 0 to 3 (judgement), units of the measured value (measured), the rank (rank). An attempt that
was tried and failed is VOID. KINDS holds the functions of each kind; a new kind is one more row
here and one in `earning.py`.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

import numpy as np

from contest.scoring.attempts import VOID, taken
from contest.scoring.earning import earned
from contest.scoring.scheme import Aspect, Module
from contest.scoring.units import text_of, units_of
from contest.scoring.words import in_english, listed, two_names

FULL_WIDTH = str.maketrans("０１２３４５６７８９．－＋", "0123456789.-+")
NUMBER = re.compile(r"[+-]?[0-9]{1,12}(\.[0-9]{1,12})?")
COUNT = re.compile(r"[0-9]{1,9}")
MOST_DIGITS = 12  # before the point, and after it
LARGEST = 10**MOST_DIGITS
VOID_WORDS = ("x", "×", "void", "dnf", "dns")
HIGHEST_JUDGEMENT = 3
HIGHEST_RANK = 10_000


class MarkError(ValueError):
    """A mark that cannot be taken: an English sentence saying what is allowed, and parameters."""

    def __init__(self, message, /, **params):
        self.message = message
        self.params = params
        super().__init__(message)

    def __str__(self):
        return in_english(self.message, self.params)


def parse_number(text: str | int | Decimal) -> Decimal:
    """The number in `text`; full-width digits are understood. MarkError for anything else.

    >>> parse_number(" ９．５ ")
    Decimal('9.5')
    """
    number = _find_number(text)
    if number is None:
        raise MarkError("“%(text)s” is not a number; write it like 9.5.", text=_shown(text))
    return number


def parse_count(text: str) -> int | None:
    """The whole number in a text of at most nine digits and nothing else, full-width ones too; else None.

    >>> parse_count("３"), parse_count("²"), parse_count("9" * 5000)
    (3, None, None)
    """
    digits = text.strip().translate(FULL_WIDTH)
    return int(digits) if COUNT.fullmatch(digits) else None


def read_mark(aspect: Aspect, value: object) -> int | None:
    """The raw mark in a stored or typed `value` of one attempt; None when it is not yet marked.

    MarkError, naming what is allowed, for everything that is not a mark of this aspect.
    """
    return KINDS[aspect.kind].read(aspect, value)[0]


def read_attempts(aspect: Aspect, value: object) -> tuple[list[int | None], object]:
    """The raw marks of all attempts, None where not given, and the one way to store them.

    MarkError as `read_mark`. An aspect with one attempt is a list of one.
    """
    read = KINDS[aspect.kind].read
    if aspect.attempts == 1:
        if aspect.kind == "measured" and _is_void(value):
            return [VOID], "x"
        raw, stored = read(aspect, value)
        return [raw], stored
    if value is None:
        return [None] * aspect.attempts, None
    if not isinstance(value, list | tuple) or len(value) > aspect.attempts:
        raise MarkError(
            "“%(aspect)s” has %(count)s attempts; give one mark for each, or x where it failed.",
            aspect=aspect.name,
            count=aspect.attempts,
        )
    found = [(VOID, "x") if _is_void(one) else read(aspect, one) for one in value]
    found += [(None, None)] * (aspect.attempts - len(found))
    raws = [raw for raw, _ in found]
    if all(raw is None for raw in raws):
        return raws, None
    return raws, [stored for _, stored in found]


def canonical_mark(aspect: Aspect, value: object) -> object:
    """The one way to store `value` in a sheet: "9.5", {"0": 2}, [True, False], 2, or None.

    MarkError as `read_mark`. A half-filled checklist is kept as it is, though it is not yet a mark.
    """
    return read_attempts(aspect, value)[1]


def read_sheet(module: Module, values: dict) -> tuple[np.ndarray, np.ndarray]:
    """One sheet: int64 (columns,) raw marks and bool (columns,), True where a mark is given.

    An aspect has one column for each attempt (`module.columns`). MarkError for the first value
    that is not a mark, KeyError for an aspect not on the sheet.
    """
    known = {aspect.key for aspect in module.aspects}
    for key in values:
        if key not in known:
            raise KeyError(key)
    raw = []
    for aspect in module.aspects:
        raw += read_attempts(aspect, values.get(aspect.key))[0]
    given = np.array([mark is not None for mark in raw], dtype=bool)
    return np.array([mark or 0 for mark in raw], dtype=np.int64), given


def sheet_points(module: Module, values: dict) -> list[Fraction | None]:
    """Units earned by each aspect of one sheet, exactly; None where not yet marked."""
    raw, given = read_sheet(module, values)
    took = taken(module, raw[None], given[None])
    numerators, denominator = earned(module.aspects, took.values[0])
    rows = zip(numerators.tolist(), took.given[0].tolist(), took.void[0].tolist(), strict=True)
    return [
        (Fraction(0) if is_void else Fraction(numerator, denominator)) if is_given else None
        for numerator, is_given, is_void in rows
    ]


def _find_number(text):
    if isinstance(text, bool | float):
        # A float has already lost the digits that were typed.
        return None
    if isinstance(text, int):
        return Decimal(text) if abs(text) < LARGEST else None
    if isinstance(text, Decimal):
        if abs(text.adjusted()) > MOST_DIGITS:
            return None  # written out, 1e999999999 would fill the memory
        text = format(text, "f")
    if not isinstance(text, str):
        return None
    text = text.strip().translate(FULL_WIDTH)
    return Decimal(text) if NUMBER.fullmatch(text) else None


def _find_units(text):
    number = _find_number(text)
    return None if number is None else units_of(number)


def _is_void(value):
    return isinstance(value, str) and value.strip().lower() in VOID_WORDS


def _shown(text):
    if isinstance(text, int) and abs(text) >= LARGEST:
        return "…"  # a number of thousands of digits has no text
    return str(text).strip()[:20]


def _is_blank(value):
    return value is None or (isinstance(value, str) and not value.strip())


def _read_points(aspect, value):
    if _is_blank(value):
        return None, None
    units = _find_units(value)
    top = top_of_attempt(aspect)
    allowed = {"text": _shown(value), "top": text_of(top), "step": text_of(aspect.step)}
    if units is None:
        raise MarkError(
            "“%(text)s” is not a mark: it must be a number between 0 and %(top)s "
            "in steps of %(step)s.",
            **allowed,
        )
    if not 0 <= units <= top:
        raise MarkError(
            "%(text)s is out of range: the mark must be between 0 and %(top)s "
            "in steps of %(step)s.",
            **allowed,
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
                reason=two_names(reason.name, reason.name_en or reason.name),
                most=reason.most,
            )
        if count:
            counts[index] = count
    units = sum(aspect.reasons[index].points * count for index, count in counts.items())
    if any(aspect.reasons[index].loses for index in counts):
        units = max(units, aspect.max)
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


def _read_grade(aspect, value):
    if _is_blank(value):
        return None, None
    text = str(value).strip() if isinstance(value, str | int) else ""
    for grade in aspect.grades:
        if grade.key == text:
            return grade.points, grade.key
    raise MarkError(
        "“%(text)s” is not a grade; it must be one of: %(grades)s.",
        text=_shown(value),
        grades=listed(grade.key for grade in aspect.grades),
    )


def _read_rank(aspect, value):
    if _is_blank(value):
        return None, None
    units = _find_units(value)
    rank = None if units is None or units % 10_000 else units // 10_000
    if rank is None or not 1 <= rank <= HIGHEST_RANK:
        raise MarkError(
            "“%(text)s” is not a rank: it must be a whole number from 1 to %(most)s.",
            text=_shown(value), most=HIGHEST_RANK,
        )
    return rank, rank


@dataclass(frozen=True)
class Kind:
    """What a kind of mark looks like.

    read(aspect, value) -> (raw or None, canonical value). raw_range(aspect) -> (lowest, highest)
    of one attempt.
    """

    read: Callable
    raw_range: Callable


def top_of_attempt(aspect: Aspect) -> int:
    """The most that one attempt may be given, in units: a sum shares its top mark out."""
    if aspect.take == "sum" and aspect.attempts > 1:
        return aspect.max // (aspect.attempts - aspect.drop_best - aspect.drop_worst)
    return aspect.max


def _range_of_deductions(aspect):
    most = sum(reason.points * reason.most for reason in aspect.reasons)
    return 0, max(most, aspect.max) if any(r.loses for r in aspect.reasons) else most


KINDS = {
    "points": Kind(_read_points, lambda a: (0, top_of_attempt(a))),
    "deductions": Kind(_read_deductions, _range_of_deductions),
    "checklist": Kind(_read_checklist, lambda a: (0, a.max)),
    "judgement": Kind(_read_judgement, lambda a: (0, HIGHEST_JUDGEMENT)),
    "measured": Kind(_read_measured, lambda a: (a.lowest, a.highest)),
    "grade": Kind(_read_grade, lambda a: (0, a.max)),
    "rank": Kind(_read_rank, lambda a: (1, HIGHEST_RANK)),
}


def raw_range(aspect: Aspect) -> tuple[int, int]:
    """The lowest and the highest raw mark one attempt of this aspect can have."""
    return KINDS[aspect.kind].raw_range(aspect)


def value_range(aspect: Aspect) -> tuple[int, int]:
    """The lowest and the highest of what is taken from all attempts, in raw units."""
    low, high = raw_range(aspect)
    if aspect.attempts > 1 and aspect.take == "sum":
        kept = aspect.attempts - aspect.drop_best - aspect.drop_worst
        return low * kept, high * kept
    return low, high
