"""What is published: a table of results as a plain document, every number as it is printed."""

from contest.scoring.advancing import advancing
from contest.scoring.scheme_reading import plan_hash


def result_document(contest, force, official, found, roster):
    """The document of a ResultSheet. official, found, roster: what queries.scored() gives."""
    goes_on = going_on(force.plan, found, roster)
    return {
        "contest": {
            "id": contest.id, "slug": contest.slug, "name": contest.name,
            "name_en": contest.name_en,
        },
        "stage": official.stage,
        "plan_number": force.number,
        "plan_hash": plan_hash(force.plan),
        "rows": [_row(row, goes_on) for row in official.rows],
        "teams": [_team(team) for team in official.teams],
        "registered": official.registered,
        "competed": official.competed,
    }


def going_on(plan, found, roster):
    """Ids of the entrants who go on to the next stage; empty where the plan lets nobody go on."""
    if plan.stage(found.stage).advance is None:
        return frozenset()
    chosen = advancing(plan, found).goes_on.tolist()
    return frozenset(line.id for line, yes in zip(roster, chosen, strict=True) if yes)


def on_the_line(plan, found, roster):
    """Ids of the equals on the last place because of whom more go on than the plan says."""
    if plan.stage(found.stage).advance is None:
        return frozenset()
    chosen = advancing(plan, found).on_the_line.tolist()
    return frozenset(line.id for line, yes in zip(roster, chosen, strict=True) if yes)


def _row(row, goes_on):
    return {
        "entrant_id": row.entrant_id,
        "number": row.number,
        "name": row.name,
        "organisation": row.organisation,
        "organisation_en": row.organisation_en,
        "team_id": row.team_id,
        "team": row.team,
        "group": row.group,
        "place": row.place,
        "total": row.total,
        "parts": {key: figure.text for key, figure in row.parts.items()},
        "modules": {key: figure.text for key, figure in row.modules.items()},
        "absent_from": sorted(k for k, figure in row.modules.items() if figure.note == "absent"),
        "state": row.state,
        "decided_by": row.decided_by,
        "competed": row.competed,
        "passed": row.passed,
        "advances": row.entrant_id in goes_on,
    }


def _team(team):
    return {
        "team_id": team.team_id,
        "name": team.name,
        "organisation": team.organisation,
        "organisation_en": team.organisation_en,
        "place": team.place,
        "total": team.total,
        "decided_by": team.decided_by,
        "members": list(team.members),
        "counting": list(team.counting),
    }
