"""MARKS.csv: one mark a line, ten million lines if need be.

A line becomes four numbers in the tray of its module; nothing else of it is kept. Trays become the
arrays of a Book once all judges and entrants are known.
"""

from array import array
from dataclasses import dataclass, field

import numpy as np

from contest.offline.refusal import FileError
from contest.offline.rows import Rows
from contest.scoring.attempts import VOID
from contest.scoring.book import (
    ABSENT,
    DISQUALIFIED,
    MODULE_ABSENT,
    MODULE_VOID,
    NOT_FINISHED,
    WITHDRAWN,
)
from contest.scoring.marks import MarkError, parse_count, parse_number, read_mark
from contest.scoring.scheme import Plan
from contest.scoring.scheme_fields import POINTS_TOP
from contest.scoring.units import text_of, units_of

STATES = {
    "absent": ABSENT, "withdrawn": WITHDRAWN, "disqualified": DISQUALIFIED,
    "not_finished": NOT_FINISHED,
}
TAKES_PART = "takes_part"
MODULE_STATES = {"absent": MODULE_ABSENT, "void": MODULE_VOID}
DECIMALS = ("no decimals", "one decimal", "two decimals", "three decimals", "four decimals")
COLUMNS = ("entrant", "item", "judge", "value", "attempt", "status")


@dataclass
class Tray:
    """The marks of one module: entrant, seat, column, raw mark and line of the file of each.

    seats: by (panel's key, judge's name), the seat counted from 0 within the module.
    """

    entrant: array = field(default_factory=lambda: array("i"))
    seat: array = field(default_factory=lambda: array("h"))
    column: array = field(default_factory=lambda: array("h"))
    raw: array = field(default_factory=lambda: array("q"))
    line: array = field(default_factory=lambda: array("i"))
    seats: dict = field(default_factory=dict)
    excused: set = field(default_factory=set)


@dataclass
class Marks:
    """Everything a file of marks says; `figures` by (kind, key), {entrant: units}.

    taking: by stage, who takes part in it, where the file says so."""

    trays: dict[str, Tray] = field(default_factory=dict)
    figures: dict = field(default_factory=dict)
    scores: dict = field(default_factory=dict)
    module_states: dict = field(default_factory=dict)
    states: dict = field(default_factory=dict)
    taking: dict = field(default_factory=dict)


