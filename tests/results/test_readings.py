"""Within one transaction of SQLite the tables are read again only after this transaction wrote something."""

from contest import clock
from contest.db import db
from contest.results import queries
from contest.results.readings import TABLES, Strip
from contest.theory.models import TheoryEntry
from tests.results.scenes import make_scene

ALL = len(TABLES)


def count_readings(monkeypatch):
    asked, real = [], Strip.refresh
    monkeypatch.setattr(Strip, "refresh", lambda self: asked.append(self) or real(self))
    return asked


def paper_of(scene):
    return queries.standings(scene.contest.id).rows[0].modules["paper"].text


def add_score(scene, units):
    db.session.add(TheoryEntry(
        contest_id=scene.contest.id, module_key="paper", entrant_id=scene.entrants[0].id, units=units,
        state="scored", source="test", at=clock.now(),
    ))


def test_what_nobody_can_have_changed_is_not_read_again(app, monkeypatch):
    scene = make_scene(2)
    asked = count_readings(monkeypatch)

    assert paper_of(scene) is None
    first = len(asked)
    assert paper_of(scene) is None
    again = len(asked)
    db.session.commit()
    assert paper_of(scene) is None

    # What reads the contest's rows after a commit begins a transaction of its own; SQLite holds it still.
    assert (first, again, len(asked)) == (ALL, ALL, 2 * ALL)


def test_what_waits_in_the_session_is_written_and_read(app):
    scene = make_scene(2)
    assert paper_of(scene) is None

    add_score(scene, 800_000)
    assert paper_of(scene) == "80.00"

    db.session.rollback()
    assert paper_of(scene) is None


def test_what_was_taken_back_within_a_transaction_is_not_believed(app):
    scene = make_scene(2)
    assert paper_of(scene) is None

    inner = db.session.begin_nested()
    add_score(scene, 800_000)
    assert paper_of(scene) == "80.00"
    inner.rollback()

    assert paper_of(scene) is None


def test_what_another_connection_committed_is_seen_by_the_next_transaction(app):
    scene = make_scene(2)
    contest_id, entrant_id = scene.contest.id, scene.entrants[0].id
    assert paper_of(scene) is None
    db.session.commit()

    with db.engine.begin() as other:
        other.execute(TheoryEntry.__table__.insert().values(
            contest_id=contest_id, module_key="paper", entrant_id=entrant_id, units=800_000, state="scored",
            source="test", at=clock.now(),
        ))

    assert paper_of(scene) == "80.00"
