"""Clause 2, continued. All the marks of one contest as arrays, without a single name.

`n` entrants stand in one order in every array. Whatever is left out of a dict is "nothing given
yet"; a mark that is not given is never read.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

NORMAL = 0
ABSENT = 1
WITHDRAWN = 2
DISQUALIFIED = 3
NOT_FINISHED = 4

MODULE_NORMAL = 0
MODULE_ABSENT = 1  # did not come to this module: counts as 0, and is said
MODULE_VOID = 2  # the module's mark is cancelled: counts as 0, and is said


class BookError(ValueError):
    """A book that does not fit its plan; nothing is scored."""


@dataclass(frozen=True)
class Book:
    """Everything that was marked, n entrants.

    entrants: n opaque ids. group: n names, equal names are ranked together when the plan says
    by_group. team: int64 (n,), index into `teams` or -1. state: int8 (n,), NORMAL to NOT_FINISHED.

    By module key, for modules marked on sheets: raw int64 and given bool (n, seats, columns), a
    column for each attempt at each aspect (`module.columns`), `attempts.VOID` where one failed;
    submitted bool (n, seats); excused bool (n, seats), seats the chief struck out.
    By module key, for modules with scores: score int64 (n,) units, score_given bool (n,).
    module_state: by module key, int8 (n,), MODULE_NORMAL, MODULE_ABSENT or MODULE_VOID.
    penalty: by module, part or stage key, int64 (n,) units to take off, not negative (a key that
    a part shares with a module or stage means the latter). adjustment: by module key, int64 (n,)
    units, the chief's, up or down. difficulty, difficulty_given: by module key, int64 and bool (n,).
    ruling: int64 (n,), 0 for none, else the chief's order among equals, lower is better.
    team_ruling: the same for teams. entered: by stage key, bool (n,), who takes part in the stage;
    a stage left out has everybody.

    What awards, ties and rooms look at, n strings each: organisation, room, person (equal for one
    person's several entries), gender, employment; titles, n sets. data, data_given: by name, int64
    and bool (n,), recorded numbers in units ("birth_date": days since 0001-01-01).
    """

    entrants: tuple[str, ...]
    group: tuple[str, ...] = ()
    team: np.ndarray | None = None
    teams: tuple[str, ...] = ()
    state: np.ndarray | None = None
    raw: Mapping[str, np.ndarray] = field(default_factory=dict)
    given: Mapping[str, np.ndarray] = field(default_factory=dict)
    submitted: Mapping[str, np.ndarray] = field(default_factory=dict)
    excused: Mapping[str, np.ndarray] = field(default_factory=dict)
    score: Mapping[str, np.ndarray] = field(default_factory=dict)
    score_given: Mapping[str, np.ndarray] = field(default_factory=dict)
    module_state: Mapping[str, np.ndarray] = field(default_factory=dict)
    penalty: Mapping[str, np.ndarray] = field(default_factory=dict)
    adjustment: Mapping[str, np.ndarray] = field(default_factory=dict)
    difficulty: Mapping[str, np.ndarray] = field(default_factory=dict)
    difficulty_given: Mapping[str, np.ndarray] = field(default_factory=dict)
    ruling: np.ndarray | None = None
    team_ruling: np.ndarray | None = None
    entered: Mapping[str, np.ndarray] = field(default_factory=dict)
    organisation: tuple[str, ...] = ()
    room: tuple[str, ...] = ()
    person: tuple[str, ...] = ()
    gender: tuple[str, ...] = ()
    employment: tuple[str, ...] = ()
    titles: tuple[frozenset[str], ...] = ()
    data: Mapping[str, np.ndarray] = field(default_factory=dict)
    data_given: Mapping[str, np.ndarray] = field(default_factory=dict)

    def __post_init__(self):
        n = len(self.entrants)
        defaults = {
            "group": ("",) * n,
            "organisation": ("",) * n,
            "room": ("",) * n,
            "person": self.entrants,
            "gender": ("",) * n,
            "employment": ("",) * n,
            "titles": (frozenset(),) * n,
            "team": np.full(n, -1, dtype=np.int64),
            "state": np.zeros(n, dtype=np.int8),
            "ruling": np.zeros(n, dtype=np.int64),
            "team_ruling": np.zeros(len(self.teams), dtype=np.int64),
        }
        for name, default in defaults.items():
            value = getattr(self, name)
            if value is None or (isinstance(value, tuple) and not value):
                object.__setattr__(self, name, default)

    @property
    def count(self) -> int:
        """How many entrants there are."""
        return len(self.entrants)
