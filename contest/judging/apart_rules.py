"""What the judges of one panel lie too far apart in: the sums, judgements, the marks of an aspect."""

from dataclasses import dataclass

from contest.judging.attempt_lines import value_of
from contest.scoring import UNITS_PER_POINT
from contest.scoring.scheme import Aspect
from contest.scoring.units import text_of


@dataclass(frozen=True)
class Given:
    """What one judge gave, as text."""

    seat: int
    judge: str
    text: str


@dataclass(frozen=True)
class Apart:
    """One thing of which a panel has to talk. aspect: None for the sums; gap: how far apart, as text.

    limit: how far apart the plan lets it lie, as text.
    """

    aspect: Aspect | None
    given: tuple[Given, ...]
    gap: str
    limit: str


def is_odd(totals, spread):
    """True when judges' totals (units) lie further apart than the plan's spread."""
    given = [total for total in totals if total is not None]
    return spread is not None and len(given) > 1 and max(given) - min(given) > spread


def judgements_apart(module, sheets):
    """The aspects to be marked again: judgements more than a step apart on the sheets handed in.

    module: as on the panel's seats; sheets: the marks of those that count. Only where the plan
    says so (`remark`); the module's mark waits until they agree.
    """
    if not module.panel.remark:
        return ()
    return tuple(
        aspect for aspect in module.aspects
        if aspect.kind == "judgement" and _range_of([marks.get(aspect.key) for marks in sheets]) > 1
    )


def _range_of(steps):
    given = [step for step in steps if step is not None]
    return max(given) - min(given) if given else 0


def aspects_apart(module, sheets):
    """The aspects whose marks on the sheets handed in lie further apart than the plan lets them.

    module: as on the panel's seats; sheets: the marks of those that count. An attempt that failed is
    no value. The mark stands all the same.
    """
    return tuple(
        aspect for aspect in module.aspects
        if aspect.apart is not None
        and _range_of([value_of(aspect, marks.get(aspect.key)) for marks in sheets]) > aspect.apart
    )


def apart_in(aspect, sheets):
    """The Apart of one aspect; sheets: (seat, judge, marks) of those that count."""
    values = [value_of(aspect, marks.get(aspect.key)) for _, _, marks in sheets]
    given = tuple(
        Given(seat, judge, "×" if value is None else text_of(round(value)))
        for (seat, judge, _), value in zip(sheets, values, strict=True)
    )
    limit = text_of(UNITS_PER_POINT if aspect.apart is None else aspect.apart)
    return Apart(aspect, given, text_of(round(_range_of(values))), limit)
