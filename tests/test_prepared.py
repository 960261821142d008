"""Statements that are run without SQLAlchemy's help behave as those that are run with it."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from sqlalchemy import bindparam, event, select, update
from sqlalchemy.exc import IntegrityError, OperationalError

from contest.accounts.models import User
from contest.audit.models import TrailRow
from contest.db import Unstorable, db
from contest.prepared import Prepared
from contest.setup.models import Contest
from tests import factories

TRAIL = TrailRow.__table__
ADD = Prepared(TRAIL.insert().returning(TRAIL.c.id), [c.name for c in TRAIL.c if c.name != "id"])
FIND = select(TrailRow.id, TrailRow.at, TrailRow.who, TrailRow.facts, TrailRow.contest_id)
AT = datetime(2026, 11, 28, 9, 30, 0, 123456, tzinfo=timezone(timedelta(hours=8)))
BOTH = pytest.mark.parametrize("app", ["sqlite", "postgres"], indirect=True)


def values(**changes):
    return {
        "at": AT, "who": "张䶮", "user_id": None, "did": "probe", "contest_id": None, "subject": "",
        "facts": {"名": ["𠮷", None, 1.5]}, **changes,
    }


@BOTH
def test_rows_come_back_as_sqlalchemy_gives_them(app):
    row_id = ADD.first(**values()).id
    db.session.commit()
    asked = FIND.where(TrailRow.id == bindparam("row"))
    row = Prepared(asked).first(row=row_id)

    assert tuple(row) == tuple(db.session.execute(asked, {"row": row_id}).one())
    assert row.at == AT and row.at.tzinfo is UTC and row.facts["名"] == ["𠮷", None, 1.5]
    assert Prepared(asked).first(row=-1) is None and Prepared(asked).all(row=-1) == []


@BOTH
def test_what_is_rolled_back_is_gone_and_the_next_transaction_has_its_own_connection(app):
    row_id = ADD.first(**values()).id
    db.session.rollback()
    asked = Prepared(FIND.where(TrailRow.id == bindparam("row")))
    assert asked.first(row=row_id) is None
    db.session.rollback()
    ADD.first(**values())
    db.session.commit()
    assert len(Prepared(FIND.where(TrailRow.did == "probe")).all()) == 1


@BOTH
def test_errors_are_sqlalchemys(app):
    user = factories.make_user()
    add = Prepared(User.__table__.insert(), [c.name for c in User.__table__.c])
    own = {c.name: getattr(user, c.name) for c in User.__table__.c}
    with pytest.raises(IntegrityError) as refused:
        add.run(**own)
    db.session.rollback()

    assert isinstance(refused.value.orig, db.engine.dialect.loaded_dbapi.IntegrityError)
    db.session.execute(select(1))  # the connection is of use again


@pytest.mark.parametrize("app", ["postgres"], indirect=True)
def test_a_broken_connection_is_not_used_again(app):
    own = db.session.execute(db.text("SELECT pg_backend_pid()")).scalar()
    with db.engine.connect() as other:
        other.execute(db.text("SELECT pg_terminate_backend(:pid)"), {"pid": own})
    with pytest.raises(OperationalError) as gone:
        ADD.first(**values())
    db.session.rollback()

    assert gone.value.connection_invalidated
    assert ADD.first(**values()).id


def test_texts_are_checked_and_listeners_hear(app):
    heard = []

    def note(*call):
        heard.append(call[2])

    event.listen(db.engine, "before_cursor_execute", note)
    ADD.first(**values())
    with pytest.raises(Unstorable):
        ADD.first(**values(who="a\x00b"))
    event.remove(db.engine, "before_cursor_execute", note)
    db.session.rollback()
    assert any("INSERT INTO trail" in statement for statement in heard)


@BOTH
def test_only_the_named_columns_are_written(app):
    contest = factories.make_contest()
    name, contest_id = contest.name, contest.id
    table = Contest.__table__
    Prepared(update(table).where(table.c.id == bindparam("one")), ["slug"]).run(one=contest_id, slug="x")
    db.session.commit()
    db.session.expire_all()

    again = db.session.get(Contest, contest_id)
    assert (again.slug, again.name) == ("x", name)


@BOTH
def test_many_rows_go_in_one_call(app):
    Prepared(TRAIL.insert(), [c.name for c in TRAIL.c if c.name != "id"]).run_each(
        [values(subject=str(n)) for n in range(3)]
    )
    rows = Prepared(
        select(TrailRow.subject).where(TrailRow.did == "probe").order_by(TrailRow.id)
    ).all()
    assert [row.subject for row in rows] == ["0", "1", "2"]
