"""Awards as the plan's rules give them, the committee's votes, and the figures behind the papers."""

from collections import defaultdict
from dataclasses import dataclass, field

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from contest.awards import rules
from contest.awards.basis_queries import basis, final_sheet
from contest.awards.models import Award, CommitteeVote
from contest.db import db
from contest.errors import Conflict, Missing
from contest.judging.blind_queries import hidden_modules
from contest.people.models import Entrant, Human, Organisation
from contest.people.person_queries import names_on
from contest.results.queries import HOLDS_RESULTS, scored
from contest.results.queries import book as book_of
from contest.results.rules import steps_without
from contest.scoring.medals import awards as awards_by_rule
from contest.scoring.receipt import Receipts, Step
from contest.scoring.units import text_of
from contest.setup.models import Contest
from contest.setup.queries import plan_in_force

RAW = "raw "  # before a module's key: its mark before rooms were made comparable


@dataclass(frozen=True)
class AwardRow:
    """One line of the award list, by whichever rule it was given. why: see Award.why."""

    award: object
    name: str
    organisation: str
    team: str = ""
    gender: str = ""
    place: int | None = None
    total: str = ""
    why: dict = field(default_factory=dict, hash=False)
    entrant_id: int | None = None
    team_id: int | None = None
    organisation_id: int | None = None

    def cells(self, line):
        """The values by column of the award list; `line` counts from 1."""
        return {
            "line": line, "name": self.name, "gender": self.gender, "team": self.team,
            "organisation": self.organisation, "place": self.place, "total": self.total or None,
            "note": "",
        }


@dataclass(frozen=True)
class Preview:
    """Every award with its lines, the arithmetic of its number, and whether it is final.

    basis: what the lines rest on.
    """

    sections: tuple
    quotas: dict
    # By award key, why a vote chooses nobody yet (a Conflict to show).
    open_votes: dict
    basis: object
    is_granted: bool

    @property
    def is_final(self):
        """True when the lines rest on final results that still hold."""
        return self.basis.is_final


@dataclass(frozen=True)
class SummarySheet:
    """The score summary's columns (pairs of key and module) and rows (by column key).

    made_comparable: keys of the modules whose raw mark stands beside the other, under RAW + key.
    organisations: results' OrganisationLines; awards: those that count in that table.
    """

    stage: object
    modules: tuple
    rows: tuple
    basis: object
    plan_number: int
    marks_version: int
    has_overall: bool = False
    has_scale: bool = False
    made_comparable: frozenset = frozenset()
    organisations: tuple = ()
    awards: tuple = ()


@dataclass(frozen=True)
class Report:
    """One contestant's figures: modules and steps are rows of the report's tables."""

    name: str
    number: str
    organisation: str
    team: str
    total: str | None
    place: int | None
    modules: tuple
    steps: tuple
    waiting: list  # the blind modules whose steps are left out until their last sheet is in
    plan: object
    plan_number: int


def organisations(contest_id):
    """The organisations that take part in a contest."""
    return db.session.scalars(
        select(Organisation)
        .where(Organisation.id.in_(select(Entrant.organisation_id).filter_by(contest_id=contest_id)))
        .order_by(Organisation.id)
    ).all()


def votes(contest_id, award_key):
    """The committee's votes for one prize."""
    return db.session.scalars(
        select(CommitteeVote).filter_by(contest_id=contest_id, award_key=award_key)
    ).all()


def votes_by_award(contest_id):
    """{award key: {organisation id: votes}}, every key answered."""
    found = defaultdict(dict)
    for vote in db.session.scalars(select(CommitteeVote).filter_by(contest_id=contest_id)):
        found[vote.award_key][vote.organisation_id] = vote.votes
    return found


def count_awards(contest_id):
    """How many awards of a contest have been granted."""
    return db.session.scalar(
        select(func.count()).select_from(Award).filter_by(contest_id=contest_id)
    )


def list_stages(contest_id):
    """The stages of the plan in force, the last first: its papers are asked for most."""
    return tuple(reversed(plan_in_force(contest_id).plan.stages))


def get_vote_award(contest_id, award_key):
    """The plan's award that the committee votes on, or Missing."""
    force, _, _ = book_of(contest_id)
    for award in force.plan.awards:
        if award.key == award_key and award.rule == "vote":
            return award
    raise Missing("The plan has no such prize to vote on.")


def preview(contest_id):
    """Every award as it stands now: by rule from the standings, by vote from the committee."""
    found = basis(contest_id)
    lines, quotas = _by_rule(contest_id, found)
    sections, open_votes = [], {}
    for award in found.official.plan.awards:
        rows = lines[award.key]
        if award.rule == "vote":
            try:
                rows = _voted(contest_id, award)
            except Conflict as undecided:
                rows, open_votes[award.key] = [], undecided
        sections.append((award, tuple(rows)))
    is_granted = bool(count_awards(contest_id))
    if is_granted:
        sections, open_votes = granted(contest_id), {}
    return Preview(tuple(sections), quotas, open_votes, found, is_granted)


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
    by_rule, _ = _by_rule(contest_id, found)
    lines = []
    for award in found.official.plan.awards:
        lines += _voted(contest_id, award) if award.rule == "vote" else by_rule[award.key]
    return sheet, lines


