"""Section 10, first half: the two comma-separated files, and what each line of them says."""

import csv
import datetime
import io

from contest.recount.amounts import ZERO, amount, counted, has_places, typed
from contest.recount.aspects import ATTEMPTED, VOID, read_mark
from contest.recount.refusal import Refused

TAKES_PART = "takes_part"
LARGEST = 10**6  # of any amount
STATES = ("absent", "withdrawn", "disqualified", "not_finished")
KNOWN = (
    "group",
    "team",
    "organisation",
    "room",
    "person",
    "gender",
    "birth_date",
    "employment",
    "titles",
    "ruling",
    "team_ruling",
)
PASSED_OVER = ("passed_over", "team_passed_over")  # awards that are for others, though the place is theirs
LINE = 0  # beside the columns of a row, which are text: its number in the file
MARK_COLUMNS = ("entrant", "item", "judge", "value", "attempt", "status")


def table(path, where, needed):
    """The lines of a file as dictionaries, each with its number under `LINE`."""
    reader = csv.reader(io.StringIO(read_text(path, where), newline=""))
    try:
        return _rows(reader, where, needed)
    except csv.Error as error:
        raise Refused(f"This line is no line of a csv file: {error}.", where, reader.line_num) from None


def read_text(path, where):
    """The text of a file in UTF-8, with or without the mark of its order of bytes."""
    try:
        with open(path, "rb") as file:
            content = file.read()
        return content.decode("utf-8-sig")
    except OSError as error:
        raise Refused(f"The file cannot be read: {error.strerror}.", where) from None
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise Refused("This line is not UTF-8; save the file as UTF-8.", where, line) from None


def _rows(reader, where, needed):
    header = next(reader, [])
    missing = [name for name in needed if name not in header]
    if missing:
        raise Refused(f"The header line lacks the column {missing[0]}.", where, 1)
    rows, names, width = [], [*header, LINE], len(header)
    for fields in reader:
        if not fields:
            continue  # an empty line says nothing
        if len(fields) != width:
            raise Refused("A line has as many fields as the header line.", where, reader.line_num)
        fields.append(reader.line_num)
        rows.append(dict(zip(names, fields, strict=True)))
    return rows


def text_of(row, name):
    """A field as text without blanks around it; empty when it is not there."""
    value = row.get(name, "")
    if value.__class__ is str:
        return value.strip() if value else ""
    return "" if value is None else str(value)


def people(plan, entrant_rows, mark_rows):
    """The entrants in order: {code: what is recorded of them}."""
    found, lines = {}, {}
    numbers = {tie["key"] for tie in _all_ties(plan) if tie["by"] == "data"}
    if entrant_rows is None:
        codes = dict.fromkeys(filter(None, (text_of(row, "entrant") for row in mark_rows)))
        nothing = dict.fromkeys(PASSED_OVER, frozenset())
        return {code: _person({}, numbers, None) | nothing for code in codes}
    for number, row in enumerate(entrant_rows, 2):
        line, code = row.get(LINE, number), text_of(row, "code")
        if not code or code in found:
            before = f"; {code} stands in line {lines[code]} already" if code else ""
            raise Refused(f"Every entrant has a code of its own{before}.", "entrants", line)
        found[code], lines[code] = _person(row, numbers, line), line
        for name, kind in zip(PASSED_OVER, ("entrant", "team"), strict=True):
            found[code][name] = _awards(plan, kind, text_of(row, name), line)
    return found


def _awards(plan, kind, text, line):
    """The keys of awards in a cell; each is one of the plan's, to entrants or to teams."""
    keys = [key.strip() for key in text.split(";") if key.strip()]
    known = [award["key"] for award in plan["awards"] if award["to"] == kind]
    for key in keys:
        if key not in known:
            raise Refused(f"The plan has no award “{key[:20]}” to {kind}s.", "entrants", line)
    return frozenset(keys)