class Reader:
    """Reads one file of marks under a plan; `entrants` grows where it is open."""

    def __init__(self, plan: Plan, path, entrants):
        self.plan, self.entrants = plan, entrants
        self.rows = Rows(path, needed=COLUMNS[:4], wanted=COLUMNS[4:], allowed=COLUMNS)
        self.marks = Marks()
        self.index = {code: i for i, code in enumerate(entrants.codes)}
        self.items = {}
        self.excuses = []
        self.lines = {}  # of what stands once for each entrant, by what it is: where it stands
        self._prepare()

    def _prepare(self):
        """By the item's name: the function that takes its lines."""
        plan = self.plan
        for module in plan.modules:
            if module.entry == "scores":
                self.items[module.key] = _Score(self, module)
                continue
            self.marks.trays[module.key] = Tray()
            starts = {}
            for column, (index, _) in enumerate(module.columns):
                starts.setdefault(index, column)
            for index, aspect in enumerate(module.aspects):
                item = _Aspect(self, module, index, starts[index])
                self.items[f"{module.key}.{aspect.key}"] = item
                if len(module.aspects) == 1:
                    self.items[module.key] = item
        # A part that shares its key with a module or a stage is not what a penalty names.
        for thing in (*plan.parts, *plan.stages, *plan.modules):
            self.items[f"{thing.key}.penalty"] = _Figure(self, "penalty", thing.key, 0, POINTS_TOP)
        for module in plan.modules:
            most = module.adjust or 0
            self.items[f"{module.key}.adjustment"] = _Figure(
                self, "adjustment", module.key, -most, most
            )
            if module.difficulty is not None:
                low, high = module.difficulty.lowest, module.difficulty.highest
                self.items[f"{module.key}.difficulty"] = _Figure(
                    self, "difficulty", module.key, low, high, module.difficulty.places
                )
        self.modules = {module.key: module for module in plan.modules}
        self.stages = {stage.key for stage in plan.stages}
        self.panels = {
            f"{module.key}.{panel.key}": (module, panel)
            for module in plan.modules for panel in module.panels
        }

    def refuse(self, line, sentence):
        raise FileError(self.rows.name, line, sentence)

    def once(self, line, entrant, what):
        """Refuse the second line that says the same of an entrant."""
        before = self.lines.setdefault((what, entrant), line)
        if before != line:
            self.refuse(line, twice(what, self.entrants.codes[entrant], before))

    def read(self) -> Marks:
        """All lines; FileError for the first that cannot be used."""
        index, items = self.index, self.items
        for line, (code, item, judge, value, attempt, status) in self.rows:
            entrant = index.get(code)
            if entrant is None:
                entrant = self._new(code, line)
            if status and status != "void" or (status == "void" and not attempt and not value):
                if self._status(line, entrant, item, judge, value, status):
                    continue
            taker = items.get(item)
            if taker is None:
                self._unknown(line, item)
            taker.take(line, entrant, judge, value, attempt, status)
        for line, module, entrant, judge in self.excuses:
            self._excuse(line, module, entrant, judge)
        return self.marks

    def _new(self, code, line):
        if not code:
            self.refuse(line, "There is no entrant in this line; its code must stand here.")
        if not self.entrants.open:
            self.refuse(line, f"There is no entrant “{code}” in the list of entrants.")
        self.entrants.codes.append(code)
        self.index[code] = len(self.entrants.codes) - 1
        return self.index[code]

    def _unknown(self, line, item):
        if item in self.modules:
            keys = ", ".join(f"{item}.{a.key}" for a in self.modules[item].aspects)
            self.refuse(line, f"{item} has several aspects; name one of: {keys}.")
        known = [name for name in self.items if "." not in name or name.split(".")[1][0].isupper()]
        self.refuse(
            line, f"There is no item “{item}” in the plan; it has {', '.join(known[:20])} …"
        )

    def _status(self, line, entrant, item, judge, value, status):
        """A line that says a state; False for a failed attempt, which is a mark."""
        module = self.modules.get(item)
        if status == "void" and (module is None or judge):
            return False
        if value:
            self.refuse(line, f"A line with the status {status} has no value.")
        if status == TAKES_PART and item in self.stages and not judge:
            self.marks.taking.setdefault(item, set()).add(entrant)
        elif item in self.panels and status == "excused" and judge:
            module, panel = self.panels[item]
            seat = self.seat(line, module, panel, judge)
            self.marks.trays[module.key].excused.add((entrant, seat))
        elif not item and status in STATES:
            self.once(line, entrant, "state")
            self.marks.states[entrant] = STATES[status]
        elif module is not None and status == "excused" and judge:
            if module.entry == "sheets" and not module.panels:
                self.seat(line, module, module.panel, judge)
            # On which of several panels the judge sits, a later line may say.
            self.excuses.append((line, module, entrant, judge))
        elif module is not None and status in MODULE_STATES and not judge:
            self.once(line, entrant, f"state in {item}")
            self.marks.module_states.setdefault(item, {})[entrant] = MODULE_STATES[status]
        else:
            self.refuse(
                line,
                f"The status “{status}” does not fit here; an entrant is absent, withdrawn, "
                "disqualified or not_finished, a module absent or void, a judge excused, "
                "an attempt void, and an entrant takes_part in a stage.",
            )
        return True

    def _excuse(self, line, module, entrant, judge):
        if module.entry == "scores":
            self.refuse(line, f"{module.key} takes scores, so no judge can be excused.")
        tray = self.marks.trays[module.key]
        seats = [seat for (_, name), seat in tray.seats.items() if name == judge]
        if not seats and not module.panels:
            seats = [self.seat(line, module, module.panel, judge)]
        if not seats:
            self.refuse(line, f"“{judge}” has no marks on any panel of {module.key}.")
        tray.excused |= {(entrant, seat) for seat in seats}

    def seat(self, line, module, panel, judge):
        """The judge's seat in the module, given in order of first appearance."""
        seats = self.marks.trays[module.key].seats
        place = seats.get((panel.key, judge))
        if place is None:
            taken = sum(key == panel.key for key, _ in seats)
            if taken >= panel.judges:
                self.refuse(
                    line,
                    f"“{judge}” is one judge too many: the panel {panel.key or 'of'} {module.key} "
                    f"has {panel.judges} seats.",
                )
            place = module.seats_of(panel).start + taken
            seats[panel.key, judge] = place
        return place


