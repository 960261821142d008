"""Panels as they are: who sits where, and for which organisations judges are lacking."""

from dataclasses import dataclass

from contest.accounts.queries import people_with_role
from contest.i18n import both_names
from contest.people import queries
from contest.people.panel_rules import Candidate, Panel, lacking_for, suits
from contest.people.roster_rules import same_words
from contest.people.rules import Member
from contest.setup.queries import find_plan_in_force, plan_in_force


@dataclass(frozen=True)
class PanelLine:
    """One module's judges. seats: PanelSeats with a number up to `size`; reserves: those behind,
    who step in on any of its panels. benches: pairs (the plan's panel, the numbers of its seats).

    lacking: pairs (organisation's name, how many neutral judges its entrants still need).
    able: the judges who know the field; odd: ids of judges on the panel who do not.
    """

    module: object
    panel: Panel
    seats: list
    reserves: list
    lacking: list
    able: list
    odd: set
    benches: list

    @property
    def is_full(self):
        """True when every seat is held and every entrant can be judged."""
        return len(self.seats) == self.panel.size and not self.lacking

    @property
    def holders(self):
        """{number of the seat: its PanelSeat}."""
        return {seat.seat: seat for seat in self.seats}

    @property
    def places(self):
        """Judges' ids seat by seat, then the reserves; None where nobody sits."""
        held = self.holders
        seats = [held[n].judge_id if n in held else None for n in range(1, self.panel.size + 1)]
        return seats + [seat.judge_id for seat in self.reserves]


def judged_modules(contest_id, stage=None):
    """The plan's modules that judges mark, of one stage or of all."""
    plan = plan_in_force(contest_id).plan
    here = plan.modules
    if stage is not None:
        teams = [m for part in plan.team_parts_of(stage) for m in plan.modules_of(part.key)]
        here = (*plan.modules_of_stage(stage), *teams)
    keys = {module.key for module in here}
    return [m for m in plan.modules if m.entry == "sheets" and m.key in keys]


def panel_of(module):
    """What a module asks of its panel."""
    words = (
        (module.speciality, module.key, module.name, module.name_en) if module.speciality else ()
    )
    return Panel(module.key, both_names(module), module.seats, words)


def fields_of_plan(contest_id):
    """The judged modules that ask for a speciality; none before a plan is in force."""
    if find_plan_in_force(contest_id) is None:
        return []
    return [module for module in judged_modules(contest_id) if module.speciality]


def words_for(module, language):
    """What a module asks of judges in the reader's language; each of its names is understood."""
    if language == "en":
        return module.speciality if module.speciality.isascii() else module.name_en or module.speciality
    return module.name if module.speciality.isascii() else module.speciality


def field_names(contest_id, language):
    """{a word as same_words() has it: how this language says it}, where only one module is meant."""
    found = {}
    for module in fields_of_plan(contest_id):
        for word in panel_of(module).words:
            found.setdefault(same_words(word), set()).add(words_for(module, language))
    return {word: names.pop() for word, names in found.items() if word and len(names) == 1}


def coders_among(contest_id, judges):
    """Those of these judges who are coding judges of the contest too."""
    coders = people_with_role("coding_judge", contest_id)
    return [judge for judge in judges if judge.user_id in coders]


def candidates(contest_id):
    """Every judge of the contest as a candidate for panels; trainees and coding judges are none."""
    training = {
        seat.judge_id for row in queries.trainees(contest_id).values() for seat in row
    }
    judges = queries.list_judges(contest_id)
    training |= {judge.id for judge in coders_among(contest_id, judges)}
    return [
        candidate_of(judge) for judge in judges if judge.id not in training
    ]


def candidate_of(judge):
    """A judge's row as the rules need it."""
    home = judge.organisation.name if judge.organisation else ""
    return Candidate(judge.id, judge.organisation_id, home, tuple(judge.specialities))


def competing(contest_id):
    """One Member for each organisation that sends entrants."""
    sizes = queries.organisation_sizes(contest_id)
    return [
        Member(one.id, one.id, one.name)
        for one in queries.list_organisations(contest_id)
        if one.id in sizes
    ]


def list_panels(contest_id, stage=None):
    """A PanelLine for each module that judges mark."""
    seats, rivals = queries.seats(contest_id), competing(contest_id)
    judges = queries.list_judges(contest_id)
    lines = []
    for module in judged_modules(contest_id, stage):
        panel, row = panel_of(module), seats.get(module.key, [])
        holders = [seat for seat in row if seat.seat <= panel.size]
        reserves = [seat for seat in row if seat.seat > panel.size]
        sitting = [candidate_of(seat.judge) for seat in holders]
        behind = [candidate_of(seat.judge) for seat in reserves]
        lacking = [(r.organisation, lacking_for(r, sitting, behind)) for r in rivals]
        lines.append(
            PanelLine(
                module,
                panel,
                holders,
                reserves,
                [(name, count) for name, count in lacking if count > 0],
                [judge for judge in judges if suits(candidate_of(judge), panel)],
                {one.id for one in sitting + behind if not suits(one, panel)},
                [(p, [seat + 1 for seat in module.seats_of(p)]) for p in module.all_panels],
            )
        )
    return lines


def panel_loads(contest_id):
    """{judge's id: on how many panels}."""
    loads = {}
    for row in queries.seats(contest_id).values():
        for seat in row:
            loads[seat.judge_id] = loads.get(seat.judge_id, 0) + 1
    return loads