def _all_ties(plan):
    yield from plan["ranking"]["ties"]
    yield from (stage["advance_by"] for stage in plan["stages"] if stage["advance_by"])


def _person(row, numbers, line):
    person = {name: text_of(row, name) for name in KNOWN}
    person["titles"] = [title.strip() for title in person["titles"].split(";") if title.strip()]
    person["born"] = None
    if person["birth_date"]:
        try:
            person["born"] = datetime.date.fromisoformat(person["birth_date"])
        except ValueError:
            raise Refused("A birth date is written 2001-05-31.", "entrants", line) from None
    person["data"] = {}
    for name in [n for n in row if n not in ("code", LINE, *KNOWN, *PASSED_OVER)]:
        value = typed(text_of(row, name)) if name in numbers else None
        if value is not None and abs(value) <= LARGEST and has_places(value, 4):
            person["data"][name] = value
        elif text_of(row, name) and name in numbers:
            raise Refused(
                f"The column {name} holds numbers up to {LARGEST} with at most four decimals.",
                "entrants", line,
            )
    if person["born"]:
        person["data"]["birth_date"] = amount((person["born"] - datetime.date.min).days)
    if person["gender"] not in ("", "female", "male"):
        raise Refused("The gender is female, male or empty.", "entrants", line)
    for name in ("ruling", "team_ruling"):
        person[name] = _ruling(person[name], line)
    return person


def _ruling(text, line):
    """The chief's order among equals: 1, 2, …; `None` when nothing was ruled."""
    number = counted(text) if text else None
    if text and (number is None or not 1 <= number < LARGEST):
        raise Refused("A ruling is a whole number: 1, 2, …, 999999.", "entrants", line)
    return number


