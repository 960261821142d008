"""0037: what 0036 kept of papers, stories and files of appeals is there afterwards, and can be emptied."""

import pytest
from flask_migrate import downgrade, upgrade
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError, IntegrityError

from contest import clock
from contest.db import db
from contest.members.models import Erasure
from contest.review.models import Appeal, AppealFile
from contest.selection.models import Story
from tests import factories
from tests.members.test_erasing_everywhere import BOTH, nominate

TABLES = ("unit_nomination", "unit_nomination_file", "condition_verdict", "selection_story", "appeal_file",
          "personal_erasure")
EMPTIES = {
    "unit_nomination_file": "content = NULL, name = ''", "appeal_file": "content = NULL, name = ''",
    "condition_verdict": "reason = '', rule_said = '{}'", "selection_story": "title = '', words = ''",
}


@pytest.fixture
def before(app):
    """The database as 0036 had it, with a row in each table that 0037 touches; {table: its rows}."""
    contest = factories.make_contest(state="final")
    entrant = factories.make_entrant(contest, "杨守山")
    nominate(contest, human=entrant.human, entrant=entrant, state="admitted")
    appeal = Appeal(contest_id=contest.id, stage="final", number=1, receipt="R1", ground="other",
                    text="请复核", entrant_id=entrant.id, door="entrant", filed_at=clock.now())
    db.session.add(appeal)
    db.session.flush()
    db.session.add_all([
        AppealFile(appeal_id=appeal.id, number=1, name="诊断.pdf", ending="pdf", size=3, sha256="0" * 64,
                   content=b"abc"),
        Story(contest_id=contest.id, entrant_id=entrant.id, title="守林", text="一天", at=clock.now()),
        Erasure(human_id=77, mark="m", at=clock.now(), who="管理员", reason="本人书面申请", kept=[]),
    ])
    db.session.commit()
    db.session.remove()
    downgrade(revision="0036_nominations")
    return {name: rows(name) for name in TABLES}


def rows(name):
    found = [dict(row) for row in db.session.execute(text(f"SELECT * FROM {name} ORDER BY id")).mappings()]
    db.session.rollback()
    return found


def run(statement):
    db.session.execute(text(statement))
    db.session.commit()


@BOTH
def test_0036_let_nothing_of_it_be_erased(app, before):
    for name, empties in EMPTIES.items():
        with pytest.raises((DBAPIError, IntegrityError)):
            run(f"UPDATE {name} SET {empties}")
        db.session.rollback()


@BOTH
def test_0037_keeps_every_row_and_lets_it_be_emptied_alone(app, before):
    upgrade(revision="0037_erasable")

    added = {"unit_nomination": {"erased_at": None}, "personal_erasure": {"nomination_id": None}}
    for name, kept in before.items():
        after = rows(name)
        for row in after if name == "personal_erasure" else ():
            assert row.pop("also_ids") in ([], "[]")
        assert after == [{**row, **added.get(name, {})} for row in kept] and after, name
    for name, empties in EMPTIES.items():
        for refused in (f"UPDATE {name} SET id = id + 1", f"DELETE FROM {name}"):
            with pytest.raises(DBAPIError, match="append-only"):
                run(refused)
            db.session.rollback()
        run(f"UPDATE {name} SET {empties}")
    assert rows("appeal_file")[0]["content"] is None


@BOTH
def test_0037_can_be_taken_back_also_with_emptied_rows(app, before):
    upgrade(revision="0037_erasable")
    for name, empties in EMPTIES.items():
        run(f"UPDATE {name} SET {empties}")
    db.session.remove()

    downgrade(revision="0036_nominations")

    assert {name: len(rows(name)) for name in TABLES} == dict.fromkeys(TABLES, 1)
    assert bytes(rows("appeal_file")[0]["content"]) == b""
    with pytest.raises(DBAPIError, match="append-only"):
        run("UPDATE appeal_file SET name = ''")
