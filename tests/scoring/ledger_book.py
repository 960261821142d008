"""From the lines of MARKS.csv and ENTRANTS.csv to a Book, and to the standings.

Section 10 of docs/rules/README.md, for tests only: what the lines may not say is not refused here.
"""

from datetime import date

import numpy as np

from contest.scoring import advancing, book
from contest.scoring.attempts import VOID
from contest.scoring.book import Book
from contest.scoring.marks import parse_number, read_mark
from contest.scoring.scheme_reading import plan_from
from contest.scoring.score import score
from contest.scoring.units import units_of

STATES = {
    "absent": book.ABSENT, "withdrawn": book.WITHDRAWN, "disqualified": book.DISQUALIFIED,
    "not_finished": book.NOT_FINISHED,
}
MODULE_STATES = {"absent": book.MODULE_ABSENT, "void": book.MODULE_VOID}
OWN_COLUMNS = ("code", "group", "team", "organisation", "room", "person", "gender", "employment",
               "titles", "ruling")


def scored(document, marks, entrants, stage=None):
    """(plan, book, standings) of the last stage that is marked; who goes on is settled on the way."""
    plan = plan_from(document)
    stages = [each.key for each in plan.stages]
    stage = stage or _last_marked(plan, marks)
    entered = {}
    for key in stages[: stages.index(stage) + 1]:
        made = book_of_rows(plan, marks, entrants, entered)
        if key == stage or plan.stage(key).lets_on:
            found = score(plan, made, key)
        if key != stage and plan.stage(key).lets_on:
            after = stages[stages.index(key) + 1]
            entered[after] = advancing.advancing(plan, found, made).goes_on
    return plan, made, found


def goes_on(document, marks, entrants, stage) -> set[str]:
    """The codes of those who go on from a stage."""
    plan, made, found = scored(document, marks, entrants, stage)
    on = advancing.advancing(plan, found, made).goes_on
    return {made.entrants[row] for row in np.flatnonzero(on)}


def _last_marked(plan, marks):
    parts = {part.key: part for part in plan.parts}
    aside = (".penalty", ".adjustment", ".difficulty")
    marked = {
        row["item"].split(".")[0] for row in marks
        if not row["item"].endswith(aside) and (row["value"] or row["status"] == "void")
    }
    found = plan.stages[0].key
    for stage in plan.stages:
        for module in plan.modules:
            part = parts[module.part]
            while part.within:
                part = parts[part.within]
            if part.stage == stage.key and module.key in marked:
                found = stage.key
    return found


def units(text):
    """Units of an amount as text."""
    return units_of(parse_number(text))


def book_of_rows(plan, marks, entrants, entered=None) -> Book:
    """The arrays of the lines."""
    reading = _Reading(plan, entrants)
    for row in marks:
        reading.row(row)
    return reading.book(entered or {})


