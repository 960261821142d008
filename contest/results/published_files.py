"""What a contest that is over published, as a file of its archive: the chain binds each by its SHA-256."""

import json

from sqlalchemy import func, select

from contest.db import db


def published_bytes(contest_id):
    """Every version of the plan, every published list, and who had which award, as the bytes of PUBLISHED."""
    facts = {
        "plans": _documents("plan_version", contest_id), "sheets": _documents("result_sheet", contest_id),
        "awards": _holders(contest_id),
    }
    return (json.dumps(facts, ensure_ascii=False, indent=1) + "\n").encode()


def _documents(name, contest_id):
    table = db.metadata.tables[name]
    rows = db.session.execute(
        select(table.c.id, table.c.document).where(table.c.contest_id == contest_id).order_by(table.c.id)
    )
    return [{"id": row.id, "document": row.document} for row in rows]


def _holders(contest_id):
    """Of each award the name of whoever has it and of the unit; the rest of the row stands in the chain."""
    award, helper, entrant, human, team, unit = (
        db.metadata.tables[name] for name in
        ("award", "award_helper", "entrant", "human", "team", "organisation")
    )
    teams_unit, helpers_unit = unit.alias(), unit.alias()
    rows = db.session.execute(
        select(
            award.c.id,
            func.coalesce(human.c.name, team.c.name, helper.c.name, "").label("name"),
            func.coalesce(unit.c.name, teams_unit.c.name, helpers_unit.c.name, "").label("organisation"),
        )
        .outerjoin(entrant, award.c.entrant_id == entrant.c.id)
        .outerjoin(team, award.c.team_id == team.c.id)
        .outerjoin(helper, helper.c.award_id == award.c.id)
        .outerjoin(human, human.c.id == entrant.c.human_id)
        .outerjoin(unit, unit.c.id == func.coalesce(award.c.organisation_id, entrant.c.organisation_id))
        .outerjoin(teams_unit, teams_unit.c.id == team.c.organisation_id)
        .outerjoin(helpers_unit, helpers_unit.c.id == helper.c.organisation_id)
        .where(award.c.contest_id == contest_id).order_by(award.c.id)
    )
    return [dict(row._mapping) for row in rows]
