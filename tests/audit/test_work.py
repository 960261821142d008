import pytest
from blinker import Signal
from sqlalchemy import text
from sqlalchemy.exc import DatabaseError

from contest.accounts.models import User
from contest.audit.chain_queries import find_head
from contest.audit.chaining import head_now
from contest.audit.models import TrailRow
from contest.audit.work import Actor, work
from contest.db import db, snapshot
from tests import factories
from tests.conftest import NOON

PROGRAM = Actor(None, "test")


def heard_by(signal):
    heard = []
    signal.connect(lambda did, **facts: heard.append((did, facts)), weak=False)
    return heard


def test_work_saves_and_leaves_one_row(app):
    with work(PROGRAM, "thing.do", subject="it", size=3) as facts:
        facts["learnt"] = "within"

    [row] = db.session.query(TrailRow)
    assert (row.who, row.did, row.subject, row.at) == ("test", "thing.do", "it", NOON)
    assert row.facts == {"size": 3, "learnt": "within"}


def test_listeners_hear_after_the_commit(app):
    signal = Signal()
    heard = heard_by(signal)

    with work(PROGRAM, "thing.do", contest_id=None, tell=signal):
        assert heard == []
    assert heard == [("thing.do", {"contest_id": None})]


def test_a_failure_saves_nothing_and_tells_nobody(app):
    signal, user = Signal(), factories.make_user("Before")
    heard = heard_by(signal)

    with pytest.raises(RuntimeError), work(PROGRAM, "thing.do", tell=signal):
        user.name = "After"
        db.session.flush()
        raise RuntimeError

    assert heard == []
    assert db.session.query(TrailRow).count() == 0
    assert db.session.get(User, user.id).name == "Before"


@pytest.mark.parametrize("statement", ["UPDATE trail SET who = 'nobody'", "DELETE FROM trail"])
def test_the_database_itself_keeps_the_trail(app, statement):
    with work(PROGRAM, "thing.do"):
        pass

    with pytest.raises(DatabaseError, match="append-only"):
        db.session.execute(text(statement))
    db.session.rollback()
    assert db.session.query(TrailRow).one().who == "test"


def test_what_is_only_read_afterwards_does_not_take_the_head_away(app):
    """Listeners read within `snapshot()`, which rolls back, before the door answers with the head."""
    contest_id = factories.make_contest().id
    with work(PROGRAM, "thing.do", contest_id=contest_id):
        pass
    with snapshot():
        first = find_head(contest_id)

    assert head_now(contest_id).seq == first.seq
    with pytest.raises(ZeroDivisionError), work(PROGRAM, "thing.do", contest_id=contest_id):
        db.session.flush()
        raise ZeroDivisionError
    assert head_now(contest_id).hash == first.hash == find_head(contest_id).hash
    with work(PROGRAM, "thing.do", contest_id=contest_id):
        pass
    assert head_now(contest_id).seq == find_head(contest_id).seq == first.seq + 1


def test_the_head_of_a_work_that_could_not_be_committed_is_nobodys(app, monkeypatch):
    contest_id = factories.make_contest().id
    with work(PROGRAM, "thing.do", contest_id=contest_id):
        pass
    first = head_now(contest_id)

    def full(*_):
        raise OSError("no room")

    with monkeypatch.context() as broken, pytest.raises(OSError, match="no room"):
        broken.setattr(db.session, "commit", full)
        with work(PROGRAM, "thing.do", contest_id=contest_id):
            pass

    assert head_now(contest_id) == first == find_head(contest_id)
