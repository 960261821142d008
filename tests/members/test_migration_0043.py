"""0043: erasures of before know no nominations; an earlier contest that stands twice already stays."""

import pytest
from flask_migrate import downgrade, upgrade
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError, IntegrityError

from contest import clock
from contest.db import db
from contest.members.models import Erasure
from contest.registry.archive_models import ArchiveContest
from tests.members.test_erasing_everywhere import BOTH

MORE = text(
    "INSERT INTO archive_contest (name, name_en, held_on, contest_level, authority, document_number, source, "
    "file_name, file_hash, at, withdrawn_reason) VALUES "
    "('竞赛', '', '2019-10-12', '', 'a', 'd', 's', 'f', 'h', '2026-01-01', '')"
)


@pytest.fixture
def before(app):
    """The database as 0042 had it, with an erasure and an earlier contest."""
    db.session.add_all([
        Erasure(human_id=77, mark="m", at=clock.now(), who="管理员", reason="本人书面申请", kept=[]),
        earlier(),
    ])
    db.session.commit()
    db.session.remove()
    downgrade(revision="0042_gates_in_the_chain")


def earlier():
    return ArchiveContest(
        name="竞赛", held_on=clock.now().date().replace(2019, 10, 12), authority="a", document_number="d",
        source="s", file_name="f", file_hash="h", at=clock.now(),
    )


def run(statement):
    db.session.execute(statement)
    db.session.commit()
    db.session.remove()


@BOTH
def test_0043_keeps_erasures_as_they_were_and_nobody_changes_them(app, before):
    upgrade(revision="0043_review")

    # What 0043 knows: later columns are not there yet.
    [row] = db.session.execute(db.select(Erasure.human_id, Erasure.also, Erasure.nomination_ids))
    assert tuple(row) == (77, [], [])
    with pytest.raises(DBAPIError, match="append-only"):
        run(text("UPDATE personal_erasure SET nomination_ids = '[1]'"))
    db.session.rollback()


@BOTH
def test_0043_forbids_a_second_one(app, before):
    upgrade(revision="0043_review")
    with pytest.raises(IntegrityError):
        run(MORE)
    db.session.rollback()
    run(text("UPDATE archive_contest SET withdrawn_at = '2026-01-02'"))
    run(MORE)


@BOTH
def test_0043_leaves_two_that_stand_there_and_forbids_a_third_pair(app, before):
    run(MORE)

    upgrade(revision="0043_review")

    assert db.session.query(ArchiveContest).count() == 2
    db.session.remove()
    run(MORE)  # the first behind the old ones; is_archived refuses it before that on the pages
    with pytest.raises(IntegrityError):
        run(MORE)
    db.session.rollback()


@BOTH
def test_0043_can_be_taken_back(app, before):
    upgrade(revision="0043_review")
    db.session.remove()
    downgrade(revision="0042_gates_in_the_chain")
    run(MORE)
    assert db.session.execute(text("SELECT human_id FROM personal_erasure")).scalar() == 77
