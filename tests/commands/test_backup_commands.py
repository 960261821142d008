"""`contest backup` and `contest restore`, as they are typed."""

import pytest

from contest.backups import actions, queries
from contest.backups.place import place_here
from contest.db import db
from contest.judging import tablet_actions, tablet_queries
from contest.judging.models import SheetRevision
from tests.judging.panels import RISK, make_panel, mark


@pytest.fixture
def type_in(app, monkeypatch):
    """`type_in("backup")` types a command in an English terminal; gives click's result."""
    monkeypatch.setenv("LC_ALL", "en_GB.UTF-8")
    runner = app.test_cli_runner()
    return lambda *words: runner.invoke(args=list(words))


@pytest.fixture
def panel(app):
    found = make_panel()
    mark(found, RISK)
    return found


def test_a_copy_is_made_and_put_back(type_in, panel):
    made = type_in("backup")
    [copy] = queries.list_copies(place_here().folder)
    mark(panel, RISK, seat=2)

    done = type_in("restore", str(copy.folder), "--replace")

    assert made.exit_code == done.exit_code == 0
    assert f"Copied and checked: {copy.folder} (1 revisions of sheets" in made.output
    assert "copy signing_key.pem and personal_keys.json by hand" in made.output
    assert "codes_key comes from the environment" in made.output
    assert "What was here is now" in done.output
    assert "Start the server now" in done.output.splitlines()[-1]
    assert db.session.query(SheetRevision).count() == 1


def test_a_copy_is_the_same_installation_unless_it_is_for_a_rehearsal(type_in, panel):
    tablet_actions.note_birth()
    own = tablet_queries.installation()
    type_in("backup")
    [copy] = queries.list_copies(place_here().folder)

    type_in("restore", str(copy.folder), "--replace")
    assert tablet_queries.installation() == own
    db.session.rollback()
    done = type_in("restore", str(copy.folder), "--replace", "--rehearsal")

    assert done.exit_code == 0 and "This is a rehearsal: tablets bring it nothing" in done.output
    assert "offer again" not in done.output
    assert tablet_queries.installation() not in ("", own)
    assert db.session.query(SheetRevision).count() == 1


def test_a_new_database_has_a_name_by_which_tablets_know_it(type_in):
    assert type_in("init", "--no-code").exit_code == 0
    born = tablet_queries.installation()
    db.session.rollback()
    assert type_in("init", "--no-code").exit_code == 0
    assert born and tablet_queries.installation() == born


def test_a_restore_is_refused_in_one_sentence(type_in, panel):
    type_in("backup")

    answer = type_in("restore", str(place_here().folder))

    assert answer.exit_code == 1
    assert "With --replace it is set aside, not deleted." in str(answer.exception or answer.output)


def test_copies_may_be_made_elsewhere_without_touching_what_the_desk_says(type_in, panel, tmp_path):
    answer = type_in("backup", "--to", str(tmp_path / "stick"))

    assert answer.exit_code == 0
    assert len(queries.list_copies(tmp_path / "stick")) == 1
    assert queries.list_copies(place_here().folder) == []
    assert queries.last_try(place_here()) is None


def test_a_broken_chain_is_said(type_in, panel, monkeypatch):
    monkeypatch.setattr(actions.Manifest, "is_whole", False)

    assert "a chain in it does not hold" in type_in("backup").output


def test_without_a_database_there_is_nothing_to_copy(type_in, app, tmp_path):
    db.session.remove()
    db.engine.dispose()
    (tmp_path / "contest.sqlite").unlink()

    assert type_in("backup").exit_code == 2
