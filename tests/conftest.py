"""An application with an empty database of its own, and people in every role."""

import os
import shutil
import uuid
from datetime import UTC, datetime

import psycopg
import pytest
from flask_migrate import upgrade

from contest import clock, create_app
from contest.db import about_to_write, db
from tests import factories

def pytest_terminal_summary(terminalreporter):
    """Say plainly what was skipped, and fail where nothing may be (CONTEST_SKIP_NOTHING=1)."""
    skipped = len(terminalreporter.stats.get("skipped", []))
    if skipped and os.environ.get("CONTEST_SKIP_NOTHING") == "1":
        terminalreporter.section("skipped tests are failures here")
        terminalreporter.write_line(f"{skipped} skipped; see the reasons above.", red=True)


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session):
    """Turn skips into a failing exit code where nothing may be skipped."""
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    if reporter is None or os.environ.get("CONTEST_SKIP_NOTHING") != "1":
        return
    if reporter.stats.get("skipped") and session.exitstatus == 0:
        session.exitstatus = 1


NOON = datetime(2026, 11, 23, 4, 0, tzinfo=UTC)  # noon in Shanghai

TEST_SETTINGS = {
    "TESTING": True,
    "SECRET_KEY": "only-for-tests-only-for-tests-only",
    "WTF_CSRF_ENABLED": False,
    "SERVER_NAME": "localhost",
}


@pytest.fixture(scope="session")
def empty_database(tmp_path_factory):
    """An SQLite file with every migration applied, made once and copied for each test."""
    path = tmp_path_factory.mktemp("database") / "empty.sqlite"
    app = create_app(**TEST_SETTINGS, SQLALCHEMY_DATABASE_URI=f"sqlite:///{path}")
    with app.app_context():
        upgrade()
        db.session.remove()
        db.engine.dispose()
    return path


@pytest.fixture
def postgres_url():
    """The address of a PostgreSQL database of this test's own, dropped afterwards."""
    server = os.environ.get("CONTEST_TEST_POSTGRES", "postgres@127.0.0.1:5432")
    name = f"contest_test_{uuid.uuid4().hex}"
    try:
        connection = psycopg.connect(f"postgresql://{server}/postgres", autocommit=True)
    except psycopg.OperationalError:
        pytest.skip(f"PostgreSQL does not answer at {server}, so its tests are skipped")
    with connection:
        connection.execute(f"CREATE DATABASE {name}")
        yield f"postgresql+psycopg://{server}/{name}"
        connection.execute(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture
def app(request, tmp_path):
    """The application on a fresh database, inside an application context; the clock stands at noon.

    SQLite, unless a test asks for `@pytest.mark.parametrize("app", [..., "postgres"], indirect=True)`.
    """
    is_postgres = getattr(request, "param", "sqlite") == "postgres"
    if is_postgres:
        url = request.getfixturevalue("postgres_url")
    else:
        path = tmp_path / "contest.sqlite"
        shutil.copy(request.getfixturevalue("empty_database"), path)
        url = f"sqlite:///{path}"
    app = create_app(**TEST_SETTINGS, SQLALCHEMY_DATABASE_URI=url, DATA_FOLDER=tmp_path)
    clock.stand_still(NOON)
    with app.app_context():
        about_to_write(True)
        if is_postgres:
            upgrade()
        yield app
        db.session.remove()
        db.engine.dispose()
    about_to_write(False)
    clock.stand_still(None)


@pytest.fixture
def client(app):
    """A guest's browser, in English."""
    return app.test_client()


@pytest.fixture
def as_role(app):
    """`as_role("judge", contest)` gives the browser of a person who holds that role there."""

    def open_browser(role, contest=None, user=None):
        user = user or factories.make_user()
        factories.make_grant(user, role, contest)
        return factories.browser_of(app, user)

    return open_browser
