"""A copy is what it says, and takes the database's place only when it still is."""

import json
import shutil
import sqlite3
import subprocess
import sys
from contextlib import closing
from itertools import cycle
from pathlib import Path

import pytest
from flask_migrate import downgrade
from sqlalchemy import make_url, select, text

from contest.audit.models import TrailRow
from contest.audit.work import Actor, work
from contest.backups import actions, place, postgres_store, proof, queries, sqlite_store
from contest.backups.place import place_here
from contest.backups.rules import MANIFEST, fingerprint
from contest.backups.sqlite_store import SqliteStore
from contest.db import db
from contest.errors import Conflict, Invalid, Missing
from contest.judging.models import SheetRevision
from contest.running import alone, run_here
from tests.audit.tampering import drop_guards
from tests.judging.panels import RISK, make_panel, mark

# PostgreSQL is copied and put back in one test: its programs take their seconds.
BOTH = pytest.mark.parametrize("app", ["sqlite", "postgres"], indirect=True)
SOMEBODY = Actor(None, "test")


@pytest.fixture
def panel(app):
    found = make_panel()
    mark(found, RISK)
    return found


def ledger():
    db.session.rollback()
    return db.session.execute(
        select(SheetRevision.op_id, SheetRevision.rev).order_by(SheetRevision.id)
    ).all()


def rewrite(copy, **changes):
    """Change a manifest as somebody might who changes a copy too."""
    path = copy.folder / MANIFEST
    path.write_text(json.dumps(json.loads(path.read_text()) | changes))
    return queries.get_copy(copy.folder)


def test_a_copy_holds_what_the_database_holds_and_says_so(app, panel):
    copy = actions.back_up(place_here())

    manifest = queries.get_copy(copy.folder).manifest
    assert manifest == copy.manifest
    assert manifest.engine == db.engine.dialect.name
    assert manifest.is_whole
    assert manifest.sha256 == actions.sha256_of(copy.file)
    assert manifest.contents.rows == {"ledger": 1, "trail": db.session.query(TrailRow).count()}
    assert list(manifest.contents.heads) == [str(panel.contest.id)]
    assert oct(copy.file.stat().st_mode)[-2:] == oct(copy.folder.stat().st_mode)[-2:] == "00"
    assert [path.name for path in place_here().folder.iterdir() if path.name != actions.LOCK] == [
        copy.folder.name
    ]


def test_what_is_written_between_two_pieces_is_not_in_it_and_does_not_make_it_begin_again(
    app, panel, monkeypatch, tmp_path
):
    pieces = []

    def write_between(path):
        pieces.append(path)
        with work(SOMEBODY, "thing.do", contest_id=panel.contest.id):
            pass

    monkeypatch.setattr(sqlite_store, "PIECE_PAGES", 10)
    monkeypatch.setattr(sqlite_store, "to_disk", write_between)
    rows, pages = db.session.query(TrailRow).count(), db.session.scalar(text("PRAGMA page_count"))
    db.session.commit()

    SqliteStore(db.engine.url).dump(tmp_path / "copy.sqlite")

    assert 5 < len(pieces) <= pages // 10 + 2
    with proof.opened(f"sqlite:///{tmp_path / 'copy.sqlite'}"):
        assert db.session.query(TrailRow).count() == rows


@BOTH
def test_a_restored_copy_is_the_database_of_then_and_what_was_there_is_kept(app, panel):
    contest_id = panel.contest.id
    copy = actions.back_up(place_here())
    then, head = ledger(), copy.manifest.contents.heads[str(contest_id)]
    mark(panel, RISK, seat=2)
    now = ledger()

    done = actions.restore(place_here(), copy, SOMEBODY, replace=True)

    assert ledger() == then != now
    rows = db.session.query(TrailRow).filter_by(did="backup.restore").order_by(TrailRow.id).all()
    assert [(row.who, row.contest_id, row.subject) for row in rows] == [
        ("test", contest_id, copy.folder.name), ("test", None, copy.folder.name)
    ]
    assert f"{rows[0].facts['rev']}:{rows[0].facts['hash']}" == head
    assert proof.look().problems == 0
    url = db.engine.url
    old = url.set(database=done.old).render_as_string(hide_password=False)
    with proof.opened(old):
        assert ledger() == now
    if url.get_backend_name() == "postgresql":
        db.session.remove()
        with postgres_store.PostgresStore(url)._connected("postgres") as connection:
            connection.execute(f'DROP DATABASE "{done.old}" WITH (FORCE)')


def test_a_database_with_people_is_not_replaced_unless_told(app, panel):
    copy = actions.back_up(place_here())
    mark(panel, RISK, seat=2)
    now = ledger()

    with pytest.raises(Conflict, match="--replace"):
        actions.restore(place_here(), copy, SOMEBODY)

    assert ledger() == now


