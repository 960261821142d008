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
from contest.results.decided_queries import may_take
from contest.scoring.medals import awards as awards_by_rule
from contest.scoring.passed_over import group_of, passed_over


@dataclass(frozen=True)
class AwardRow:
    """One line of the award list, by whichever rule it was given. why: see Award.why.

    judge: the Judge, or None; a coach has only a name and an organisation. group, place_overall: of an
    entrant, where the plan ranks each group apart. team_place: that of an entrant's team, beside its own.
    place: that at the grant. place_now: that in the results as they are now; another one, or none, after
    somebody's result was annulled. What stands beside (place_overall, team_place) is of now.
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
    group: str = ""
    place_overall: int | None = None
    team_place: int | None = None
    place_now: int | None = None
    # The number of a granted award, which none loses and none after it has; not what the line says.
    award_id: int | None = field(default=None, compare=False)

    @property
    def has_moved(self):
        """True when the place of the grant is no longer the one in the results."""
        return self.place is not None and self.place != self.place_now

    @property
    def award_place(self):
        """The place among those who may take the award, where it is not the contest's place; else None."""
        among = self.why.get("params", {}).get("award_place")
        return None if among == self.place else among

    def cells(self, line):
        """The values by column of the award list; `line` counts from 1."""
        return {
            "line": line, "name": self.name, "group": self.group, "gender": self.gender, "team": self.team,
            "organisation": self.organisation, "place": self.place, "place_now": self.place_now,
            "place_overall": self.place_overall, "team_place": self.team_place, "total": self.total or None,
            "note": "",
        }


@dataclass(frozen=True)
class Part:
    """One award in one list: that of a group which is ranked apart, or of all others (group "").

    quota: scoring's Quota of this list, or None.
    """

    award: object
    group: str
    rows: tuple
    quota: object = None


def group_named(plan, group):
    """A group where the plan ranks each group apart; "" where there is one list for all."""
    return group if plan.ranking.by_group else ""


def parts_of(award, rows, groups, quotas):
    """The Parts of one award; groups: those ranked apart, in their order."""
    if award.to != "entrant" or award.rule == "vote":
        groups = ()
    found = [
        Part(award, group, tuple(row for row in rows if row.group == group),
             next((one for one in quotas if one.group == group), None))
        for group in groups
    ]
    others = tuple(row for row in rows if row.group not in groups)
    if others or not groups:
        found.append(Part(award, "", others, next((one for one in quotas if not one.group), None)))
    return found


class Published:
    """An OfficialStandings by its entrants and teams."""

    def __init__(self, official):
        self.plan, self.stage = official.plan, official.stage
        self.people = {row.entrant_id: row for row in official.rows}
        self.teams = {team.team_id: team for team in official.teams}

    def place_of(self, award):
        """The place that the holder of a granted Award has in these results; None for none."""
        row = self.people.get(award.entrant_id) or self.teams.get(award.team_id)
        return row.place if row else None

    def beside(self, entrant_id):
        """What stands beside an entrant's own place on a line: the columns of an AwardRow."""
        row = self.people.get(entrant_id)
        if row is None:
            return {}
        team = self.teams.get(row.team_id)
        return {
            "group": group_named(self.plan, row.group), "place_overall": row.place_overall,
            "team_place": team.place if team else None,
        }


def granted_row(award, row, published, names):
    """The AwardRow of a granted Award; published: the Published results of now.

    names: {organisation id: its name when the awards were granted} of those renamed since.
    """
    def called(organisation):
        return names.get(organisation.id, organisation.name) if organisation else ""

    common = {
        "place": row.place, "total": row.total, "why": row.why, "award_id": row.id,
        "place_now": published.place_of(row) if row.place else None,
    }
    if row.entrant is not None:
        line, human = published.people.get(row.entrant_id), row.entrant.human
        return AwardRow(
            award, human.name, called(row.entrant.organisation), line.team if line else "",
            human.gender, entrant_id=row.entrant_id, **published.beside(row.entrant_id), **common,
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
    allowed = may_take(contest_id, plan, standings, found.roster)
    lines, quotas = awards_by_rule(plan, standings, allowed, found.book)
    passed = passed_over(plan, standings, lines, allowed, found.book)
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
        self.published = Published(found.official)

    def row(self, line, why):
        award = self.found.official.plan.award(line.award)
        if line.to == "team":
            team = self.published.teams[int(self.found.standings.teams.teams[line.index])]
            return AwardRow(
                award, team.name, team.organisation, place=line.place, total=team.total, why=why,
                team_id=team.team_id, place_now=line.place,
            )
        row = self.published.people[self.found.roster[line.index].id]
        return AwardRow(
            award, row.name, row.organisation, row.team, self.genders[row.entrant_id], line.place,
            row.shown_total or "", why, entrant_id=row.entrant_id, place_now=line.place,
            **self.published.beside(row.entrant_id),
        )


def by_committee(contest_id, award, found):
    """The AwardRows that the committee gives; Conflict while its votes have not decided."""
    if award.to == "organisation":
        return _voted(contest_id, award)
    published = Published(found.official)
    return [_chosen_row(award, decision, published) for decision in decisions.chosen(contest_id, award.key)]


def _chosen_row(award, decision, published):
    params = {"reason": decision.reason, "minutes": decision.minutes}
    why = {"message": decision_rules.CHOSEN_REASON, "params": params}
    name, unit = decisions.whom_of(decision), decisions.unit_of(decision)
    line = published.people.get(decision.entrant_id)
    gender = decision.entrant.human.gender if decision.entrant else ""
    return AwardRow(
        award, name, unit, line.team if line else "", gender, line.place if line else None,
        line.shown_total or "" if line else "", why, decision.entrant_id, decision.team_id,
        decision.organisation_id or (decision.judge.organisation_id if decision.judge else None),
        decision.judge, place_now=line.place if line else None, **published.beside(decision.entrant_id),
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
