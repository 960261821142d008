"""An application with an empty database of its own, and people in every role."""

import gc
import os
import shutil
import uuid
from datetime import UTC, datetime
from pathlib import Path

import psycopg
import pytest
from flask import Flask
from flask_migrate import upgrade
from jinja2 import BytecodeCache
from sqlalchemy import event
from werkzeug.routing import Rule

from contest import clock, create_app
from contest.api import limits
from contest.db import about_to_write, db
from tests import factories
from tests.long import is_long, with_twins
from tests.shared_app import SharedApp

MEMORY = Path("/dev/shm")
# Tests read what commands say in English, on whatever machine they run: with no language stated, or with a
# Chinese one, a terminal is spoken to in Chinese.
for name in ("LC_ALL", "LC_MESSAGES"):
    os.environ.pop(name, None)
os.environ["LANG"] = "C.UTF-8"
# All tests of a process are one caller from one address; tests/api/test_limits.py has limits of its own.
limits.LIMITS.update(limits.new_limits(dict.fromkeys(limits.MOST, 10**9)))


@pytest.hookimpl(tryfirst=True)
def pytest_configure(config):
    """Put the tests' databases into memory: each commit waits for the disk, a third of the whole run.

    Not in the soak, which is about disks, nor where somebody has said a folder.
    """
    is_worker = hasattr(config, "workerinput")
    wanted = config.option.basetemp is None and os.environ.get("CONTEST_SOAK") != "1"
    if is_worker or not wanted or not os.access(MEMORY, os.W_OK):
        return
    if shutil.disk_usage(MEMORY).free > 4 * 2**30:
        config.option.basetemp = str(MEMORY / f"contest-tests-{os.getpid()}")
        config.add_cleanup(lambda: shutil.rmtree(config.option.basetemp, ignore_errors=True))


def pytest_collection_modifyitems(config, items):
    """Mark what `make test` leaves to `make test-long`."""
    twins = with_twins({item.nodeid for item in items})
    for item in items:
        if item.nodeid in twins or is_long(item.path.relative_to(config.rootpath)):
            item.add_marker(pytest.mark.long)


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


_compile_builder, _builders = Rule._compile_builder, {}


def _compile_builder_once(rule, append_unknown=True):
    """Nine tenths of `create_app` go into compiling the same addresses, anew for each test."""
    if rule.defaults:
        return _compile_builder(rule, append_unknown)
    key = (*rule._trace, append_unknown)
    if key not in _builders:
        _builders[key] = _compile_builder(rule, append_unknown)
    return _builders[key]


Rule._compile_builder = _compile_builder_once


class _CompiledTemplates(BytecodeCache):
    """Templates compiled once for all applications of this process, not once for each test."""

    def __init__(self):
        self.code = {}

    def get_bucket(self, environment, name, filename, source):
        return super().get_bucket(environment, f"{environment.language}:{name}", filename, source)

    def load_bytecode(self, bucket):
        if bucket.key in self.code:
            bucket.bytecode_from_string(self.code[bucket.key])

    def dump_bytecode(self, bucket):
        self.code[bucket.key] = bucket.bytecode_to_string()


# Each test's application is thousands of objects that refer to each other: a fifth of the whole run
# went into looking through them again and again.
gc.set_threshold(20_000, 10, 10)

Flask.jinja_options = {**Flask.jinja_options, "bytecode_cache": _CompiledTemplates()}

NOON = datetime(2026, 11, 23, 4, 0, tzinfo=UTC)  # noon in Shanghai

POSTGRES = os.environ.get("CONTEST_TEST_POSTGRES", "postgres@127.0.0.1:5432")
ENGINE = os.environ.get("CONTEST_TEST_ENGINE", "sqlite")

TEST_SETTINGS = {
    "TESTING": True,
    "SECRET_KEY": "only-for-tests-only-for-tests-only",
    "CODES_KEY": "only-for-tests-only-for-codes-only",
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


def _postgres():
    """A connection to the server that tests make their own databases on; None when none answers."""
    try:
        return psycopg.connect(f"postgresql://{POSTGRES}/postgres", autocommit=True)
    except psycopg.OperationalError:
        return None


@pytest.fixture(scope="session")
def postgres_template():
    """The name of a migrated PostgreSQL database, copied for each test and dropped at the end."""
    connection = _postgres()
    if connection is None:
        pytest.skip(f"PostgreSQL does not answer at {POSTGRES}, so its tests are skipped")
    name = f"contest_template_{uuid.uuid4().hex}"
    with connection:
        connection.execute(f"CREATE DATABASE {name}")
        url = f"postgresql+psycopg://{POSTGRES}/{name}"
        app = create_app(**TEST_SETTINGS, SQLALCHEMY_DATABASE_URI=url)
        with app.app_context():
            upgrade()
            db.session.remove()
            db.engine.dispose()
        yield name
        connection.execute(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture
def postgres_url(postgres_template):
    """The address of a migrated PostgreSQL database of this test's own, dropped afterwards."""
    name = f"contest_test_{uuid.uuid4().hex}"
    with _postgres() as connection:
        connection.execute(f"CREATE DATABASE {name} TEMPLATE {postgres_template}")
        yield f"postgresql+psycopg://{POSTGRES}/{name}"
        connection.execute(f"DROP DATABASE {name} WITH (FORCE)")


_shared = {}


@pytest.fixture
def app(request, tmp_path):
    """The application on a fresh database, inside an application context; the clock stands at noon.

    SQLite, unless a test asks for `@pytest.mark.parametrize("app", [..., "postgres"], indirect=True)`
    or the whole run does (CONTEST_TEST_ENGINE=postgres).
    """
    is_postgres = getattr(request, "param", ENGINE) == "postgres"
    if is_postgres:
        url = request.getfixturevalue("postgres_url")
    else:
        path = tmp_path / "contest.sqlite"
        shutil.copy(request.getfixturevalue("empty_database"), path)
        url = f"sqlite:///{path}"
    if is_postgres not in _shared:
        _shared[is_postgres] = SharedApp(url, TEST_SETTINGS)
    clock.stand_still(NOON)
    with _shared[is_postgres].pointed_at(url, tmp_path) as app:
        about_to_write(True)
        yield app
    about_to_write(False)
    clock.stand_still(None)


@pytest.fixture
def listen(app):
    """`listen(target, name, function)` is SQLAlchemy's event.listen for this test alone."""
    begun = []

    def begin(*what):
        event.listen(*what)
        begun.append(what)

    yield begin
    for what in begun:
        event.remove(*what)


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
