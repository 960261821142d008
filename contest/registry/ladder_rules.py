"""What a ladder asks for each of its steps, and which step a person may be proposed for.

A rule proposes; people confirm. A step has one or more ways up: one way is enough, and all that it
names must be met. The ladders themselves are files (mission C9 and C13; domain.md 1.9).
"""

import tomllib
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path

from contest.errors import Invalid
from contest.i18n import listed

SHIPPED = Path(__file__).with_name("ladders")
CONTEST_LEVELS = ("unit", "county", "city", "province", "nation")
GRADES = (5, 4, 3, 2, 1)  # skill grades as they are numbered: 5 junior worker, 1 senior technician
_LADDER_KEYS = {"key", "name", "name_en", "people", "steps"}
_STEP_KEYS = {"key", "name", "name_en", "allowance", "ways"}
_WAY_KEYS = {"contest", "grade", "years_in_trade", "years_at_level", "training_hours"}
_CONTEST_KEYS = {"levels", "place", "prizes"}
_HEAD = 0


@dataclass(frozen=True)
class ContestWanted:
    """A result that a way up asks for: at a contest of one of `levels`, this place or better, one of
    `prizes`; without prizes any will do.
    """

    levels: tuple[str, ...]
    place: int | None = None
    prizes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Way:
    """What one way up asks for; None asks for nothing. Years are full years, training is in hours."""

    contest: ContestWanted | None = None
    grade: int | None = None
    years_in_trade: int | None = None
    years_at_level: int | None = None
    training_hours: int | None = None


@dataclass(frozen=True)
class Step:
    """One step of a ladder; allowance: whole yuan a month, 0 for none."""

    key: str
    name: str
    name_en: str
    allowance: int
    ways: tuple[Way, ...]


@dataclass(frozen=True)
class Ladder:
    """Steps, the lowest first; people: how many confirm that somebody moves on it, 1 or 2."""

    key: str
    name: str
    name_en: str
    steps: tuple[Step, ...]
    people: int = 1

    def step(self, key):
        """The step with this key, or None."""
        return next((step for step in self.steps if step.key == key), None)

    def height(self, key):
        """How high a step stands: 1 for the lowest; 0 for no step or one that is not of this ladder."""
        return next((n for n, step in enumerate(self.steps, 1) if step.key == key), 0)

    def allowance(self, key):
        """Whole yuan a month on this step; 0 without one."""
        height = self.height(key)
        return self.steps[height - 1].allowance if height else 0


@dataclass(frozen=True)
class Result:
    """A result in force: of a revoked honour there is none. level: one of CONTEST_LEVELS."""

    level: str
    place: int | None = None
    prize: str = ""


@dataclass(frozen=True)
class Record:
    """What is known of a person; what is not known (None) meets no condition."""

    results: tuple[Result, ...] = ()
    grade: int | None = None
    in_trade_since: date | None = None
    at_level_since: date | None = None
    training_hours: int | None = None


def full_years(since, today):
    """Whole years from one day to another; someone of 29 February completes a year on 1 March."""
    return today.year - since.year - ((today.month, today.day) < (since.month, since.day))


def unmet(way, record, today):
    """The names of the conditions of a way that a record does not meet, in the order of Way."""
    def lasted(since, years):
        return since is not None and full_years(since, today) >= years

    asked = {
        "contest": lambda wanted: any(has_earned(wanted, result) for result in record.results),
        # The better grade has the lower number.
        "grade": lambda grade: record.grade is not None and record.grade <= grade,
        "years_in_trade": lambda years: lasted(record.in_trade_since, years),
        "years_at_level": lambda years: lasted(record.at_level_since, years),
        "training_hours": lambda hours: (record.training_hours or 0) >= hours,
    }
    return [
        name for name, is_met in asked.items()
        if getattr(way, name) is not None and not is_met(getattr(way, name))
    ]


def has_earned(wanted, result):
    """True when a result is what a way asks for."""
    if result.level not in wanted.levels or (wanted.prizes and result.prize not in wanted.prizes):
        return False
    return wanted.place is None or (result.place is not None and result.place <= wanted.place)


def proposed_step(ladder, now, record, today):
    """The step that a person on step `now` ("" for none) may be proposed for; None when there is none.

    The highest step whose conditions are met; whoever has years to serve at a level serves them on
    the step just below, so such a way counts from there only.
    """
    height = ladder.height(now)
    for number in range(len(ladder.steps), height, -1):
        step = ladder.steps[number - 1]
        for way in step.ways:
            if way.years_at_level and number != height + 1:
                continue
            if not unmet(way, record, today):
                return step
    return None


