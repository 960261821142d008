"""Who holds the prizes that were granted: what the table of the organisations counts from then on."""

from dataclasses import replace

from sqlalchemy import func, select

from contest.db import db
from contest.results.standing_rows import organisation_lines
from contest.scoring.organisations import table_of


def with_holders(official):
    """Standings whose table of the organisations counts the prizes that people and teams hold.

    Once awards are granted: by the committee's choice, or moved up, too, and none that was annulled. Until
    then, before the last stage and where the plan has no such table, the standings as they are.
    """
    plan = official.plan
    if not official.organisations or official.stage != plan.last_stage.key:
        return official
    holders = _holders(official.contest_id)
    if holders is None:
        return official
    won = [(_home(official, entrant_id, team_id), award) for award, entrant_id, team_id in holders]
    known = {line.name: line for line in official.organisations}
    table = table_of(plan, {name: line.competed for name, line in known.items()}, won)
    english = {name: line.name_en for name, line in known.items()}
    return replace(official, organisations=organisation_lines(plan, table, english), counts_holders=True)


def _holders(contest_id):
    """(award key, entrant id, team id) of every prize that stands; None before the grant.

    What a member has of the team's award is the team's and not counted again.
    """
    award, annulment = (db.metadata.tables[name] for name in ("award", "annulment"))  # a later area's
    rows = db.session.execute(
        select(award.c.award_key, award.c.entrant_id, award.c.team_id, award.c.why, annulment.c.id)
        .outerjoin(annulment, annulment.c.award_id == award.c.id).where(award.c.contest_id == contest_id)
    ).all()
    if not rows:
        return None
    return [
        (key, entrant_id, team_id) for key, entrant_id, team_id, why, annulled in rows
        if annulled is None and "share_of" not in (why or {}) and (entrant_id or team_id)
    ]


def grants():
    """{contest id: what tells one state of its granted prizes from another}, where there are some."""
    award, annulment = (db.metadata.tables[name] for name in ("award", "annulment"))
    rows = db.session.execute(
        select(award.c.contest_id, func.max(award.c.id), func.count(annulment.c.id))
        .outerjoin(annulment, annulment.c.award_id == award.c.id).group_by(award.c.contest_id)
    )
    return {contest_id: (newest, annulled) for contest_id, newest, annulled in rows}


def _home(official, entrant_id, team_id):
    """The organisation for which a prize counts: the entrant's, or the first that a member of the team has.

    Of a team without such a member that of the team.
    """
    if team_id is None:
        return _organisation_of(official, entrant_id)
    team = next((one for one in official.teams if one.team_id == team_id), None)
    if team is None:
        return ""
    return next(filter(None, (_organisation_of(official, each) for each in team.members)), team.organisation)


def _organisation_of(official, entrant_id):
    row = official.row_of(entrant_id)
    return row.organisation if row else ""
