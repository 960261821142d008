"""Making a verified copy of the living database, and putting one back in its place."""

import fcntl
import hashlib
import json
import os
import shutil
import sqlite3
import uuid
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.metadata import version

from sqlalchemy import select
from sqlalchemy.exc import SQLAlchemyError

from contest import clock
from contest.audit import chain_queries
from contest.audit.work import Actor, work
from contest.backups import proof, queries, rules
from contest.backups.place import KEY_FILES, give_to_owner, open_private, to_disk
from contest.backups.postgres_store import PostgresStore
from contest.backups.queries import Copy
from contest.backups.rules import MANIFEST, Manifest, fingerprint
from contest.backups.sqlite_store import SqliteStore
from contest.db import db, snapshot, writing
from contest.draw.sealing import key_here
from contest.errors import Conflict, Refusal
from contest.running import alone

PROGRAM = Actor(None, "backup")
STORES = {"sqlite": SqliteStore, "postgresql": PostgresStore}
MAKING, LOCK = ".making-", ".lock"
SPARE = 64 << 20  # bytes


@dataclass(frozen=True)
class Restored:
    """What became of a restore. old: where the database is now that was there before, or ""."""

    copy: Copy
    old: str
    keys: tuple  # names of the keys that came from the copy
    is_signed_out: bool  # nobody's session of then is valid: the secret key is another one


def try_copy(place):
    """Make a copy and write down how it went, for the desk to read; what failed is raised."""
    try:
        made = back_up(place)
    except Refusal as failed:
        try:
            note_try(place, failed)
        except (OSError, SQLAlchemyError) as worse:
            raise failed from worse  # a full disk, a database that is gone: the first trouble is told
        raise
    note_try(place, None)
    return made


def back_up(place):
    """Make a copy and return it; only one that was opened again and checked gets its name."""
    key_here()  # where it is lost the copy would be of no use
    try:
        return _back_up(place)
    except OSError as failed:
        raise Conflict(
            "No copy was made: %(folder)s cannot be written (%(why)s).",
            folder=str(place.folder), why=failed.strerror or type(failed).__name__,
        ) from failed
    except (sqlite3.Error, SQLAlchemyError) as failed:
        raise Conflict(
            "No copy was made: the database cannot be read (%(why)s).",
            why=str(getattr(failed, "orig", failed)).strip(),
        ) from failed


def _back_up(place):
    at, store = clock.now(), store_here()
    with snapshot():
        before = proof.look(check_chains=False)
    with _making(place.folder, store.size()) as folder:
        file = folder / store.file
        store.dump(file)
        with store.unpacked(file) as url:
            found = proof.prove(url)
        with snapshot():
            rules.check_copy(before, found, proof.is_on_chain)
        for name, key in place.kept_keys().items():
            with open_private(folder / name) as kept:
                kept.write(key.encode())
        manifest = Manifest(
            at=at, program=version("contest"), engine=store.engine, file=store.file,
            size=file.stat().st_size, sha256=sha256_of(file), contents=found,
            keys={name: fingerprint(key) for name, key in place.keys.items()},
        )
        with open_private(folder / MANIFEST) as kept:
            kept.write(manifest.text().encode())
        for written in (folder, *folder.iterdir()):
            give_to_owner(written)
            to_disk(written)
        name = rules.name_of(at, {path.name for path in place.folder.iterdir()})
        folder.rename(place.folder / name)
        to_disk(place.folder)
        _thin(place)
    return Copy(place.folder / name, manifest)