class _Reading:
    def __init__(self, plan, entrants):
        self.plan, self.entrants = plan, entrants
        self.rows = {each["code"]: index for index, each in enumerate(entrants)}
        n = self.n = len(entrants)
        self.state = np.zeros(n, dtype=np.int8)
        self.arrays = {name: {} for name in (
            "raw", "given", "submitted", "excused", "score", "score_given", "module_state",
            "penalty", "adjustment", "difficulty", "difficulty_given",
        )}
        self.seats = {}
        for module in plan.modules:
            if module.entry == "sheets":
                shape = (n, module.seats, len(module.columns))
                self.arrays["raw"][module.key] = np.zeros(shape, dtype=np.int64)
                self.arrays["given"][module.key] = np.zeros(shape, dtype=bool)
                self.arrays["excused"][module.key] = np.zeros(shape[:2], dtype=bool)

    def row(self, row):
        index = self.rows[row["entrant"]]
        key, _, rest = row["item"].partition(".")
        status = row["status"]
        if not key:
            self.state[index] = STATES[status]
        elif rest in ("penalty", "adjustment", "difficulty"):
            column = self.column(rest, key, np.int64)
            column[index] += units(row["value"])
            if rest == "difficulty":
                self.column("difficulty_given", key, bool)[index] = True
        elif status == "excused":
            seat = self.seat(self.plan.module(key), row["judge"], None)
            self.arrays["excused"][key][index, seat] = True
        elif status in MODULE_STATES and not row["judge"]:
            self.column("module_state", key, np.int8)[index] = MODULE_STATES[status]
        else:
            self.mark(index, self.plan.module(key), rest, row)

    def column(self, name, key, dtype):
        return self.arrays[name].setdefault(key, np.zeros(self.n, dtype=dtype))

    def mark(self, index, module, aspect_key, row):
        if module.entry == "scores":
            self.column("score", module.key, np.int64)[index] = units(row["value"])
            self.column("score_given", module.key, bool)[index] = True
            return
        keys = [aspect.key for aspect in module.aspects]
        number = keys.index(aspect_key or keys[0])
        aspect = module.aspects[number]
        seat = self.seat(module, row["judge"], number)
        column = module.columns.index((number, int(row["attempt"] or 1) - 1))
        raw = VOID if row["status"] == "void" else read_mark(aspect, _value(aspect, row["value"]))
        self.arrays["raw"][module.key][index, seat, column] = raw
        self.arrays["given"][module.key][index, seat, column] = True

    def seat(self, module, judge, number):
        known = self.seats.setdefault(module.key, {})
        if judge not in known:
            panel = module.all_panels[0]
            if number is not None:
                panel = next(p for p in module.all_panels if number in module.aspect_indexes(p))
            own = module.seats_of(panel)
            known[judge] = next(seat for seat in own if seat not in known.values())
        return known[judge]

    def book(self, entered):
        for module in self.plan.modules:
            if module.entry == "sheets":
                self.arrays["submitted"][module.key] = self.submitted(module)
        teams = tuple(dict.fromkeys(e["team"] for e in self.entrants if e.get("team")))
        data, given = self.data()
        return Book(
            entrants=tuple(self.rows),
            team=np.array([teams.index(e["team"]) if e.get("team") else -1 for e in self.entrants]),
            teams=teams,
            state=self.state,
            ruling=np.array([int(e.get("ruling") or 0) for e in self.entrants]),
            entered=entered,
            titles=tuple(frozenset(filter(None, e.get("titles", "").split(";"))) for e in self.entrants),
            person=tuple(e.get("person") or e["code"] for e in self.entrants),
            data=data,
            data_given=given,
            **{name: tuple(e.get(name, "") for e in self.entrants)
               for name in ("group", "organisation", "room", "gender", "employment")},
            **self.arrays,
        )

    def submitted(self, module):
        """bool (n, seats): every aspect of the seat's panel is given."""
        given = self.arrays["given"][module.key]
        handed_in = np.ones(given.shape[:2], dtype=bool)
        for panel in module.all_panels:
            own = module.seats_of(panel)
            for number in module.aspect_indexes(panel):
                aspect = module.aspects[number]
                columns = [c for c, (of, _) in enumerate(module.columns) if of == number]
                some = given[:, own.start : own.stop][:, :, columns]
                full = some.all(axis=2) if aspect.take in ("sum", "mean") else some.any(axis=2)
                handed_in[:, own.start : own.stop] &= full
        return handed_in

    def data(self):
        names = dict.fromkeys(key for each in self.entrants for key in each)
        data, given = {}, {}
        for name in names:
            if name in OWN_COLUMNS:
                continue
            texts = [each.get(name, "") for each in self.entrants]
            read = _days if name == "birth_date" else units
            data[name] = np.array([read(text) if text else 0 for text in texts], dtype=np.int64)
            given[name] = np.array([bool(text) for text in texts])
        return data, given


def _days(text):
    return date.fromisoformat(text).toordinal() * 10_000


def _value(aspect, text):
    if aspect.kind == "checklist":
        return [tick == "1" for tick in text.split(";")]
    if aspect.kind == "deductions":
        pairs = [] if text == "0" else [pair.split(":") for pair in text.split(";")]
        return {str(int(number) - 1): int(count) for number, count in pairs}
    return text
