"""Section 5: places and ties."""

from contest.recount.amounts import ZERO, compared
from contest.recount.aspects import VOID
from contest.recount.marks import valid_attempts

TEAM_TIES = ("part", "module", "aspect", "untrimmed", "sum", "stage", "data")


class Scene:
    """One stage as it is ranked: who takes part, and the columns that the tie keys look at."""

    def __init__(self, plan, stage, columns, undropped, book, people, taking):
        self.plan, self.stage, self.columns, self.undropped = plan, stage, columns, undropped
        self.book, self.people, self.taking = book, people, set(taking)
        self.passed = {e: self._passed(e) for e in people}
        self.ranked = [e for e in people if self._is_ranked(e)]
        self._module_places = {}

    def state(self, entrant):
        return self.book.states.get(entrant, "normal")

    def finished(self, entrant):
        return self.columns.finished(self.stage, entrant)

    def complete(self, entrant):
        return self.columns.stages[self.stage["key"]][entrant].done

    def competed(self, entrant):
        """In the stage, neither absent nor withdrawn, and not absent from every module of it."""
        if entrant not in self.taking or self.state(entrant) in ("absent", "withdrawn"):
            return False
        states = [self.columns.modules[key][entrant].state for key in self.stage["own_modules"]]
        return not states or any(state != "absent" for state in states)

    def total(self, entrant):
        """The total that is carried on; of who was absent, withdrew or was disqualified it is 0."""
        if self.state(entrant) in ("absent", "withdrawn", "disqualified"):
            return ZERO
        return self.columns.stages[self.stage["key"]][entrant].value

    def group(self, entrant):
        """The group within which places go."""
        return self.people[entrant]["group"] if self.plan["ranking"]["by_group"] else ""

    def void(self, entrant):
        return any(self.columns.modules[key][entrant].state for key in self.stage["own_modules"])

    def _is_ranked(self, entrant):
        if entrant not in self.taking or self.state(entrant) != "normal" or not self.finished(entrant):
            return False
        return not (self.plan["ranking"]["passed_only"] and self._missed(entrant))

    def _passed(self, entrant):
        return self.state(entrant) == "normal" and self.complete(entrant) and not self._missed(entrant)

    def _missed(self, entrant):
        """Whether a pass mark is missed in something that is done."""
        columns, stage = self.columns, self.stage
        things = [("stage", stage, columns.stages[stage["key"]])]
        things += [("part", self.plan["part"][k], columns.parts[k]) for k in stage["own_parts"]]
        things += [("module", self.plan["module"][k], columns.modules[k]) for k in stage["own_modules"]]
        return any(
            compared(self.plan, step, cells[entrant].value) < thing["pass_mark"]
            for step, thing, cells in things
            if thing["pass_mark"] is not None and cells[entrant].done
        )

    def module_places(self, key, group):
        """Places 1-2-2-4 within one module, among the ranked of a group."""
        if (key, group) not in self._module_places:
            cells, low = self.columns.modules[key], self.plan["ranking"]["order"] == "low"
            marks = {
                e: compared(self.plan, "module", cells[e].value) * (1 if low else -1)
                for e in self.ranked
                if self.group(e) == group and cells[e].done and not (low and cells[e].state)
            }
            values = sorted(marks.values())
            self._module_places[key, group] = {e: values.index(mark) + 1 for e, mark in marks.items()}
        return self._module_places[key, group]


class Key:
    """Something to be compared by: lower comes first; `None` where an entrant does not have it."""

    def __init__(self, label, value):
        self.label = label
        self.value = value


def keys_of(scene):
    """Total, the plan's ties, and the chief's ruling where equals need one."""
    keys = [Key("total", lambda e: -compared(scene.plan, "stage", scene.total(e)))]
    if scene.plan["ranking"]["order"] == "low":
        keys = _keys_of_low(scene)
    keys += [tie_key(scene, tie) for tie in scene.plan["ranking"]["ties"]]
    if not scene.plan["ranking"]["shared"]:
        keys.append(Key("ruling", lambda e: scene.people[e]["ruling"]))
    return keys


def _keys_of_low(scene):
    """Where less is better: who is void comes last, and among the void only the tie keys tell;

    before them who is not complete, by how many modules are finished; and only then the total.
    """

    def finished(entrant):
        if scene.void(entrant) or scene.complete(entrant):
            return (scene.void(entrant), 0)
        return (1, -scene.finished(entrant))

    def total(entrant):
        return ZERO if scene.void(entrant) else compared(scene.plan, "stage", scene.total(entrant))

    return [Key("void", scene.void), Key("finished", finished), Key("total", total)]


def tie_key(scene, tie):
    """The key that one row of `ties` names."""
    sign = 1 if tie.get("order", "high") == "low" else -1
    by, name = tie["by"], tie.get("key", "")
    if by in ("aspect", "attempt"):
        name = f"{tie['module']}.{name}"
    if by == "sum":
        name = "+".join(tie["keys"])
    read = READERS[by]
    return Key(f"{by}:{name}" if name else by, lambda entrant: read(scene, tie, entrant, sign))


