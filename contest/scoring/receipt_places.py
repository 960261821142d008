"""The receipt, continued. From the total to the place, who goes on, and the awards."""

import numpy as np

from contest.scoring.advancing import advancing
from contest.scoring.book import ABSENT, DISQUALIFIED, NOT_FINISHED, WITHDRAWN
from contest.scoring.receipt_modules import Case
from contest.scoring.receipt_rooms import scaled_mark
from contest.scoring.receipt_sums import Notes, number
from contest.scoring.receipt_ties import note_decider, tie_value
from contest.scoring.receipt_totals import Road
from contest.scoring.words import N_

ENTRANT_STATES = {
    ABSENT: N_("Absent: the total counts as 0, and there is no place."),
    WITHDRAWN: N_("Withdrawn: the total counts as 0, and there is no place."),
    DISQUALIFIED: N_("Disqualified: the total counts as 0, and there is no place."),
    NOT_FINISHED: N_("Did not finish the contest: what was finished counts, without a place."),
}


def note_place(case: Case, standings, road: Road, notes: Notes) -> None:
    """The lines from the total to the place."""
    row, plan = road.row, case.plan
    state = int(case.book.state[row])
    if state in ENTRANT_STATES:
        notes.add(ENTRANT_STATES[state])
        return
    failed = note_pass_marks(case, standings, road, notes)
    place = int(standings.place[row])
    if not place:
        label = N_("No place yet: nothing is finished, or not in this stage.")
        if failed and plan.ranking.passed_only and standings.entered[row] and standings.finished[row]:
            label = N_("No place: a pass mark is missed, and only who passes is placed.")
        notes.add(label)
        return
    own = [standings.modules[module.key] for module in plan.modules_of_stage(standings.stage)]
    if plan.ranking.order == "low" and any(result.void[row] and result.done[row] for result in own):
        notes.add(N_("A module without a valid mark: the total is void and comes after all others."))
    if not standings.complete[row]:
        notes.add(N_("Not everything is finished: the place is provisional."))
    ahead, equal = neighbours(plan, standings, row)
    _check_place(plan, standings, row, ahead)
    total = number(int(standings.total.rounded[row]))
    params = {"place": place, "total": total, "ahead": len(ahead), "equal": len(equal)}
    label = N_("Place %(place)s; ahead: %(ahead)s.")
    if equal:
        label = N_("Place %(place)s, shared; ahead: %(ahead)s; equal: %(equal)s.")
    if plan.ranking.dense:
        label = N_("Place %(place)s, no place skipped after equals; ahead: %(ahead)s; equal: %(equal)s.")
    notes.add(label, params, total)
    if ahead:
        above = max(ahead, key=lambda each: int(standings.place[each]))
        note_decider(case, standings, standings.decided_by[row], row, above, notes)
    if plan.ranking.by_group:
        overall = int(standings.place_overall[row])
        notes.add(N_("Place among all groups: %(place)s."), {"place": overall})


def neighbours(plan, standings, row) -> tuple[list[int], list[int]]:
    """Those ahead and those equal, in the entrant's own list."""
    own = standings.place[row]
    same = np.ones(len(standings.place), dtype=bool)
    if plan.ranking.by_group:
        same = np.array(standings.group) == standings.group[row]
    ahead = same & (standings.place > 0) & (standings.place < own)
    equal = same & (standings.place == own)
    equal[row] = False
    return np.flatnonzero(ahead).tolist(), np.flatnonzero(equal).tolist()


def _check_place(plan, standings, row, ahead):
    """The place is what those ahead make it."""
    before = {int(standings.place[each]) for each in ahead} if plan.ranking.dense else ahead
    if standings.place[row] != len(before) + 1:
        raise ArithmeticError(
            f"entrant {row} has place {standings.place[row]} with {len(before)} before it"
        )


