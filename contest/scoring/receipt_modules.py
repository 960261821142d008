"""The receipt, continued. From the sheets, or a score, of one entrant to the mark of a module."""

from dataclasses import dataclass, field
from fractions import Fraction

from contest.scoring.book import MODULE_ABSENT, MODULE_NORMAL, NORMAL, Book
from contest.scoring.receipt_orders import order_mark
from contest.scoring.receipt_panels import panel_mark, sheets_of
from contest.scoring.receipt_rooms import adjusted_mark, mark_that_stays, rooms_of
from contest.scoring.receipt_sheets import panel_name
from contest.scoring.receipt_sums import Notes, added, carried, number, settled
from contest.scoring.scheme import Module, Plan
from contest.scoring.words import N_


def at(arrays, key: str, row: int, default=0):
    """One entry of a book's arrays by key, or the default where there is no array."""
    return arrays[key][row].item() if key in arrays else default


@dataclass
class Case:
    """One contest whose receipts are written; what one entrant's mark needs of others is kept.

    trimmed False: as though no mark were dropped.
    """

    plan: Plan
    book: Book
    trimmed: bool = True
    kept: dict = field(default_factory=dict)

    def takes_part(self, module: Module, row: int) -> bool:
        """Is the entrant in the stage of the module?"""
        part = self.plan.part(module.part)
        while part.within:
            part = self.plan.part(part.within)
        return bool(at(self.book.entered, part.stage, row, True))

    def is_normal(self, module: Module, row: int) -> bool:
        """Of state normal, in the stage, and neither absent from the module nor cancelled."""
        return (
            self.book.state[row] == NORMAL
            and at(self.book.module_state, module.key, row) == MODULE_NORMAL
            and self.takes_part(module, row)
        )

    def has_difficulty(self, module: Module, row: int) -> bool:
        """Is the factor there, or does the module ask for none?"""
        return module.difficulty is None or at(self.book.difficulty_given, module.key, row, False)

    def sheets(self, module: Module, row: int) -> list | None:
        """All sheets of all panels that count, or None where the panels are not finished."""
        where = "sheets", module.key, row
        if where not in self.kept:
            found = [
                sheets_of(self.plan, module, panel, self.book, row, Notes())
                for panel in module.all_panels
            ]
            self.kept[where] = None if None in found else found
        return self.kept[where]

    def ordered(self, module: Module, row: int) -> dict:
        """{row: sheets} of all who are put in order with this entrant."""
        group = self.book.group[row] if self.plan.ranking.by_group else None
        where = "ordered", module.key, group
        if where not in self.kept:
            self.kept[where] = {
                each: self.sheets(module, each)[0]
                for each in range(self.book.count)
                if group in (None, self.book.group[each])
                and self.is_normal(module, each) and self.has_difficulty(module, each)
                and self.sheets(module, each) is not None
            }
        return self.kept[where]

    def marks(self, module: Module) -> dict[int, Fraction]:
        """{row: mark before rooms are adjusted} of everybody who has one."""
        where = "marks", module.key
        if where not in self.kept:
            found = {}
            for row in range(self.book.count):
                if at(self.book.module_state, module.key, row) == MODULE_NORMAL:
                    value = before_rooms(self, module, row, Notes())
                    if value is not None and self.takes_part(module, row):
                        found[row] = value
            self.kept[where] = found
        return self.kept[where]


@dataclass(frozen=True)
class Mark:
    """A module's mark in units, None while it is not finished. raw: before rooms are adjusted."""

    value: Fraction | None
    raw: Fraction | None


def module_mark(case: Case, module: Module, row: int, notes: Notes) -> Mark:
    """The mark of one entrant in a module, every step noted."""
    if not case.takes_part(module, row):
        notes.add(N_("Not in this stage: no mark of it counts."), {}, "", module)
        return Mark(None, None)
    adjusts = module.adjustment.method != "none"
    state = at(case.book.module_state, module.key, row)
    if state != MODULE_NORMAL:
        absent = N_("Absent from this module: it counts as 0.")
        cancelled = N_("The mark of this module is cancelled: it counts as 0.")
        notes.add(absent if state == MODULE_ABSENT else cancelled, {}, "", module)
        raw = Fraction(0)
    else:
        raw = before_rooms(case, module, row, notes)
    if not adjusts:
        return Mark(raw, raw)
    return Mark(_between_rooms(case, module, row, raw, state, notes), raw)


