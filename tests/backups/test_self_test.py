"""What a machine could spoil is said when a server starts and on the desk of a contest that is judged."""

import shutil
import subprocess
import sys
from datetime import timedelta

import pytest

from contest import clock, serving
from contest.audit.work import Actor, work
from contest.backups import self_test
from contest.db import db
from tests import factories
from tests.conftest import NOON
from tests.ports import free_port
from tests.test_serving import environment, wait_for  # noqa: F401

ACTOR = Actor(None, "test")


def told():
    return [note.text % note.params for note in self_test.problems()]


@pytest.fixture
def recorded(app):
    contest = factories.make_contest()
    with work(ACTOR, "contest.public", contest_id=contest.id):
        pass
    return contest


def test_a_machine_as_it_should_be_says_nothing(recorded):
    assert told() == []


def test_a_clock_that_went_back_is_told_with_both_moments(recorded, as_role):
    clock.stand_still(NOON - timedelta(seconds=10))
    assert told() == []
    clock.stand_still(NOON - timedelta(hours=3))

    [sentence] = told()
    assert sentence.startswith("The clock of the server says") and str(NOON) in sentence
    page = as_role("organiser", recorded).get(f"/contests/{recorded.id}").text
    assert "The clock of the server says" in page


def test_a_full_disk_is_told_before_it_is_full(recorded, monkeypatch):
    usage = shutil.disk_usage("/")
    for free, says in ((1_000_000_000, []), (700_000_000, ["Only 700 MB"])):
        monkeypatch.setattr(shutil, "disk_usage", lambda _folder, free=free: usage._replace(free=free))
        assert [sentence[:11] for sentence in told()] == says


def test_a_data_folder_that_is_not_there_is_no_fault(app, recorded, monkeypatch, tmp_path):
    monkeypatch.setitem(app.config, "DATA_FOLDER", tmp_path / "nowhere")
    assert told() == []


@pytest.mark.parametrize("app", ["sqlite"], indirect=True)
def test_a_database_without_its_log_is_told(recorded):
    db.session.remove()
    pooled = db.engine.raw_connection()
    pooled.driver_connection.execute("PRAGMA synchronous = NORMAL")
    pooled.close()
    assert [sentence[:24] for sentence in told()] == ["The disk of the database"]
    db.session.remove()
    db.engine.dispose()
    assert told() == []


def test_a_server_says_it_when_it_starts(recorded, environment):  # noqa: F811
    # The server's clock is the machine's: what was recorded tomorrow is ahead of it.
    clock.stand_still(clock.now() + timedelta(days=36_500))
    with work(ACTOR, "contest.public", contest_id=recorded.id):
        pass
    db.session.remove()
    port = free_port()
    with subprocess.Popen(
        [sys.executable, "-m", "contest.serving", "office", "127.0.0.1", str(port), "1", "2"],
        env={**environment, "LC_ALL": "en_GB.UTF-8"}, cwd=serving.STATIC.parent,
        stderr=subprocess.PIPE, text=True,
    ) as child:
        wait_for(port, "/sign-in")
        child.terminate()
        _, said = child.communicate()
    assert "The clock of the server says" in said