def test_an_empty_database_is_replaced(app, panel, empty_database):
    copy = actions.back_up(place_here())
    db.session.remove()
    db.engine.dispose()
    shutil.copy(empty_database, db.engine.url.database)

    actions.restore(place_here(), copy, SOMEBODY)

    assert len(ledger()) == 1


@pytest.mark.parametrize("wreck", [
    lambda path: path.unlink(), lambda path: path.write_bytes(b"no database" * 1000),
])
def test_a_lost_or_wrecked_database_is_replaced(app, panel, wreck):
    copy = actions.back_up(place_here())
    db.session.remove()
    db.engine.dispose()
    path = Path(db.engine.url.database)
    wreck(path)

    done = actions.restore(place_here(), copy, SOMEBODY, replace=True)

    assert len(ledger()) == 1
    assert bool(done.old) == (wreck.__code__.co_names[0] == "write_bytes")


def test_the_server_must_not_run(app, panel):
    copy = actions.back_up(place_here())
    code = ("import sys, pathlib; from contest.running import run_here; "
            "run_here(pathlib.Path(sys.argv[1])); print(flush=True); sys.stdin.read()")
    server = subprocess.Popen(
        [sys.executable, "-c", code, str(place_here().data)],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE,
    )
    server.stdout.readline()
    try:
        with pytest.raises(Conflict, match="server runs"):
            actions.restore(place_here(), copy, SOMEBODY, replace=True)
    finally:
        server.kill()
        server.communicate()

    actions.restore(place_here(), copy, SOMEBODY, replace=True)


def test_no_server_starts_while_a_copy_is_put_in(tmp_path):
    with alone(tmp_path):
        assert not run_here(tmp_path)


def test_nobody_may_have_the_database_open(app, panel):
    copy = actions.back_up(place_here())
    path = db.engine.url.database
    with closing(sqlite3.connect(path)) as somebody:
        somebody.execute("SELECT count(*) FROM trail").fetchone()
        with pytest.raises(Conflict, match="using the database"):
            actions.restore(place_here(), copy, SOMEBODY, replace=True)

    assert len(ledger()) == 1


def test_a_copy_that_was_changed_is_refused_before_anything_is_touched(app, panel):
    copy = actions.back_up(place_here())
    with closing(sqlite3.connect(copy.file)) as connection:
        connection.execute("PRAGMA user_version = 7")
        connection.commit()
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    mark(panel, RISK, seat=2)

    with pytest.raises(Conflict, match="SHA-256"):
        actions.restore(place_here(), copy, SOMEBODY, replace=True)

    assert len(ledger()) == 2


def test_a_copy_with_another_number_of_rows_than_it_says_is_refused(app, panel):
    copy = actions.back_up(place_here())
    with closing(sqlite3.connect(copy.file)) as connection:
        connection.execute("DROP TRIGGER sheet_revision_no_delete")
        connection.execute("DELETE FROM sheet_revision")
        connection.commit()
    copy = rewrite(copy, sha256=actions.sha256_of(copy.file))

    with pytest.raises(Conflict, match="manifest"):
        actions.restore(place_here(), copy, SOMEBODY, replace=True)


def test_damaged_pages_are_found(app, panel):
    copy = actions.back_up(place_here())
    content = bytearray(copy.file.read_bytes())
    content[-40_000:-20_000] = bytes(20_000)
    copy.file.write_bytes(content)
    copy = rewrite(copy, sha256=actions.sha256_of(copy.file))

    with pytest.raises(Conflict, match="damaged"):
        actions.restore(place_here(), copy, SOMEBODY, replace=True)


def test_a_copy_of_a_later_version_is_refused(app, panel):
    db.session.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    db.session.commit()
    copy = actions.back_up(place_here())

    with pytest.raises(Conflict, match="9999"):
        actions.restore(place_here(), copy, SOMEBODY, replace=True)


def test_a_copy_of_an_earlier_version_is_taken_over(app, panel):
    contest_id = panel.contest.id
    newest = proof.revision()
    db.session.remove()
    downgrade(revision="-1")
    copy = actions.back_up(place_here())
    assert "" != copy.manifest.contents.revision < newest

    actions.restore(place_here(), copy, SOMEBODY, replace=True)

    assert proof.revision() == newest
    assert proof.look().heads[str(contest_id)]


@pytest.fixture
def broken(panel):
    """A database in which a mark was changed past the program."""
    drop_guards()
    db.session.execute(text("UPDATE sheet_revision SET marks = '{}'"))
    db.session.commit()
    return panel


