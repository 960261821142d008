"""Taking an older database over to this program's version; never while a server works on it."""

from alembic.script import ScriptDirectory
from flask_migrate import upgrade
from sqlalchemy import column, select, table

from contest.audit.work import work
from contest.backups import proof
from contest.backups.actions import store_here
from contest.db import db, writing
from contest.errors import Conflict
from contest.i18n import listed
from contest.members.picture_cleaning import clean_pictures
from contest.running import alone


def take_over(place, actor, reason=""):
    """Bring the database to the newest migration; the one it came from, "" where nothing was to be done.

    Conflict while a server or any other program has it open; also while a contest is being scored, unless
    a reason is given, which stands in the trail and in the chain of every such contest.
    """
    store = store_here()
    found = _revision()
    newest = ScriptDirectory(str(proof.MIGRATIONS)).get_current_head()
    if found == newest:
        return ""
    with alone(place.data):
        scored = _being_scored() if found else []
        if scored and not reason:
            raise Conflict(
                "Marks are being taken: %(contests)s. Take the database over before or after; if it must "
                "be now, say why: contest init --despite-scoring REASON.",
                contests=listed(slug for _, slug in scored),
            )
        if found:
            _let_go()
            store.be_alone()
        with writing():
            upgrade()
            if found:
                _write_trail(actor, [number for number, _ in scored], found, newest, reason)
                clean_pictures(actor)  # those that came in before pictures were cleaned
    return found


def _revision():
    with writing(False):
        found = proof.revision()
    _let_go()
    return found


def _being_scored():
    """(id, slug) of each contest in its scoring. By columns that every revision has."""
    contest = table("contest", column("id"), column("slug"), column("state"))
    with writing(False):
        rows = db.session.execute(
            select(contest.c.id, contest.c.slug).where(contest.c.state == "scoring").order_by(contest.c.id)
        ).all()
    return [tuple(row) for row in rows]


def _let_go():
    db.session.remove()
    db.engine.dispose()


def _write_trail(actor, scored, old, new, reason):
    facts = {"old": old, "new": new, **({"reason": reason} if reason else {})}
    for contest_id in [*scored, None]:
        with work(actor, "database.take_over", contest_id=contest_id, **facts):
            pass
