"""Clause 1, continued. Awards, and the table of the organisations, as a plan states them.

docs/rules/README.md, sections 6 and 8, says what each field means.
"""

from dataclasses import dataclass
from fractions import Fraction

HUNDRED = 100 * 10_000


@dataclass(frozen=True)
class Only:
    """Who may take an award. Ages are whole years on the day `on`, "2026-05-01"; 0 asks nothing.

    without_title: whoever holds this title already is passed over, and the next moves up.
    """

    gender: str = ""
    employment: str = ""
    group: str = ""
    most_age: int = 0
    least_age: int = 0
    on: str = ""
    without_title: str = ""


@dataclass(frozen=True)
class Shift:
    """A group's share of the prizes is its share of those who competed plus `points` percent."""

    group: str
    points: int


@dataclass(frozen=True)
class Award:
    """A prize or a title and the rule that gives it.

    to: entrant | team | organisation | judge | coach, the last three by vote alone.
    rule: ratio | count | threshold | top | vote.
    ratio: units of percent, or `fraction`, "1/12". cumulative: of all prizes up to this one.
    border: in | out, what happens to equals on the last place. unless: awards that exclude it.
    """

    key: str
    name: str
    to: str
    rule: str
    name_en: str = ""
    ratio: int = 0
    fraction: str = ""
    of: str = "competed"
    rounding: str = "half_up"
    cumulative: bool = False
    count: int = 0
    border: str = "in"
    least: int = 0
    part: str = ""
    module: str = ""
    any_module: bool = False
    first: int = 1
    last: int = 1
    passed: bool = False
    unless: tuple[str, ...] = ()
    from_competed: int = 0
    only: Only | None = None
    shift: Shift | None = None
    title: bool = False
    level: str = ""
    note: str = ""
    note_en: str = ""

    @property
    def share(self) -> Fraction:
        """The part of all that a prize by ratio goes to, 0 to 1."""
        return Fraction(self.fraction) if self.fraction else Fraction(self.ratio, HUNDRED)


@dataclass(frozen=True)
class Prizes:
    """one_each: a person who has an award already is passed over by later ones, titles aside."""

    one_each: bool = False


@dataclass(frozen=True)
class AwardPoints:
    """What one award counts in the table of the organisations, in units."""

    award: str
    points: int


@dataclass(frozen=True)
class Organisations:
    """The table of the organisations. order: points | average | medals."""

    points: tuple[AwardPoints, ...] = ()
    order: str = "points"
