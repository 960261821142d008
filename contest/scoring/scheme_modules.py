"""Clause 1, continued. A module, its panels, and what may be done to its mark.

docs/rules/README.md, sections 2, 3 and 9, says what each field means.
"""

from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from math import ceil

from contest.scoring.scheme_aspects import Aspect, Criterion


def named(things, key: str):
    """The one of these that is called `key`; KeyError when there is none."""
    for thing in things:
        if thing.key == key:
            return thing
    raise KeyError(key)


@dataclass(frozen=True)
class Tolerance:
    """Where the kept marks' mean is at least `least`, they may lie `apart` units from each other."""

    least: int
    apart: int


@dataclass(frozen=True)
class Panel:
    """How several judges' sheets become one mark.

    level: sheet (combine the sheets' totals) | aspect (combine each aspect, then add).
    method: mean | sum | median | majority | borda. drop_from: drop only from so many marks up.
    tolerance: kept marks further apart than allowed bring back the dropped ones. weights: one for
    each seat. factor: units, the combined mark is multiplied by it. spread: units; totals further
    apart than this are odd, or None. remark: marks of a judgement more than a step apart have to
    be given again. key, name: of one of several panels of a module.
    """

    judges: int
    level: str = "sheet"
    method: str = "mean"
    drop_high: int = 0
    drop_low: int = 0
    spread: int | None = None
    drop_from: int = 0
    tolerance: tuple[Tolerance, ...] = ()
    weights: tuple[int, ...] = ()
    factor: int = 10_000
    remark: bool = False
    key: str = ""
    name: str = ""
    name_en: str = ""

    def drops(self, marks: int) -> tuple[int, int]:
        """How many of so many marks are left out, (low, high)."""
        return (self.drop_low, self.drop_high) if marks >= self.drop_from else (0, 0)

    @property
    def dropped(self) -> int:
        """How many marks of a full panel are left out."""
        return sum(self.drops(self.judges))

    @property
    def counting(self) -> int:
        """How many marks of a full panel count."""
        return self.judges - self.dropped

    @property
    def by_order(self) -> bool:
        """True where only the order in which each judge puts the entrants counts."""
        return self.method in ("majority", "borda")


@dataclass(frozen=True)
class Difficulty:
    """The range of the factor that each entrant brings, in units."""

    lowest: int
    highest: int
    places: int = 1


@dataclass(frozen=True)
class Adjustment:
    """How rooms in which different judges marked are made comparable.

    method: none | group_mean | z | robust. least: the smallest room for which it is done.
    """

    method: str = "none"
    least: int = 10


@dataclass(frozen=True)
class Module:
    """One thing that is marked as a whole. weight: units of percent of its part. max: units.

    entry: sheets (judges mark, the panel and `criteria` say how) | scores (one score comes in).
    kind: theory | practical | work | quiz, for words and icons only. panel: its one panel, or
    None where scores come in or where there are several `panels`. adjust: the most the chief may
    add or take, or None.
    """

    key: str
    part: str
    name: str
    max: int
    weight: int = 0
    name_en: str = ""
    entry: str = "sheets"
    kind: str = "practical"
    blind: bool = False
    speciality: str = ""
    lowest: int = 0
    cap: int | None = None
    pass_mark: int | None = None
    adjust: int | None = None
    difficulty: Difficulty | None = None
    adjustment: Adjustment = Adjustment()
    panel: Panel | None = None
    panels: tuple[Panel, ...] = ()
    criteria: tuple[Criterion, ...] = ()

    @cached_property
    def aspects(self) -> tuple[Aspect, ...]:
        """All aspects in the order of the sheet."""
        return tuple(aspect for criterion in self.criteria for aspect in criterion.aspects)

    @cached_property
    def all_panels(self) -> tuple[Panel, ...]:
        """Its one panel, or its several; none where scores come in."""
        return self.panels or ((self.panel,) if self.panel else ())

    @cached_property
    def seats(self) -> int:
        """How many judges mark it, all panels together; axis 1 of the book's arrays."""
        return sum(panel.judges for panel in self.all_panels)

    @cached_property
    def columns(self) -> tuple[tuple[int, int], ...]:
        """(index of the aspect, number of the attempt from 0) of axis 2 of the book's arrays."""
        return tuple(
            (index, attempt)
            for index, aspect in enumerate(self.aspects)
            for attempt in range(aspect.attempts)
        )

    def exact_top(self, trimmed: bool = True) -> Fraction:
        """The most its mark can be, in units; trimmed False: as though no mark were dropped."""
        if self.adjustment.method == "robust":
            return Fraction(1000 * 10_000)
        top = Fraction(0)
        for panel in self.all_panels:
            own = self.max
            if self.panels and not panel.by_order:
                own = sum(self.aspects[index].max for index in self.aspect_indexes(panel))
            kept = 1
            if panel.method == "sum":
                kept = panel.counting if trimmed else panel.judges
            top += Fraction(own * kept * panel.factor, 10_000)
        if not self.all_panels:
            top = Fraction(self.max)
        return top * self.difficulty.highest / 10_000 if self.difficulty else top

    @property
    def top(self) -> int:
        """The most its mark can be, in units, rounded up to whole ones."""
        return ceil(self.exact_top())

    def seats_of(self, panel: Panel) -> range:
        """The seats of one of its panels, counted from 0."""
        start = 0
        for each in self.all_panels:
            if each.key == panel.key:
                return range(start, start + each.judges)
            start += each.judges
        raise KeyError(panel.key)

    def panel_at(self, seat: int) -> Panel:
        """The panel on which a seat sits, counted from 0."""
        return next(p for p in self.all_panels if seat in self.seats_of(p))

    def aspect_indexes(self, panel: Panel) -> tuple[int, ...]:
        """Which of `aspects` a panel marks, by index."""
        owner = [criterion.panel for criterion in self.criteria for _ in criterion.aspects]
        if not self.panels:
            return tuple(range(len(owner)))
        return tuple(index for index, key in enumerate(owner) if key == panel.key)

    def criteria_at(self, seat: int) -> tuple[Criterion, ...]:
        """The criteria on the sheet of a seat, counted from 0."""
        if not self.panels:
            return self.criteria
        key = self.panel_at(seat).key
        return tuple(criterion for criterion in self.criteria if criterion.panel == key)

    def aspect(self, key: str) -> Aspect:
        """The aspect called `key`; KeyError when there is none."""
        return named(self.aspects, key)

    def panel_called(self, key: str) -> Panel:
        """The panel called `key`; KeyError when there is none."""
        return named(self.all_panels, key)
