"""0052: appeals say which announced revision they are about, and stay one for each; and the way back."""

import pytest
from flask_migrate import downgrade, upgrade
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from contest.audit.chain_queries import check_chain
from contest.db import db
from contest.errors import Conflict
from contest.review import appeal_actions
from contest.review.models import Appeal
from tests.review.scene import provisional
from tests.review.test_appeals import WORDS

BOTH = pytest.mark.parametrize("app", ["sqlite", "postgres"], indirect=True)
BEFORE = "0051_returned"


@pytest.fixture
def filed(app):
    """Two appeals, one from before anything was published again, as the release before kept them."""
    review = provisional()
    review.announce()
    review.file()
    review.file("华二", files=[("证据.pdf", b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n")])
    return review


def there_and_back():
    db.session.remove()
    downgrade(revision=BEFORE)
    db.session.remove()
    upgrade()


@BOTH
def test_every_appeal_stays_with_its_file_and_is_still_the_only_one_of_its_matter(filed):
    contest_id = filed.contest.id
    there_and_back()
    assert [(one.number, one.revision) for one in db.session.query(Appeal).order_by(Appeal.id)] == [
        (1, 1), (2, 1)
    ]
    assert db.session.scalar(text("SELECT count(*) FROM appeal_file")) == 1
    assert not check_chain(contest_id).problems
    with pytest.raises(DBAPIError):
        db.session.execute(text(
            "INSERT INTO appeal (contest_id, stage, number, receipt, entrant_id, module_key, ground, text, "
            "instance, revision, door, filed_at, outcome, decision) SELECT contest_id, stage, 9, 'X', "
            "entrant_id, module_key, ground, text, instance, revision, door, filed_at, '', '' FROM appeal "
            "WHERE number = 1"
        ))
    db.session.rollback()


@BOTH
def test_there_is_no_way_back_once_a_reason_is_kept_or_a_matter_has_two_appeals(filed):
    [first, second] = db.session.query(Appeal).order_by(Appeal.id)
    second.entrant_id, second.revision = first.entrant_id, 2
    db.session.commit()
    db.session.remove()
    with pytest.raises(Conflict, match="matters: 1"):
        downgrade(revision=BEFORE)


@BOTH
def test_nor_once_a_reason_is_kept_which_nobody_changes(filed):
    first = db.session.query(Appeal).order_by(Appeal.id).first()
    appeal_actions.decide_appeal(
        filed.actor("supervisor"), filed.contest.id, first.id, "upheld", WORDS, "仅作提醒。"
    )
    for statement in ("UPDATE unchanged_reason SET reason = 'x'", "DELETE FROM unchanged_reason"):
        with pytest.raises(DBAPIError, match="append-only"):
            db.session.execute(text(statement))
        db.session.rollback()
    db.session.remove()
    with pytest.raises(Conflict, match="links of the chain: 1"):
        downgrade(revision=BEFORE)
