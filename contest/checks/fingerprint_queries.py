"""Everything that the results of a stage follow from, as a signature covers it (fingerprint_rules)."""

from contest.checks.fingerprint_rules import Facts
from contest.results.queries import book, standings
from contest.results.roll import roster, team_names
from contest.scoring.scheme_reading import plan_hash


def signed_facts(contest_id):
    """The Facts of the stage being held."""
    force, made, _ = book(contest_id)
    lines = [[one.id, one.number, one.name, one.organisation, one.team_id] for one in roster(contest_id)]
    teams = [[key, *names] for key, names in team_names(contest_id).items()]
    return Facts(
        [force.number, plan_hash(force.plan)], made, sorted(lines), sorted(teams),
        _result(standings(contest_id)),
    )


def _result(official):
    rows = [[row.entrant_id, row.place, row.total, row.state] for row in official.rows]
    teams = [[team.team_id, team.place, team.total, sorted(team.members)] for team in official.teams]
    return [official.stage, sorted(rows, key=lambda row: row[0]), sorted(teams, key=lambda row: row[0])]
