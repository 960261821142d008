"""The ledger's own guards, asked past the program: what the database itself refuses."""

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from contest.db import db
from contest.judging.models import SheetRevision
from tests.judging.panels import RISK, make_panel, mark

BOTH = pytest.mark.parametrize("app", ["sqlite", "postgres"], indirect=True)
# A row that the program could have written, but for its number and kind.
INSERT = text("""
    INSERT INTO sheet_revision (contest_id, sheet_id, op_id, fingerprint, rev, base_rev, kind, marks, units,
                                plan_version_id, reason, device, device_id, at)
    SELECT contest_id, sheet_id, 'forged-' || CAST(:rev AS VARCHAR), '', :rev, :rev - 1, :kind, marks,
           200000, plan_version_id, '', '', '', at
    FROM sheet_revision WHERE sheet_id = :sheet ORDER BY rev LIMIT 1
""")
CLOSED, GAP = "this sheet is closed", "follows the one before it"


def insert(sheet, rev, kind):
    db.session.execute(INSERT, {"sheet": sheet.id, "rev": rev, "kind": kind})
    db.session.commit()


def refused(sheet, rev, kind, words):
    with pytest.raises(DBAPIError, match=words):
        insert(sheet, rev, kind)
    db.session.rollback()


def kinds_of(sheet):
    return db.session.scalars(
        db.select(SheetRevision.kind).filter_by(sheet_id=sheet.id).order_by(SheetRevision.rev)
    ).all()


@pytest.fixture
def sheet(app):
    """A sheet with a draft on it."""
    panel = make_panel(1)
    mark(panel, RISK, kind="draft")
    return panel.sheet()


# How a sheet comes to stand closed, and what may not follow there.
ROADS = {
    "submit": ["submit"], "resubmit": ["submit", "reopen", "resubmit"],
    "confirm": ["submit", "reopen", "resubmit", "confirm"], "excuse": ["excuse"],
    "draft": ["draft"], "reopen": ["submit", "reopen"],
}
WRONG = [
    *((closed, kind) for closed in ("submit", "resubmit", "confirm", "excuse")
      for kind in ("draft", "submit", "resubmit")),
    *((before, "confirm") for before in ("draft", "submit", "reopen", "confirm", "excuse")),
]


@BOTH
@pytest.mark.parametrize(("before", "kind"), WRONG)
def test_what_may_not_follow_is_refused_by_the_database(app, sheet, before, kind):
    for rev, step in enumerate(ROADS[before], 2):
        insert(sheet, rev, step)
    stands = kinds_of(sheet)

    refused(sheet, len(ROADS[before]) + 2, kind, CLOSED)

    assert kinds_of(sheet) == stands


@BOTH
@pytest.mark.parametrize("kind", ["draft", "submit", "resubmit", "reopen", "confirm", "excuse"])
@pytest.mark.parametrize("closed", [True, False])
def test_a_revision_that_follows_none_is_refused(app, sheet, closed, kind):
    if closed:
        insert(sheet, 2, "submit")
    stands = kinds_of(sheet)

    for rev in (len(stands) + 2, 7):
        refused(sheet, rev, kind, f"{GAP}|{CLOSED}")

    assert kinds_of(sheet) == stands


@BOTH
def test_a_second_handing_in_under_a_number_further_on_is_refused(app, sheet):
    insert(sheet, 2, "submit")

    refused(sheet, 7, "submit", GAP)


@BOTH
def test_rows_that_follow_each_other_are_taken_in_one_statement_as_a_copy_brings_them(app, sheet):
    db.session.execute(text("""
        INSERT INTO sheet_revision (contest_id, sheet_id, op_id, fingerprint, rev, base_rev, kind, marks,
                                    plan_version_id, reason, device, device_id, at)
        SELECT one.contest_id, one.sheet_id, 'copied-' || n.rev, '', n.rev, n.rev - 1, n.kind, one.marks,
               one.plan_version_id, '', '', '', one.at
        FROM sheet_revision one, (
            SELECT 2 AS rev, 'submit' AS kind UNION ALL SELECT 3, 'reopen' UNION ALL SELECT 4, 'resubmit'
        ) n WHERE one.sheet_id = :sheet ORDER BY n.rev
    """), {"sheet": sheet.id})
    db.session.commit()

    assert kinds_of(sheet) == ["draft", "submit", "reopen", "resubmit"]