def _signed(value, sign):
    return None if value is None else value * sign


def _column(scene, tie, entrant, sign):
    step = tie["by"]
    cells = getattr(scene.columns, step + "s").get(tie["key"])
    if cells is None or not cells[entrant].done:
        return None
    return sign * compared(scene.plan, step, cells[entrant].value)


def _sum(scene, tie, entrant, sign):
    cells = [scene.columns.modules[key][entrant] for key in tie["keys"] if key in scene.columns.modules]
    if len(cells) < len(tie["keys"]) or not all(cell.done for cell in cells):
        return None
    return sign * sum((compared(scene.plan, "module", cell.value) for cell in cells), ZERO)


def _untrimmed(scene, tie, entrant, sign):
    if not scene.complete(entrant):
        return None
    return sign * compared(scene.plan, "stage", scene.undropped.stages[scene.stage["key"]][entrant].value)


def _data(scene, tie, entrant, sign):
    return _signed(scene.people[entrant]["data"].get(tie["key"]), sign)


def _better_places(scene, tie, entrant, sign):
    if not all(scene.columns.modules[key][entrant].done for key in scene.stage["own_modules"]):
        return None
    group = scene.group(entrant)
    places = [scene.module_places(key, group).get(entrant) for key in scene.stage["own_modules"]]
    return tuple(-places.count(place) for place in range(1, len(scene.ranked) + 1))


def _work(scene, tie, entrant):
    """The panel's work on the aspect a tie names, and that aspect; (None, None) until the module is done."""
    cell = scene.columns.modules.get(tie["module"], {}).get(entrant)
    for work in cell.judged if cell and cell.done else []:
        for aspect in work.panel["aspects"]:
            if aspect["key"] == tie["key"]:
                return work, aspect
    return None, None


def _mean(values):
    return sum(values, ZERO) / len(values) if values else None


def _aspect(scene, tie, entrant, sign):
    work, aspect = _work(scene, tie, entrant)
    if work is None:
        return None
    stands = [sheet.stands[tie["key"]] for sheet in work.sheets]
    if aspect["kind"] == "measured":
        return _signed(_mean([value for value in stands if value is not VOID]), sign)
    if work.panel["level"] == "aspect":
        return _signed(work.combined_aspect(tie["key"]), sign)
    return sign * _mean([sheet.earned[tie["key"]] for sheet in work.sheets])


def _attempt(scene, tie, entrant, sign):
    """(0, best valid attempt), or (1, 0) for who has none."""
    cell = scene.columns.modules.get(tie["module"], {}).get(entrant)
    if cell is not None and cell.done and not cell.judged:
        return (1, ZERO)  # absent, or cancelled: nothing valid was ever done
    work, aspect = _work(scene, tie, entrant)
    if work is None:
        return None
    best = max if aspect["better"] == "high" else min
    valid = [valid_attempts(aspect, sheet.given[tie["key"]]) for sheet in work.sheets]
    mean = _mean([best(values) for values in valid if values])
    return (1, ZERO) if mean is None else (0, mean * sign)


READERS = {
    "part": _column,
    "module": _column,
    "stage": _column,
    "sum": _sum,
    "untrimmed": _untrimmed,
    "data": _data,
    "better_places": _better_places,
    "aspect": _aspect,
    "attempt": _attempt,
}


def in_order(equals, keys):
    """Splits equals by one key after the other: [(what separated them from those next better, equals)]."""
    if len(equals) < 2 or not keys:
        return [("", equals)]
    values = {e: keys[0].value(e) for e in equals}
    if None in values.values():
        return in_order(equals, keys[1:])
    result = []
    for value in sorted(set(values.values())):
        inner = in_order([e for e in equals if values[e] == value], keys[1:])
        result += [(keys[0].label if result else "", inner[0][1]), *inner[1:]]
    return result


def places(equal_groups, dense=False):
    """{who: place}, from groups of equals in order."""
    result, above = {}, 0
    for index, (_, equals) in enumerate(equal_groups):
        result.update(dict.fromkeys(equals, (index if dense else above) + 1))
        above += len(equals)
    return result


class Ranking:
    """The places of one stage."""

    def __init__(self, scene):
        self.scene = scene
        rules, keys = scene.plan["ranking"], keys_of(scene)
        self.place, self.decided_by, self.open_ties, self.order = {}, {}, [], {}
        for group in dict.fromkeys(scene.group(e) for e in scene.people):
            equal_groups = in_order([e for e in scene.ranked if scene.group(e) == group], keys)
            self.order[group] = [e for _, equals in equal_groups for e in equals]
            self.place |= places(equal_groups, rules["dense"])
            for label, equals in equal_groups:
                self.decided_by |= dict.fromkeys(equals, label)
                if len(equals) > 1 and not rules["shared"] and all(scene.complete(e) for e in equals):
                    self.open_ties.append(list(equals))
        order = {entrant: number for number, entrant in enumerate(scene.people)}
        self.open_ties.sort(key=lambda equals: order[equals[0]])
        self.overall = self.place
        if rules["by_group"]:
            self.overall = places(in_order(scene.ranked, keys), rules["dense"])
