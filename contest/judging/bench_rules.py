"""One panel's sheets of one contestant beside each other: how far the judges lie apart, and in what."""

from dataclasses import dataclass, field, replace

from contest.judging.apart_rules import (
    Apart,
    Given,
    apart_in,
    aspects_apart,
    is_odd,
    judgements_apart,
)
from contest.judging.lines import shown_total
from contest.scoring.scheme import Aspect, Panel
from contest.scoring.units import text_of


@dataclass(frozen=True)
class Cell:
    """One judge's sheet of one contestant. shown: its state, or "again", or "odd".

    is_hidden: its marks are kept from the reader, whose own sheet of this contestant is open.
    far: {aspect: (value, plausible_rules.Others)}, measured far from what its judge measured of the others.
    """

    sheet_id: int
    seat: int
    judge_id: int
    judge: str
    state: str
    shown: str
    total: str | None
    units: int | None
    marks: dict
    is_hidden: bool = False
    far: dict = field(default_factory=dict)


@dataclass(frozen=True)
class Bench:
    """One panel's cells (or None) of one contestant.

    gap: how far the totals lie apart, as text, or None; odd: further than the plan's spread;
    again: the aspects whose judgements lie so far apart that they have to be given again; aspects:
    those whose marks lie further apart than their own limit; talk: all that, with what each judge gave.
    """

    panel: Panel
    cells: tuple[Cell | None, ...]
    odd: bool
    gap: str | None
    again: tuple[Aspect, ...] = ()
    aspects: tuple[Aspect, ...] = ()
    talk: tuple[Apart, ...] = ()

    @property
    def is_apart(self):
        """True when sums, or the marks of an aspect, lie further apart than the plan lets them."""
        return self.odd or bool(self.aspects)


def bench_of(module, cells, rounding):
    """A panel's Bench; `module` as on its seats."""
    submitted = [
        cell for cell in cells if cell is not None and cell.state == "submitted" and not cell.is_hidden
    ]
    totals = [cell.units for cell in submitted if cell.units is not None]
    if module.aspects[0].kind == "rank":
        totals = []  # a rank earns nothing by itself, so there is nothing to lie apart
    odd = is_odd(totals, module.panel.spread)
    gap = shown_total(max(totals) - min(totals), rounding) if len(totals) > 1 else None
    marks = [cell.marks for cell in submitted]
    again, aspects = judgements_apart(module, marks), aspects_apart(module, marks)
    ends = {max(totals), min(totals)} if odd else set()

    def shown(cell):
        if cell is None or cell.state != "submitted":
            return cell
        if again:
            return replace(cell, shown="again")
        return replace(cell, shown="odd") if cell.units in ends else cell

    sums = [_sums_apart(module.panel, submitted, gap)] if odd else []
    sheets = [(cell.seat, cell.judge, cell.marks) for cell in submitted]
    talk = (*sums, *(apart_in(aspect, sheets) for aspect in (*again, *aspects)))
    return Bench(module.panel, tuple(map(shown, cells)), odd, gap, again, aspects, talk)


def _sums_apart(panel, cells, gap):
    given = tuple(Given(cell.seat, cell.judge, cell.total) for cell in cells if cell.units is not None)
    return Apart(None, given, gap, text_of(panel.spread))
