"""Awards as the plan's rules give them, the committee's votes, and the figures behind the papers."""

import math
from collections import defaultdict
from dataclasses import dataclass

from sqlalchemy import func, select

from contest.awards import rules
from contest.awards.annulment_queries import annulled_awards, annulled_entrants, standing_awards
from contest.awards.basis_queries import basis, final_sheet
from contest.awards.line_queries import (
    Published,
    by_committee,
    by_rule,
    check_one_each,
    granted_row,
    parts_of,
)
from contest.awards.models import Award
from contest.awards.sharing import unshared
from contest.db import db
from contest.errors import Conflict, Missing
from contest.judging.blind_queries import hidden_modules
from contest.people.person_queries import names_on
from contest.results.holder_queries import with_holders
from contest.results.queries import HOLDS_RESULTS, scored
from contest.results.queries import book as book_of
from contest.results.rules import steps_without
from contest.scoring.receipt import Receipts, Step
from contest.scoring.units import text_of
from contest.setup.models import Contest
from contest.setup.queries import plan_in_force

RAW = "raw "  # before a module's key: its mark before rooms were made comparable


@dataclass(frozen=True)
class Preview:
    """Every award with its lines, the arithmetic of its number, and whether it is final.

    basis: what the lines rest on. double: why nothing can be granted (a Conflict to show), or None.
    groups: those that are ranked apart, in their order; empty where there is one list.
    """

    sections: tuple
    quotas: dict
    # By award key, why a vote chooses nobody yet (a Conflict to show).
    open_votes: dict
    basis: object
    is_granted: bool
    double: object = None
    groups: tuple = ()

    @property
    def parts(self):
        """The Parts of the list as it is printed: group by group, then what is given to no group."""
        found = [part for award, rows in self.sections for part in self.parts_of(award, rows)]
        order = {group: place for place, group in enumerate((*self.groups, ""))}
        return sorted(found, key=lambda part: order[part.group])

    def parts_of(self, award, rows):
        """The Parts of one award, one for each group that is ranked apart."""
        return parts_of(award, rows, self.groups, self.quotas.get(award.key, ()))

    @property
    def has_moved(self):
        """True when somebody's place at the grant is no longer the one in the results."""
        return any(row.has_moved for _, rows in self.sections for row in rows)

    @property
    def is_final(self):
        """True when the lines rest on final results that still hold."""
        return self.basis.is_final


@dataclass(frozen=True)
class SummarySheet:
    """The score summary's columns (pairs of key and module) and rows (by column key).

    made_comparable: keys of the modules whose raw mark stands beside the other, under RAW + key.
    organisations: results' OrganisationLines; awards: those that count in that table; counts_holders: it
    counts who holds the prizes.
    """

    stage: object
    modules: tuple
    rows: tuple
    basis: object
    plan_number: int
    marks_version: int
    has_overall: bool = False
    has_teams: bool = False
    has_scale: bool = False
    made_comparable: frozenset = frozenset()
    organisations: tuple = ()
    awards: tuple = ()
    counts_holders: bool = False


@dataclass(frozen=True)
class Report:
    """One contestant's figures: modules and steps are rows of the report's tables."""

    name: str
    number: str
    organisation: str
    team: str
    total: str | None
    place: int | None
    group: str  # "" where there is one list for all
    place_overall: int | None
    team_place: int | None
    modules: tuple
    steps: tuple
    waiting: list  # the blind modules whose steps are left out until their last sheet is in
    plan: object
    plan_number: int


def count_awards(contest_id):
    """How many awards of a contest have been granted."""
    return db.session.scalar(
        select(func.count()).select_from(Award).filter_by(contest_id=contest_id)
    )


def list_stages(contest_id):
    """The stages of the plan in force, the last first: its papers are asked for most."""
    return tuple(reversed(plan_in_force(contest_id).plan.stages))


def preview(contest_id):
    """Every award as it stands now: by rule from the standings, by the committee's votes and choices."""
    found = basis(contest_id)
    sections, quotas, open_votes = _sections(contest_id, found)
    is_granted = bool(count_awards(contest_id))
    if is_granted:
        sections, open_votes = granted(contest_id), {}
    double = None if is_granted else _double(contest_id, found, sections)
    return Preview(
        tuple(sections), quotas, open_votes, found, is_granted, double, groups_of(found.official)
    )


