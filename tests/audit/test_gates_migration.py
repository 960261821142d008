"""0042: appeals, notices, checks and signatures that stood before come into the chain; no gap any more."""

import pytest
import sqlalchemy as sa
from flask_migrate import downgrade, upgrade
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from contest import clock
from contest.audit.chain_queries import links_of
from contest.audit.work import work
from contest.checks.models import ReviewDraw, SheetCheck, Signature
from contest.db import db
from contest.errors import Conflict
from contest.judging.models import Sheet
from contest.review.models import Appeal, Notice, NoticeChange, Objection, StatedMoment
from tests import factories
from tests.audit.tampering import findings, make_chain
from tests.audit.test_chain_rows import SOMEBODY, is_found

BOTH = pytest.mark.parametrize("app", ["sqlite", "postgres"], indirect=True)
GAP = text("""
    INSERT INTO sheet_revision (contest_id, sheet_id, op_id, fingerprint, rev, base_rev, kind, marks,
                                plan_version_id, reason, device, device_id, at)
    SELECT contest_id, sheet_id, 'forged', '', 7, 6, 'submit', marks, plan_version_id, '', '', '', at
    FROM sheet_revision WHERE rev = 1 LIMIT 1
""")


@pytest.fixture
def released(app):
    """The database as 0041 left it: a contest with a chain, and gates of which no link knows; its id."""
    contest_id = make_chain(2)
    contest = db.session.get(factories.Contest, contest_id)
    result_sheet = factories.make_result_sheet(contest)
    entrant, user = factories.make_entrant(contest), factories.make_user("signer")
    sheet = db.session.query(Sheet).filter_by(contest_id=contest_id).first()
    with work(SOMEBODY, "thing.do", contest_id=contest_id):
        pass
    ids = {"sheet": sheet.id, "result": result_sheet.id, "entrant": entrant.id, "user": user.id}
    db.session.remove()
    downgrade(revision="0041_signatures")
    for table, values in gates(contest_id, ids):
        # Past the ORM, as the release before wrote them: without a link, or a column that came later.
        then = sa.table(table.name, *(sa.column(one.name, one.type) for one in table.c if one.name in values))
        db.session.execute(then.insert(), values)
    db.session.commit()
    db.session.remove()
    return contest_id


def gates(contest_id, ids):
    now = {"contest_id": contest_id, "stage": "final", "at": clock.now()}
    filed = {"filed_at": now["at"], "door": "entrant", "ground": "scoring", "text": "words", "instance": 1}
    return [(model.__table__, values) for model, values in (
        (StatedMoment, now | {"kind": "results", "ends_at": now["at"], "module_key": "", "note": ""}),
        (Notice, now | {"id": 5, "number": 1, "result_sheet_id": ids["result"], "days": 3,
                        "ends_at": now["at"], "list_rows": [{"number": "1"}], "list_hash": "h"}),
        (NoticeChange, {"notice_id": 5, "kind": "extended", "days": 1, "ends_at": now["at"], "reason": "r",
                        "at": now["at"]}),
        (Appeal, {"contest_id": contest_id, "stage": "final", "number": 1, "receipt": "R", **filed,
                  "entrant_id": ids["entrant"], "module_key": "", "outcome": "", "decision": ""}),
        (Objection, {"contest_id": contest_id, "notice_id": 5, "number": 1, "receipt": "O", "name": "n",
                     "contact": "c", "text": "t", "at": now["at"], "outcome": "", "decision": ""}),
        (ReviewDraw, now | {"seed": "s", "top": [1], "drawn": []}),
        (SheetCheck, {"contest_id": contest_id, "at": now["at"], "sheet_id": ids["sheet"], "rev": 1,
                      "agrees": True, "note": ""}),
        (Signature, now | {"role": "judge", "module_key": "", "sheets": {}, "by_id": ids["user"]}),
    )]


@BOTH
def test_0042_takes_in_what_stands_there_and_says_how_much(app, released):
    before = [row.kind for row in links_of(released)]
    db.session.remove()

    upgrade()

    kinds = [row.kind for row in links_of(released)]
    assert kinds[:len(before)] == before
    assert sorted(kinds[len(before):]) == sorted([
        "stated_moment", "notice", "notice_change", "appeal", "objection", "review_draw", "sheet_check",
        "signature", "found",
    ])
    found = findings(released)
    assert found.is_whole
    assert found.found == (len(kinds), 8)
    for table in ("appeal", "objection", "notice", "notice_change", "stated_moment", "signature"):
        assert is_found(released, table, f"DELETE FROM {table}"), table


@BOTH
def test_0042_forbids_the_gap_that_0041_took(app, released):
    db.session.execute(GAP)
    db.session.rollback()
    db.session.remove()

    upgrade()

    with pytest.raises(DBAPIError, match="follows the one before"):
        db.session.execute(GAP)
    db.session.rollback()


@BOTH
def test_0042_can_be_taken_back_and_come_again(app, released):
    upgrade()
    with work(SOMEBODY, "thing.do", contest_id=released):
        appeal = db.session.query(Appeal).one()
        appeal.outcome, appeal.decided_at = "upheld", clock.now()
    db.session.remove()
    downgrade(revision="0041_signatures")
    db.session.execute(text("UPDATE appeal SET outcome = 'rejected'"))
    db.session.commit()
    db.session.remove()

    upgrade()

    assert [row.kind for row in links_of(released)][-2:] == ["appeal", "found"]
    assert findings(released).is_whole


@BOTH
def test_0041_does_not_go_back_from_what_the_chain_binds(app):
    """The signature would come back without its fingerprint: for ever not what was linked."""
    contest_id = make_chain(2)
    user = factories.make_user("signer")
    with work(SOMEBODY, "thing.do", contest_id=contest_id):
        db.session.add(Signature(contest_id=contest_id, stage="final", role="judge", module_key="risk",
                                 sheets={}, by_id=user.id, fingerprint={"sheets": "abc"}, at=clock.now()))
    db.session.remove()

    with pytest.raises(Conflict, match="links: 1.*stays as it is"):
        downgrade(revision="0040_refused_operations")

    db.session.remove()
    upgrade()
    assert db.session.query(Signature).one().fingerprint == {"sheets": "abc"}
    assert findings(contest_id).is_whole


@BOTH
def test_0041_goes_back_where_nothing_of_it_is_bound(app):
    contest_id = make_chain(2)
    db.session.remove()

    downgrade(revision="0040_refused_operations")
    upgrade()

    assert findings(contest_id).is_whole
