"""What the database itself promises, on SQLite and on PostgreSQL."""

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from flask_migrate import downgrade, upgrade
from sqlalchemy import inspect, text
from sqlalchemy.exc import DBAPIError, IntegrityError

from contest import clock
from contest.audit.models import TrailRow
from contest.audit.work import Actor, work
from contest.db import Base, db
from contest.judging.models import Sheet, SheetRevision
from contest.people.models import StateEvent
from contest.registry.models import Craftsman
from contest.results.actions import propose_reopening
from contest.results.queries import find_latest_sheet, find_reopening
from contest.signals import marks_changed
from tests import factories

BOTH = pytest.mark.parametrize("app", ["sqlite", "postgres"], indirect=True)


def make_revision(**values):
    contest = factories.make_contest()
    judge = factories.make_judge(contest)
    sheet = Sheet(
        contest_id=contest.id, module_key="risk", entrant_id=factories.make_entrant(contest).id,
        judge_id=judge.id, seat=1,
    )
    db.session.add(sheet)
    db.session.flush()
    version = db.session.execute(text("SELECT id FROM plan_version")).scalar()
    values = {
        "contest_id": contest.id, "sheet_id": sheet.id, "op_id": "op-1", "fingerprint": "f" * 64,
        "rev": 1, "base_rev": 0, "kind": "submit", "marks": {"A1": "9.5"},
        "plan_version_id": version, "at": contest.created_at, **values,
    }
    db.session.add(SheetRevision(**values))
    db.session.commit()
    return values


@BOTH
def test_the_migrations_make_exactly_the_tables_of_the_models(app):
    with db.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        differences = compare_metadata(context, Base.metadata)

    assert differences == []


@BOTH
def test_going_back_leaves_nothing_and_forward_again_everything(app):
    db.session.remove()
    downgrade(revision="base")
    assert set(inspect(db.engine).get_table_names()) <= {"alembic_version"}

    upgrade()

    assert set(Base.metadata.tables) <= set(inspect(db.engine).get_table_names())


@BOTH
def test_an_installation_of_the_last_release_keeps_its_results_and_can_take_them_back(app):
    contest = factories.make_contest(state="final")
    factories.make_result_sheet(contest)
    contest_id, stage = contest.id, contest.stage
    keeps, loses = (factories.make_honour(level="技术能手") for _ in range(2))
    for honour, state in ((keeps, "listed"), (loses, "revoked")):
        honour.state, honour.craftsman.level = state, "技术能手"
    db.session.commit()
    people = [keeps.craftsman_id, loses.craftsman_id]
    db.session.remove()
    downgrade(revision="0001")
    assert "reopening" not in inspect(db.engine).get_table_names()

    upgrade()

    assert find_latest_sheet(contest_id, stage).kind == "final"
    assert [db.session.get(Craftsman, one).level for one in people] == ["技术能手", ""]
    propose_reopening(Actor(None, "Petra"), contest_id, "appeal upheld")
    assert find_reopening(contest_id).reason == "appeal upheld"


@BOTH
@pytest.mark.parametrize("statement", ["UPDATE {} SET id = id", "DELETE FROM {}"])
@pytest.mark.parametrize("table", ["sheet_revision", "trail", "state_event"])
def test_the_database_refuses_to_change_what_is_append_only(app, table, statement):
    values = make_revision()
    db.session.add(StateEvent(
        contest_id=values["contest_id"], entrant_id=db.session.query(Sheet.entrant_id).scalar(),
        state="absent", reason="ill", at=values["at"],
    ))
    with work(Actor(None, "test"), "test.row"):
        pass

    with pytest.raises(DBAPIError, match="append-only"):
        db.session.execute(text(statement.format(table)))


@BOTH
def test_a_second_revision_with_the_same_number_is_refused(app):
    values = make_revision()

    db.session.add(SheetRevision(**{**values, "op_id": "op-2"}))

    with pytest.raises(IntegrityError):
        db.session.commit()


@BOTH
def test_the_same_operation_is_stored_once(app):
    values = make_revision(kind="draft")

    db.session.add(SheetRevision(**{**values, "rev": 2, "base_rev": 1}))

    with pytest.raises(IntegrityError):
        db.session.commit()


@BOTH
@pytest.mark.parametrize(("before", "after"), [
    ("submit", "submit"), ("submit", "draft"), ("submit", "resubmit"), ("confirm", "submit"),
    ("resubmit", "submit"), ("excuse", "draft"), ("submit", "confirm"), ("draft", "confirm"),
    ("reopen", "confirm"),
])
def test_what_is_handed_in_is_followed_by_the_chiefs_acts_alone(app, before, after):
    made = {
        "confirm": ("submit", "reopen", "resubmit", "confirm"), "reopen": ("submit", "reopen"),
        "resubmit": ("submit", "reopen", "resubmit"),
    }.get(before, (before,))
    values = make_revision(kind=made[0])
    for number, kind in enumerate((*made[1:], after), 2):
        row = SheetRevision(**{
            **values, "rev": number, "base_rev": number - 1, "kind": kind, "op_id": f"op-{number}",
        })
        db.session.add(row)
        if number <= len(made):
            db.session.commit()

    with pytest.raises(DBAPIError, match="closed"):
        db.session.commit()


@BOTH
@pytest.mark.parametrize("column", ["module_key", "entrant_id", "seat", "contest_id"])
def test_a_sheet_keeps_module_entrant_and_seat(app, column):
    make_revision()

    with pytest.raises(DBAPIError, match="keeps its module, entrant and seat"):
        db.session.execute(text(f"UPDATE sheet SET {column} = {column}"))


@BOTH
def test_a_revision_follows_the_one_it_was_based_on(app):
    with pytest.raises(DBAPIError, match="follows the one before"):
        make_revision(rev=3, base_rev=1)


def test_every_connection_to_sqlite_is_durable(app):
    with db.engine.connect() as connection:
        assert connection.execute(text("PRAGMA synchronous")).scalar() == 2
        assert connection.execute(text("PRAGMA journal_mode")).scalar() == "wal"
        assert connection.execute(text("PRAGMA foreign_keys")).scalar() == 1


@BOTH
def test_a_piece_of_work_that_fails_leaves_nothing_and_tells_nobody(app):
    heard = []

    def listen(did, **_facts):
        heard.append(did)

    with marks_changed.connected_to(listen):
        with pytest.raises(ZeroDivisionError):
            with work(Actor(None, "x"), "test.fails", tell=marks_changed):
                db.session.add(
                    TrailRow(at=clock.now(), who="x", did="y", subject="", facts={})
                )
                raise ZeroDivisionError
        with work(Actor(None, "x"), "test.works", tell=marks_changed):
            pass

    assert db.session.execute(text("SELECT count(*) FROM trail")).scalar() == 1
    assert heard == ["test.works"]