def note_pass_marks(case: Case, standings, road: Road, notes: Notes) -> bool:
    """A line for every pass mark of the ranked stage; True where one is missed."""
    plan, failed = case.plan, False
    stage = plan.stage(standings.stage)
    things = [("modules", m, "module") for m in plan.modules_of_stage(stage.key)]
    things += [("parts", part, "part") for part in plan.parts_under(stage.key)]
    for kind, thing, step in [*things, ("stages", stage, "stage")]:
        if thing.pass_mark is None or not road.done[kind].get(thing.key):
            continue
        value = tie_value(plan, road.values[kind][thing.key], step)
        missed = value < thing.pass_mark
        failed = failed or missed
        label = N_("The pass mark is missed.") if missed else N_("The pass mark is reached.")
        sign = "<" if missed else "≥"
        notes.add(label, {}, f"{number(value)} {sign} {number(thing.pass_mark)}", thing)
    if standings.passed[road.row] and failed:
        raise ArithmeticError(f"entrant {road.row} missed a pass mark and is said to have passed")
    return failed


def note_scaled(case: Case, standings, road: Road, notes: Notes) -> None:
    """The further column on the 700 scale, where the stage has one."""
    if standings.scaled is None or standings.scaled[road.row] < 0:
        return
    rows = np.flatnonzero(standings.complete & (standings.state == 0)).tolist()
    stage = case.plan.stage(standings.stage)
    marks = [standings.stages[stage.key].exact.value(row) for row in rows]
    points = scaled_mark(road.values["stages"][stage.key], marks, notes, stage)
    if points != standings.scaled[road.row]:
        raise ArithmeticError(f"entrant {road.row}: {points} on the 700 scale of the receipt")


def note_advance(case: Case, standings, row: int, notes: Notes) -> None:
    """Does the entrant go on to the next stage, and why?"""
    stage = case.plan.stage(standings.stage)
    place = int(standings.place[row])
    if not stage.lets_on or not place:
        return
    if "advance" not in case.kept:
        case.kept["advance"] = advancing(case.plan, standings, case.book)
    found = case.kept["advance"]
    is_in, is_on_line = bool(found.goes_on[row]), bool(found.on_the_line[row])
    params = {"place": place, "wanted": _wanted_of(case, standings, row)}
    if is_in:
        label = N_("Goes on to the next stage; to go on: %(wanted)s.")
        if is_on_line:
            label = N_("Goes on: equal on the last place that goes on, and all of those do; to go on: "
                       "%(wanted)s.")
    elif is_on_line:
        label = N_("Does not go on: equal on the last place that goes on, and none of those does; "
                   "to go on: %(wanted)s.")
    elif _is_capped(stage, standings, case.book, found, row):
        label = N_("Does not go on: %(cap)s of its organisation do already, which is the most.")
        params["cap"] = stage.advance_cap
    else:
        label = N_("Does not go on; to go on: %(wanted)s.")
    notes.add(label, params, "", stage)


def _wanted_of(case, standings, row):
    """How many the plan lets on from the entrant's list."""
    stage = case.plan.stage(standings.stage)
    if stage.advance is not None:
        return stage.advance
    own = np.ones(len(standings.place), dtype=bool)
    if case.plan.ranking.by_group:
        own = np.array(standings.group) == standings.group[row]
    share = stage.advance_percent * int((own & standings.competed).sum())
    whole, rest = divmod(share, 100 * 10_000)
    half = 2 * rest >= 100 * 10_000
    return whole + {"up": rest > 0, "down": False, "half_up": half}[stage.advance_rounding]


def _is_capped(stage, standings, book, found, row):
    """Do so many of its organisation go on, all placed before it?"""
    if not stage.advance_cap or not book.organisation[row]:
        return False
    own = [
        each for each, on in enumerate(found.goes_on)
        if on and book.organisation[each] == book.organisation[row]
        and standings.group[each] == standings.group[row]
    ]
    behind = any(
        on and standings.place[each] >= standings.place[row] for each, on in enumerate(found.goes_on)
    )
    return len(own) >= stage.advance_cap and behind


def note_awards(case: Case, lines, to: str, index: int, notes: Notes) -> None:
    """The awards of one entrant or team, each with its reason."""
    for line in lines:
        if line.to == to and line.index == index:
            notes.add(line.reason, dict(line.params), "", case.plan.award(line.award))
