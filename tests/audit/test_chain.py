import os
import random

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError

from contest import clock
from contest.audit import chain_rules
from contest.audit.chain_models import ChainLink
from contest.audit.chain_queries import check_chain, find_head, is_prefix, links_of, rows_of
from contest.audit.work import Actor, work
from contest.db import db
from contest.setup.actions import create_contest_from_preset, take_step
from contest.setup.forms import Details
from tests import factories
from tests.audit.tampering import drop_guards, findings, make_chain, run
from tests.proof.sizes import report

BOTH = pytest.mark.parametrize("app", ["sqlite", "postgres"], indirect=True)
# The soak tries every row of a ledger of 2,000; the usual run a sample.
ROWS = int(os.environ.get("CONTEST_TAMPER_ROWS", "3"))
A_CONTEST = 100  # revisions in each contest of the soak's ledger
SOMEBODY = Actor(None, "test")


def kinds(contest_id, but=(*chain_rules.DECIDING, *chain_rules.KEPT)):
    """The kinds of the links in order, without those of test_chain_rows.py."""
    return [row.kind for row in links_of(contest_id) if row.kind not in but]


@BOTH
def test_every_revision_and_every_row_of_the_trail_is_linked_in_order(app):
    contest_id = make_chain(2)

    found = findings(contest_id)

    assert kinds(contest_id) == ["genesis", "revision", "trail", "revision", "trail"]
    assert found.is_whole
    # Contest, plan and entrant were there before its first work.
    assert (found.links, found.rows, found.late) == (8, 7, 4)
    assert found.head == find_head(contest_id)
    assert found.head.seq == 8


def test_a_contest_made_here_begins_its_chain_with_what_it_is_bound_to(app):
    details = Details("新比武", "New", "new-contest", "", "", None, None)

    contest = create_contest_from_preset(SOMEBODY, details, "c1_cement")

    link, *more = links_of(contest.id)
    assert {row.kind for row in more} == {"contest", "plan_version"}
    assert link.kind == "genesis"
    assert link.content["contest"] == contest.id
    assert link.content["made_at"] == chain_rules.micros_of(contest.created_at)
    assert len(link.content["plan"]) == 64


def test_the_end_is_a_link_of_its_own_and_no_mark_may_follow_it(app):
    contest_id = make_chain(1, state="final")
    sheet = factories.make_result_sheet(db.session.get(factories.Contest, contest_id))
    factories.make_award(sheet=sheet, contest=db.session.get(factories.Contest, contest_id))

    take_step(SOMEBODY, contest_id, "archived")

    assert kinds(contest_id)[-2:] == ["trail", "close"]
    assert findings(contest_id).closed == find_head(contest_id).seq


@BOTH
def test_what_fails_leaves_no_link(app):
    contest_id = make_chain(1)
    before = find_head(contest_id)

    with pytest.raises(ZeroDivisionError), work(SOMEBODY, "thing.do", contest_id=contest_id):
        raise ZeroDivisionError

    assert find_head(contest_id) == before
    with work(SOMEBODY, "thing.do", contest_id=contest_id):
        pass
    assert findings(contest_id).is_whole


def test_rows_from_before_the_chain_are_linked_late_and_say_so(app):
    contest = db.session.get(factories.Contest, make_chain(2))
    drop_guards()
    run("DELETE FROM chain_link")

    with work(SOMEBODY, "thing.do", contest_id=contest.id):
        pass

    found = findings(contest.id)
    assert kinds(contest.id) == ["genesis", "revision", "revision", "trail", "trail", "trail"]
    assert found.is_whole
    assert found.late == found.links - 1


def test_a_row_without_its_text_proves_only_that_it_was_there(app):
    """Erasing: once a row's salt is gone, nobody can find out by trying what stood in it."""
    salt, content = b"s" * 16, chain_rules.canonical({"name": "张三"})

    assert chain_rules.content_digest(salt, content) != chain_rules.content_digest(b"t" * 16, content)


@BOTH
@pytest.mark.parametrize("statement", ["UPDATE chain_link SET late = late", "DELETE FROM chain_link"])
def test_the_database_refuses_to_change_the_chain(app, statement):
    make_chain(1)

    with pytest.raises(DBAPIError, match="append-only"):
        db.session.execute(text(statement))


