"""One application for each kind of database and process, which every test points at a database of its own.

Building the application and compiling its statements took half of most tests' time.
"""

from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import event
from sqlalchemy.engine import make_url

from contest import create_app
from contest.db import db
from contest.results.readings import forget_readings

STATEMENTS = 5000  # compiled ones that an engine keeps


class SharedApp:
    """An application whose engine connects to whichever database it was last pointed at."""

    def __init__(self, url, settings):
        self.app = create_app(
            **settings, SQLALCHEMY_DATABASE_URI=url,
            SQLALCHEMY_ENGINE_OPTIONS={"query_cache_size": STATEMENTS},
        )
        self.settings = dict(self.app.config)
        with self.app.app_context():
            self.engine = db.engine
        event.listen(self.engine, "do_connect", self._connect)

    def _connect(self, dialect, _record, cargs, cparams):
        args, named = dialect.create_connect_args(self.engine.url)
        cargs[:] = args
        cparams.update(named)

    @contextmanager
    def pointed_at(self, url, folder):
        """The application on a database, as if it were new, within its context."""
        self.engine.url = make_url(url)
        config = self.app.config
        config |= {
            "SQLALCHEMY_DATABASE_URI": url, "DATA_FOLDER": folder,
            "SIGNING_KEY": Path(folder) / "signing_key.pem",
        }
        try:
            with self.app.app_context():
                yield self.app
                db.session.remove()
                self.engine.dispose()
                forget_readings()
        finally:
            config.clear()
            config.update(self.settings)