class Book:
    """Everything that the lines of MARKS.csv say, sorted by what it is."""

    def __init__(self, plan, entrants):
        self.plan = plan
        self.entrants = entrants
        self.sheets = {}  # (module, panel number, entrant) -> {seat: {aspect: mark}}
        self.excused = {}  # (module, panel number, entrant) -> seats that are struck out
        self.scores = {}  # (module, entrant) -> score
        self.gone = {}  # (module, entrant) -> "absent" or "void"
        self.penalties = {}  # ("module", "stage" or "part", its key, entrant) -> amount off
        self.adjustments = {}  # (module, entrant) -> amount
        self.difficulty = {}  # (module, entrant) -> factor
        self.states = {}  # entrant -> state, of those that are not normal
        self.taking = {}  # stage -> entrants of whom the file says that they take part in it
        self.seats = {}  # (module, panel number) -> {judge: seat}
        self.marked = set()  # modules with a mark, a score, an absence or a cancellation
        self.made = {}  # (module, panel number, entrant, seat) -> the sheet, once it is reckoned
        self._line_number = 0
        self._lines = {}  # what is written once -> the line where it stands
        self._struck = []  # excused lines of modules with several panels, until all judges are known
        self._aspects = {}  # (module, aspect) -> (panel number, aspect); "": the only one of a module
        for module in plan["modules"]:
            aspects = [(n, a) for n, panel in enumerate(module["panels"]) for a in panel["aspects"]]
            self._aspects |= {(module["key"], a["key"]): (n, a) for n, a in aspects}
            if len(aspects) == 1:
                self._aspects[module["key"], ""] = aspects[0]
        self._readings = {}  # (aspect's identity, text) -> the mark: few texts stand in many lines
        self._things = {}  # key -> what a penalty means by it: a module or a stage before a part
        for kind in ("part", "stage", "module"):
            self._things |= {thing["key"]: kind for thing in plan[kind + "s"]}

    def read(self, rows):
        """Takes every line, in the order of the file."""
        for number, row in enumerate(rows, 2):
            self._line_number = row.get(LINE, number)
            try:
                self._line(*[text_of(row, name) for name in MARK_COLUMNS])
            except ValueError as error:
                raise Refused(str(error), "marks", self._line_number) from None
        self._strike_out()
        return self

    def _line(self, entrant, item, judge, value, attempt, status):
        if not entrant:
            raise ValueError("A line names its entrant.")
        if entrant not in self.entrants:
            raise ValueError(f"The entrant {entrant} is not in the list of entrants.")
        if not item:
            return self._state(entrant, value, status)
        if status == TAKES_PART:
            return self._takes_part(item, entrant, judge or value)
        key, _, rest = item.partition(".")
        if rest == "penalty" and key in self._things:
            return self._penalty(key, entrant, value, status)
        module = self.plan["module"].get(key)
        if module is None:
            raise ValueError(f"There is no module {key}.")
        if rest in ("adjustment", "difficulty") and (key, rest) not in self._aspects:
            return self._factor(module, rest, entrant, value, status)
        if status == "excused" and rest and not value and judge:
            return self._excuse_in_panel(module, rest, entrant, judge)
        if status != "excused":
            self.marked.add(key)
        if (
            not rest
            and not value
            and status in ("absent", "void", "excused")
            and not (status == "void" and judge)
        ):
            return self._without_value(module, entrant, judge, status)
        if module["entry"] == "scores":
            return self._score(module, rest, entrant, judge or attempt, value, status)
        return self._mark(module, rest, entrant, judge, value, attempt, status)

    def _state(self, entrant, value, status):
        if value or status not in STATES:
            raise ValueError(f"A line without item gives the state of the entrant: {', '.join(STATES)}.")
        self._once("state", entrant, self.states, entrant, status)

    def _takes_part(self, key, entrant, more):
        if more or key not in [stage["key"] for stage in self.plan["stages"]]:
            raise ValueError("Who takes part in a stage stands in a line with the stage's key, no value.")
        self.taking.setdefault(key, set()).add(entrant)

    def _penalty(self, key, entrant, value, status):
        number = typed(value)
        if number is None or not 0 <= number <= LARGEST or not has_places(number, 4) or status:
            raise ValueError(f"A penalty is a number from 0 to {LARGEST} with at most four decimals.")
        kind = self._things[key]
        self.penalties[kind, key, entrant] = self.penalty(kind, key, entrant) + number

    def penalty(self, kind, key, entrant):
        """What comes off a module, a part or a stage of an entrant."""
        return self.penalties.get((kind, key, entrant), ZERO)

    def _factor(self, module, what, entrant, value, status):
        number, key = typed(value), module["key"]
        if what == "adjustment":
            most = module["adjust"]
            if most is None or number is None or abs(number) > most or status:
                raise ValueError(f"An adjustment of {key} is at most {most or 0} up or down.")
            if not has_places(number, 4):
                raise ValueError(f"An adjustment of {key} has at most four decimals.")
            return self._once(f"adjustment of {key}", entrant, self.adjustments, (key, entrant), number)
        rule = module["difficulty"]
        if rule is None or number is None or status or not rule["lowest"] <= number <= rule["highest"]:
            raise ValueError(f"{key} takes a difficulty only between the plan's lowest and highest.")
        if not has_places(number, rule["places"]):
            raise ValueError(f"A difficulty of {key} has at most {rule['places']} decimals.")
        return self._once(f"difficulty of {key}", entrant, self.difficulty, (key, entrant), number)

    def _without_value(self, module, entrant, judge, status):
        if status != "excused":
            if judge:
                raise ValueError("Absence from a module names no judge.")
            key = module["key"]
            return self._once(f"state in {key}", entrant, self.gone, (key, entrant), status)
        if not judge or module["entry"] == "scores":
            raise ValueError("A line with status excused names the judge of a module with sheets.")
        if len(module["panels"]) > 1:
            self._struck.append((module, entrant, judge, self._line_number))
            return None
        seat = self._seat(module, 0, judge)
        return self.excused.setdefault((module["key"], 0, entrant), set()).add(seat)

    def _excuse_in_panel(self, module, name, entrant, judge):
        numbers = [n for n, panel in enumerate(module["panels"]) if panel["key"] == name]
        if not numbers:
            raise ValueError(f"{module['key']} has no panel {name}.")
        seat = self._seat(module, numbers[0], judge)
        self.excused.setdefault((module["key"], numbers[0], entrant), set()).add(seat)

    def _strike_out(self):
        """In a module of several panels a judge is struck out of every panel in which he has a seat."""
        for module, entrant, judge, line in self._struck:
            seats = [
                self.seats.get((module["key"], number), {}).get(judge)
                for number in range(len(module["panels"]))
            ]
            if all(seat is None for seat in seats):
                raise Refused(f"{judge} has no marks on any panel of {module['key']}.", "marks", line)
            for number, seat in enumerate(seats):
                if seat is not None:
                    self.excused.setdefault((module["key"], number, entrant), set()).add(seat)

    def _score(self, module, rest, entrant, judge, value, status):
        number = typed(value)
        if rest or judge or status:
            raise ValueError(f"{module['key']} takes one score for each entrant, from no judge.")
        if number is None or not module["lowest"] <= number <= module["max"] or not has_places(number, 4):
            raise ValueError(
                f"A score of {module['key']} is {module['lowest']} to {module['max']}, four decimals."
            )
        key = module["key"]
        self._once(f"score of {key}", entrant, self.scores, (key, entrant), number)

    def _seat(self, module, number, judge):
        seats = self.seats.setdefault((module["key"], number), {})
        if judge not in seats and len(seats) == module["panels"][number]["judges"]:
            raise ValueError(f"{module['key']} has seats for {len(seats)} judges; {judge} is one more.")
        return seats.setdefault(judge, len(seats))

    def _mark(self, module, rest, entrant, judge, value, attempt, status):
        number, aspect = self._aspect(module, rest)
        if not judge:
            raise ValueError(f"A mark of {module['key']} names its judge.")
        tried = aspect["kind"] in ATTEMPTED
        may_be_void = aspect["kind"] == "measured" or (tried and aspect["attempts"] > 1)
        if status and not (status == "void" and may_be_void and not value):
            raise ValueError("Only an attempt or a measured value may have the status void, and no value.")
        mark = VOID if status else self._reading(aspect, value)
        sheet = self.sheets.setdefault((module["key"], number, entrant), {})
        sheet = sheet.setdefault(self._seat(module, number, judge), {})
        what = f"mark of {module['key']}.{aspect['key']} by {judge}"
        if not tried:
            if attempt and counted(attempt) != 1:
                raise ValueError(f"{aspect['key']} has no attempts.")
            return self._once(what, entrant, sheet, aspect["key"], mark)
        tries = aspect["attempts"]
        turn = counted(attempt) if attempt or tries > 1 else 1
        if turn is None or not 1 <= turn <= tries:
            raise ValueError(f"An attempt of {aspect['key']} is 1 to {tries}.")
        what += f" in attempt {turn}" if tries > 1 else ""
        return self._once(what, entrant, sheet.setdefault(aspect["key"], {}), turn, mark)

    def _reading(self, aspect, text):
        """As read_mark; what was read before is not read again."""
        key = id(aspect), text
        if key not in self._readings:
            self._readings[key] = read_mark(aspect, text)
        return self._readings[key]

    def _once(self, what, entrant, record, key, value):
        """The same thing is written once only."""
        if key in record:
            before = self._lines[what, entrant]
            raise ValueError(f"The {what} of {entrant} stands twice in the file, in line {before} already.")
        record[key] = value
        self._lines[what, entrant] = self._line_number

    def _aspect(self, module, rest):
        """The panel and the aspect that an item names; the only one when it names the module alone."""
        found = self._aspects.get((module["key"], rest))
        if found is None:
            raise ValueError(f"{module['key']} has no aspect {rest or '(none named)'}.")
        return found
