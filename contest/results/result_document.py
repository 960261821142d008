"""What is published: a table of results as a plain document, every number as it is printed."""

from contest.scoring.scheme_reading import plan_hash


def result_document(contest, force, official):
    """The document of a ResultSheet. What only some plans have stands only in theirs."""
    plan = force.plan
    document = {
        "contest": {
            "id": contest.id, "slug": contest.slug, "name": contest.name,
            "name_en": contest.name_en,
        },
        "stage": official.stage,
        "plan_number": force.number,
        "plan_hash": plan_hash(plan),
        "rows": [_row(row, official, plan) for row in official.rows],
        "teams": [_team(team) for team in official.teams],
        "registered": official.registered,
        "competed": official.competed,
    }
    if plan.organisations is not None:
        document["organisations"] = [_organisation(line) for line in official.organisations]
    return document


def _row(row, official, plan):
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
        "advances": row.entrant_id in official.goes_on,
        **_more(row, official, plan),
    }


def _more(row, official, plan):
    """Columns that only some plans have; a sheet of another plan reads as it always did."""
    found = {}
    if plan.ranking.by_group:
        found["place_overall"] = row.place_overall
    if plan.stage(official.stage).scale != "none":
        found["scaled"] = row.scaled
    if plan.ranking.order == "low":
        found["is_void"] = row.is_void
    raw = {
        module.key: row.modules[module.key].raw for module in plan.modules_of_stage(official.stage)
        if module.adjustment.method != "none"
    }
    if raw:
        found["raw"] = raw
    return found


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
        # Only of plans in which teams have parts of their own.
        **({"modules": team.modules} if team.modules else {}),
        # Only where less is better, of a team that lacks something.
        **({"is_void": True} if team.is_void else {}),
    }


def without_team_modules(document):
    """The document as earlier releases printed it: without the marks of the teams' own parts."""
    return document | {
        "teams": [
            {key: value for key, value in team.items() if key != "modules"} for team in document["teams"]
        ]
    }


def _organisation(line):
    return {
        "name": line.name,
        "name_en": line.name_en,
        "place": line.place,
        "counts": line.counts,
        "points": line.points,
        "average": line.average,
        "competed": line.competed,
    }