def test_a_broken_chain_keeps_no_copy_from_being_made_and_the_copy_says_so(app, broken):
    copy = actions.back_up(place_here())

    assert not copy.manifest.is_whole
    with pytest.raises(Missing):
        queries.get_copy(place_here().folder)
    with pytest.raises(Conflict, match="1 problems"):
        actions.restore(place_here(), copy, SOMEBODY, replace=True)
    actions.restore(place_here(), copy, SOMEBODY, replace=True, despite_chain=True)


def test_a_copy_that_cannot_be_proved_gets_no_name(app, panel, monkeypatch):
    def dump(self, to):
        to.write_bytes(Path(self.path).read_bytes()[:20_000])

    monkeypatch.setattr(SqliteStore, "dump", dump)

    with pytest.raises(Conflict):
        actions.try_copy(place_here())

    assert queries.list_copies(place_here().folder) == []
    assert queries.last_try(place_here()).message
    assert db.session.query(TrailRow).filter_by(did="backup.fail").count() == 1


def test_an_older_state_is_no_copy(app, panel, monkeypatch):
    """A copy that lacks what was acknowledged before it was begun: as from a disk that lies."""
    path = Path(db.engine.url.database)
    db.session.commit()
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    earlier = path.read_bytes()
    mark(panel, RISK, seat=2)
    monkeypatch.setattr(SqliteStore, "dump", lambda self, to: to.write_bytes(earlier))

    with pytest.raises(Conflict, match="lacks rows"):
        actions.back_up(place_here())

    assert queries.list_copies(place_here().folder) == []


def test_what_a_killed_maker_left_is_cleared_and_never_a_copy(app, panel):
    rest = place_here().folder / f"{actions.MAKING}left"
    rest.mkdir(parents=True)
    (rest / MANIFEST).write_text("{}")

    actions.back_up(place_here())

    assert not rest.exists()
    assert len(queries.list_copies(place_here().folder)) == 1


def test_a_full_disk_is_left_alone(app, panel, monkeypatch):
    monkeypatch.setattr(actions.shutil, "disk_usage", lambda folder: shutil._ntuple_diskusage(9, 8, 1))

    with pytest.raises(Conflict, match="too little room"):
        actions.try_copy(place_here())


def test_a_place_that_is_no_folder_is_said(app, panel, tmp_path):
    (tmp_path / "backups").write_text("")

    with pytest.raises(Conflict, match="cannot be written"):
        actions.try_copy(place_here())


def test_copies_are_thinned_but_never_those_of_another_installation(app, panel):
    first = actions.back_up(place_here())
    for number in range(2, 16):
        shutil.copytree(first.folder, first.folder.with_name(f"{first.folder.name}-{number}"))
    foreign = rewrite(first, keys={"codes_key": "another", "secret_key": "another"})
    actions.back_up(place_here())

    left = queries.list_copies(place_here().folder)

    assert foreign.folder.name in [copy.folder.name for copy in left]
    assert len(left) == 13


def test_keys_that_lie_with_the_data_lie_with_the_copy_but_not_the_one_that_signs(app, panel, tmp_path):
    (tmp_path / "codes_key").write_text(app.config["CODES_KEY"])
    (tmp_path / "signing_key.pem").write_text("private")

    copy = actions.back_up(place_here())

    assert {path.name for path in copy.folder.iterdir()} == {"contest.sqlite", MANIFEST, "codes_key"}
    assert (copy.folder / "codes_key").read_text() == app.config["CODES_KEY"]
    assert "codes_key" in copy.manifest.text() and app.config["CODES_KEY"] not in copy.manifest.text()


def test_a_spare_machine_takes_the_keys_of_the_copy(app, panel, tmp_path):
    for name in ("codes_key", "secret_key"):
        (tmp_path / name).write_text(app.config[name.upper()])
    copy = actions.back_up(place_here())
    spare = {"codes_key": "s" * 40, "secret_key": "t" * 40}
    for name, key in spare.items():
        (tmp_path / name).write_text(key)
        app.config[name.upper()] = key

    done = actions.restore(place_here(), copy, SOMEBODY, replace=True)

    assert (done.keys, done.is_signed_out) == (("codes_key", "secret_key"), False)
    for name, key in spare.items():
        assert fingerprint((tmp_path / name).read_text()) == copy.manifest.keys[name]
        [kept] = tmp_path.glob(f"{name}.before-*")
        assert kept.read_text() == key


def test_what_root_makes_belongs_to_whoever_owns_the_data(app, panel, tmp_path, monkeypatch):
    given = set()
    monkeypatch.setattr(place.os, "geteuid", lambda: 0)
    monkeypatch.setattr(place.os, "chown", lambda path, user, group: given.add((path.name, user)))
    whose = cycle([(7, 7), (0, 0)])  # the folder's owner is asked for first
    monkeypatch.setattr(place, "_owner_of", lambda path: next(whose))
    (tmp_path / "secret_key").write_text(app.config["SECRET_KEY"])
    copy = actions.back_up(place_here())
    app.config["SECRET_KEY"] = "t" * 40
    (tmp_path / "secret_key").write_text("t" * 40)

    actions.restore(place_here(), copy, SOMEBODY, replace=True)

    names = sorted(name.partition(".restoring")[0] for name, user in given if user == 7)
    assert {"backups", "contest.sqlite", MANIFEST, "secret_key"} <= set(names)
    assert names.count("secret_key") == names.count("contest.sqlite") == 2


