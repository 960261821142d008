"""Figure 55: how old the newest verified copy is, on the desk, within a minute of what was promised."""

from datetime import timedelta

import pytest

from contest import clock
from contest.audit.models import TrailRow
from contest.audit.work import Actor, work
from contest.backups import actions, keeper, queries
from contest.backups.place import place_here
from contest.backups.sqlite_store import SqliteStore
from contest.db import db
from contest.errors import Conflict
from contest.setup.queries import desk_notes
from tests import factories
from tests.conftest import NOON


@pytest.fixture
def contest(app):
    return factories.make_contest()


def at(minutes):
    clock.stand_still(NOON + timedelta(minutes=minutes))


def notes(contest):
    return [note.text % note.params for note in queries.desk_notes(contest.id)]


def fail(monkeypatch):
    def dump(self, to):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(SqliteStore, "dump", dump)


def keep_until(minutes, step=0.25):
    """The keeper looks again and again, as it does in earnest; the moments at which it made a copy."""
    made = []
    start = (clock.now() - NOON) / timedelta(minutes=1)
    for tick in range(int((minutes - start) / step) + 1):
        at(start + tick * step)
        if keeper.keep_once():
            made.append(start + tick * step)
    return made


def test_while_marks_are_taken_no_copy_is_ever_older_than_five_minutes(contest):
    made = keep_until(30, step=0.5)

    assert made[0] == 0
    assert max(b - a for a, b in zip(made, made[1:], strict=False)) <= 5
    assert len(made) <= 8
    assert notes(contest) == []


def test_a_copy_that_grows_old_is_told_within_a_minute(contest):
    keep_until(0)

    at(6)
    assert notes(contest) == []
    at(6.5)
    [told] = notes(contest)
    assert told.startswith("The newest verified copy of the database is 6 minutes old.")
    assert told in [note.text % note.params for note in desk_notes(contest.id)]


@pytest.mark.parametrize(("did", "facts", "waits"), [
    ("results.reopen", {"was": "final"}, True), ("stage.open", {}, True),
    ("contest.step", {"old": "registration", "new": "scoring"}, True),
    ("sheet.reopen", {"old": "review", "new": "scoring"}, True),
    ("sheet.reopen", {"old": "甲", "new": "乙"}, False), ("contest.edit", {}, False),
])
def test_after_a_reopening_an_old_copy_is_no_fault_until_the_next_is_overdue(contest, did, facts, waits):
    keep_until(0)
    at(50)
    with work(Actor(None, "x"), did, contest_id=contest.id, **facts):
        pass

    at(51)
    assert bool(notes(contest)) is not waits
    at(57)
    assert notes(contest)[0].startswith("The newest verified copy of the database is 57 minutes old.")


def test_that_there_is_no_copy_at_all_is_told(contest):
    at(5)
    assert notes(contest) == []
    at(7)
    assert notes(contest) == ["There is no verified copy of the database."]


def test_a_failure_is_told_at_once_with_the_reason_and_tried_again_each_minute(contest, monkeypatch):
    keep_until(0)
    with monkeypatch.context() as broken:
        fail(broken)
        assert keep_until(4) == []
        told = notes(contest)
        assert keep_until(8) == []
        assert len(notes(contest)) == 3

    assert told[0] == "The last try to make a copy of the database failed:"
    assert "(No space left on device)" in told[1]
    # Written down once, not at every try.
    assert db.session.query(TrailRow).filter_by(did="backup.fail").count() == 1
    assert keep_until(10) == [9]
    assert notes(contest) == []


def test_a_copy_made_by_hand_also_settles_it(contest, monkeypatch):
    with monkeypatch.context() as broken:
        fail(broken)
        with pytest.raises(Conflict):
            actions.try_copy(place_here())
    assert notes(contest) != []

    actions.try_copy(place_here())

    assert notes(contest) == []


def test_a_stick_that_was_pulled_out_is_noticed(app, contest, tmp_path):
    app.config["BACKUP_TO"] = str(tmp_path / "stick")
    keep_until(0)
    at(7)
    (tmp_path / "stick").rename(tmp_path / "pocket")

    assert notes(contest) == ["There is no verified copy of the database."]


def test_the_desk_speaks_of_it_only_while_marks_are_taken(app):
    contest = factories.make_contest(state="final")
    at(600)

    assert notes(contest) == []


def test_without_marks_a_copy_is_made_hourly_and_only_when_something_was_done(app):
    factories.make_contest(state="registration")
    made = keep_until(150, step=2)
    with work(Actor(None, "test"), "thing.do"):
        pass
    made += keep_until(180, step=2)

    assert made == [0, 150]


def test_nothing_is_made_on_an_empty_installation(app):
    assert keep_until(10) == []


def test_copies_may_be_switched_off_and_the_desk_says_so(app, contest):
    app.config["BACKUP_MINUTES"] = 0

    assert keep_until(10) == []
    assert notes(contest) == ["No copies of the database are made here (CONTEST_BACKUP_MINUTES is 0)."]


def test_a_chain_that_does_not_hold_is_told(contest, monkeypatch):
    monkeypatch.setattr(queries.Manifest, "is_whole", False)
    keep_until(0)

    assert notes(contest) == ["The newest copy of the database holds a chain that does not hold."]


def test_the_organisers_desk_shows_it(contest, as_role):
    at(8)
    page = as_role("organiser", contest).get(f"/contests/{contest.id}?lang=en")

    assert "There is no verified copy of the database." in page.text
