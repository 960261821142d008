"""0056 goes back only while nothing that a tablet signed would be lost, and comes again with the guards."""

import pytest
from flask_migrate import downgrade, upgrade
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from contest.audit.chain_queries import check_chain
from contest.db import db, snapshot
from contest.errors import Conflict
from contest.judging.tablet_actions import note_start
from tests import factories
from tests.judging.keyed import KeyedTablet
from tests.judging.panels import RISK, make_panel

BOTH = pytest.mark.parametrize("app", ["sqlite", "postgres"], indirect=True)


@pytest.fixture
def scene(app):
    note_start()
    panel = make_panel()
    user = db.session.get(factories.User, panel.judges[0].user_id)
    tablet = KeyedTablet(factories.browser_of(app, user), user.id)
    tablet.show()
    return panel, tablet


@BOTH
def test_signed_marks_keep_the_database_where_it_is(scene):
    panel, tablet = scene
    assert tablet.send(panel.sheet().id, kind="submit", marks=RISK).status_code == 200
    db.session.remove()

    with pytest.raises(Conflict, match="signed marks"):
        downgrade(revision="0055_head_witnesses")

    assert db.session.execute(text("SELECT signer FROM sheet_revision")).scalar() == tablet.public


@BOTH
def test_unsigned_marks_go_back_and_come_again_with_their_chain_whole(scene):
    panel, tablet = scene
    contest_id = panel.contest.id
    tablet.send(panel.sheet().id, headers={"X-Contest": "1"}, kind="submit", marks=RISK)
    db.session.remove()
    downgrade(revision="0055_head_witnesses")
    upgrade()

    with snapshot():
        assert check_chain(contest_id).is_whole
    db.session.rollback()
    db.session.execute(text(
        "INSERT INTO device_ruling (contest_id, kind, device_id, public, reason, at) "
        "VALUES (:contest, 'admit', 'a', 'b', '', '2026-11-23 04:00:00')"), {"contest": contest_id})
    db.session.commit()
    for statement in ("UPDATE device_ruling SET kind = 'withdraw'", "DELETE FROM device_ruling",
                      "UPDATE sheet_revision SET signer = 'x'"):
        with pytest.raises(DBAPIError):
            db.session.execute(text(statement))
        db.session.rollback()
