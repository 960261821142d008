"""Opening a copy as the program opens its database, and looking at what it holds."""

from contextlib import contextmanager
from pathlib import Path

from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from flask import Flask
from flask_migrate import upgrade
from sqlalchemy import func, select, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.pool import NullPool

from contest.audit import chain_queries
from contest.backups.rules import Contents
from contest.db import db, migrate, writing
from contest.errors import Conflict

MIGRATIONS = Path(__file__).resolve().parent.parent / "migrations"
# The tables of which every row is counted: what judges gave, and what was done.
COUNTED = {"ledger": "sheet_revision", "trail": "trail"}


@contextmanager
def opened(url):
    """Within the block the session works on the database at another address."""
    app = Flask("contest.backups")
    app.config["SQLALCHEMY_DATABASE_URI"] = url
    app.config["SQLALCHEMY_ENGINE_OPTIONS"] = {"poolclass": NullPool}
    db.init_app(app)
    migrate.init_app(app, db, directory=str(MIGRATIONS))
    with app.app_context(), writing(False):
        try:
            yield
        finally:
            db.session.remove()
            db.engine.dispose()


def look(check_chains=True):
    """The Contents of the session's database, every chain checked from its first link if asked for."""
    heads, problems = {}, 0
    for contest_id in db.session.scalars(select(db.metadata.tables["contest"].c.id)).all():
        if (head := chain_queries.find_head(contest_id)) is not None:
            heads[str(contest_id)] = str(head)
        if check_chains:
            problems += sum(chain_queries.check_chain(contest_id).counts.values())
    return Contents(
        revision=revision(), rows={name: count_rows(table) for name, table in COUNTED.items()},
        heads=heads, problems=problems if check_chains else None,
    )


def prove(url):
    """Open a copy and look at all it holds; Conflict when its pages do not fit together."""
    with opened(url):
        check_pages()
        return look()


def check_pages():
    """Conflict when the session's database is damaged."""
    if db.engine.dialect.name != "sqlite":
        return  # PostgreSQL has just built it from the dump, with every constraint.
    try:
        said = db.session.scalars(text("PRAGMA integrity_check")).first()
    except DBAPIError as broken:
        raise Conflict("The copy is damaged: %(why)s", why=str(broken.orig)) from broken
    if said != "ok":
        raise Conflict("The copy is damaged: %(why)s", why=said)


def take_over():
    """Bring the session's database to this program's version; Conflict when it comes from a later one."""
    scripts = ScriptDirectory(str(MIGRATIONS))
    found = revision()
    if found not in {script.revision for script in scripts.walk_revisions()}:
        raise Conflict(
            "This copy was made by another version of this program (%(revision)s): install that one first.",
            revision=found or "–",
        )
    if found != scripts.get_current_head():
        db.session.rollback()
        with writing():
            upgrade()


def revision():
    """The migration at which the session's database stands, or "" when it was never migrated."""
    return ",".join(MigrationContext.configure(db.session.connection()).get_current_heads())


def count_rows(name):
    """How many rows a table has."""
    return db.session.scalar(select(func.count()).select_from(db.metadata.tables[name]))


def is_on_chain(contest_id, head):
    """True when the session's database knows this head ("seq:hash")."""
    seq, _, digits = head.partition(":")
    return chain_queries.is_prefix(int(contest_id), int(seq), digits)