def _between_rooms(case, module, row, raw, state, notes):
    marks = case.marks(module)
    normal = {r for r in range(case.book.count) if case.is_normal(module, r)}
    rooms = rooms_of(case.book.room, marks, normal)
    small = {name: own for name, own in rooms.items() if len(own) < module.adjustment.least}
    if small:
        notes.add(
            N_("Not finished: every room needs %(least)s finished entrants before marks are adjusted; "
               "the smallest has %(count)s."),
            {"least": module.adjustment.least, "count": min(map(len, small.values()))}, "", module,
        )
        return None
    if raw is None:
        return None
    if state != MODULE_NORMAL:
        return Fraction(0)
    if case.book.room[row] not in rooms:
        return mark_that_stays(case.plan, module, raw, notes)
    everybody = [marks[r] for r in sorted(marks) if r in normal]
    own = [marks[r] for r in rooms[case.book.room[row]]]
    return adjusted_mark(case.plan, module, raw, everybody, own, notes)


def before_rooms(case: Case, module: Module, row: int, notes: Notes) -> Fraction | None:
    """The mark after penalty, cap and rounding, before rooms are made comparable."""
    if module.entry == "scores":
        value = _score(case.book, module, row, notes)
    else:
        value = _from_sheets(case, module, row, notes)
    if value is not None:
        value = _by_the_chief(case, module, row, value, notes)
    if value is None:
        return None
    value = settled(case.plan, notes, value, module, at(case.book.penalty, module.key, row))
    return carried(case.plan, notes, value, "module", module)


def _score(book, module, row, notes):
    if not at(book.score_given, module.key, row, False):
        notes.add(N_("No score yet."), {}, "", module)
        return None
    value = Fraction(at(book.score, module.key, row))
    notes.add(N_("Score."), {}, number(value), module)
    return value


def _from_sheets(case, module, row, notes):
    """The panels, each rounded and × its factor, added up; None while one is not finished."""
    terms = []
    for panel in module.all_panels:
        sheets = sheets_of(case.plan, module, panel, case.book, row, notes)
        if sheets is None:
            terms.append(None)
            continue
        if panel.by_order:
            mark = order_mark(module, case.ordered(module, row), row, notes)
        else:
            mark = panel_mark(case.plan, module, panel, sheets, notes, case.trimmed)
        about = panel_name(module, panel)
        mark = carried(case.plan, notes, mark, "panel", about)
        if panel.factor != 10_000:
            made = mark * panel.factor / 10_000
            arithmetic = f"{number(mark)} × {number(panel.factor)} = {number(made)}"
            notes.add(N_("× the factor of the panel."), {}, arithmetic, about)
            mark = made
        terms.append(mark)
    if None in terms:
        return None
    total = sum(terms, Fraction(0))
    if len(terms) > 1:
        notes.add(N_("The panels added up."), {}, f"{added(terms)} = {number(total)}", module)
    return total


def _by_the_chief(case, module, row, value, notes):
    """× difficulty, ± the chief's adjustment, and nothing where a key item is missed."""
    book = case.book
    if module.difficulty is not None:
        if not case.has_difficulty(module, row):
            notes.add(N_("Not finished: the degree of difficulty is missing."), {}, "", module)
            return None
        factor = at(book.difficulty, module.key, row)
        made = value * factor / 10_000
        arithmetic = f"{number(value)} × {number(factor)} = {number(made)}"
        notes.add(N_("× the degree of difficulty."), {}, arithmetic, module)
        value = made
    if moved := at(book.adjustment, module.key, row):
        sign = "+" if moved > 0 else "−"
        arithmetic = f"{number(value)} {sign} {number(abs(moved))} = {number(value + moved)}"
        notes.add(N_("The chief judge's adjustment."), {}, arithmetic, module)
        value += moved
    return value if module.entry == "scores" else _without_lost(case, module, row, value, notes)


def _without_lost(case, module, row, value, notes):
    for panel, sheets in zip(module.all_panels, case.sheets(module, row), strict=True):
        for index in module.aspect_indexes(panel):
            if module.aspects[index].key_item != "module":
                continue
            missed = sum(sheet.missed[index] for sheet in sheets)
            if 2 * missed > len(sheets):
                notes.add(
                    N_("Key item of the module: %(missed)s of %(count)s judges gave nothing, "
                       "more than half, so the module is 0."),
                    {"missed": missed, "count": len(sheets)}, f"{number(value)} → 0",
                    module.aspects[index],
                )
                value = Fraction(0)
    return value
