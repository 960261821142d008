"""Section 3: modules become parts, parts become stages."""

from contest.recount.amounts import ZERO
from contest.recount.modules import Cell, module_cells, settle


class Columns:
    """Every module, part and stage of everybody, as far as it is reckoned."""

    def __init__(self, plan):
        self.plan = plan
        self.modules = {}  # module -> {entrant: ModuleCell}
        self.parts = {}  # part -> {entrant: Cell}
        self.stages = {}  # stage -> {entrant: Cell}

    def add_stage(self, number, book, people, taking):
        """Reckons one more stage for those who take part in it; gives its problems: {module: sentences}."""
        stage, problems = self.plan["stages"][number], {}
        for module in stage["all_modules"]:
            cells, problems[module["key"]] = module_cells(self.plan, module, book, people, taking)
            self.modules[module["key"]] = cells
        for part in stage["parts"]:
            self._part(part, book, people)
        before = self.stages[self.plan["stages"][number - 1]["key"]] if number else {}
        self.stages[stage["key"]] = {e: self._stage(stage, e, before.get(e), book) for e in people}
        return problems

    def _part(self, part, book, people):
        for inner in part["parts"]:
            self._part(inner, book, people)
        self.parts[part["key"]] = {e: self._part_cell(part, e, book) for e in people}

    def _part_cell(self, part, entrant, book):
        children = [(m, self.modules[m["key"]][entrant]) for m in part["modules"]]
        children += [(p, self.parts[p["key"]][entrant]) for p in part["parts"] if p["to"] != "team"]
        value, done = _together(part, children)
        penalty = book.penalty("part", part["key"], entrant)
        return Cell(settle(self.plan, "part", part, value, penalty), done)

    def _stage(self, stage, entrant, before, book):
        children = [(p, self.parts[p["key"]][entrant]) for p in stage["parts"] if p["to"] != "team"]
        value, done = _together(stage, children)
        carry = stage["carry_percent"]
        if before is not None and carry:
            own = value if stage["combine"] == "points" else value * (100 - carry) / 100
            value, done = own + before.value * carry / 100, done and before.done
        penalty = book.penalty("stage", stage["key"], entrant)
        return Cell(settle(self.plan, "stage", stage, value + stage["base"], penalty), done)

    def finished(self, stage, entrant):
        """How many modules of the stage are finished for the entrant."""
        return sum(self.modules[key][entrant].done for key in stage["own_modules"])


def _together(thing, children):
    """The sum of the children as the thing combines them, and whether all of them are done."""
    done = all(cell.done for _, cell in children)
    if thing["combine"] == "best":
        finished = sorted((cell.value for _, cell in children if cell.done), reverse=True)
        return sum(finished[: thing["best"]], ZERO), done
    value = ZERO
    for child, cell in children:
        if cell.value is None:
            continue
        if thing["combine"] == "points":
            value += cell.value
        elif child["top"]:
            value += cell.value * child["weight"] / child["top"]
    return value, done
