"""0040: numbers that stand for two operations are a past that nothing changes; the next ones may not."""

import pytest
from flask_migrate import downgrade, upgrade
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from contest.db import db
from tests.judging.panels import make_panel, mark

BOTH = pytest.mark.parametrize("app", ["sqlite", "postgres"], indirect=True)
ANEW = (
    "INSERT INTO sheet_revision (contest_id, sheet_id, op_id, fingerprint, rev, base_rev, kind, marks, "
    "plan_version_id, reason, device, device_id, device_seq, at) SELECT contest_id, sheet_id, :op, '', "
    ":rev, :rev - 1, kind, marks, plan_version_id, reason, device, :device, 1, at FROM sheet_revision "
    "WHERE rev = 1"
)


def run(statement, **values):
    db.session.execute(text(statement), values)
    db.session.commit()


@BOTH
@pytest.mark.parametrize("devices", [("a" * 16, "b" * 16), ("a" * 16, "a" * 16)])
def test_rows_that_clash_stay_and_later_ones_are_refused(app, devices):
    mark(make_panel(), {"A1": "9"}, kind="draft")
    db.session.remove()
    downgrade(revision="0036_nominations")
    for rev, device in enumerate(devices, start=2):
        run(ANEW, op=f"old {rev}", rev=rev, device=device)

    upgrade()

    assert db.session.scalar(text("SELECT count(*) FROM sheet_revision")) == 3
    db.session.commit()
    run(ANEW, op="new", rev=4, device="c" * 16)
    with pytest.raises(DBAPIError):
        run(ANEW, op="again", rev=5, device="c" * 16)
    db.session.rollback()
