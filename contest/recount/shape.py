"""Whether a plan has the form that is reckoned with: words, numbers, and what must be there.

Everything that a plan may mean wrongly was checked elsewhere; this only keeps a broken file from being
reckoned with.
"""

import datetime
import decimal
import re
from fractions import Fraction

from contest.recount.amounts import amount, has_places, typed
from contest.recount.refusal import Refused

KEY = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_+-]{0,31}")
PART_OF_ALL = re.compile(r"[1-9][0-9]{0,3}/[1-9][0-9]{0,3}")
LARGEST = 10**12
MOST = 10**6


def shaped(document):
    """The document with whole numbers as `int`, nothing that is null; `Refused` names the first mistake."""
    return table(PLAN)("", document)


def _refuse(path, allowed):
    raise Refused(f"{path or 'The plan'} must be {allowed}.")


def number(path, value):
    """A decimal number, or its text, as a fraction."""
    found = value if isinstance(value, Fraction) else None
    if isinstance(value, int) and not isinstance(value, bool):
        found = amount(value) if abs(value) < LARGEST else None
    elif isinstance(value, decimal.Decimal) and value.is_finite() and abs(value.adjusted()) <= 12:
        found = typed(format(value, "f"))
    elif isinstance(value, str):
        found = typed(value)
    return _refuse(path, "a number") if found is None else found


def above_zero(path, value):
    """A number that others are divided by."""
    found = number(path, value)
    return found if found > 0 else _refuse(path, "a number above 0")


def fine(path, value):
    """The scale or exponent of a power: roots are drawn from it, so it stays small."""
    found, is_exponent = above_zero(path, value), path.endswith("exponent")
    most, decimals = (5, 3) if is_exponent else (100_000, 8)
    if found > most or not has_places(found, decimals):
        _refuse(path, f"at most {most}, with at most {decimals} decimals")
    return found


def count(path, value):
    """A whole number from 0."""
    found = number(path, value)
    if found.denominator != 1 or not 0 <= found <= MOST:
        _refuse(path, f"a whole number from 0 to {MOST}")
    return int(found)


def places(path, value):
    """How many decimals."""
    found = count(path, value)
    if found > 4:
        _refuse(path, "0 to 4")
    return found


def flag(path, value):
    """Yes or no."""
    if not isinstance(value, bool):
        _refuse(path, "true or false")
    return value


def text(path, value):
    """Words."""
    if not isinstance(value, str):
        _refuse(path, "text")
    return value


def title(path, value):
    """The name of a title, or true for the one that the award brings."""
    return value if value is True else text(path, value)


def texts(path, value):
    """Words, or a list of them."""
    return text(path, value) if isinstance(value, str) else listed(text)(path, value)


def key(path, value):
    """A short name."""
    if not isinstance(value, str) or not KEY.fullmatch(value):
        _refuse(path, "a key of letters, digits and _")
    return value


def part_of_all(path, value):
    """A fraction such as 1/12."""
    if not isinstance(value, str) or not PART_OF_ALL.fullmatch(value):
        _refuse(path, "a fraction such as 1/12")
    return value


def day(path, value):
    """A day, as TOML has it or as text."""
    try:
        return datetime.date.fromisoformat(value) if isinstance(value, str) else _only_day(value)
    except ValueError:
        return _refuse(path, "a day, written 2026-05-01")


def _only_day(value):
    if isinstance(value, datetime.datetime):
        return value.date()
    if not isinstance(value, datetime.date):
        raise ValueError
    return value


def word(*options):
    """One of a few words."""

    def read(path, value):
        if value not in options:
            _refuse(path, f"one of {', '.join(filter(None, options))}")
        return value

    return read


def listed(kind):
    """A list of things of one kind."""

    def read(path, value):
        if not isinstance(value, list | tuple):
            _refuse(path, "a list")
        return [kind(f"{path}[{number}]", one) for number, one in enumerate(value)]

    return read


def each_once(rows):
    """A list of rows in which an award stands once."""

    def read(path, value):
        found = rows(path, value)
        for number, row in enumerate(found):
            if row["award"] in [other["award"] for other in found[:number]]:
                raise Refused(f"{path}[{number}].award: the award {row['award']} stands here a second time.")
        return found

    return read


def table(fields, by=None, more=None):
    """A table of fields; what must stand there has a name that ends in `!`. Other fields are left alone."""

    def read(path, value):
        if not isinstance(value, dict):
            _refuse(path, "a table of fields")
        found = {name: inner for name, inner in value.items() if inner is not None}
        known = fields | (more or {}).get(str(found.get(by)), {})
        for named, kind in known.items():
            name, must = named.rstrip("!"), named.endswith("!")
            here = f"{path}.{name}" if path else name
            if name in found:
                found[name] = kind(here, found[name])
            elif must:
                raise Refused(f"{here} is missing.")
        return found

    return read


MODE = word("half_up", "half_even", "down")
ROUNDING = word("half_up", "up", "down")
HIGH_LOW = word("high", "low")
STEP = word("sheet", "panel", "module", "part", "stage", "team")
WORTH = {"points!": number}
HELD = {"lowest": number, "cap": number, "pass_mark": number, "weight": number}

