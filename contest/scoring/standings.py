"""What scoring gives back: every mark on the road, the places, and what is still open."""

from dataclasses import dataclass

import numpy as np

from contest.scoring.exact import Exact
from contest.scoring.ranking import Key
from contest.scoring.scheme import Rounding


@dataclass(frozen=True)
class Result:
    """One column of marks, n entrants (or teams).

    exact: units, exactly. rounded: int64 (n,) units, rounded to the step's places: what is printed.
    done: bool (n,), True where nothing is missing; where False the number is what is in so far.
    """

    exact: Exact
    rounded: np.ndarray
    done: np.ndarray

    def compared(self, rounding: Rounding) -> np.ndarray:
        """int64 (n,): what places are made from, the printed number or the exact one."""
        return self.rounded if rounding.compare == "rounded" else self.exact.numerators

    def reaches(self, least: int, rounding: Rounding) -> np.ndarray:
        """bool (n,): done, and at least `least` units in the number that is compared."""
        unit = 1 if rounding.compare == "rounded" else self.exact.denominator
        return self.done & (self.compared(rounding) >= least * unit)


@dataclass(frozen=True)
class ModuleResult(Result):
    """A module's marks after panel and penalty; where not done the number is 0 and means nothing.

    before: Exact (n,), the panel's mark before the penalty. sheets: Exact (n, seats), each judge's
    total (None for a module with scores); read it only where `counted`, bool (n, seats): submitted,
    complete and not struck out. odd: bool (n,), the judges' totals lie too far apart.
    stuck: bool (n,), so many seats are struck out that nothing is left to combine. void: bool (n,),
    done but without a value: absent, cancelled, or standing at a failed attempt. raw: int64 (n,)
    units as printed before rooms were adjusted, known where `marked`. refused: names of rooms too
    small to be adjusted.
    """

    before: Exact
    sheets: Exact | None
    counted: np.ndarray | None
    odd: np.ndarray
    stuck: np.ndarray
    void: np.ndarray
    raw: np.ndarray
    marked: np.ndarray
    refused: tuple[str, ...] = ()


@dataclass(frozen=True)
class TeamStandings:
    """The teams' marks and places; arrays over teams, in the book's order.

    counting: bool (n entrants,), whose mark is in the team's mark. too_many: bool (teams,), more
    members than the plan allows; such a team has no place. decided_by, open_ties: as in Standings.
    modules: by key, the members' marks that count, added up. entered: bool (teams,), a member is in
    the stage. void: bool (teams,), where less is better: lacks a whole value of somebody who must
    count. finished: int64 (teams,), modules finished by who counts.
    """

    teams: tuple[str, ...]
    total: Result
    counting: np.ndarray
    too_many: np.ndarray
    place: np.ndarray
    decided_by: tuple[str, ...]
    open_ties: tuple[tuple[int, ...], ...]
    modules: dict[str, Result]
    entered: np.ndarray
    void: np.ndarray
    finished: np.ndarray


@dataclass(frozen=True)
class Standings:
    """The state of a contest at one stage; arrays over entrants, in the book's order.

    modules, parts, stages: results by key, for the ranked stage and those before it. total: the
    ranked stage's result, over what is finished so far; 0 for the absent, withdrawn, disqualified.
    finished: int64 (n,), how many modules of the ranked stage are in. complete: bool (n,), all of
    them. place: int64 (n,), 0 for those without a place. decided_by: what separated each from the
    one above: "total", a tie's label, "ruling", or "" at the top and among equals. open_ties:
    tuples of entrant indexes that need the chief's ruling. passed: bool (n,), complete and every
    part of the ranked stage that has a pass mark reached it. competed: bool (n,), everybody in the
    stage but the absent and the withdrawn. keys: the columns that places were made from, in order;
    keys behind the last that was needed are left out.
    place_overall: int64 (n,), the place among all groups. scaled: int64 (n,), the result on the
    700 scale where the stage asks for it and the entrant is complete, else -1; or None.
    """

    stage: str
    entrants: tuple[str, ...]
    group: tuple[str, ...]
    state: np.ndarray
    entered: np.ndarray
    modules: dict[str, ModuleResult]
    parts: dict[str, Result]
    stages: dict[str, Result]
    total: Result
    finished: np.ndarray
    complete: np.ndarray
    place: np.ndarray
    decided_by: tuple[str, ...]
    open_ties: tuple[tuple[int, ...], ...]
    passed: np.ndarray
    competed: np.ndarray
    keys: tuple[Key, ...]
    teams: TeamStandings | None
    place_overall: np.ndarray
    scaled: np.ndarray | None = None

    @property
    def is_final(self) -> bool:
        """True when nobody with a place is waiting for a mark and no tie is open."""
        waiting = (self.state == 0) & self.entered & ~self.complete
        open_ties = self.open_ties or (self.teams is not None and self.teams.open_ties)
        return not waiting.any() and not open_ties
