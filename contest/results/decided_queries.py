"""Whom the committee passed over for which prize; the decisions themselves are written down by the awards."""

import numpy as np
from sqlalchemy import func, select

from contest.db import db


def read_decisions(contest_id, after_id=0):
    """The committee's decisions of a contest, oldest first, as rows of readings.Strip."""
    table = _table()
    yield from db.session.execute(
        select(table.c.id, table.c.at, table.c.award_key, table.c.kind, table.c.entrant_id, table.c.team_id,
               table.c.about_id)
        .where(table.c.contest_id == contest_id, table.c.id > after_id).order_by(table.c.id)
    )


def count_decisions(contest_id):
    """How many there are."""
    table = _table()
    return db.session.scalar(select(func.count()).select_from(table).where(table.c.contest_id == contest_id))


def may_take(contest_id, plan, standings, roster):
    """As allowed, by every decision of now."""
    return allowed(read_decisions(contest_id), plan, standings, roster)


def allowed(rows, plan, standings, roster):
    """{award key: bool (n entrants or teams,)} as `medals.awards` asks: False for whom was passed over.

    What was decided on an award that the plan gives otherwise since says nothing.
    """
    rows, found, to = list(rows), {}, {award.key: award.to for award in plan.awards}
    gone = {row.about_id for row in rows}
    entrants = {one.id: at for at, one in enumerate(roster)}
    ids = () if standings.teams is None else standings.teams.teams
    teams = {int(one): at for at, one in enumerate(ids)}
    for row in rows:
        kind = "team" if row.team_id else "entrant"
        if row.kind != "pass_over" or row.id in gone or to.get(row.award_key) != kind:
            continue
        places, key = (teams, row.team_id) if row.team_id else (entrants, row.entrant_id)
        may = found.setdefault(row.award_key, np.ones(len(places), dtype=bool))
        if key in places:
            may[places[key]] = False
    return found


def _table():
    return db.metadata.tables["committee_decision"]  # a later area's
