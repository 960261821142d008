"""From sheets to a module's mark: panels, difficulty, adjustment, key item, penalty, cap, rounding."""

from contest.recount.adjust import adjusted
from contest.recount.amounts import ZERO, carried
from contest.recount.orders import marks_from_orders
from contest.recount.panels import Judged
from contest.recount.plan import UNPLACED
from contest.recount.refusal import Refused


class Cell:
    """One column of one entrant: the value so far, and whether that is all."""

    def __init__(self, value=None, done=False):
        self.value = value
        self.done = done


class ModuleCell(Cell):
    """A module's mark, with how it came about."""

    def __init__(self):
        super().__init__()
        self.state = ""  # "absent", "void" or nothing
        self.raw = None  # the mark before an adjustment between panels
        self.odd = False
        self.judged = []  # one Judged for each panel; none for scores and for who was not there


def settle(plan, step, thing, value, penalty):
    """Cap, penalty and lowest, in the plan's order; then rounded as it is carried on."""
    cap, first = thing["cap"], plan["penalties"]["order"] == "penalty_first"
    if cap is not None and not first:
        value = min(value, cap)
    if plan["penalties"]["percent"]:
        penalty = max(value, ZERO) * min(penalty, 100) / 100
    value -= penalty
    if cap is not None and first:
        value = min(value, cap)
    return carried(plan, step, max(value, thing["lowest"]))


def module_cells(plan, module, book, people, taking):
    """({entrant: ModuleCell}, problems) for everybody; only who takes part in the stage has a mark."""
    cells = {entrant: ModuleCell() for entrant in people}
    sums = {}
    for entrant in taking:
        cell = cells[entrant]
        cell.state = book.gone.get((module["key"], entrant), "")
        if cell.state:
            cell.value, cell.done = ZERO, True  # exactly 0, whatever penalties or `lowest`
        elif module["entry"] == "scores":
            sums[entrant] = book.scores.get((module["key"], entrant))
        else:
            _look(plan, module, book, entrant, cell)
    if module["entry"] != "scores":
        sums = _sums(plan, module, book, people, {e: cells[e] for e in taking if not cells[e].done})
    for entrant, value in sums.items():
        _finish(plan, module, book, entrant, cells[entrant], value)
    for cell in cells.values():
        cell.raw = cell.value
    return cells, _between_rooms(plan, module, book, people, taking, cells)


def _look(plan, module, book, entrant, cell):
    cell.judged = [Judged(plan, module, n, book, entrant) for n in range(len(module["panels"]))]
    cell.odd = any(w.odd() or w.aspects_odd() or w.to_be_marked_again() for w in cell.judged)
    if any(work.void for work in cell.judged):
        cell.state = "void"


def _sums(plan, module, book, people, cells):
    """{entrant: sum of the panels} of those whose module is finished."""
    finished = {
        entrant: cell
        for entrant, cell in cells.items()
        if all(w.full and w.sheets and not w.to_be_marked_again() for w in cell.judged)
        and not (module["difficulty"] and (module["key"], entrant) not in book.difficulty)
    }
    marks = {}  # panel number -> {entrant: mark}
    for number, panel in enumerate(module["panels"]):
        if panel["method"] not in UNPLACED:
            marks[number] = {entrant: cell.judged[number].mark() for entrant, cell in finished.items()}
    for of_panel in marks.values():
        finished = {e: cell for e, cell in finished.items() if of_panel[e] is not None}
    sums = dict.fromkeys(finished, ZERO)
    for number in range(len(module["panels"])):
        if number not in marks:  # who is not of state normal takes no part in an order: 0
            marks[number] = sums | _ordered(plan, module, book, people, finished, number)
    for number, panel in enumerate(module["panels"]):
        for entrant in sums:
            sums[entrant] += carried(plan, "panel", marks[number][entrant]) * panel["factor"]
    return sums


def _ordered(plan, module, book, people, ready, number):
    """Marks from orders: among those of state normal, within the group where places go by group."""
    groups, panel = {}, module["panels"][number]
    for entrant, cell in ready.items():
        if entrant not in book.states:
            group = people[entrant]["group"] if plan["ranking"]["by_group"] else ""
            groups.setdefault(group, {})[entrant] = cell.judged[number]
    marks = {}
    for judged in groups.values():
        most = (len(judged) - 1) * (panel["judges"] if panel["method"] == "borda" else 1)
        if module["max"] is not None and most > module["max"]:
            raise Refused(f"{module['key']} allows fewer than {len(judged)} entrants by its max.", "marks")
        marks |= marks_from_orders(judged)
    return marks


def _finish(plan, module, book, entrant, cell, value):
    """From the sum of the panels (or the score) to the module's mark."""
    key = module["key"], entrant
    if value is None or (module["difficulty"] and key not in book.difficulty):
        return
    if module["difficulty"]:
        value *= book.difficulty[key]
    value += book.adjustments.get(key, ZERO)
    if any(work.key_items_missed() for work in cell.judged):
        value = ZERO
    cell.value, cell.done = settle(plan, "module", module, value, book.penalty("module", *key)), True


def _between_rooms(plan, module, book, people, taking, cells):
    """Adjusts the marks between rooms; the sentences that say why not, when rooms are too small."""
    if module["adjustment"]["method"] == "none":
        return []
    there = [e for e in taking if (module["key"], e) not in book.gone]
    normal = [e for e in there if e not in book.states]
    raw = {e: cells[e].value for e in there if cells[e].done}
    marks, problems = adjusted(plan, module, raw, normal, {e: people[e]["room"] for e in taking})
    for entrant in there:
        cells[entrant].value = marks.get(entrant)
        cells[entrant].done = entrant in marks
    if problems:
        for cell in cells.values():
            cell.value, cell.done = None, False
    return problems
