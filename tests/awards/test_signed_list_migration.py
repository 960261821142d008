"""0063: certificates stay as they are, their list is due, a signed list is never changed; both databases."""

import pytest
from flask_migrate import downgrade, upgrade
from sqlalchemy import inspect, text
from sqlalchemy.exc import DBAPIError

from contest.awards import signed_list_actions, signed_list_queries
from contest.awards.certificate_models import Certificate
from contest.db import db
from contest.errors import Conflict
from tests import factories
from tests.awards.certified import PETRA, issued_contest

BOTH = pytest.mark.parametrize("app", ["sqlite", "postgres"], indirect=True)
TABLES = ("certificate_list", "certificate_leaf")


def as_before(app):
    """A contest as the last release knew it, with certificates alone: its id, their numbers, the signer."""
    contest, _, made, signer = issued_contest(app)
    contest_id, numbers = contest.id, [one.number for one in made]
    for table in TABLES:
        if db.engine.dialect.name == "postgresql":
            db.session.execute(text(f"DROP TRIGGER {table}_no_change ON {table}"))
        else:
            db.session.execute(text(f"DROP TRIGGER {table}_no_delete"))
        db.session.execute(text(f"DELETE FROM {table}"))
    db.session.commit()
    db.session.remove()
    return contest_id, numbers, signer


@BOTH
def test_0063_leaves_certificates_alone_and_their_list_can_be_signed(app):
    contest_id, numbers, signer = as_before(app)
    downgrade(revision="0062_list_changes")
    assert not set(TABLES) & set(inspect(db.engine).get_table_names())
    upgrade()

    assert [one.number for one in db.session.query(Certificate).order_by(Certificate.id)] == numbers
    assert signed_list_queries.is_due(contest_id)
    made = signed_list_actions.sign_list(PETRA, contest_id, signer)
    assert (made.number, len(signed_list_queries.leaves_of(contest_id))) == (1, len(numbers))
    for table in TABLES:
        for statement in (f"UPDATE {table} SET contest_id = contest_id", f"DELETE FROM {table}"):
            with pytest.raises(DBAPIError, match="append-only"):
                db.session.execute(text(statement))
            db.session.rollback()


WRONG = [
    ("certificate_list", "number", "0"), ("certificate_list", "public", "{short}"),
    ("certificate_list", "signature", "{short}"), ("certificate_leaf", "position", "-1"),
    ("certificate_leaf", "hash", "{short}"),
]


@BOTH
@pytest.mark.parametrize(("table", "column", "value"), WRONG)
def test_the_database_refuses_a_wrong_row(app, table, column, value):
    issued_contest(app)
    short = "'\\x0001'::bytea" if db.engine.dialect.name == "postgresql" else "x'0001'"
    columns = [each.name for each in db.metadata.tables[table].c if each.name != "id"]
    keys = {"number": "number + 100", "position": "position + 100", "certificate_id": "certificate_id"}
    keys[column] = value.format(short=short.replace(":", "\\:"))
    chosen = ", ".join(keys.get(name, name) for name in columns)
    statement = f"INSERT INTO {table} ({', '.join(columns)}) SELECT {chosen} FROM {table} LIMIT 1"

    with pytest.raises(DBAPIError, match=f"{table}: {column}"):
        db.session.execute(text(statement))
    db.session.rollback()


@BOTH
def test_a_leaf_is_of_a_certificate_of_its_own_contest(app):
    issued_contest(app)
    other = factories.make_contest(slug="other").id
    statement = (
        "INSERT INTO certificate_leaf (contest_id, certificate_id, position, hash) "
        f"SELECT {other}, certificate_id, 7, hash FROM certificate_leaf LIMIT 1"
    )

    with pytest.raises(DBAPIError, match="certificate_id is of another contest"):
        db.session.execute(text(statement))
    db.session.rollback()


@BOTH
def test_0063_does_not_go_back_from_lists_that_are_out(app):
    """The next list would be number 1 again, and two of one number say different things."""
    contest, _, _, _ = issued_contest(app)
    contest_id = contest.id
    db.session.remove()

    with pytest.raises(Conflict, match="signed lists"):
        downgrade(revision="0062_list_changes")

    db.session.remove()
    assert len(signed_list_queries.lists_of(contest_id)) == 1
