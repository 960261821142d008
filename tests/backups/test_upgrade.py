"""Figure 56, last part: an older database is taken over only while nobody works on it."""

import subprocess
import sys

import psycopg
import pytest
from flask_migrate import downgrade
from sqlalchemy import create_engine, text

from contest import serving
from contest.audit.chain_queries import check_chain
from contest.audit.models import TrailRow
from contest.backups import postgres_store, proof
from contest.db import about_to_write, db
from tests import factories
from tests.ports import free_port
from tests.test_serving import environment, wait_for  # noqa: F401

BOTH = pytest.mark.parametrize("app", ["sqlite", "postgres"], indirect=True)
OLD = "0027_paper_check"
REASON = "a judge's device shows a wrong total"


@pytest.fixture
def type_in(app, monkeypatch):
    """`type_in("init")` types a command in an English terminal; gives click's result."""
    monkeypatch.setenv("LC_ALL", "en_GB.UTF-8")
    runner = app.test_cli_runner()
    return lambda *words: runner.invoke(args=list(words))


def make_old(state):
    """A contest in that state, on tables of an earlier version; its slug and id."""
    contest = factories.make_contest()
    contest.state = state
    found = contest.slug, contest.id
    db.session.commit()
    db.session.remove()
    downgrade(revision=OLD)
    db.session.remove()
    db.engine.dispose()
    return found


def revision():
    db.session.remove()
    return proof.revision()


def took_over():
    return db.session.query(TrailRow).filter_by(did="database.take_over").order_by(TrailRow.id).all()


@BOTH
def test_while_a_contest_is_scored_it_is_refused_and_nothing_changes(type_in):
    slug, _ = make_old("scoring")

    answer = type_in("init")

    assert answer.exit_code == 1
    assert str(answer.exception) == (
        f"Marks are being taken: {slug}. Take the database over before or after; if it must be now, say "
        "why: contest init --despite-scoring REASON."
    )
    assert revision() == OLD


@BOTH
def test_with_a_reason_it_is_done_and_the_contests_chain_keeps_why(type_in):
    _, contest_id = make_old("scoring")

    answer = type_in("init", "--despite-scoring", REASON)

    assert answer.exit_code == 0, answer.output
    assert f"The database was taken over from {OLD}." in answer.output
    assert [(row.contest_id, row.facts["old"], row.facts["reason"]) for row in took_over()] == [
        (contest_id, OLD, REASON), (None, OLD, REASON),
    ]
    assert check_chain(contest_id).is_whole


@pytest.mark.parametrize("state", ["setup", "registration", "review", "final", "archived"])
def test_otherwise_it_is_done_and_stands_in_the_trail(type_in, state):
    make_old(state)

    answer = type_in("init")

    assert answer.exit_code == 0, answer.output
    [row] = took_over()
    assert (row.contest_id, row.facts["old"], "reason" in row.facts) == (None, OLD, False)


def test_a_database_of_this_version_needs_nobody_to_go(type_in):
    factories.make_contest().state = "scoring"
    db.session.commit()

    assert type_in("init").exit_code == 0
    assert took_over() == []


def test_of_the_oldest_tables_it_is_known_whether_a_contest_is_scored(type_in):
    slug, _ = make_old("scoring")
    downgrade(revision="0001")

    assert slug in str(type_in("init").exception)


def contest(variables, *words):
    return subprocess.run(
        [sys.executable, "-m", "contest", *words], env={**variables, "LC_ALL": "en_GB.UTF-8"},
        cwd=serving.STATIC.parent, capture_output=True, text=True, check=False,
    )


@BOTH
def test_real_servers_and_a_database_of_another_version(app, environment):  # noqa: F811
    make_old("setup")
    about_to_write(False)
    port = free_port()

    # An office that is started on it, however, says the sentence and ends.
    old = subprocess.run(
        [sys.executable, "-m", "contest.serving", "office", "127.0.0.1", str(port), "1", "4"],
        env={**environment, "LC_ALL": "en_GB.UTF-8"}, cwd=serving.STATIC.parent, capture_output=True,
        text=True, check=False,
    )
    assert old.returncode == 1
    assert old.stderr.strip().endswith("by an earlier version; run contest init to take it over.")

    assert contest(environment, "init", "--no-code").returncode == 0
    child = serving.start_office("127.0.0.1", port, environment=environment)
    try:
        wait_for(port, "/sign-in")
        # The office that serves was of another version: so the database looks to this program.
        with db.engine.begin() as connection:
            connection.execute(text("UPDATE alembic_version SET version_num = :old"), {"old": OLD})
        db.engine.dispose()
        refused = contest(environment, "init", "--no-code")
    finally:
        serving.stop([child])
    assert refused.returncode == 1
    assert refused.stderr.strip() == "Error: The server runs on these data; stop it first."

    with db.engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = 'of_the_future'"))
    db.engine.dispose()
    later = contest(environment, "serve", "--port", str(port))
    assert later.returncode == 2
    assert later.stderr.strip().endswith("was made by a later version of this program.")


@BOTH
def test_a_program_that_has_the_database_open_keeps_it_from_being_taken_over(type_in):
    make_old("setup")
    other = create_engine(db.engine.url)
    with other.connect() as connection:
        connection.execute(text("SELECT count(*) FROM contest"))
        answer = type_in("init")
    other.dispose()

    assert str(answer.exception) == "A program is using the database; end it first."
    assert revision() == OLD
    db.session.remove()
    assert type_in("init").exit_code == 0


@pytest.mark.parametrize("app", ["postgres"], indirect=True)
def test_whoever_is_just_going_keeps_nobody_from_taking_over(type_in, monkeypatch):
    """PostgreSQL still counts a connection for a moment after it was closed."""
    make_old("setup")
    other = create_engine(db.engine.url)
    connection, waited = other.connect(), []
    connection.execute(text("SELECT count(*) FROM contest"))

    def go(seconds):
        waited.append(seconds)
        connection.close()
        other.dispose()

    monkeypatch.setattr(postgres_store, "wait", go)
    answer = type_in("init")

    assert answer.exit_code == 0, answer.output
    assert waited


@pytest.mark.parametrize("app", ["postgres"], indirect=True)
def test_postgresqls_own_workers_are_no_programs_that_use_the_database(type_in):
    make_old("setup")
    name = str(db.engine.url.render_as_string(False)).replace("postgresql+psycopg", "postgresql")
    with psycopg.connect(f"{name}?replication=database", autocommit=True):
        answer = type_in("init")

    assert answer.exit_code == 0, answer.output
