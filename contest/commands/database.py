"""Whether there is a database that a command can work on; asked before anything is opened."""

from pathlib import Path

from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from flask import current_app
from flask_babel import gettext
from sqlalchemy.exc import OperationalError

from contest.db import db, writing

FOLDER = Path(__file__).resolve().parent.parent / "migrations"


def what_is_wrong():
    """The sentence about a database that is absent, empty or of another version; empty when it is ready."""
    url = db.engine.url
    place = url.database if url.drivername == "sqlite" else url.render_as_string(hide_password=True)
    missing = gettext("There is no database yet at %(place)s; run contest init.", place=place)
    # Connecting would make the file.
    if url.drivername == "sqlite" and not _holds_something(place):
        return missing
    try:
        with writing(False), db.engine.connect() as connection:
            found = MigrationContext.configure(connection).get_current_heads()
    except OperationalError:
        current_app.logger.debug("the database does not answer", exc_info=True)
        return gettext("The database at %(place)s does not answer.", place=place)
    scripts = ScriptDirectory(str(FOLDER))
    if not found:
        return missing
    if set(found) == set(scripts.get_heads()):
        return ""
    if set(found) <= {script.revision for script in scripts.walk_revisions()}:
        return gettext(
            "The database at %(place)s was made by an earlier version; run contest init to take it over.",
            place=place,
        )
    return gettext("The database at %(place)s was made by a later version of this program.", place=place)


def _holds_something(place):
    path = Path(place or "")
    return path.is_file() and path.stat().st_size > 0