class _Aspect:
    """Takes the marks of one aspect; equal texts are read once."""

    def __init__(self, reader, module, index, start):
        self.reader, self.module = reader, module
        self.aspect, self.start = module.aspects[index], start
        self.panel = next(p for p in module.all_panels if index in module.aspect_indexes(p))
        self.tray = reader.marks.trays[module.key]
        self.known, self.seats = {}, {}

    def take(self, line, entrant, judge, value, attempt, status):
        seat = self.seats.get(judge)
        if seat is None:
            if not judge:
                self.reader.refuse(line, f"A mark of {self.module.key} needs the name of its judge.")
            seat = self.seats[judge] = self.reader.seat(line, self.module, self.panel, judge)
        column = self.start
        if attempt or self.aspect.attempts > 1:
            column += self._attempt(line, attempt)
        if status and value:
            self.reader.refuse(line, f"A line with the status {status} has no value.")
        raw = VOID if status == "void" else self.known.get(value)
        if raw is None:
            raw = self.known[value] = self._read(line, value)
        if raw == VOID and self.aspect.attempts == 1 and self.aspect.kind != "measured":
            self.reader.refuse(line, f"{self.aspect.key} has no attempts that could be void.")
        tray = self.tray
        tray.entrant.append(entrant)
        tray.seat.append(seat)
        tray.column.append(column)
        tray.raw.append(raw)
        tray.line.append(line)

    def _attempt(self, line, text):
        number = parse_count(text)
        if number is None or not 1 <= number <= self.aspect.attempts:
            self.reader.refuse(
                line,
                f"The attempt “{text[:20]}” of {self.module.key}.{self.aspect.key} must be a whole "
                f"number from 1 to {self.aspect.attempts}.",
            )
        return number - 1

    def _read(self, line, text):
        try:
            raw = read_mark(self.aspect, WRITTEN.get(self.aspect.kind, str)(text))
        except (MarkError, ValueError) as error:
            self.reader.refuse(line, f"{self.module.key}.{self.aspect.key}: {error}")
        if raw is None:
            self.reader.refuse(
                line,
                f"The mark of {self.module.key}.{self.aspect.key} is empty; "
                "leave the line out where nothing is marked yet.",
            )
        return raw


def _ticks(text):
    words = {1: True, 0: False}
    ticks = [words.get(parse_count(one)) for one in text.split(";")]
    if None in ticks:
        raise ValueError("a checklist is written 1;0;1, 1 for yes and 0 for no.")
    return ticks


def _counts(text):
    if parse_count(text) == 0:
        return {}
    counts = {}
    for pair in text.split(";"):
        reason, count = (parse_count(one) for one in pair.partition(":")[::2])
        if not reason or count is None:
            raise ValueError("deductions are written 1:2;3:1 (reason:count), or 0 for none.")
        if str(reason - 1) in counts:
            raise ValueError(f"the reason {reason} stands twice; each stands once, with its count.")
        counts[str(reason - 1)] = count
    return counts


