"""Figure 56: a ledger of a million rows comes from the oldest tables to the newest; no place moves."""

import time

import pytest
from flask_migrate import downgrade, upgrade
from sqlalchemy import text

from contest.audit.models import TrailRow
from contest.db import db
from contest.results.readings import forget_readings
from tests.proof.sizes import report, size
from tests.test_migrations_with_marks import figures, is_marked_on, marked

ROWS = size(2_000, 1_000_000)
# Drafts of one sheet from before its last revision was handed in; they alter nothing that counts.
FILL = text("""
    WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < :rows)
    INSERT INTO sheet_revision (contest_id, sheet_id, op_id, fingerprint, rev, base_rev, kind, marks,
                                plan_version_id, reason, device, at)
    SELECT one.contest_id, one.sheet_id, 'many-' || i, one.fingerprint, 1000 + i, 999 + i, 'draft', one.marks,
           one.plan_version_id, '', '', one.at
    FROM n, (SELECT * FROM sheet_revision ORDER BY id LIMIT 1) one
""")


@pytest.mark.parametrize("app", ["sqlite", "postgres"], indirect=True)
def test_a_million_rows_are_taken_over_from_the_oldest_tables(app):
    contest_id = marked().contest.id
    before, trail = figures(contest_id), db.session.query(TrailRow).count()
    db.session.remove()
    downgrade(revision="0001")
    db.session.execute(FILL, {"rows": ROWS})
    db.session.commit()
    rows = db.session.scalar(text("SELECT count(*) FROM sheet_revision"))
    db.session.remove()

    began, worked = time.monotonic(), time.process_time()
    upgrade()
    took, worked = time.monotonic() - began, time.process_time() - worked

    forget_readings()
    after = figures(contest_id)
    report(56, ledger_rows=rows, engine=db.engine.dialect.name, seconds=f"{took:.1f}",
           seconds_of_processor=f"{worked:.1f}",
           places_moved=sum(one != other for one, other in zip(before[0], after[0], strict=True)))
    assert after == before
    assert db.session.query(TrailRow).count() == trail
    assert db.session.scalar(text("SELECT count(*) FROM sheet_revision")) == rows > ROWS
    assert db.session.scalar(
        text("SELECT count(*) FROM chain_link WHERE kind = 'revision' AND late")) == rows
    is_marked_on(contest_id)