def proposed_fall(ladder, now, grounds, granted):
    """The step a person falls back to when the grounds of steps fell away; None when `now` stands.

    grounds: for each confirmed step's key whether what it rested on is still in force (a step without
    an entry was confirmed by hand and stands); granted: the keys confirmed so far. "" is no step.
    """
    if not ladder.height(now) or grounds.get(now, True):
        return None
    below = [
        key for key in granted
        if 0 < ladder.height(key) < ladder.height(now) and grounds.get(key, True)
    ]
    return max(below, key=ladder.height, default="")


@lru_cache(maxsize=64)
def read_ladder(text):
    """A ladder from TOML; Invalid names the step and what is wrong with it."""
    try:
        raw = tomllib.loads(text)
    except tomllib.TOMLDecodeError as wrong:
        raise Invalid("The ladder cannot be read: %(wrong)s", wrong=str(wrong)) from None
    _check_keys(raw, _LADDER_KEYS, _HEAD)
    steps = raw.get("steps")
    if not isinstance(steps, list) or not steps:
        raise Invalid("A ladder needs at least one step.")
    read = tuple(_read_step(one, number) for number, one in enumerate(steps, 1))
    keys = [step.key for step in read]
    if len(set(keys)) < len(keys):
        raise Invalid("Two steps of the ladder have the same key.")
    people = raw.get("people", 1)
    if type(people) is not int or people not in (1, 2):
        raise Invalid("The ladder: “people” must be 1 or 2, so many confirm each move.")
    return Ladder(_word(raw, "key", _HEAD), _word(raw, "name", _HEAD),
                  str(raw.get("name_en", "")), read, people)


def _read_step(raw, step):
    _check_keys(raw, _STEP_KEYS, step)
    ways = raw.get("ways")
    if not isinstance(ways, list) or not ways:
        raise Invalid("Step %(step)s of the ladder: no way up is given.", step=step)
    return Step(
        _word(raw, "key", step), _word(raw, "name", step), str(raw.get("name_en", "")),
        _count(raw, "allowance", step) or 0, tuple(_read_way(way, step) for way in ways),
    )


def _read_way(raw, step):
    _check_keys(raw, _WAY_KEYS, step)
    if not raw:
        raise Invalid("Step %(step)s of the ladder: a way up asks for nothing.", step=step)
    numbers = {key: _count(raw, key, step) for key in _WAY_KEYS - {"contest"}}
    if numbers["grade"] is not None and numbers["grade"] not in GRADES:
        raise Invalid("Step %(step)s of the ladder: the grade must be from 1 to 5.", step=step)
    contest = raw.get("contest")
    return Way(contest=None if contest is None else _read_contest(contest, step), **numbers)


def _read_contest(raw, step):
    _check_keys(raw, _CONTEST_KEYS, step)
    levels = raw.get("levels")
    if not isinstance(levels, list) or not levels or any(one not in CONTEST_LEVELS for one in levels):
        raise Invalid(
            "Step %(step)s of the ladder: the contest's levels must be some of %(levels)s.",
            step=step, levels=listed(CONTEST_LEVELS),
        )
    place = _count(raw, "place", step)
    if place == 0:
        raise Invalid("Step %(step)s of the ladder: the place must be 1 or more.", step=step)
    prizes = raw.get("prizes", [])
    if not isinstance(prizes, list) or not all(isinstance(prize, str) for prize in prizes):
        raise Invalid("Step %(step)s of the ladder: the prizes must be a list of names.", step=step)
    return ContestWanted(tuple(levels), place, tuple(prizes))


def _check_keys(raw, known, step):
    """Refuse what nobody knows; step: counted from 1, 0 for what stands before the steps."""
    if not isinstance(raw, dict):
        raise Invalid("Step %(step)s of the ladder: there is something else than settings.", step=step)
    strange = sorted(set(raw) - known)
    if strange:
        raise Invalid(
            "Step %(step)s of the ladder: nobody knows “%(key)s”; allowed are %(known)s.",
            step=step, key=strange[0], known=listed(sorted(known)),
        )


def _word(raw, key, step):
    if not isinstance(raw.get(key), str) or not raw[key].strip():
        raise Invalid("Step %(step)s of the ladder: “%(key)s” is missing.", step=step, key=key)
    return raw[key].strip()


def _count(raw, key, step):
    """A whole number from 0, or None when it is not given; true and false are no numbers."""
    number = raw.get(key)
    if number is not None and (type(number) is not int or number < 0):
        raise Invalid(
            "Step %(step)s of the ladder: “%(key)s” must be a whole number from 0.", step=step, key=key
        )
    return number


def shipped_ladders():
    """{key: Ladder} of the presets that come with the program."""
    ladders = [read_ladder(path.read_text(encoding="utf-8")) for path in sorted(SHIPPED.glob("*.toml"))]
    return {ladder.key: ladder for ladder in ladders}


def shipped_text(key):
    """A preset as TOML, to be changed; "" when no preset has this key."""
    path = SHIPPED / f"{key}.toml"
    return path.read_text(encoding="utf-8") if key in shipped_ladders() else ""