@contextmanager
def _making(folder, size):
    """A folder under a name that is no copy's; one is made at a time, and no rest of one stays."""
    if not folder.is_dir():
        folder.mkdir(mode=0o700, parents=True)
        give_to_owner(folder)
    # A full disk would stop the office too: the copies leave room for the database to grow.
    if shutil.disk_usage(folder).free < 2 * size + SPARE:
        raise Conflict("No copy was made: too little room is left in %(folder)s.", folder=str(folder))
    with open(folder / LOCK, "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        for rest in folder.glob(f"{MAKING}*"):
            shutil.rmtree(rest)
        making = folder / f"{MAKING}{uuid.uuid4().hex}"
        making.mkdir(mode=0o700)
        try:
            yield making
        finally:
            shutil.rmtree(making, ignore_errors=True)


def _thin(place):
    copies = {copy.folder.name: copy for copy in queries.list_copies(place.folder, place.installation)}
    known = {name: (copy.manifest.at, copy.manifest.is_whole) for name, copy in copies.items()}
    for name in rules.superfluous(known, clock.now()):
        # Half a copy must not look like one: it loses its name first.
        gone = place.folder / f"{MAKING}{name}"
        copies[name].folder.rename(gone)
        shutil.rmtree(gone)


def note_try(place, failed, name=queries.LAST_TRY, did="backup.fail", at=None):
    """Write down how a try went that began then, or now; the same trouble stands in the trail once."""
    tried = {"at": (at or clock.now()).isoformat(), "message": failed.message if failed else "",
             "params": failed.params if failed else {}}
    known = queries.last_try(place, name)
    path = place.data / name
    fresh = path.with_name(f"{path.name}.{uuid.uuid4().hex}")
    fresh.write_text(json.dumps(tried), encoding="utf-8")
    fresh.replace(path)
    if failed and (known is None or known.message != failed.message):
        with writing(), work(PROGRAM, did, reason=str(failed)):
            pass


def restore(place, copy, actor, replace=False, despite_chain=False):
    """Put a copy in the database's place once it has proved to be what was written; the Restored.

    What was there is renamed, never deleted; it has to be empty unless `replace`.
    """
    store, manifest = store_here(), copy.manifest
    if store.engine != manifest.engine:
        raise Conflict(
            "This is a copy of another kind of database: %(kind)s. Set CONTEST_DATABASE accordingly.",
            kind=manifest.engine,
        )
    keys = _keys_to_take(place, copy)
    with alone(place.data):
        if store.is_there() and not replace:
            _check_is_empty()
        db.session.remove()
        db.engine.dispose()
        if store.is_there():
            store.be_alone()
        rules.check_promise(manifest, _sha256_of_copy(copy), None)
        stamp = f"{clock.now():%Y%m%d-%H%M%S}-{uuid.uuid4().hex[:4]}"
        fresh = f"restoring-{stamp}"
        with store.laid_beside(copy.file, fresh) as url:
            _prove(url, manifest, despite_chain)
            with proof.opened(url), writing():
                _write_trail(copy, actor)
            if store.is_there():
                store.be_alone()  # somebody may have come while the copy was proved
            old = store.put_in(fresh, f"before-{stamp}")
        for name, key in keys.items():
            _take_key(place, name, key, stamp)
    secret = keys.get("secret_key", place.keys["secret_key"])
    return Restored(
        copy, old, tuple(keys), manifest.keys.get("secret_key") != fingerprint(secret),
    )


def store_here():
    """The database of the application that runs, as something to be copied or replaced."""
    return STORES[db.engine.dialect.name](db.engine.url)


def _prove(url, manifest, despite_chain):
    with proof.opened(url):
        proof.check_pages()
        if proof.revision() != manifest.contents.revision:
            raise Conflict("This copy does not hold what its manifest says.")
        proof.take_over()
        found = proof.look()
    rules.check_promise(manifest, manifest.sha256, found)
    if found.problems and not despite_chain:
        raise Conflict(
            "A chain in this copy does not hold (%(count)s problems); take an earlier copy, or this one "
            "with --despite-chain.", count=found.problems,
        )


def _check_is_empty():
    """Conflict when the database holds people or contests, or cannot be read to see it."""
    tables = db.metadata.tables
    try:
        with writing(False):
            held = [db.session.execute(select(tables[name]).limit(1)).first() is not None
                    for name in ("user_account", "contest")]
    except (sqlite3.Error, SQLAlchemyError) as broken:
        raise Conflict(
            "The database that is here cannot be read. With --replace it is set aside, not deleted."
        ) from broken
    if any(held):
        raise Conflict(
            "The database that is here holds people or contests, and maybe marks that the copy lacks. "
            "With --replace it is set aside, not deleted."
        )


def _write_trail(copy, actor):
    """In the installation's trail, and in the chain of every contest that may have lost something."""
    contest, name = db.metadata.tables["contest"], copy.folder.name
    for contest_id in db.session.scalars(
        select(contest.c.id).where(contest.c.state != "archived").order_by(contest.c.id)
    ).all():
        if (head := chain_queries.find_head(contest_id)) is not None:
            with work(actor, "backup.restore", contest_id=contest_id, subject=name,
                      hash=head.hash.hex(), rev=head.seq):
                pass
    with work(actor, "backup.restore", subject=name, hash=copy.manifest.sha256):
        pass


def _keys_to_take(place, copy):
    """{name: key} of the copy's keys that are not those in use here; Conflict where one is lacking."""
    found = {}
    for name in KEY_FILES:
        wanted = copy.manifest.keys.get(name)
        if wanted == fingerprint(place.keys[name]):
            continue
        path = copy.folder / name
        key = path.read_text().strip() if path.is_file() else ""
        if fingerprint(key) == wanted and (place.is_kept(name) or not place.keys[name]):
            found[name] = key
        elif name == "codes_key":
            raise Conflict(
                "The blind codes in this copy are sealed with another key than this installation's: set "
                "CONTEST_CODES_KEY to it, or put it beside the copy as codes_key and unset the variable."
            )
    return found


def _take_key(place, name, key, stamp):
    path = place.data / name
    fresh = path.with_name(f"{name}.restoring-{stamp}")
    with open_private(fresh) as file:
        file.write(key.encode())
    give_to_owner(fresh)
    to_disk(fresh)
    if path.exists():
        path.rename(path.with_name(f"{name}.before-{stamp}"))
    os.rename(fresh, path)
    to_disk(place.data)


def _sha256_of_copy(copy):
    try:
        return sha256_of(copy.file)
    except OSError as gone:
        raise Conflict("The database is not in this copy, or cannot be read.") from gone


def sha256_of(path):
    """The SHA-256 of a file, in hexadecimal digits."""
    with open(path, "rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
