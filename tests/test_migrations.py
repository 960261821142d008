"""Each migration, taken from the state of the release before it with data in it."""

import pytest
from flask_migrate import downgrade, upgrade
from sqlalchemy import inspect, text
from sqlalchemy.exc import DBAPIError, IntegrityError

from contest.db import db
from contest.people.models import Entrant
from tests import factories

BOTH = pytest.mark.parametrize("app", ["sqlite", "postgres"], indirect=True)


def run(statement, **values):
    """One statement in a transaction of its own; its rows, where it has any."""
    result = db.session.execute(text(statement), values)
    rows = result.mappings().all() if result.returns_rows else []
    db.session.commit()
    return rows


@pytest.fixture
def released(app):
    """The database as 0001 left it, with a contest that was marked: an entrant, a penalty, a score."""
    contest, entrants = factories.make_marked_contest({"钟一": ("80", "9.5"), "华二": ("90", "8")})
    found = {"contest": contest.id, "entrant": entrants["钟一"].id}
    db.session.remove()
    downgrade(revision="0001")
    run(
        "INSERT INTO penalty (contest_id, entrant_id, scope, units, reason, at) "
        "VALUES (:contest, :entrant, 'risk', 10000, 'late', '2026-11-23 04:00:00+00:00')", **found,
    )
    return found


@BOTH
def test_0002_keeps_everybody_and_every_mark(app, released):
    tables = ("entrant", "human", "sheet", "sheet_revision", "theory_entry", "penalty")
    before = {name: run(f"SELECT * FROM {name} ORDER BY id") for name in tables}
    assert "room" not in before["entrant"][0]

    upgrade(revision="0002")

    after = {name: run(f"SELECT * FROM {name} ORDER BY id") for name in tables}
    known = ("id", "number", "human_id", "organisation_id", "check_in_token")
    assert [[row[key] for key in known] for row in after["entrant"]] == [
        [row[key] for key in known] for row in before["entrant"]
    ]
    assert {name: after[name] for name in tables[1:]} == {
        name: before[name] for name in tables[1:]
    }
    entrant = db.session.get(Entrant, released["entrant"])
    assert (entrant.room, entrant.titles) == ("", [])


@BOTH
def test_0002_still_refuses_to_change_what_was_append_only(app, released):
    upgrade(revision="0002")

    with pytest.raises(DBAPIError, match="append-only"):
        run("UPDATE penalty SET units = 0")


@BOTH
@pytest.mark.parametrize("statement", [
    "UPDATE recorded_figure SET units = 0", "DELETE FROM recorded_figure",
])
def test_a_recorded_figure_never_changes(app, released, statement):
    upgrade(revision="0002")
    run(
        "INSERT INTO recorded_figure (contest_id, entrant_id, kind, key, units, reason, at) "
        "VALUES (:contest, :entrant, 'data', 'draw', 30000, '', '2026-11-23 04:00:00+00:00')",
        **released,
    )

    with pytest.raises(DBAPIError, match="append-only"):
        run(statement)


@BOTH
def test_a_recorded_figure_is_of_a_known_kind(app, released):
    upgrade(revision="0002")

    with pytest.raises(IntegrityError):
        run(
            "INSERT INTO recorded_figure (contest_id, entrant_id, kind, key, units, reason, at) "
            "VALUES (:contest, :entrant, 'mood', 'draw', 1, '', '2026-11-23 04:00:00+00:00')",
            **released,
        )


@BOTH
def test_0002_can_be_taken_back(app, released):
    upgrade(revision="0002")
    db.session.remove()

    downgrade(revision="0001")

    assert "recorded_figure" not in inspect(db.engine).get_table_names()
    columns = {column["name"] for column in inspect(db.engine).get_columns("entrant")}
    assert not {"room", "titles"} & columns
    assert len(run("SELECT id FROM sheet_revision")) == 4