def groups_of(official):
    """The groups that a table ranks apart, in the order of the list; empty when it ranks all."""
    if not official.plan.ranking.by_group:
        return ()
    return tuple(dict.fromkeys(row.group for row in official.rows if row.group))


def _sections(contest_id, found):
    """(pairs of award and AwardRows, quotas, why votes chose nobody yet) by award key."""
    lines, quotas = by_rule(contest_id, found)
    sections, open_votes = [], {}
    for award in found.official.plan.awards:
        rows = lines[award.key]
        if award.rule == "vote":
            try:
                rows = by_committee(contest_id, award, found)
            except Conflict as undecided:
                rows, open_votes[award.key] = [], undecided
        sections.append((award, tuple(rows)))
    return sections, quotas, open_votes


def _double(contest_id, found, sections):
    """Why the awards cannot be granted so (a Conflict to show): one person would have two; or None."""
    try:
        check_one_each(contest_id, found.official.plan, [row for _, rows in sections for row in rows])
    except Conflict as double:
        return double
    return None


def check_prizes(contest_id):
    """Conflict when, with all decisions, one person would have two awards and the plan gives each one."""
    found = basis(contest_id)
    double = _double(contest_id, found, _sections(contest_id, found)[0])
    if double is not None:
        raise double


def final_lines(contest_id):
    """(the final ResultSheet, every AwardRow) or Conflict when the marks no longer give its totals."""
    sheet = final_sheet(contest_id)
    if sheet is None:
        raise Conflict("The results are not final yet; awards can be previewed but not granted.")
    found = basis(contest_id)
    published = {row["entrant_id"]: (row["place"], row["total"]) for row in sheet.document["rows"]}
    for row in scored(contest_id, sheet.stage)[0].rows:
        if published.get(row.entrant_id) != (row.place, row.total):
            raise Conflict(
                "The marks no longer give what was published for %(number)s; "
                "publish a new revision of the results first.", number=row.number,
            )
    ruled, _ = by_rule(contest_id, found)
    lines = []
    for award in found.official.plan.awards:
        given = by_committee(contest_id, award, found) if award.rule == "vote" else ruled[award.key]
        lines += given
    check_one_each(contest_id, found.official.plan, lines)
    return sheet, lines


def competing_members(contest_id):
    """{team id: ids of its members who competed and were not disqualified, as published}."""
    official = basis(contest_id).official
    there = {row.entrant_id for row in official.rows if row.competed and row.state != "disqualified"}
    return {team.team_id: [one for one in team.members if one in there] for team in official.teams}


def unshared_awards(contest_id):
    """(the standing awards of teams whose members have no share, {team id: ids of those who get one}).

    Of contests granted before members had shares. Nobody has one whose result was annulled since.
    """
    annulled, gone = annulled_awards(contest_id), annulled_entrants(contest_id)
    members = {
        team_id: [one for one in ids if one not in gone]
        for team_id, ids in competing_members(contest_id).items()
    }
    found = unshared(all_awards(contest_id), members)
    return [one for one in found if one.id not in annulled], members


def places_now(contest_id, awards):
    """{award id: the place of its holder in the results as they are now} of awards with a place."""
    document = final_sheet(contest_id).document
    people = {row["entrant_id"]: row["place"] for row in document["rows"]}
    teams = {team["team_id"]: team["place"] for team in document["teams"]}
    return {
        one.id: people.get(one.entrant_id) or teams.get(one.team_id)
        for one in awards if one.place is not None
    }


def all_awards(contest_id):
    """Every award that was ever granted, also those that were annulled, oldest first."""
    return db.session.scalars(select(Award).filter_by(contest_id=contest_id).order_by(Award.id)).all()


def granted(contest_id):
    """The granted awards that stand: pairs of award of the plan and its AwardRows, by place.

    Whoever moved up was granted the award last and stands where the place is.
    """
    official = basis(contest_id).official
    published = Published(official)
    rows = standing_awards(contest_id)
    names = names_on(rows[0].granted_at) if rows else {}
    return tuple(
        (award, tuple(sorted(
            (
                granted_row(award, row, published, names)
                for row in rows if row.award_key == award.key and not row.shared_team
            ),
            key=lambda line: line.place_now or line.place or math.inf,
        )))
        for award in official.plan.awards
    )


