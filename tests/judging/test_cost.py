"""What one handed-in sheet asks of the database: every tablet of the hall comes through here at once."""

import pytest
from sqlalchemy import Engine, event

from contest import signals
from contest.audit.chain_models import ChainLink
from contest.audit.chaining import head_now, link_work
from contest.audit.work import Actor, work
from contest.db import db
from tests import factories
from tests.judging.panels import RISK, make_panel
from tests.judging.tablets import made, send

# One of them asks whether its id or order number stands for something else already (docs/protocol.md).
# Two of them write down a device that says nothing of itself, as this one; of any other it is one.
MOST_STATEMENTS = 15


@pytest.fixture
def panel(app):
    return make_panel()


@pytest.fixture
def tablet(app, panel):
    return factories.browser_of(app, db.session.get(factories.User, panel.judges[0].user_id))


@pytest.fixture
def asked():
    """Every statement that is sent to the database, in order."""
    found = []

    def note(_connection, _cursor, statement, *_more):
        found.append(statement)

    event.listen(Engine, "before_cursor_execute", note)
    yield found
    event.remove(Engine, "before_cursor_execute", note)


def test_a_sheet_is_handed_in_with_few_statements_and_holds_the_writers_up_once(tablet, panel, asked):
    sheet_id = panel.sheet().id
    assert send(tablet, sheet_id, made(1, marks=RISK)).status_code == 200
    db.session.rollback()
    del asked[:]

    assert send(tablet, sheet_id, made(2, base_rev=1, kind="submit", marks=RISK)).status_code == 200

    assert asked.count("BEGIN IMMEDIATE") == 1, "the turn to write is taken once"
    assert len(asked) <= MOST_STATEMENTS, asked


def test_the_head_in_the_answer_is_known_although_a_listener_read_and_rolled_back(tablet, panel, asked):
    """It need not be asked for: the transaction that wrote it said it."""
    links = db.session.query(ChainLink).filter_by(contest_id=panel.contest.id)
    heads = []

    def read(_did, contest_id):
        db.session.rollback()
        heads.append(links.order_by(ChainLink.seq.desc()).first().hash.hex())
        db.session.rollback()
        del asked[:]

    with signals.marks_changed.connected_to(read):
        answer = send(tablet, panel.sheet().id, made(1, kind="submit", marks=RISK))

    assert [answer.json["head"]["hash"]] == heads
    assert not [statement for statement in asked if "chain_link" in statement]


def test_a_work_that_failed_leaves_no_head(app, panel):
    """The head of what was rolled back is nobody's."""
    actor = Actor(None, "test")
    with work(actor, "thing.do", contest_id=panel.contest.id):
        pass
    before = head_now(panel.contest.id)
    with pytest.raises(ZeroDivisionError):
        with work(actor, "thing.do", contest_id=panel.contest.id):
            link_work(7, {"contest_id": panel.contest.id, "did": "thing.do"})
            raise ZeroDivisionError

    assert head_now(panel.contest.id) == before
