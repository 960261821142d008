"""The receipt of a team: from its members' marks to its own and its place."""

from fractions import Fraction

import numpy as np

from contest.scoring.book import MODULE_NORMAL, NORMAL, NOT_FINISHED, WITHDRAWN
from contest.scoring.limits import MOST_MEMBERS
from contest.scoring.receipt_modules import Case, at
from contest.scoring.receipt_places import note_awards
from contest.scoring.receipt_sums import Notes, added, carried, compared, number
from contest.scoring.receipt_ties import RULED
from contest.scoring.receipt_totals import Road, check
from contest.scoring.team_keys import is_low
from contest.scoring.words import N_

HUNDRED = 100 * 10_000


class TeamRoad:
    """Walks from the members to the team. index: of the team in the book."""

    def __init__(self, case: Case, standings, totals, index: int, notes: Notes):
        self.case, self.plan, self.book = case, case.plan, case.book
        self.standings, self.totals, self.index, self.notes = standings, totals, index, notes
        self.members = np.flatnonzero(self.book.team == index).tolist()
        self._lacks_own = False  # a part of the team's own came to nothing

    def walk(self, awards=()) -> None:
        """Every line; ArithmeticError where it does not lead to the standings."""
        active = self._active()
        if active is None:
            return
        total = self._together(active)
        done = all(self._is_complete(row) for row in active)
        for part in self.plan.team_parts_of(self.standings.stage):
            total, is_in = self._own_part(part, active, total)
            done = done and is_in
        total = carried(self.plan, self.notes, total, "team", None)
        check(
            f"total of team {self.index}", self.standings.teams.total, self.index, (total, done),
            self.plan.rounding, "team",
        )
        if not done:
            self.notes.add(N_("Not everything is finished: the place is provisional."))
        if is_low(self.plan):
            self._lack(active)
        self._place(total)
        note_awards(self.case, awards, "team", self.index, self.notes)

    def _is_complete(self, row):
        return self.book.state[row] != NORMAL or bool(self.standings.total.done[row])

    def _active(self):
        """The members who may add something; None where there are more than the plan allows."""
        entered = [row for row in self.members if self.standings.entered[row]]
        size = self.plan.teams.size or MOST_MEMBERS
        present = [row for row in entered if self.book.state[row] != WITHDRAWN]
        if bool(self.standings.teams.too_many[self.index]) != (len(present) > size):
            raise ArithmeticError(f"another number of members of team {self.index} on the receipt")
        if len(present) > size:
            self.notes.add(
                N_("%(count)s members, more than the %(size)s of a team: no mark and no place."),
                {"count": len(present), "size": size},
            )
            return None
        for row in self.members:
            if row not in entered or self.book.state[row] not in (NORMAL, NOT_FINISHED):
                self.notes.add(
                    N_("%(entrant)s adds nothing: absent, withdrawn, disqualified or not in this stage."),
                    {"entrant": self.book.entrants[row]},
                )
        return [row for row in entered if self.book.state[row] in (NORMAL, NOT_FINISHED)]

    def _together(self, active):
        method = self.plan.teams.method
        counting = self._best(active) if method == "best" else active
        if sorted(counting) != np.flatnonzero(self._counts()).tolist():
            raise ArithmeticError(f"other members count for team {self.index} on the receipt")
        values = [self._place_points(row) if method == "places" else self.totals(row) for row in counting]
        for row, value in zip(counting, values, strict=True):
            label = N_("Mark of %(entrant)s.")
            if method == "places":
                label = N_("Points for the place of %(entrant)s, %(place)s.")
            params = {"entrant": self.book.entrants[row], "place": int(self.standings.place[row])}
            self.notes.add(label, params, number(value))
        total, size = sum(values, Fraction(0)), self.plan.teams.size
        if method == "mean":
            mean = total / size
            self.notes.add(
                N_("Mean over the %(size)s members of a full team."), {"size": size},
                f"({added(values)}) ÷ {size} = {number(mean)}",
            )
            return mean
        label = N_("The members' marks added up.")
        if method == "best":
            label = N_("The best %(best)s members added up.")
        self.notes.add(label, {"best": self.plan.teams.best}, f"{added(values)} = {number(total)}")
        return total

    def _lack(self, active):
        """Why a team stands after all others where less is better; ArithmeticError where it does not."""
        counting = [row for row in active if self._counts()[row]]
        present = sum(
            bool(self.standings.entered[row]) and self.book.state[row] != WITHDRAWN for row in self.members
        )
        must = self.plan.teams.best if self.plan.teams.method == "best" else self.plan.teams.size or present
        lacks = self._lacks_own
        if len(counting) < must:
            lacks = True
            self.notes.add(
                N_("Members that count: %(count)s of %(must)s."), {"count": len(counting), "must": must}
            )
        for row in counting:
            if self._is_no_value(row):
                lacks = True
                self.notes.add(
                    N_("%(entrant)s did not finish, or has no valid mark in a module."),
                    {"entrant": self.book.entrants[row]},
                )
        if lacks:
            self.notes.add(N_("Something is missing in the team's mark: it comes after all full teams."))
        if lacks != bool(self.standings.teams.void[self.index]):
            raise ArithmeticError(f"team {self.index} lacks something else on the receipt")

    def _is_no_value(self, row):
        modules = self.plan.modules_of_stage(self.standings.stage)
        void = any(bool(self.standings.modules[module.key].void[row]) for module in modules)
        return void or self.book.state[row] == NOT_FINISHED

    def _counts(self):
        return self.standings.teams.counting & (self.book.team == self.index)

    def _best(self, active):
        """The best members; of equal ones, those who are placed better over all groups count."""
        less_is_better = self.plan.ranking.order == "low"
        last = len(self.book.entrants)
        overall = self.standings.place_overall

        def goodness(row):
            place = int(overall[row]) or last + 1
            if less_is_better:
                finished = int(self.standings.finished[row])
                return (self._is_no_value(row), -finished, self.totals(row), place, row)
            return (-self.totals(row), place, row)

        order = sorted(active, key=goodness)
        return order[: self.plan.teams.best]

    def _place_points(self, row):
        place, points = int(self.standings.place[row]), self.plan.teams.place_points
        return Fraction(points[place - 1] if 0 < place <= len(points) else 0)

    def _own_part(self, part, active, total):
        """The team's own part, from the member who has marks there."""
        rows = [row for row in active if self._has_marks(part, row)]
        if active and not rows:
            # A team that still competes keeps what it has through somebody who has left.
            entered = [row for row in self.members if self.standings.entered[row]]
            rows = [row for row in entered if self._has_marks(part, row)]
        roads = [self._road_of(part, row) for row in rows]
        share = Fraction(part.weight, HUNDRED)
        value, is_in = Fraction(0), False
        if roads:
            road = min(roads, key=lambda road: self._as_representative(part, road))
            value, is_in = road.values["parts"][part.key], road.done["parts"][part.key]
            self.notes.steps += road.notes.steps
            params = {"entrant": self.book.entrants[road.row]}
            label = N_("The team's own part, marked through %(entrant)s.")
            self.notes.add(label, params, number(value), part)
            if self._is_void_there(part, road.row):
                self._lacks_own = True
                self.notes.add(N_("A module of the team's own part has no valid mark."), {}, "", part)
        elif any(self._road_of(part, row).done["parts"][part.key] for row in active):
            is_in = self._lacks_own = True
            self.notes.add(N_("The team's own part came to nothing."), {}, number(value), part)
        else:
            self.notes.add(N_("The team's own part has no mark yet."), {}, "", part)
        found = total + value * share
        self.notes.add(
            N_("+ the team's own part × its weight."), {},
            f"{number(total)} + {number(value)} × {number(part.weight)} ÷ 100 = {number(found)}", part,
        )
        return found, is_in

    def _as_representative(self, part, road):
        value = road.values["parts"][part.key]
        if self.plan.ranking.order != "low":
            return (-value, road.row)
        found = [self.standings.modules[module.key] for module in self.plan.modules_of(part.key)]
        finished = sum(bool(result.done[road.row]) for result in found)
        return (self._is_void_there(part, road.row), -finished, value, road.row)

    def _is_void_there(self, part, row):
        modules = self.plan.modules_of(part.key)
        return any(bool(self.standings.modules[module.key].void[row]) for module in modules)

    def _has_marks(self, part, row):
        for module in self.plan.modules_of(part.key):
            found = self.standings.modules[module.key]
            is_there = at(self.book.module_state, module.key, row) == MODULE_NORMAL
            if found.done[row] and not found.void[row] and is_there:
                return True
        return False

    def _road_of(self, part, row):
        road = Road(self.case, row, Notes(), self.standings)
        road.part(part)
        return road

    def _place(self, total):
        teams = self.standings.teams
        place = int(teams.place[self.index])
        if not place:
            self.notes.add(N_("No place yet: nothing is finished."))
            return
        ahead = np.flatnonzero((teams.place > 0) & (teams.place < place)).tolist()
        equal = int((teams.place == place).sum()) - 1
        before = {int(teams.place[each]) for each in ahead} if self.plan.ranking.dense else ahead
        if place != len(before) + 1:
            raise ArithmeticError(f"team {self.index} has place {place} with {len(before)} before it")
        label = N_("Place %(place)s; ahead: %(ahead)s.")
        if equal:
            label = N_("Place %(place)s, shared; ahead: %(ahead)s; equal: %(equal)s.")
        printed = number(int(teams.total.rounded[self.index]))
        self.notes.add(label, {"place": place, "ahead": len(ahead), "equal": equal}, printed)
        if ahead:
            above = max(ahead, key=lambda each: int(teams.place[each]))
            self._decided(teams, above)

    def _decided(self, teams, above):
        label = teams.decided_by[self.index]
        if label == "total":
            mine, theirs = (self._compared(teams, each) for each in (self.index, above))
            self._check_order(mine, theirs)
            self.notes.add(
                N_("The total separates it from the one above."), {}, compared(mine, theirs)
            )
            return
        if label == "void":
            self.notes.add(N_("The one above lacks nothing."))
            return
        if label == "finished":
            self._check_finished(teams, above)
            return
        if label == "ruling":
            ruled = self.book.team_ruling
            self.notes.add(RULED, {}, f"{ruled[self.index]} > {ruled[above]}")
            return
        mine, theirs = (self._key_sum(label, each) for each in (self.index, above))
        self.notes.add(
            N_("Equal so far with the one above; separated by %(key)s."), {"key": label},
            compared(mine, theirs),
        )

    def _check_finished(self, teams, above):
        mine, theirs = self.index, above
        if teams.total.done[theirs]:
            self.notes.add(N_("The one above has everything finished; it has not."))
            return
        finished = f"{teams.finished[mine]} < {teams.finished[theirs]}"
        if not teams.finished[mine] < teams.finished[theirs]:
            raise ArithmeticError(f"team {mine} is behind one that has finished less")
        self.notes.add(N_("The one above has more modules finished."), {}, finished)

    def _compared(self, teams, index):
        if self.plan.rounding.compare == "rounded":
            return Fraction(int(teams.total.rounded[index]))
        return teams.total.exact.value(index)

    def _check_order(self, mine, theirs):
        if not (mine > theirs if is_low(self.plan) else mine < theirs):
            raise ArithmeticError(f"the total does not put team {self.index} behind the one above")

    def _key_sum(self, label, index):
        """A tie of the plan added up over the members that count."""
        key = next(key for key in self.standings.keys if key.label == label)
        rows = np.flatnonzero(self.standings.teams.counting & (self.book.team == index)).tolist()
        return sum((key.value(row) for row in rows), Fraction(0))
