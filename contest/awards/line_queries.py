"""The lines of an award list: by the plan's rules, by the committee, and as they were granted."""

from collections import defaultdict
from dataclasses import dataclass, field

from sqlalchemy import select

from contest.awards import decision_queries as decisions
from contest.awards import decision_rules, rules
from contest.awards.vote_queries import organisations, votes
from contest.db import db
from contest.i18n import both_names, stored_params
from contest.people.models import Entrant, Human
from contest.scoring.medals import awards as awards_by_rule
from contest.scoring.passed_over import group_of, passed_over


@dataclass(frozen=True)
class AwardRow:
    """One line of the award list, by whichever rule it was given. why: see Award.why.

    judge: the Judge, or None; a coach has only a name and an organisation.
    """

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
    judge: object = None

    @property
    def award_place(self):
        """The place among those who may take the award, where it is not the contest's place; else None."""
        among = self.why.get("params", {}).get("award_place")
        return None if among == self.place else among

    def cells(self, line):
        """The values by column of the award list; `line` counts from 1."""
        return {
            "line": line, "name": self.name, "gender": self.gender, "team": self.team,
            "organisation": self.organisation, "place": self.place, "total": self.total or None,
            "note": "",
        }


def granted_row(award, row, people, names):
    """The AwardRow of a granted Award; people: published rows of entrants by their id.

    names: {organisation id: its name when the awards were granted} of those renamed since.
    """
    def called(organisation):
        return names.get(organisation.id, organisation.name) if organisation else ""

    common = {"place": row.place, "total": row.total, "why": row.why}
    if row.entrant is not None:
        line, human = people.get(row.entrant_id), row.entrant.human
        return AwardRow(
            award, human.name, called(row.entrant.organisation), line.team if line else "",
            human.gender, entrant_id=row.entrant_id, **common,
        )
    if row.team is not None:
        return AwardRow(award, row.team.name, called(row.team.organisation), team_id=row.team_id, **common)
    if row.helper is not None:
        return AwardRow(
            award, row.helper.name, called(row.helper.organisation),
            organisation_id=row.helper.organisation_id, **common,
        )
    name = called(row.organisation)
    return AwardRow(award, name, name, organisation_id=row.organisation_id, **common)


def by_rule(contest_id, found):
    """({award key: AwardRows}, {award key: quotas}) that a Basis gives by the plan's rules.

    Whom the committee passed over is left out, and each line says past whom it moved up.
    """
    plan, standings = found.official.plan, found.standings
    may_take = decisions.may_take(contest_id, standings, found.roster)
    lines, quotas = awards_by_rule(plan, standings, may_take, found.book)
    passed = passed_over(plan, standings, lines, may_take, found.book)
    names = {award.key: stored_params({"name": both_names(award)})["name"] for award in plan.awards}
    make = _Rows(contest_id, found)
    by_key, by_quota = defaultdict(list), defaultdict(list)
    for line in lines:
        why = {"message": line.reason, "params": line.params}
        group = group_of(plan, standings, line.to, line.index)
        moved = decision_rules.moved_sentences(passed[line.award], line.place, group, names)
        by_key[line.award].append(make.row(line, why | ({"moved": moved} if moved else {})))
    for quota in quotas:
        by_quota[quota.award].append(quota)
    return by_key, by_quota


class _Rows:
    """Makes AwardRows of scoring's Lines."""

    def __init__(self, contest_id, found):
        self.found = found
        self.genders = dict(
            db.session.execute(
                select(Entrant.id, Human.gender).join(Entrant.human).filter_by(contest_id=contest_id)
            ).all()
        )
        self.people = {row.entrant_id: row for row in found.official.rows}
        self.teams = {row.team_id: row for row in found.official.teams}

    def row(self, line, why):
        award = self.found.official.plan.award(line.award)
        if line.to == "team":
            team = self.teams[int(self.found.standings.teams.teams[line.index])]
            return AwardRow(
                award, team.name, team.organisation, place=line.place, total=team.total, why=why,
                team_id=team.team_id,
            )
        row = self.people[self.found.roster[line.index].id]
        return AwardRow(
            award, row.name, row.organisation, row.team, self.genders[row.entrant_id], line.place,
            row.shown_total or "", why, entrant_id=row.entrant_id,
        )


def by_committee(contest_id, award, found):
    """The AwardRows that the committee gives; Conflict while its votes have not decided."""
    if award.to == "organisation":
        return _voted(contest_id, award)
    people = {row.entrant_id: row for row in found.official.rows}
    return [_chosen_row(award, decision, people) for decision in decisions.chosen(contest_id, award.key)]


def _chosen_row(award, decision, people):
    params = {"reason": decision.reason, "minutes": decision.minutes}
    why = {"message": decision_rules.CHOSEN_REASON, "params": params}
    name, unit = decisions.whom_of(decision), decisions.unit_of(decision)
    line = people.get(decision.entrant_id)
    gender = decision.entrant.human.gender if decision.entrant else ""
    return AwardRow(
        award, name, unit, line.team if line else "", gender, line.place if line else None,
        line.shown_total or "" if line else "", why, decision.entrant_id, decision.team_id,
        decision.organisation_id or (decision.judge.organisation_id if decision.judge else None),
        decision.judge,
    )


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


def check_one_each(contest_id, plan, rows):
    """Where the plan gives each person one award at most: Conflict names the first who would have two.

    rows: every AwardRow, award by award in the plan's order. Titles stand beside prizes, as in the rules.
    """
    if not plan.prizes.one_each:
        return
    decision_rules.check_one_each([
        (_keys_of(contest_id, row), row.name, row.award.name) for row in rows
        if not row.award.title and row.award.to in ("entrant", "judge", "coach")
    ])


def _keys_of(contest_id, row):
    coach = None if row.entrant_id or row.judge else (row.name, row.organisation_id)
    return decisions.people_keys(contest_id, row.entrant_id, row.judge, coach)
