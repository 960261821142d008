"""The second place (SQLite): it holds what the database does, and whatever fails leaves a copy there."""

import os
import sqlite3
from contextlib import closing
from datetime import timedelta

import pytest

from contest import clock
from contest.audit.models import TrailRow
from contest.audit.work import Actor, work
from contest.backups import actions, follower, queries, rules
from contest.backups.place import place_here
from contest.db import db, writing
from contest.errors import Conflict
from tests import factories
from tests.conftest import NOON


@pytest.fixture
def contest(app):
    return factories.make_contest()


@pytest.fixture
def second(app, tmp_path, contest):
    app.config["FOLLOW_TO"] = str(tmp_path / "second")
    db.session.commit()
    return follower.Follower(place_here(tmp_path / "second"))


def act(contest, **facts):
    clock.stand_still(clock.now() + timedelta(milliseconds=1))
    with writing(), work(Actor(None, "x"), "proof.write", contest_id=contest.id, **facts):
        pass
    db.session.commit()


def rows_of(copy):
    with closing(sqlite3.connect(f"file:{copy.file}?immutable=1", uri=True)) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        return connection.execute("SELECT id, did, facts FROM trail ORDER BY id").fetchall()


def own_rows():
    return [row[:2] for row in db.session.query(TrailRow.id, TrailRow.did).order_by(TrailRow.id)]


def there(second):
    return queries.list_copies(second.place.folder, second.place.installation)


def test_every_round_leaves_the_database_as_it_was_and_two_copies_at_most(second, contest):
    for number in range(5):
        act(contest, text="钢" * 2000 * number)
        assert follower.follow_once(second)

        newest, *older = there(second)
        assert [row[:2] for row in rows_of(newest)] == own_rows()
        assert len(older) == min(number, 1)
        assert actions.sha256_of(newest.file) == newest.manifest.sha256


def test_only_pages_that_changed_are_written(second, contest, monkeypatch):
    written = []
    write = rules.write_pages
    monkeypatch.setattr(rules, "write_pages", lambda file, image, numbers, settle: (
        written.append(numbers and len(numbers)), write(file, image, numbers, settle)))
    act(contest, text="钢" * 100_000)
    for number in range(3):
        act(contest, number=number)
        follower.follow_once(second)

    assert written[:2] == [None, None]  # two folders to begin with
    assert 0 < written[2] < 30


def test_where_nothing_was_done_nothing_is_copied_and_it_is_not_behind(second, contest):
    follower.follow_once(second)
    [first] = there(second)
    clock.stand_still(NOON + timedelta(hours=1))

    assert follower.follow_once(second)

    assert [copy.folder for copy in there(second)] == [first.folder]
    assert queries.last_try(second.place, queries.FOLLOW_TRY).at == NOON + timedelta(hours=1)


@pytest.mark.parametrize("step", ["sha256_of", "note"])
def test_a_round_that_fails_leaves_the_copy_before_it(second, contest, monkeypatch, step):
    follower.follow_once(second)
    act(contest, number=1)
    follower.follow_once(second)
    known = rows_of(there(second)[0])
    act(contest, number=2)
    with monkeypatch.context() as patched:
        if step == "sha256_of":
            patched.setattr(follower, "sha256_of", lambda path: "0" * 64)
        else:
            patched.setattr(follower.proof, "check_pages", broken)
        assert not follower.follow_once(second)
    assert rows_of(there(second)[0]) == known

    assert follower.follow_once(second)
    assert len(rows_of(there(second)[0])) > len(known)


def broken():
    raise Conflict("The copy is damaged: %(why)s", why="x")


def test_a_place_that_cannot_be_written_stands_in_the_trail_once_and_on_the_desk(second, contest):
    second.place.folder.write_text("a file, not a folder")

    assert [follower.follow_once(second) for _ in range(2)] == [False, False]

    assert db.session.query(TrailRow).filter_by(did="follow.fail").count() == 1
    told = [note.text for note in queries.desk_notes(contest.id)]
    assert told[0] == "The second place of the database is not followed:"


def test_the_desk_tells_how_far_the_second_place_is_behind(second, contest):
    assert "The second place of the database was never reached." in notes(contest)
    follower.follow_once(second)
    assert not any("second place" in note for note in notes(contest))

    clock.stand_still(NOON + timedelta(seconds=15))
    assert not any("second place" in note for note in notes(contest))
    clock.stand_still(NOON + timedelta(seconds=16))
    assert "The second place of the database is 16 seconds behind." in notes(contest)


def notes(contest):
    return [note.text % (note.params or {}) for note in queries.desk_notes(contest.id)]


def test_two_followers_do_not_write_to_one_place_nor_into_the_copies(second, contest, app):
    assert follower.follow_once(second)
    other = follower.Follower(second.place)
    with pytest.raises(Conflict, match="Another follower"):
        other.catch_up(NOON)
    with pytest.raises(Conflict, match="another folder"):
        follower.Follower(place_here()).catch_up(NOON)


def test_a_new_process_takes_the_place_over(second, contest):
    follower.follow_once(second)
    second.lock.close()
    act(contest, number=1)
    other = follower.Follower(second.place)

    for number in range(3):
        act(contest, number=number)
        assert follower.follow_once(other)

    assert len(there(second)) == 2
    assert [row[:2] for row in rows_of(there(second)[0])] == own_rows()


def test_what_lies_there_is_restored_like_any_copy(second, contest):
    act(contest)
    follower.follow_once(second)
    copy = queries.get_copy(second.place.folder)
    second.source.close()

    done = actions.restore(place_here(), copy, Actor(None, "x"), replace=True)

    assert done.copy == copy
    assert db.session.query(TrailRow).filter_by(did="backup.restore").count() == 2


@pytest.mark.parametrize(("old", "new"), [(3, 5), (5, 3), (4, 4), (0, 2)])
def test_pages_that_changed_make_the_new_image_of_the_old_one(old, new, tmp_path):
    def image(pages, mark):
        found = bytearray(b"\0" * 512 * pages)
        found[16:18] = (512).to_bytes(2)
        found[-1] = mark
        return bytes(found)

    before, after = image(old, 1) if old else b"", image(new, 2)
    path = tmp_path / "image"
    path.write_bytes(before)
    changed = rules.changed_pages(before, after)
    with open(path, "r+b") as file:
        rules.write_pages(file, after, changed, lambda: None)

    assert path.read_bytes() == after
    assert new - 1 in changed


def test_each_piece_is_brought_to_the_disk_before_the_next(tmp_path):
    """The office's commits stand in line behind what a process beside it brings to the disk at once."""
    image = bytearray(os.urandom(3 * rules.PIECE + 4096))
    image[16:18] = (4096).to_bytes(2)
    path, lengths = tmp_path / "image", []
    path.touch()

    with open(path, "r+b") as file:
        rules.write_pages(file, bytes(image), None, lambda: lengths.append(path.stat().st_size))

    assert lengths == [rules.PIECE, 2 * rules.PIECE, 3 * rules.PIECE]
    assert path.read_bytes() == bytes(image)