def test_without_the_key_of_its_codes_a_copy_is_not_put_in(app, panel):
    copy = actions.back_up(place_here())
    app.config["CODES_KEY"] = "s" * 40

    with pytest.raises(Conflict, match="CONTEST_CODES_KEY"):
        actions.restore(place_here(), copy, SOMEBODY, replace=True)


def test_a_copy_of_another_kind_of_database_is_refused(app, panel):
    copy = rewrite(actions.back_up(place_here()), engine="postgresql")

    with pytest.raises(Conflict, match="postgresql"):
        actions.restore(place_here(), copy, SOMEBODY, replace=True)


def test_a_copy_is_named_by_its_folder_its_file_or_the_folder_of_all(app, panel):
    copy = actions.back_up(place_here())
    newest = actions.back_up(place_here())

    assert queries.get_copy(copy.folder) == copy
    assert queries.get_copy(copy.file) == copy
    assert queries.get_copy(place_here().folder) == newest
    (copy.folder / MANIFEST).write_text("{")
    with pytest.raises(Invalid):
        queries.get_copy(copy.folder)


def test_what_comes_while_a_copy_is_made_does_not_spoil_it(app, panel, monkeypatch):
    dump = SqliteStore.dump

    def dump_while_marking(self, to):
        with work(SOMEBODY, "thing.do", contest_id=panel.contest.id):
            pass
        dump(self, to)
        with work(SOMEBODY, "thing.do", contest_id=panel.contest.id):
            pass

    monkeypatch.setattr(SqliteStore, "dump", dump_while_marking)

    copy = actions.back_up(place_here())

    assert copy.manifest.contents.rows["trail"] == db.session.query(TrailRow).count() - 1


def test_without_postgresqls_programs_there_is_one_clear_sentence(monkeypatch, tmp_path):
    monkeypatch.setattr(postgres_store, "INSTALLED", tmp_path)
    monkeypatch.setenv("PATH", str(tmp_path))
    store = postgres_store.PostgresStore(make_url("postgresql+psycopg://somebody@localhost/contest"))

    with pytest.raises(Conflict, match="pg_dump is not installed here"):
        store.dump(tmp_path / "contest.dump")


def test_the_newest_of_postgresqls_programs_is_taken(monkeypatch, tmp_path):
    for version in ("9", "15", "old"):
        (tmp_path / version / "bin").mkdir(parents=True)
        (tmp_path / version / "bin" / "pg_dump").write_text("")
    monkeypatch.setattr(postgres_store, "INSTALLED", tmp_path)

    assert postgres_store._program("pg_dump") == str(tmp_path / "15" / "bin" / "pg_dump")


def test_no_password_stands_among_the_words_of_a_program(monkeypatch, tmp_path):
    ran = []

    def run(words, env, **more):
        ran.append((words, env))
        return subprocess.CompletedProcess(words, 1, "", "no such host")

    monkeypatch.setattr(postgres_store.subprocess, "run", run)
    monkeypatch.setattr(postgres_store, "_program", lambda name: name)
    store = postgres_store.PostgresStore(make_url("postgresql+psycopg://me:hidden@localhost/contest"))

    with pytest.raises(Conflict, match="pg_dump failed: no such host"):
        store.dump(tmp_path / "contest.dump")

    [(words, environment)] = ran
    assert "hidden" not in " ".join(words)
    assert environment["PGPASSWORD"] == "hidden"


def test_a_server_that_does_not_answer_is_said():
    store = postgres_store.PostgresStore(make_url("postgresql+psycopg://me@127.0.0.1:1/contest"))

    with pytest.raises(Conflict, match="PostgreSQL refuses"):
        store.size()


@pytest.mark.parametrize("app", ["postgres"], indirect=True)
def test_a_role_that_may_make_no_database_is_told_what_it_needs(app):
    with postgres_store.PostgresStore(db.engine.url)._connected("postgres") as connection:
        connection.execute("DROP ROLE IF EXISTS contest_test_plain")
        connection.execute("CREATE ROLE contest_test_plain LOGIN")
        try:
            store = postgres_store.PostgresStore(db.engine.url.set(username="contest_test_plain"))
            with pytest.raises(Conflict, match="CREATEDB"), store.unpacked("unused"):
                pass
        finally:
            connection.execute("DROP ROLE contest_test_plain")
