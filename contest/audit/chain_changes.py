"""Noticing which rows that decide a result are written in a session, whoever writes them.

Nobody has to say it: the ORM does at every flush. Statements past the ORM say it with `note_change`.
"""

from sqlalchemy import event, inspect, select

from contest.audit.chain_contents import THROUGH
from contest.audit.chain_rules import DECIDING, KEPT
from contest.db import db

# Of these tables only some columns decide; the others change often.
WATCHED = {
    "contest": ("state", "stage", "procedure"),
    "entrant": (
        "human_id", "organisation_id", "team_id", "number", "group", "trade", "skill_level",
        "employment", "room", "titles",
    ),
}
# Tables beside a contest of which entrants' and teams' links attest columns.
BESIDE = {"human": ("gender", "born_on"), "organisation": ("name",)}


def note_change(contest_id, kind, row_id):
    """Say that a row was written by a statement that the ORM does not see."""
    _changes(db.session)[contest_id, kind, row_id] = True


def take_changes(connection):
    """{(contest id, kind): ids} of what was written since the last commit; it is forgotten here."""
    noted = forget_changes(db.session)
    found = {}
    for contest_id, kind, row_id in noted:
        if kind in BESIDE:
            for contest, bound, each in _bound_with(connection, kind, row_id):
                found.setdefault((contest, bound), set()).add(each)
        else:
            found.setdefault((contest_id, kind), set()).add(row_id)
    return found


def forget_changes(session):
    """Throw away what was noticed, and return it."""
    return session.info.pop("chain_changes", {})


def _changes(session):
    return session.info.setdefault("chain_changes", {})


@event.listens_for(db.session, "after_flush")
def _notice(session, _context):
    for row in session.new:
        name = row.__table__.name
        if name in DECIDING or name in KEPT:
            _changes(session)[_contest_of(session, row, name), name, row.id] = True
    for row in session.dirty:
        name = row.__table__.name
        if (name in KEPT or name in BESIDE) and _is_changed(row, name):
            _changes(session)[_contest_of(session, row, name), name, row.id] = True
    for row in session.deleted:
        name = row.__table__.name
        if name in KEPT:
            _changes(session)[_contest_of(session, row, name), name, row.id] = True


def _contest_of(session, row, name):
    if name in BESIDE:
        return None
    if name in THROUGH:
        column, parent = THROUGH[name]
        table = db.metadata.tables[parent]
        return session.connection().scalar(
            select(table.c.contest_id).where(table.c.id == getattr(row, column))
        )
    return row.id if name == "contest" else row.contest_id


def _is_changed(row, name):
    watched = WATCHED.get(name) or BESIDE.get(name)
    known = inspect(row).attrs
    return any(each.history.has_changes() for each in known if watched is None or each.key in watched)


def _bound_with(connection, kind, row_id):
    """(contest id, kind, id) of the entrants and teams that a person or a unit stands behind."""
    for name in ("entrant", "team"):
        table = db.metadata.tables[name]
        column = table.c.get(f"{kind}_id")
        if column is not None:
            for contest_id, each in connection.execute(
                select(table.c.contest_id, table.c.id).where(column == row_id)
            ):
                yield contest_id, name, each