def granted(contest_id):
    """The awards as they were granted: pairs of award of the plan and its AwardRows."""
    official = basis(contest_id).official
    people = {row.entrant_id: row for row in official.rows}
    rows = db.session.scalars(
        select(Award)
        .filter_by(contest_id=contest_id)
        .options(
            joinedload(Award.entrant).joinedload(Entrant.human), joinedload(Award.team),
            joinedload(Award.organisation),
        )
        .order_by(Award.id)
    ).all()
    names = names_on(rows[0].granted_at) if rows else {}
    return tuple(
        (award, tuple(_granted_row(award, row, people, names) for row in rows if row.award_key == award.key))
        for award in official.plan.awards
    )


def _granted_row(award, row, people, names):
    """names: {organisation id: its name when the awards were granted} of those renamed since."""
    def called(organisation):
        return names.get(organisation.id, organisation.name)

    common = {"place": row.place, "total": row.total, "why": row.why}
    if row.entrant is not None:
        line, human = people.get(row.entrant_id), row.entrant.human
        return AwardRow(
            award, human.name, called(row.entrant.organisation), line.team if line else "",
            human.gender, entrant_id=row.entrant_id, **common,
        )
    if row.team is not None:
        return AwardRow(award, row.team.name, called(row.team.organisation), team_id=row.team_id, **common)
    name = called(row.organisation)
    return AwardRow(award, name, name, organisation_id=row.organisation_id, **common)


def _by_rule(contest_id, found):
    """({award key: AwardRows}, {award key: quotas}) that a Basis gives by the plan's rules."""
    official, standings, roster = found.official, found.standings, found.roster
    lines, quotas = awards_by_rule(official.plan, standings, None, found.book)
    genders = dict(
        db.session.execute(
            select(Entrant.id, Human.gender).join(Entrant.human).filter_by(contest_id=contest_id)
        ).all()
    )
    people = {row.entrant_id: row for row in official.rows}
    teams = {row.team_id: row for row in official.teams}
    by_key, by_quota = defaultdict(list), defaultdict(list)
    for line in lines:
        why = {"message": line.reason, "params": line.params}
        award = official.plan.award(line.award)
        if line.to == "team":
            team = teams[int(standings.teams.teams[line.index])]
            by_key[line.award].append(
                AwardRow(
                    award, team.name, team.organisation, place=line.place, total=team.total,
                    why=why, team_id=team.team_id,
                )
            )
            continue
        row = people[roster[line.index].id]
        by_key[line.award].append(
            AwardRow(
                award, row.name, row.organisation, row.team, genders[row.entrant_id],
                line.place, row.shown_total or "", why, entrant_id=row.entrant_id,
            )
        )
    for quota in quotas:
        by_quota[quota.award].append(quota)
    return by_key, by_quota


def _voted(contest_id, award):
    """The organisations chosen by vote; Conflict while the committee has not decided."""
    known = {organisation.id: organisation for organisation in organisations(contest_id)}
    pairs = [(vote.organisation_id, vote.votes) for vote in votes(contest_id, award.key)]
    chosen = rules.chosen_by_vote(pairs, award.count)
    return [
        AwardRow(
            award, known[key].name, known[key].name, organisation_id=key,
            why={"message": rules.VOTE_REASON, "params": {"votes": number}},
        )
        for key, number in chosen
    ]


def summary(contest_id, stage=None):
    """The figures of the score summary of a stage (None: the last one); Missing for an unknown one."""
    found = basis(contest_id, stage)
    official = found.official
    plan, stage_key = official.plan, official.stage
    modules = plan.modules_of_stage(stage_key)
    contest = db.session.get(Contest, contest_id)
    rows = tuple(
        {
            "place": row.place, "number": row.number, "name": row.name,
            "organisation": row.organisation, "total": row.shown_total, "note": _state_word(row),
            "place_overall": row.place_overall, "scaled": row.scaled,
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
        has_overall=plan.ranking.by_group, has_scale=plan.stage(stage_key).scale != "none",
        made_comparable=frozenset(m.key for m in modules if m.adjustment.method != "none"),
        organisations=official.organisations,
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
    waiting = hidden_modules(contest_id)
    return [
        _report(official, force, row, waiting, (*receipts.of(rows[row.entrant_id]), *won[row.entrant_id]))
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
    return steps


def _report(official, force, row, waiting, steps):
    plan = official.plan
    modules = tuple(
        {
            "part": part, "module": module,
            "weight": text_of(module.weight) if part.combine == "weights" else None,
            "mark": row.modules[module.key].text if row.modules[module.key].done else None,
        }
        for part in plan.parts_under(official.stage)
        for module in plan.modules_of(part.key)
    )
    return Report(
        name=row.name, number=row.number, organisation=row.organisation, team=row.team,
        total=row.shown_total, place=row.place, modules=modules,
        steps=tuple(steps_without(plan, steps, waiting)), waiting=waiting, plan=plan,
        plan_number=force.number,
    )


def why_results_are_held(contest_id):
    """Granted awards rest on the results: they cannot be opened again underneath them."""
    if count_awards(contest_id):
        return Conflict("Awards have been granted on these results, so they can no longer be opened again.")
    return None


HOLDS_RESULTS.append(why_results_are_held)
