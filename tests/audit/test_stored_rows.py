"""Rows from before the guards are asked, and nothing is changed by it."""

import pytest
from sqlalchemy import text

from contest.audit import row_queries
from contest.audit.models import GUARDED
from contest.db import db
from tests.audit.test_chain_rows import make_decided, unguarded
from tests.audit.test_row_guards import GUARDS

BOTH = pytest.mark.parametrize("app", ["sqlite", "postgres"], indirect=True)


@BOTH
def test_what_the_program_itself_stores_keeps_to_every_rule(app):
    make_decided(1)

    assert row_queries.misfit_rows() == []


@BOTH
def test_a_row_of_before_is_named_with_its_table_and_rule_and_stays(app):
    make_decided(1)
    unguarded("tie_ruling")
    db.session.execute(text("UPDATE tie_ruling SET reason = ' '"))
    unguarded("sheet_revision")
    first = "(SELECT min(id) FROM sheet_revision)"
    db.session.execute(text(f"UPDATE sheet_revision SET kind = 'mood' WHERE id = {first}"))
    db.session.commit()

    found = {(one.table, one.words): one for one in row_queries.misfit_rows()}

    count = db.session.scalar(text("SELECT count(*) FROM tie_ruling"))
    one = found["tie_ruling", "reason is empty"]
    assert (one.count, len(one.first)) == (count, min(count, row_queries.NAMED)) and count
    assert found["sheet_revision", "kind is no known word"].count == 1
    assert len(found) == 2
    assert db.session.scalar(text("SELECT count(*) FROM tie_ruling WHERE reason = ' '")) == count


def test_no_guarded_table_is_left_out(app):
    assert set(GUARDS) <= {rows.table for rows in GUARDED}


def test_the_command_says_so(app):
    make_decided(1)
    whole = app.test_cli_runner().invoke(args=["rows"])
    assert whole.exit_code == 0, whole.output
    unguarded("tie_ruling")
    db.session.execute(text("UPDATE tie_ruling SET reason = ''"))
    db.session.commit()

    broken = app.test_cli_runner().invoke(args=["rows"])

    assert broken.exit_code == 1 and "tie_ruling" in broken.output and "reason is empty" in broken.output