def sample(items, kind):
    """All of them in the soak, a few by chance otherwise; the same ones each time."""
    return items if len(items) <= ROWS else random.Random(kind).sample(items, ROWS)


def turns(acts, at):
    """Every act on each row; in the soak, whose rows are many, one on each in turn."""
    acts = list(acts.items())
    return acts if ROWS <= 50 else [acts[at % len(acts)]]


def make_ledger():
    """A ledger of ROWS revisions, in as many contests as it takes: the numbers of the contests."""
    if ROWS <= A_CONTEST:
        return [make_chain(max(6, ROWS))]
    return [make_chain(A_CONTEST) for _ in range(ROWS // A_CONTEST)]


def keys_of(contest_id, table):
    """The numbers of a contest's rows in order; of its links their places."""
    name = KEY.get(table, "id")
    return db.session.scalars(
        text(f"SELECT {name} FROM {table} WHERE contest_id = :contest ORDER BY 1"), {"contest": contest_id}
    ).all()


def is_found(contests, contest_id):
    """Does a check of every contest see it? That of the row's own is asked first."""
    others = (other for other in contests if other != contest_id)
    return not all(check_chain(one).is_whole for one in (contest_id, *others))


def put_back(contests):
    assert all(findings(contest_id).is_whole for contest_id in contests)


REVISION_CHANGES = {
    "marks": "'{\"A1\": \"10\"}'", "kind": "'submit'", "by_id": "NULL", "rev": "rev + 100",
    "reason": "'none'", "units": "7", "device": "'tablet 8'", "at": "'2026-11-23 05:00:00+00:00'",
    "fingerprint": "'other'", "op_id": "'other'", "entered_at": "'2026-11-23 05:00:00+00:00'",
}
TRAIL_CHANGES = {
    "who": "'nobody'", "did": "'sheet.submit'", "subject": "'sheet 99'", "facts": "'{}'",
    "at": "'2026-11-23 05:00:00+00:00'", "contest_id": "NULL",
}
LINK_CHANGES = {
    "kind": "'plan'", "row_id": "row_id + 100000", "micros": "micros + 1", "late": "NOT late",
    "salt": "digest", "digest": "hash", "hash": "digest",
    "content": "'{\"contest\": 9}'",
}


KEY = {"chain_link": "seq"}
CHANGES = {"sheet_revision": REVISION_CHANGES, "trail": TRAIL_CHANGES, "chain_link": LINK_CHANGES}
ACTS = {
    "sheet_revision": {
        "delete": ["DELETE FROM sheet_revision WHERE id = :a"],
        "insert": ["INSERT INTO sheet_revision (contest_id, sheet_id, op_id, fingerprint, rev, base_rev, "
                   "kind, marks, plan_version_id, reason, device, at) SELECT contest_id, sheet_id, "
                   "'forged', fingerprint, rev + 500, base_rev + 500, kind, marks, plan_version_id, "
                   "reason, device, at FROM sheet_revision WHERE id = :a"],
        "swap": ["UPDATE sheet_revision SET marks = (SELECT o.marks FROM sheet_revision o WHERE "
                 "o.id = CASE sheet_revision.id WHEN :a THEN :b ELSE :a END) WHERE id IN (:a, :b)"],
    },
    "trail": {
        "delete": ["DELETE FROM trail WHERE id = :a"],
        "insert": ["INSERT INTO trail (at, who, did, contest_id, subject, facts) SELECT at, who, did, "
                   "contest_id, subject, facts FROM trail WHERE id = :a"],
        "swap": ["UPDATE trail SET facts = (SELECT o.facts FROM trail o WHERE o.id = "
                 "CASE trail.id WHEN :a THEN :b ELSE :a END) WHERE id IN (:a, :b)"],
    },
    "chain_link": {
        "delete": ["DELETE FROM chain_link WHERE contest_id = :contest AND seq = :a"],
        "insert": ["INSERT INTO chain_link (contest_id, seq, kind, row_id, micros, late, salt, digest, hash, "
                   "content) SELECT contest_id, (SELECT max(seq) + 1 FROM chain_link WHERE contest_id = "
                   ":contest), kind, row_id + 100000, micros, late, salt, digest, hash, content "
                   "FROM chain_link WHERE contest_id = :contest AND seq = :a"],
        "swap": ["UPDATE chain_link SET seq = -seq WHERE contest_id = :contest AND seq IN (:a, :b)",
                 "UPDATE chain_link SET seq = :a + :b + seq WHERE contest_id = :contest AND seq < 0"],
    },
}
EACH = pytest.mark.parametrize("table", list(ACTS))


@BOTH
@EACH
def test_every_change_of_a_single_row_is_found(app, table):
    """Figure 23: each column of rows of the ledger, the trail and the chain itself."""
    contests, name = make_ledger(), KEY.get(table, "id")
    drop_guards()
    if table == "sheet_revision":
        run("PRAGMA ignore_check_constraints = 1" if app.config["SQLALCHEMY_DATABASE_URI"].startswith(
            "sqlite") else "ALTER TABLE sheet_revision DROP CONSTRAINT ck_sheet_revision_rev_follows_base")
    missed, tried, rows = [], 0, 0
    for contest_id in contests:
        for at, key in enumerate(sample(keys_of(contest_id, table), table)):
            found = [
                find_change(contests, contest_id, table, name, key, column, value)
                for column, value in turns(CHANGES[table], at)
            ]
            missed += [key] if False in found else []
            tried, rows = tried + len(found), rows + 1

    report(23, table=table, engine=db.engine.dialect.name, rows=rows, changed=tried, missed=len(missed))
    assert missed == []
    assert rows >= ROWS
    put_back(contests)


def find_change(contests, contest_id, table, name, key, column, value):
    """Is the change seen? It is tried in a transaction that is taken back. None: it changes nothing."""
    where = f"WHERE {name} = :key" + (" AND contest_id = :contest" if table == "chain_link" else "")
    values = {"key": key, "contest": contest_id} if table == "chain_link" else {"key": key}
    is_json = column in ("marks", "facts", "content")
    cast = "::jsonb" if is_json and db.engine.dialect.name == "postgresql" else ""
    connection = db.session.connection()
    old = connection.execute(text(f"SELECT {column} FROM {table} {where}"), values).scalar()
    connection.execute(text(f"UPDATE {table} SET {column} = {value}{cast} {where}"), values)
    new = connection.execute(text(f"SELECT {column} FROM {table} {where}"), values).scalar()
    is_seen = None if old == new else is_found(contests, contest_id)
    db.session.rollback()
    return is_seen


@BOTH
@EACH
def test_every_row_deleted_inserted_or_swapped_is_found(app, table):
    """Figure 23: each row taken away, each doubled, each in the place of its neighbour."""
    contests = make_ledger()
    drop_guards()
    missed, tried, rows = [], 0, 0
    for contest_id in contests:
        keys = keys_of(contest_id, table)
        for at in sample(range(len(keys)), table):
            values = {"a": keys[at], "b": keys[at - 1], "contest": contest_id}
            for name, statements in ACTS[table].items():
                for statement in statements:
                    wanted = {key: value for key, value in values.items() if f":{key}" in statement}
                    assert db.session.execute(text(statement), wanted).rowcount > 0
                missed += [] if is_found(contests, contest_id) else [(name, keys[at])]
                db.session.rollback()
                tried += 1
            rows += 1

    report(23, table=table, engine=db.engine.dialect.name, rows=rows, deleted_inserted_swapped=tried,
           missed=len(missed))
    assert missed == []
    assert rows >= ROWS
    put_back(contests)


def rechain(contest_id, start):
    """What a patient intruder does: change a mark and make every hash from there on anew."""
    links = db.session.execute(
        select(ChainLink.__table__).where(ChainLink.contest_id == contest_id).order_by(ChainLink.seq)
    ).mappings().all()
    prev = links[start - 2]["hash"]
    for link in links[start - 1:]:
        values = link["content"]
        if link["kind"] not in chain_rules.RECORDS:
            [values] = rows_of(contest_id, link["kind"], {link["row_id"]})
        made = chain_rules.make_link(
            link["seq"], prev, link["kind"], link["row_id"], link["micros"], values, link["salt"],
            late=link["late"], content=link["content"],
        )
        prev = made.hash
        db.session.execute(
            ChainLink.__table__.update()
            .where(ChainLink.contest_id == contest_id, ChainLink.seq == link["seq"])
            .values(digest=made.digest, hash=made.hash)
        )
    db.session.commit()


@BOTH
def test_a_chain_made_anew_is_whole_in_itself_and_fits_no_head_seen_since(app):
    """Figure 24: an anchor at or beyond the change tells; one before it does not."""
    contest_id = make_chain(max(5, ROWS))
    hashes = {link.seq: link.hash.hex() for link in links_of(contest_id)}
    revisions = [link.seq for link in links_of(contest_id) if link.kind == "revision"]
    at = revisions[len(revisions) // 2]
    drop_guards()
    run("UPDATE sheet_revision SET marks = '{\"A1\": \"10\"}' WHERE id = (SELECT row_id FROM chain_link "
        "WHERE contest_id = :contest AND seq = :at)", contest=contest_id, at=at)

    rechain(contest_id, at)

    assert findings(contest_id).is_whole
    fits = [is_prefix(contest_id, seq, made[:16]) for seq, made in hashes.items()]
    report(24, act="made anew", engine=db.engine.dialect.name, links=len(hashes), from_link=at,
           anchors_beyond=len(hashes) - at + 1, told_by=fits[at - 1:].count(False))
    assert fits == [seq < at for seq in hashes]


@BOTH
def test_a_tail_that_was_cut_fits_no_head_beyond_the_cut(app):
    contest_id = make_chain(max(4, ROWS))
    hashes = {link.seq: link.hash.hex() for link in links_of(contest_id)}
    # In the middle, after the trail's row of a revision.
    cut = [link.seq for link in links_of(contest_id) if link.kind == "trail"][max(4, ROWS) // 2 - 1]
    drop_guards()
    for table in ("sheet_revision", "trail"):
        run(f"DELETE FROM {table} WHERE id IN (SELECT row_id FROM chain_link WHERE contest_id = "
            ":contest AND seq > :cut AND kind = :kind)", contest=contest_id, cut=cut,
            kind="trail" if table == "trail" else "revision")
    # Whoever came after the cut goes too, or would be seen as never linked.
    run("DELETE FROM sheet WHERE id NOT IN (SELECT sheet_id FROM sheet_revision)")
    run("DELETE FROM entrant WHERE id NOT IN (SELECT entrant_id FROM sheet)")
    run("DELETE FROM chain_link WHERE contest_id = :contest AND seq > :cut", contest=contest_id, cut=cut)

    assert findings(contest_id).is_whole
    fits = [is_prefix(contest_id, seq, made[:16]) for seq, made in hashes.items()]
    report(24, act="tail cut", engine=db.engine.dialect.name, links=len(hashes), after_link=cut,
           anchors_beyond=len(hashes) - cut, told_by=fits[cut:].count(False))
    assert fits == [seq <= cut for seq in hashes]


def test_a_head_is_read_as_it_is_printed_and_as_a_tablet_sends_it():
    head = chain_rules.Head(12, bytes(range(32)), clock.now())

    assert chain_rules.read_head(str(head)) == (12, head.hash.hex())
    assert chain_rules.read_head(f"12 {head.groups}") == (12, head.hash.hex()[:32])
    assert chain_rules.read_head("12 0001") is None
    assert chain_rules.read_head("nothing") is None


@pytest.mark.parametrize("table", ["sheet_revision", "trail", "chain_link"])
def test_no_row_is_replaced_by_another_with_its_key(app, table):
    """SQLite's REPLACE deletes the row that is in the way, and asks no trigger for deletes."""
    make_chain(2)
    before = db.session.execute(text(f"SELECT * FROM {table}")).all()

    with pytest.raises(DBAPIError, match="append-only"):
        db.session.execute(text(f"INSERT OR REPLACE INTO {table} SELECT * FROM {table} LIMIT 1"))
    db.session.rollback()
    if table == "sheet_revision":  # a new id, and the number of the operation is taken
        columns = [column.name for column in db.metadata.tables[table].columns if column.name != "id"]
        names = ", ".join(columns)
        with pytest.raises(DBAPIError, match="append-only"):
            db.session.execute(
                text(f"INSERT OR REPLACE INTO {table} ({names}) SELECT {names} FROM {table} LIMIT 1")
            )
        db.session.rollback()

    assert db.session.execute(text(f"SELECT * FROM {table}")).all() == before


def test_every_append_only_table_refuses_replacing(app):
    triggers = set(db.session.scalars(text("SELECT name FROM sqlite_master WHERE type = 'trigger'")))
    guarded = {name.removesuffix("_no_delete") for name in triggers if name.endswith("_no_delete")}

    assert len(guarded) > 10
    assert {f"{name}_no_replace" for name in guarded} <= triggers
