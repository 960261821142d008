"""Section 2: several judges' sheets of one entrant become one mark."""

from contest.recount.amounts import ZERO, added, carried
from contest.recount.aspects import ATTEMPTED, VOID
from contest.recount.marks import earned, standing
from contest.recount.plan import full_kept


class Sheet:
    """What one judge handed in for one entrant: what stands, what it earns, and the total."""

    def __init__(self, plan, panel, seat, marks):
        self.seat = seat
        self.stands = {a["key"]: standing(a, marks.get(a["key"])) for a in panel["aspects"]}
        self.given = marks
        self.full = not any(mark is None for mark in self.stands.values())
        self.void = any(mark is VOID for mark in self.stands.values())
        if not self.full:
            return
        self.earned = {a["key"]: earned(a, self.stands[a["key"]]) for a in panel["aspects"]}
        missed = [a for a in panel["aspects"] if a["key_item"] and not self.earned[a["key"]]]
        self.missed = [a["key"] for a in missed]
        if any(a["key_item"] == "sheet" for a in missed):
            self.earned = dict.fromkeys(self.earned, ZERO)
        self.total = added(self.earned.values())
        if panel["level"] == "sheet":
            self.total = carried(plan, "sheet", self.total)


class Judged:
    """One panel's work for one entrant: the sheets that count, and whether that is all of them."""

    def __init__(self, plan, module, number, book, entrant):
        key = (module["key"], number, entrant)
        self.panel = module["panels"][number]
        self.excused = book.excused.get(key, ())
        filled = book.sheets.get(key, {})
        self.sheets = []
        for seat in sorted(filled):
            if (*key, seat) not in book.made:
                book.made[(*key, seat)] = Sheet(plan, self.panel, seat, filled[seat])
            sheet = book.made[(*key, seat)]
            if sheet.full and seat not in self.excused:
                self.sheets.append(sheet)
        self.full = len(self.sheets) == self.panel["judges"] - len(self.excused)
        self.void = any(sheet.void for sheet in self.sheets)

    def odd(self):
        """Whether the totals lie further apart than the plan's spread."""
        totals = [sheet.total for sheet in self.sheets]
        return (
            self.panel["spread"] is not None
            and bool(totals)
            and max(totals) - min(totals) > self.panel["spread"]
        )

    def aspects_odd(self):
        """Whether the marks of an aspect lie further apart than it says; what failed is no mark."""
        for aspect in (a for a in self.panel["aspects"] if a["kind"] in ATTEMPTED):
            stands = [sheet.stands[aspect["key"]] for sheet in self.sheets]
            marks = [mark for mark in stands if mark is not VOID]
            if aspect["apart"] is not None and marks and max(marks) - min(marks) > aspect["apart"]:
                return True
        return False

    def to_be_marked_again(self):
        """Whether a judgement aspect has marks more than one step apart, where the panel minds that."""
        if not self.panel["remark"] or not self.sheets:
            return False
        levels = [
            [s.stands[a["key"]] for s in self.sheets]
            for a in self.panel["aspects"]
            if a["kind"] == "judgement"
        ]
        return any(max(marks) - min(marks) > 1 for marks in levels)

    def key_items_missed(self):
        """Whether more than half of the judges who count saw the module's key item missed."""
        items = [a["key"] for a in self.panel["aspects"] if a["key_item"] == "module"]
        return any(2 * sum(item in s.missed for s in self.sheets) > len(self.sheets) for item in items)

    def combined_aspect(self, key):
        """The one mark of an aspect, by the panel's method."""
        return combine(self.panel, [(s.seat, s.earned[key]) for s in self.sheets], len(self.excused))

    def mark(self):
        """The panel's mark before rounding and factor; `None` when nothing is left to make it from.

        Marks from orders (`borda`, `majority`) are made elsewhere, for all entrants together.
        """
        if self.panel["level"] == "sheet":
            return combine(self.panel, [(s.seat, s.total) for s in self.sheets], len(self.excused))
        marks = [self.combined_aspect(a["key"]) for a in self.panel["aspects"]]
        return None if None in marks else sum(marks, ZERO)


def combine(panel, by_seat, struck_out):
    """One mark of the marks that count, given as (seat, mark); `None` when none is left."""
    marks = sorted(mark for _, mark in by_seat)
    if panel["weights"]:
        return _weighted(panel, by_seat)
    dropping = len(marks) >= panel["drop_from"]
    low, high = (panel["drop_low"], panel["drop_high"]) if dropping else (0, 0)
    kept = marks[low : len(marks) - high]
    if len(marks) <= low + high:
        return None
    if panel["method"] == "median":
        return (kept[(len(kept) - 1) // 2] + kept[len(kept) // 2]) / 2
    mean = sum(kept, ZERO) / len(kept)
    if len(kept) < len(marks) and _too_far_apart(panel, kept, mean):
        mean = sum(marks, ZERO) / len(marks)
        return mean * full_kept(panel) if panel["method"] == "sum" else mean
    if panel["method"] == "mean":
        return mean
    return mean * full_kept(panel) if struck_out else sum(kept, ZERO)


def _weighted(panel, by_seat):
    weights = sum((panel["weights"][seat] for seat, _ in by_seat), ZERO)
    if not weights:
        return None
    return sum((panel["weights"][seat] * mark for seat, mark in by_seat), ZERO) / weights


def _too_far_apart(panel, kept, mean):
    for least, apart in panel["tolerance"]:
        if mean >= least:
            return kept[-1] - kept[0] > apart
    return False
