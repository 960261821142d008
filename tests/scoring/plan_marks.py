"""Generated entrants and marks for a plan document: coarse values, copies, gaps and states."""

from fractions import Fraction

from tests.scoring.plan_modules import text

GRADES = "ABCD"
STATES = ["absent", "withdrawn", "disqualified", "not_finished"]


def entrants_of(dice, document) -> list[dict]:
    """The lines of ENTRANTS.csv, three to ten."""
    rng = dice.rng
    many = dice.wants("adjustment", "award", "shift", "advance")
    count = dice.between(5 if many else 3, 10)
    teams = _teams_of(dice, document, count)
    alike = rng.random() < 0.7  # rooms as even as they can be
    rows = []
    for index in range(count):
        rows.append({
            "code": f"e{index + 1}",
            "group": dice.one("AAB"),
            "team": teams[index],
            "organisation": dice.one(["north", "north", "south", ""]),
            "room": f"r{index % 2 if alike else dice.between(0, 1)}",
            "person": f"e{index + 1}" if rng.random() < 0.8 else "someone",
            "gender": dice.one(["female", "male", ""]),
            "birth_date": dice.one(["1999-05-01", "2001-05-01", "2001-05-02", "2003-12-31", ""]),
            "employment": dice.one(["staff", "student", ""]),
            "titles": dice.one(["", "", "master", "master;expert"]),
            "ruling": dice.one(["", "1", "2", "3"]),
            "draw": str(dice.between(1, 4)),
            "time": dice.one(["61.5", "59", "59", ""]),
        })
    return rows


def _teams_of(dice, document, count):
    teams = document.get("teams")
    if not teams:
        return [""] * count
    size = teams.get("size", 10)
    if dice.yes("too_many", 0.25):
        size = 10
    names, left = [], {name: size for name in ("x", "y", "z")}
    for _ in range(count):
        name = dice.one(["x", "x", "y", "y", "z", ""])
        if name and not left[name]:
            name = ""
        if name:
            left[name] -= 1
        names.append(name)
    return names


def marks_of(dice, document, entrants) -> list[dict]:
    """The lines of MARKS.csv."""
    return _Marking(dice, document, entrants).rows()


def _row(entrant, item, judge="", value="", attempt="", status=""):
    return {
        "entrant": entrant, "item": item, "judge": judge, "value": value, "attempt": attempt,
        "status": status,
    }


