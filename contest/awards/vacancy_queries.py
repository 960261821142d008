"""The places that annulments left empty, and who comes next by places or votes: offered, never given."""

from dataclasses import dataclass, replace

from contest.awards import annulment_queries, annulment_rules, decision_queries, queries, vote_queries
from contest.awards.annulment_rules import excludes
from contest.awards.basis_queries import basis, final_sheet
from contest.awards.models import Annulment, Award
from contest.errors import Conflict, Missing
from contest.scoring.award_conditions import may_take_award
from contest.setup.queries import plan_in_force


@dataclass(frozen=True)
class Offer:
    """Somebody who could take an empty place. gives_up: the Awards that this one replaces.

    place and total, or, of an award that was voted on, votes.
    """

    key: str
    name: str
    organisation: str
    place: int | None
    total: str
    gives_up: tuple
    entrant_id: int | None = None
    team_id: int | None = None
    organisation_id: int | None = None
    votes: int | None = None


@dataclass(frozen=True)
class Vacancy:
    """An award that was annulled, and its place. filled: the Award that took it, or None.

    offers: the next ones by the results as they are now, or by the committee's votes; none before the
    annulled results are out of the published ones. why_nobody: without offers, an English sentence.
    """

    annulment: Annulment
    award: object
    group: str
    filled: Award | None
    offers: tuple
    why_nobody: str = ""

    @property
    def filled_by(self):
        """Who took it, by name; "" while it is empty."""
        if self.filled is None:
            return ""
        entrant = self.filled.entrant
        return entrant.human.name if entrant else annulment_queries.name_of(self.filled)


def list_vacancies(contest_id):
    """The Vacancies of a contest, in the order of the annulments."""
    rows = [
        line.row for line in annulment_queries.list_annulments(contest_id)
        if line.row.award_id and not line.row.award.shared_team
    ]
    if not rows:
        return []
    found, plan = basis(contest_id), plan_in_force(contest_id).plan
    standing = annulment_queries.standing_awards(contest_id)
    after = {one.why["after"]: one for one in queries.all_awards(contest_id) if "after" in one.why}
    given = {award.key: award for award in plan.awards}
    return [
        _vacancy(contest_id, row, given[row.award.award_key], found, standing, after.get(row.award_id))
        for row in rows if row.award.award_key in given
    ]


def get_vacancy(contest_id, annulment_id):
    """One Vacancy that is empty; Missing, or Conflict when somebody moved up already."""
    found = next((one for one in list_vacancies(contest_id) if one.annulment.id == annulment_id), None)
    if found is None:
        raise Missing("There is no such empty place.")
    if found.filled is not None:
        raise Conflict("Somebody has moved up into this place already.")
    return found


def still_placed(contest_id):
    """Ids of those whose results were annulled and still count in the published ones.

    Without a place of their own they may count for a team.
    """
    gone = annulment_queries.annulled_entrants(contest_id)
    if not gone:
        return set()
    rows = final_sheet(contest_id).document["rows"]
    return {row["entrant_id"] for row in rows if row["state"] != "disqualified"} & gone


def _vacancy(contest_id, row, award, found, standing, filled):
    old = row.award
    group = ""
    if old.entrant is not None and found.official.plan.ranking.by_group:
        group = old.entrant.group
    if filled is not None:
        return Vacancy(row, award, group, filled, ())
    is_voted = annulment_rules.has_votes(award)
    if not is_voted and award.rule in annulment_rules.BY_PLACE and still_placed(contest_id):
        return Vacancy(row, award, group, None, (), annulment_rules.NOT_PUBLISHED)
    offers = ()
    if is_voted or award.rule in annulment_rules.BY_PLACE:
        offers = tuple(_offers(contest_id, award, group, found, standing))
    return Vacancy(row, award, group, None, offers, "" if offers else annulment_rules.why_nobody(award))


def _offers(contest_id, award, group, found, standing):
    """Who comes next: may take it, never had it, and holds no better one that excludes it."""
    plan = found.official.plan
    order = {one.key: place for place, one in enumerate(plan.awards)}
    given = {one.key: one for one in plan.awards}
    held = {}
    for one in standing:
        held.setdefault(_id_of(award, one), []).append(one)
    # Whoever lost this very award does not get it again: it is one row for ever.
    had = {_id_of(award, one) for one in queries.all_awards(contest_id) if one.award_key == award.key}
    count = 0
    for line in _contenders(contest_id, award, group, found):
        holder = _id_of(award, line)
        own = [
            one for one in held.get(holder, ())
            if one.award_key in given and excludes(award, given[one.award_key], plan.prizes.one_each)
        ]
        if count == annulment_rules.MOST_OFFERED:
            return
        if holder in had or any(order[one.award_key] <= order[award.key] for one in own):
            continue
        count += 1
        yield replace(line, gives_up=tuple(own))


def _id_of(award, line):
    return getattr(line, f"{award.to}_id")


def _contenders(contest_id, award, group, found):
    """An Offer for everybody who may take the award at all, the next one first."""
    if annulment_rules.has_votes(award):
        return _by_votes(contest_id, award)
    return [
        Offer(
            f"{award.to}-{_id_of(award, row)}", row.name, row.organisation, row.place,
            (row.total if award.to == "team" else row.shown_total) or "", (),
            **{f"{award.to}_id": _id_of(award, row)},
        )
        for row in _placed(contest_id, award, group, found)
    ]


def _by_votes(contest_id, award):
    """Of the organisations those with a vote; equals by name: between them the committee decides."""
    voted = [vote for vote in vote_queries.votes(contest_id, award.key) if vote.votes]
    return [
        Offer(
            f"organisation-{vote.organisation_id}", vote.organisation.name, vote.organisation.name, None, "",
            (), organisation_id=vote.organisation_id, votes=vote.votes,
        )
        for vote in sorted(voted, key=lambda vote: (-vote.votes, vote.organisation.name))
    ]


def _placed(contest_id, award, group, found):
    """The rows of the standing, best first, that may take the award at all."""
    official = found.official
    if award.to == "team":
        rows = [row for row in official.teams if row.place]
    else:
        may = may_take_award(award, found.book, len(found.roster)).tolist()
        allowed = {line.id for line, yes in zip(found.roster, may, strict=True) if yes}
        rows = [
            row for row in official.rows
            if row.place and row.entrant_id in allowed and (row.passed or not award.passed)
            and (not official.plan.ranking.by_group or row.group == group)
        ]
    passed = {
        one.team_id if award.to == "team" else one.entrant_id
        for one in decision_queries.standing(contest_id)
        if one.kind == "pass_over" and one.award_key == award.key
    }
    return sorted((row for row in rows if _id_of(award, row) not in passed), key=lambda row: row.place)