ASPECT = table(
    {
        "key!": key, "max": number, "step": above_zero, "unit": text, "places": places, "lowest": number,
        "kind!": word("points", "deductions", "checklist", "judgement", "measured", "grade", "rank"),
        "highest": number, "beyond": number, "itself": flag, "clamp": flag, "record": flag,
        "attempts": count,
        "take": word("best", "worst", "last", "sum", "mean"), "better": HIGH_LOW, "drop_best": count,
        "drop_worst": count, "key_item": word("", "sheet", "module"), "apart": number,
        "table": listed(table({"upto!": number, **WORTH})),
        "formula": table(
            {"start!": number, "from!": number, **WORTH, "per!": above_zero, "whole": flag}
        ),
        "power": table({"scale!": fine, "from!": number, "exponent!": fine, "better": HIGH_LOW}),
    },
    "kind",
    {
        "points": {"max!": above_zero},
        "judgement": {"max!": above_zero},
        "deductions": {
            "max!": above_zero, "reasons!": listed(table({**WORTH, "most": count, "loses": flag})),
        },
        "checklist": {"items!": listed(table(WORTH))},
        "measured": {"max!": above_zero},
        "grade": {"grades!": listed(table({"key!": key, **WORTH}))},
    },
)
PANEL = {
    "key": key, "judges": count, "level": word("sheet", "aspect"), "drop_high": count, "drop_low": count,
    "method": word("mean", "sum", "median", "majority", "borda"), "drop_from": count, "factor": number,
    "tolerance": listed(table({"least!": number, "apart!": number})), "weights": listed(number),
    "spread": number, "remark": flag,
}
MODULE = table(
    {
        "key!": key, "part!": key, "entry": word("sheets", "scores"), "max": number, **HELD, "adjust": number,
        "difficulty": table({"lowest!": number, "highest!": above_zero, "places": places}),
        "adjustment": table({"method": word("none", "group_mean", "z", "robust"), "least": count}),
        "panel": table(PANEL), "panels": listed(table({**PANEL, "key!": key})),
        "criteria": listed(table({"panel": key, "aspects!": listed(ASPECT)})),
    },
    "entry",
    {"scores": {"max!": above_zero}},
)
TIE = table(
    {
        "by!": word(
            "part", "module", "stage", "aspect", "attempt", "untrimmed", "better_places", "data", "sum",
        ),
        "order": HIGH_LOW, "key": key, "module": key, "keys": listed(key),
    },
    "by",
    {
        **{by: {"key!": key} for by in ("part", "module", "stage", "data")},
        **{by: {"key!": key, "module!": key} for by in ("aspect", "attempt")},
        "sum": {"keys!": listed(key)},
    },
)
PART = table({
    "key!": key, "stage": key, "within": key, "combine": word("weights", "points", "best"), "best": count,
    **HELD, "to": word("entrant", "team"),
})
STAGE = table({
    "key!": key, "combine": word("weights", "points"), "advance": count, "advance_percent": number,
    "advance_rounding": ROUNDING, "advance_cap": count, "advance_line": word("in", "out", "key"),
    "advance_by": TIE, "carry_percent": number, "base": number, **HELD, "scale": word("none", "robust"),
})
AWARD = table(
    {
        "key!": key, "name": text, "to": word("entrant", "team", "organisation", "judge", "coach"),
        "title": flag, "level": text,
        "rule!": word("ratio", "count", "threshold", "top", "vote"), "ratio": number,
        "fraction": part_of_all, "of": word("competed", "registered"), "rounding": ROUNDING,
        "cumulative": flag, "border": word("in", "out"), "passed": flag, "unless": listed(key),
        "from_competed": count, "count": count, "least": number, "part": key, "module": key, "any": flag,
        "first": count, "last": count, "shift": table({"group!": text, **WORTH}),
        "only": table({
            "gender": texts, "employment": texts, "group": texts, "most_age": count,
            "least_age": count, "on": day, "without_title": title,
        }),
    },
    "rule",
    {"threshold": {"least!": number}},
)
PLAN = {
    "name": text,
    "rounding": table({
        "places": places, "mode": MODE, "steps": listed(STEP), "compare": word("rounded", "exact"),
        "own": listed(table({"step!": STEP, "places!": places, "mode": MODE})),
    }),
    "penalties": table({"order": word("", "cap_first", "penalty_first"), "percent": flag}),
    "ranking": table({
        "order": HIGH_LOW, "shared": flag, "dense": flag, "by_group": flag, "passed_only": flag,
        "ties": listed(TIE),
    }),
    "teams": table({
        "method": word("sum", "mean", "best", "places"), "best": count, "size": count,
        "place_points": listed(number),
    }),
    "organisations": table({
        "points": each_once(listed(table({"award!": key, **WORTH}))),
        "order": word("points", "average", "medals"),
    }),
    "prizes": table({"one_each": flag}),
    "stages!": listed(STAGE), "parts!": listed(PART), "modules!": listed(MODULE), "awards": listed(AWARD),
}
