"""The receipt, continued. Its lines, and numbers as a pocket calculator shows them.

Everything here reckons with fractions, apart from the arrays, so that a fault in one road is seen
in the other.
"""

from dataclasses import dataclass, field
from fractions import Fraction
from math import floor

from contest.scoring.scheme import Aspect, Award, Module, Panel, Part, Plan, Rounding, Stage
from contest.scoring.words import N_, TwoNames, listed

SHOWN_DECIMALS = 6
MOST_DECIMALS = 18
HALF = Fraction(1, 2)
ROUNDED = {
    "half_up": N_("Rounded to %(places)s decimals."),
    "half_even": N_("Rounded to %(places)s decimals, halves to the even digit."),
    "down": N_("Cut down to %(places)s decimals."),
}


@dataclass(frozen=True)
class Step:
    """One line of a receipt: an English sentence with parameters, and its sum.

    sum: numbers and signs only, "(80 + 90) ÷ 2 = 85", or "". about: the piece of the plan whose
    line it is, for its name; None for the place. In params, `judge` is the number of a seat from 1,
    `key` a tie's label, and `entrant` the id of somebody in the book.
    """

    label: str
    params: dict
    sum: str = ""
    about: Stage | Part | Module | Panel | Aspect | Award | None = None


@dataclass
class Notes:
    """The lines of a receipt as they come."""

    steps: list[Step] = field(default_factory=list)

    def add(self, label, params=None, sum_="", about=None):
        self.steps.append(Step(label, params or {}, sum_, about))


def number(units: Fraction | int, decimals: int = SHOWN_DECIMALS) -> str:
    """Units as points for a pocket calculator: exact, or six decimals and "…".

    >>> number(95_000), number(Fraction(200_000, 3))
    ('9.5', '6.666666…')
    """
    whole, rest = divmod(abs(Fraction(units)) * Fraction(10**decimals, 10_000), 1)
    text = f"{int(whole):0{decimals + 1}d}"
    text = f"{text[:-decimals]}.{text[-decimals:]}"
    sign = "-" if units < 0 else ""
    return sign + (f"{text}…" if rest else text.rstrip("0").rstrip("."))


def compared(mine: Fraction, theirs: Fraction) -> str:
    """Two numbers with the sign between them, and as many decimals as show that they differ.

    >>> compared(Fraction(1, 3), Fraction(1, 3)), compared(Fraction(20_000), Fraction(15_000))
    ('0.000033… = 0.000033…', '2 > 1.5')
    """
    sign = "=" if mine == theirs else "<" if mine < theirs else ">"
    decimals = SHOWN_DECIMALS
    while sign != "=" and decimals < MOST_DECIMALS and (
        number(mine, decimals) == number(theirs, decimals)
    ):
        decimals += 2
    return f"{number(mine, decimals)} {sign} {number(theirs, decimals)}"


def numbers(values) -> TwoNames:
    """Numbers as a list in a sentence."""
    return listed(map(number, values))


def added(values) -> str:
    """Numbers with plus signs between them, a negative one in brackets; "0" for none."""
    terms = [f"({number(value)})" if value < 0 else number(value) for value in values]
    return " + ".join(terms) or "0"


def rounded(value: Fraction, rounding: Rounding, step: str = "") -> Fraction:
    """The value rounded to the places of a step, in units."""
    return rounded_to(value, *rounding.at(step))


def rounded_to(value: Fraction, places: int, mode: str) -> Fraction:
    """The value rounded to so many places, in units."""
    quantum = 10 ** (4 - places)
    whole = floor(abs(value) / quantum)
    rest = abs(value) / quantum - whole
    up = rest >= HALF if mode == "half_up" else rest > HALF or (rest == HALF and whole % 2 == 1)
    whole += up and mode != "down"
    return Fraction(whole * quantum if value >= 0 else -whole * quantum)


def carried(plan: Plan, notes: Notes, value: Fraction, step: str, about) -> Fraction:
    """The value that is carried on from a step, with a line where rounding changes it."""
    if step not in plan.rounding.steps:
        return value
    found = rounded(value, plan.rounding, step)
    if found != value:
        places, mode = plan.rounding.at(step)
        notes.add(
            ROUNDED[mode], {"places": places}, f"{number(value)} → {number(found)}", about
        )
    return found


def settled(plan: Plan, notes: Notes, value: Fraction, thing, penalty: int) -> Fraction:
    """A module, part or stage after cap, penalty and lowest, each with its line."""
    def capped(value):
        if thing.cap is None or value <= thing.cap:
            return value
        notes.add(N_("No more than the cap counts."), {}, f"{number(value)} → {number(thing.cap)}", thing)
        return Fraction(thing.cap)

    if plan.penalties.order == "penalty_first":
        value = capped(_less_penalty(plan, notes, value, thing, penalty))
    else:
        value = _less_penalty(plan, notes, capped(value), thing, penalty)
    if value >= thing.lowest:
        return value
    # Where a penalty took it there, the line of the penalty has said so.
    if not penalty or plan.penalties.percent:
        notes.add(
            N_("Nothing goes below %(lowest)s."), {"lowest": number(thing.lowest)},
            f"{number(value)} → {number(thing.lowest)}", thing,
        )
    return Fraction(thing.lowest)


def _less_penalty(plan, notes, value, thing, penalty):
    if not penalty:
        return value
    if plan.penalties.percent:
        off = min(penalty, 100 * 10_000)
        left = value * (100 * 10_000 - off) / (100 * 10_000) if value > 0 else value
        label = N_("Penalty of %(percent)s percent taken off what is above 0.")
        arithmetic = f"{number(value)} → {number(left)}"
        if value > 0:
            arithmetic = f"{number(value)} − {number(value)} × {number(off)} ÷ 100 = {number(left)}"
        notes.add(label, {"percent": number(penalty)}, arithmetic, thing)
        return left
    left = max(value - penalty, Fraction(thing.lowest))
    if plan.penalties.order == "penalty_first":
        left = value - penalty
    shown = max(left, Fraction(thing.lowest))
    notes.add(
        N_("Penalty taken off; nothing goes below %(lowest)s."), {"lowest": number(thing.lowest)},
        f"{number(value)} − {number(penalty)} → {number(shown)}", thing,
    )
    return left
