"""Rows are bound late in a quick way: its links are byte for byte those of the slow one."""

from datetime import UTC, date, datetime

import pytest
from sqlalchemy import text

from contest.audit import chain_rules, chaining
from contest.audit.chain_contents import contents, texts
from contest.audit.chain_models import ChainLink
from contest.audit.chain_queries import check_chain, links_of
from contest.audit.chain_rules import NOTHING, canonical, make_link, writer_of
from contest.audit.work import Actor, work
from contest.db import db
from tests.audit.test_chain_rows import make_decided

BOTH = pytest.mark.parametrize("app", ["sqlite", "postgres"], indirect=True)
TABLES = (*chain_rules.ROWS, *chain_rules.KEPT)
HARD = {
    "text": "张三 “quoted” \\ \" \x00\x1f\u2028 😀", "none": None, "empty": "", "zero": 0, "no": False,
    "yes": True, "negative": -7, "real": 0.1, "on": date(2026, 11, 23), "aa": [], "B": {},
    "document": {"b": [1, None, "é"], "a": {"z": "", "y": None, "x": 1.5}}, "list": [3, {"k": "v", "a": 1}],
    "at": datetime(2026, 11, 23, 4, tzinfo=UTC), "before": datetime(1969, 12, 31, 23, 59, 59, 7, tzinfo=UTC),
}


def test_a_row_is_written_quickly_as_it_is_written_slowly():
    assert writer_of(HARD)(tuple(HARD.values())) == canonical(HARD)
    assert writer_of(())(()) == canonical({})


def test_what_sqlite_keeps_as_text_is_written_as_what_it_means():
    kept = {
        "m1": "2026-11-23 04:00:00.000000", "m2": "1969-12-31 23:59:59.000007", "m3": None,
        "m4": "2026-11-23 12:00:00+08:00", "d1": '{"b": "\\u5f20\\u4e09", "a": [1, null]}', "d2": "null",
        "d3": '""', "d4": "[]", "d5": '"text"', "id": 3,
    }
    meant = {
        "m1": HARD["at"], "m2": HARD["before"], "m3": None, "m4": HARD["at"],
        "d1": {"a": [1, None], "b": "张三"}, "d2": None, "d3": "", "d4": [], "d5": "text", "id": 3,
    }
    moments, documents = {"m1", "m2", "m3", "m4"}, {"d1", "d2", "d3", "d4", "d5"}

    assert writer_of(kept, moments, documents)(tuple(kept.values())) == canonical(meant)


@BOTH
def test_every_kind_of_row_has_the_same_text_both_ways(app):
    contest_id, actor = make_decided(), Actor(None, "张三 “x”")
    with work(actor, "thing.do", contest_id=contest_id, subject="\\", changed={"b": 1, "a": None}):
        pass

    connection = db.session.connection()
    for kind in TABLES:
        slow = [(row["id"], canonical(row))
                for row in contents(connection, db.metadata.tables, kind, contest_id)]
        assert list(texts(connection, db.metadata.tables, kind, contest_id)) == slow
        some = {row_id for row_id, _ in slow[::2]}
        assert [pair for pair in texts(connection, db.metadata.tables, kind, contest_id, some)
                if pair[0] in some] == slow[::2]
        assert slow or kind == "reopening", kind


@BOTH
@pytest.mark.parametrize("together", [2, 1000])
def test_links_made_late_are_those_of_the_slow_way(app, monkeypatch, together):
    contest_id = make_decided()
    rows = {kind: list(contents(db.session.connection(), db.metadata.tables, kind, contest_id))
            for kind in TABLES}
    monkeypatch.setattr(chaining, "TOGETHER", together)
    _take_chain_away(contest_id)

    with work(Actor(None, "test"), "thing.do", contest_id=contest_id):
        pass

    first, *links = links_of(contest_id)
    assert (first.kind, links[-1].kind) == ("genesis", "trail")
    prev, left = first.hash, [(kind, row) for kind in TABLES for row in rows[kind]]
    assert first.hash != NOTHING and len(links) == len(left) + 1
    for link, (kind, row) in zip(links, left, strict=False):
        slow = make_link(link.seq, prev, kind, row["id"], link.micros, row, link.salt, late=True)
        assert tuple(link) == tuple(vars(slow).values())
        prev = slow.hash
    assert len({link.salt for link in links}) == len(links)
    assert check_chain(contest_id).is_whole


def _take_chain_away(contest_id):
    if db.engine.dialect.name == "postgresql":
        db.session.execute(text("ALTER TABLE chain_link DISABLE TRIGGER USER"))
    else:
        db.session.execute(text("DROP TRIGGER chain_link_no_delete"))
    db.session.execute(ChainLink.__table__.delete().where(ChainLink.contest_id == contest_id))
    db.session.commit()