class _Marking:
    """Writes the marks of all entrants, stage by stage."""

    def __init__(self, dice, document, entrants):
        self.dice, self.document, self.entrants = dice, document, entrants
        self.codes = [each["code"] for each in entrants]
        self.palettes, self.given, self.orders = {}, {}, {}
        self.marks, self.last = [], []
        self.gap = 0.08 if dice.yes("gap", 0.35) else 0.0
        self.excused = 0.12 if dice.yes("excused", 0.35) else 0.0
        self.void = 0.35 if dice.yes("void", 0.4) else 0.0
        self.models = self._models()

    def rows(self):
        rng, stages = self.dice.rng, self.document["stages"]
        self._states()
        for index, stage in enumerate(stages):
            codes = self.codes
            if index:
                if self.dice.yes("unmarked_final", 0.1):
                    break
                codes = self._who_goes_on()
            for code in codes:
                for module in self._modules(stage["key"], team=False):
                    self._module(code, module)
            self._team_tasks(stage["key"])
        self._penalties()
        if rng.random() < 0.3:
            rng.shuffle(self.marks)
        return self.marks + self.last

    def _models(self):
        """Whose marks each entrant copies, mostly to the letter; None for marks of one's own."""
        return {
            code: self.dice.one(self.codes[:index]) if index and self.dice.rng.random() < 0.35 else None
            for index, code in enumerate(self.codes)
        }

    def _who_goes_on(self):
        from tests.scoring.ledger_book import goes_on

        stage = self.document["stages"][0]
        if "advance" not in stage and "advance_percent" not in stage:
            return self.codes
        if self.dice.yes("strangers_to_final", 0.1):
            return self.codes
        on = goes_on(self.document, self.marks + self.last, self.entrants, stage["key"])
        return [code for code in self.codes if code in on]

    def _states(self):
        wanted = self.dice.wants("state.")
        for code in self.codes:
            if self.dice.rng.random() < (0.4 if wanted else 0.1):
                self.marks.append(_row(code, "", status=self.dice.pick("state", STATES)))

    def _modules(self, stage, team):
        parts = self.document["parts"]
        inside = {p["key"] for p in parts
                  if p.get("stage") == stage and (p.get("to") == "team") == team}
        for _ in parts:
            inside |= {p["key"] for p in parts if p.get("within") in inside}
        return [m for m in self.document["modules"] if m["part"] in inside]

    def _team_tasks(self, stage):
        """A team's own task is marked through one of its members."""
        names = sorted({each["team"] for each in self.entrants} - {""})
        for module in self._modules(stage, team=True):
            for name in names:
                if self.dice.rng.random() < 0.9:
                    own = [each["code"] for each in self.entrants if each["team"] == name]
                    self.marks.append(_row(own[0], module["key"], value=self._score(module)))

    def _module(self, code, module):
        key, rng = module["key"], self.dice.rng
        for status, feature in (("absent", "module_absent"), ("void", "module_void")):
            if self.dice.yes(feature, 0.02) and rng.random() < 0.6:
                self.marks.append(_row(code, key, status=status))
                if rng.random() < 0.7:
                    return
                break
        if "difficulty" in module and rng.random() > self.gap / 2:
            low, high = module["difficulty"]["lowest"], module["difficulty"]["highest"]
            value = self._picked((key, "difficulty"), code, lambda: self.dice.one([low, "1.5", "2", high]))
            self.marks.append(_row(code, f"{key}.difficulty", value=value))
        if "adjust" in module and rng.random() < 0.3:
            most = module["adjust"]
            value = self.dice.one([most, f"-{most}", "0.25", "-0.5"])
            self.marks.append(_row(code, f"{key}.adjustment", value=value))
        if module.get("entry") == "scores":
            if rng.random() > self.gap:
                value = self._picked((key, "score"), code, lambda module=module: self._score(module))
                self.marks.append(_row(code, key, value=value))
            return
        for name, judges, aspects in _panels(module):
            for number in range(judges):
                self._sheet(code, module, f"{name}j{number + 1}", aspects)

    def _score(self, module):
        top = Fraction(module["max"])
        options = ["0", text(top), text(top / 2), text(top * Fraction(3, 5)), text(top / 3)]
        if Fraction(module.get("lowest", "0")) < 0:
            options.append("-0.5")
        return self.dice.one(options)

    def _sheet(self, code, module, judge, aspects):
        rng = self.dice.rng
        marks = []
        for aspect in aspects:
            if rng.random() >= self.gap / 2:
                marks += self._aspect(code, module, judge, aspect)
        if rng.random() >= self.gap / 2:
            self.marks += marks
        else:
            marks = []
        if rng.random() < self.excused and (marks or not module.get("panels")):
            # With several panels only a mark tells on which of them a judge sits: it comes first.
            rows = self.last if module.get("panels") else self.marks
            rows.append(_row(code, module["key"], judge, status="excused"))

    def _aspect(self, code, module, judge, aspect):
        only = sum(len(c["aspects"]) for c in module["criteria"]) == 1
        item = f"{module['key']}.{aspect['key']}"
        if only and self.dice.rng.random() < 0.5:
            item = module["key"]
        tries = aspect.get("attempts", 1)
        if tries == 1:
            value = self._value(code, module, judge, aspect, 1)
            if value == "x":
                return [_row(code, item, judge, status="void")]
            return [_row(code, item, judge, value)]
        rows = []
        needs_all = aspect.get("take", "best") in ("sum", "mean")
        for number in range(1, tries + 1):
            if not needs_all and self.dice.rng.random() < 0.2:
                continue
            value = self._value(code, module, judge, aspect, number)
            if value == "x":
                rows.append(_row(code, item, judge, attempt=str(number), status="void"))
            else:
                rows.append(_row(code, item, judge, value, str(number)))
        return rows

    def _value(self, code, module, judge, aspect, attempt):
        if aspect["kind"] == "rank":
            return self._rank(code, module, judge)
        may_fail = aspect.get("attempts", 1) > 1 or aspect["kind"] == "measured"
        is_void = may_fail and self.dice.rng.random() < self.void

        def new():
            return "x" if is_void else self.dice.one(self._palette(module, aspect))

        return self._picked((module["key"], judge, aspect["key"], attempt), code, new)

    def _picked(self, mark, code, new):
        """A new value, or mostly that of the entrant whose marks this one copies."""
        model = self.models[code]
        value = self.given.get((mark, model)) if self.dice.rng.random() < 0.92 else None
        value = new() if value is None else value
        self.given[mark, code] = value
        return value

    def _rank(self, code, module, judge):
        where = (module["key"], judge)
        if where not in self.orders:
            ranks = list(range(1, len(self.codes) + 1))
            self.dice.rng.shuffle(ranks)
            if self.dice.rng.random() < 0.4:
                ranks = [1 + rank // 2 for rank in ranks]
            self.orders[where] = dict(zip(self.codes, ranks, strict=True))
        return str(self.orders[where][code])

    def _palette(self, module, aspect):
        where = (module["key"], aspect["key"])
        if where not in self.palettes:
            self.palettes[where] = [VALUES[aspect["kind"]](self.dice, aspect) for _ in range(4)]
        return self.palettes[where]

    def _penalties(self):
        percent = self.document["penalties"].get("percent")
        amounts = ["5", "10", "33.3", "50"] if percent else ["0.5", "1", "5", "500"]
        chance = 0.3 if self.dice.yes("penalty", 0.5) else 0.0
        things = [*self.document["modules"], *self.document["parts"], *self.document["stages"]]
        for thing in things:
            for code in self.codes:
                if self.dice.rng.random() < chance / max(len(things), 1) * 2:
                    for _ in range(self.dice.one([1, 1, 2])):
                        value = self.dice.one(amounts)
                        self.marks.append(_row(code, f"{thing['key']}.penalty", value=value))


def _panels(module):
    """(beginning of its judges' names, judges, aspects) of each panel."""
    if module.get("panels"):
        for panel in module["panels"]:
            own = [a for c in module["criteria"] if c["panel"] == panel["key"] for a in c["aspects"]]
            yield panel["key"][0], panel["judges"], own
        return
    yield "", module["panel"]["judges"], [a for c in module["criteria"] for a in c["aspects"]]


def _points(dice, aspect):
    top = Fraction(aspect["max"])
    if aspect.get("take") == "sum":
        top /= aspect["attempts"] - aspect.get("drop_best", 0) - aspect.get("drop_worst", 0)
    step = Fraction(aspect["step"])
    return text(step * dice.between(0, int(top / step)))


def _deductions(dice, aspect):
    counts = [
        f"{number}:{dice.between(1, reason.get('most', 1))}"
        for number, reason in enumerate(aspect["reasons"], 1) if dice.rng.random() < 0.35
    ]
    return ";".join(counts) or "0"


def _checklist(dice, aspect):
    return ";".join(str(dice.between(0, 1)) for _ in aspect["items"])


def _measured(dice, aspect):
    fine = 10 ** aspect["places"]
    low, high = (int(Fraction(aspect[end]) * fine) for end in ("lowest", "highest"))
    value = Fraction(dice.between(low, high), fine)
    coarse = Fraction(round(value))
    return text(coarse if dice.rng.random() < 0.6 else value)


VALUES = {
    "points": _points, "deductions": _deductions, "checklist": _checklist, "measured": _measured,
    "judgement": lambda dice, aspect: str(dice.between(0, 3)),
    "grade": lambda dice, aspect: dice.one(aspect["grades"])["key"],
}
