"""Lists that were sent in and wait for somebody's yes."""

from datetime import timedelta

from sqlalchemy import delete, select

from contest import clock
from contest.db import db
from contest.errors import Missing
from contest.people import queries
from contest.people.models import PendingImport
from contest.people.roster_rules import compare, counts_of

KEPT = timedelta(days=1)


def get_pending(contest_id, pending_id, kind, by_id):
    """The list that this person sent in and has not confirmed yet; else Missing."""
    pending = db.session.scalar(
        select(PendingImport)
        .filter_by(id=pending_id, contest_id=contest_id, kind=kind, by_id=by_id)
        .where(PendingImport.at > clock.now() - KEPT)
    )
    if pending is None:
        raise Missing("This list was confirmed already, or it is older than a day. Send it again.")
    return pending


def forget_old():
    """Drop lists that nobody confirmed within a day; to be called inside `work()`."""
    db.session.execute(delete(PendingImport).where(PendingImport.at <= clock.now() - KEPT))


def roster_preview(contest_id, rows, organisation_id=None, unsure=frozenset()):
    """Lines, problems and counts of a roster against who is registered now; unsure: see compare."""
    teams = {team.name: team.organisation.name for team in queries.list_teams(contest_id)}
    registered = queries.registered(contest_id, organisation_id)
    lines, problems = compare(rows, registered, teams, unsure)
    return lines, problems, counts_of(lines)