WRITTEN = {"checklist": _ticks, "deductions": _counts}


def units_between(text, low, high, places=4):
    """The units in a text, between two numbers; ValueError says what is allowed."""
    try:
        units = units_of(parse_number(text))
    except MarkError:
        units = None
    if units is None or not low <= units <= high or units % 10 ** (4 - places):
        raise ValueError(
            f"“{text[:20]}” must be a number between {text_of(low)} and {text_of(high)} "
            f"with at most {DECIMALS[places]}"
        )
    return units


class _Score:
    """Takes the scores of a module with `entry = "scores"`."""

    def __init__(self, reader, module):
        self.reader, self.module = reader, module
        self.scores = reader.marks.scores.setdefault(module.key, {})

    def take(self, line, entrant, judge, value, attempt, status):
        if judge or attempt or status:
            self.reader.refuse(
                line, f"{self.module.key} takes one score, without judge, attempt and status."
            )
        self.reader.once(line, entrant, f"score of {self.module.key}")
        try:
            units = units_between(value, self.module.lowest, self.module.max)
        except ValueError as error:
            self.reader.refuse(line, f"The score of {self.module.key} {error}.")
        self.scores[entrant] = units


class _Figure:
    """Takes penalties (which add up), adjustments and difficulties."""

    def __init__(self, reader, kind, key, low, high, places=4):
        self.reader, self.kind, self.key, self.low, self.high = reader, kind, key, low, high
        self.places = places
        self.figures = reader.marks.figures.setdefault((kind, key), {})

    def take(self, line, entrant, judge, value, attempt, status):
        if status:
            self.reader.refuse(line, f"The {self.kind} of {self.key} has no status.")
        if self.kind != "penalty":
            self.reader.once(line, entrant, f"{self.kind} of {self.key}")
        try:
            units = units_between(value, self.low, self.high, self.places)
        except ValueError as error:
            self.reader.refuse(line, f"The {self.kind} of {self.key} {error}.")
        self.figures[entrant] = self.figures.get(entrant, 0) + units


def twice(what, code, line):
    """The sentence about what stands twice; `line` is where it stands already."""
    return f"The {what} of “{code}” stands here a second time; it stands in line {line} already."


def tray_arrays(module, tray: Tray, codes: list[str], file: str):
    """raw int64 and given bool (count, seats, columns); FileError for a mark that stands twice."""
    shape = (len(codes), module.seats, len(module.columns))
    entrant = np.frombuffer(tray.entrant, dtype=np.int32) if tray.entrant else np.zeros(0, np.int32)
    flat = entrant.astype(np.int64) * (shape[1] * shape[2])
    flat += np.asarray(tray.seat, dtype=np.int64) * shape[2]
    flat += np.asarray(tray.column, dtype=np.int64)
    raw, given = np.zeros(shape, dtype=np.int64), np.zeros(shape, dtype=bool)
    raw.reshape(-1)[flat] = np.asarray(tray.raw, dtype=np.int64)
    given.reshape(-1)[flat] = True
    if given.sum() != len(flat):
        _refuse_second(module, tray, flat, codes, file)
    return raw, given


def _refuse_second(module, tray, flat, codes, file):
    order = np.argsort(flat, kind="stable")
    again = int(order[1:][flat[order[1:]] == flat[order[:-1]]].min())
    before = int((flat == flat[again]).argmax())
    index, attempt = module.columns[tray.column[again]]
    aspect = module.aspects[index]
    judge = next(name for (_, name), seat in tray.seats.items() if seat == tray.seat[again])
    tried = f" in attempt {attempt + 1}" if aspect.attempts > 1 else ""
    what = f"mark of {module.key}.{aspect.key} by “{judge}”{tried}"
    code = codes[tray.entrant[again]]
    raise FileError(file, tray.line[again], twice(what, code, tray.line[before]))
