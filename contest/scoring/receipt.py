"""The same road for one entrant or one team, every step shown, for a pocket calculator.

The receipt reckons with fractions, apart from the arrays, and refuses to be printed when it comes
to another number than the standings.
"""

from fractions import Fraction

from contest.scoring.book import Book
from contest.scoring.receipt_modules import Case
from contest.scoring.receipt_places import note_advance, note_awards, note_place, note_scaled
from contest.scoring.receipt_sums import Notes, Step
from contest.scoring.receipt_teams import TeamRoad
from contest.scoring.receipt_totals import Road, check_total
from contest.scoring.scheme import Plan
from contest.scoring.standings import Standings

__all__ = ["Receipts", "Step", "receipt", "team_receipt"]


def receipt(plan: Plan, book: Book, standings: Standings, index: int, awards=()) -> list[Step]:
    """Every step from the raw marks to the place of the entrant at `index` in the book.

    awards: lines of `medals.awards`; those of the entrant follow with their reasons.
    ArithmeticError when the steps do not lead to the numbers in the standings.
    """
    return Receipts(plan, book, standings, awards).of(index)


def team_receipt(plan: Plan, book: Book, standings: Standings, index: int, awards=()) -> list[Step]:
    """Every step from the members' marks to the place of the team at `index` in the book.

    ArithmeticError as `receipt`.
    """
    return Receipts(plan, book, standings, awards).of_team(index)


class Receipts:
    """The receipts of one contest; what several of them need is reckoned once."""

    def __init__(self, plan: Plan, book: Book, standings: Standings, awards=()):
        self.case = Case(plan, book)
        self.standings, self.awards = standings, tuple(awards)

    def of(self, index: int) -> list[Step]:
        """As `receipt`."""
        notes = Notes()
        road = self._road(index, notes)
        note_scaled(self.case, self.standings, road, notes)
        note_place(self.case, self.standings, road, notes)
        note_advance(self.case, self.standings, index, notes)
        note_awards(self.case, self.awards, "entrant", index, notes)
        return notes.steps

    def of_team(self, index: int) -> list[Step]:
        """As `team_receipt`."""
        notes = Notes()
        TeamRoad(self.case, self.standings, self._total, index, notes).walk(self.awards)
        return notes.steps

    def _road(self, index, notes):
        road = Road(self.case, index, notes, self.standings)
        for stage in self._stages_that_count():
            road.stage(stage)
        check_total(road, self.standings.stage)
        return road

    def _total(self, index) -> Fraction:
        """An entrant's total, reckoned once."""
        where = "total", index
        if where not in self.case.kept:
            road = self._road(index, Notes())
            self.case.kept[where] = check_total(road, self.standings.stage)
        return self.case.kept[where]

    def _stages_that_count(self):
        """The ranked stage, after those before it from which something is carried."""
        plan = self.case.plan
        stages = [plan.stage(self.standings.stage)]
        while stages[0].carry_percent and (before := plan.stage_before(stages[0].key)):
            stages.insert(0, before)
        return stages