def summary(contest_id, stage=None):
    """The figures of the score summary of a stage (None: the last one); Missing for an unknown one."""
    found = basis(contest_id, stage)
    official = with_holders(found.official)
    plan, stage_key = official.plan, official.stage
    modules = plan.modules_of_stage(stage_key)
    contest = db.session.get(Contest, contest_id)
    team_places = {team.team_id: team.place for team in official.teams}
    rows = tuple(
        {
            "place": row.place, "number": row.number, "name": row.name, "group": row.group,
            "organisation": row.organisation, "total": row.shown_total, "note": _state_word(row),
            "place_overall": row.place_overall, "scaled": row.scaled, "team": row.team or None,
            "team_place": team_places.get(row.team_id),
            **{
                module.key: row.modules[module.key].text if row.modules[module.key].done else None
                for module in modules
            },
            **{RAW + module.key: row.modules[module.key].raw for module in modules},
        }
        for row in official.rows
    )
    return SummarySheet(
        plan.stage(stage_key), tuple((module.key, module) for module in modules), rows,
        found, official.force.number, (found.sheet or contest).marks_version,
        has_overall=official.has_groups, has_teams=bool(official.teams),
        has_scale=plan.stage(stage_key).scale != "none",
        made_comparable=frozenset(m.key for m in modules if m.adjustment.method != "none"),
        organisations=official.organisations, counts_holders=official.counts_holders,
        awards=tuple(
            plan.award(row.award) for row in plan.organisations.points
        ) if plan.organisations else (),
    )


def _state_word(row):
    return rules.state_word(row.state, row.complete)


def report(contest_id, entrant_id, stage=None):
    """The report of one contestant, or Missing."""
    found = reports(contest_id, entrant_id, stage)
    if not found:
        raise Missing("There is no such contestant in this contest.")
    return found[0]


def reports(contest_id, entrant_id=None, stage=None):
    """The reports of all contestants, best first (or of one), on a stage (None: the last one)."""
    found = basis(contest_id, stage)
    official = found.official
    force, book, rows = book_of(contest_id, found.as_of, official.stage)
    receipts = Receipts(official.plan, book, found.standings)
    # Awards are those of the last stage.
    is_last = official.stage == official.plan.last_stage.key
    won = _award_steps(contest_id) if is_last else defaultdict(list)
    waiting, published = hidden_modules(contest_id), Published(official)
    return [
        _report(published, force, row, waiting, (*receipts.of(rows[row.entrant_id]), *won[row.entrant_id]))
        for row in official.rows
        if entrant_id in (None, row.entrant_id) and row.entrant_id in rows
    ]


def _award_steps(contest_id):
    """{entrant id: the awards granted to it as the last lines of its receipt}."""
    steps = defaultdict(list)
    for award, rows in granted(contest_id) if count_awards(contest_id) else ():
        for row in rows:
            if row.entrant_id is not None and row.why:
                message, params = row.why["message"], row.why["params"]
                steps[row.entrant_id].append(Step(message, params, "", award))
            if row.entrant_id is not None and row.has_moved:
                told = {"granted": row.place, "now": row.place_now or "–"}
                steps[row.entrant_id].append(Step(rules.MOVED_SINCE, told, "", award))
    return steps


def _report(published, force, row, waiting, steps):
    plan = published.plan
    modules = tuple(
        {
            "part": part, "module": module,
            "weight": text_of(module.weight) if part.combine == "weights" else None,
            "mark": row.modules[module.key].text if row.modules[module.key].done else None,
        }
        for part in plan.parts_under(published.stage)
        for module in plan.modules_of(part.key)
    )
    return Report(
        name=row.name, number=row.number, organisation=row.organisation, team=row.team,
        total=row.shown_total, place=row.place, **published.beside(row.entrant_id), modules=modules,
        steps=tuple(steps_without(plan, steps, waiting)), waiting=waiting, plan=plan,
        plan_number=force.number,
    )


def why_results_are_held(contest_id):
    """Granted awards rest on the results: they cannot be opened again underneath them."""
    if count_awards(contest_id):
        return Conflict("Awards have been granted on these results, so they can no longer be opened again.")
    return None


HOLDS_RESULTS.append(why_results_are_held)
