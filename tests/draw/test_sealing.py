"""The key of the blind codes: made at the first use, never anew beside what was sealed with it."""

import pytest
from sqlalchemy import select

from contest import config
from contest.audit.work import Actor
from contest.backups import actions as backups
from contest.backups.place import place_here
from contest.db import db
from contest.draw import actions, sealing
from contest.draw.models import BlindCode
from contest.errors import Conflict
from tests import factories

BOTH = pytest.mark.parametrize("app", ["sqlite", "postgres"], indirect=True)


@pytest.fixture
def no_key(app, tmp_path, monkeypatch):
    """An installation that keeps its key in the data folder, before the first use."""
    monkeypatch.setitem(app.config, "CODES_KEY", "")
    return tmp_path / "codes_key"


@pytest.fixture
def drawn(app):
    """A contest whose codes were drawn, and who drew them."""
    contest = factories.make_contest()
    for number in ("A1", "A2"):
        factories.make_entrant(contest, number=number)
    coder = factories.person_of(factories.make_user("Kira"))
    actions.hold_draw(coder, contest.id, "final", "lottery-478")
    return contest, coder


@BOTH
def test_a_key_is_made_at_the_first_use(app, no_key):
    key = sealing.key_here()
    assert len(key) >= 32 and no_key.read_text() == key and no_key.stat().st_mode & 0o077 == 0
    app.config["CODES_KEY"] = ""  # as another process of the same installation
    assert sealing.key_here() == key


@BOTH
def test_a_missing_key_is_never_made_anew_beside_sealed_codes(app, drawn, tmp_path, monkeypatch):
    """A new one would open none of them: the sentence says where the old one belongs."""
    old, path = app.config["CODES_KEY"], tmp_path / "codes_key"
    monkeypatch.setitem(app.config, "CODES_KEY", "")
    contest_id, coder = drawn[0].id, drawn[1]
    db.session.expire_all()

    for attempt in (
        lambda: db.session.scalars(select(BlindCode)).all(), sealing.key_here,
        lambda: actions.seal_seed(coder, contest_id, "final", "order"),
        lambda: backups.back_up(place_here()),
    ):
        with pytest.raises(Conflict) as refused:
            attempt()
        db.session.rollback()
        assert refused.value.params == {"path": path} and refused.value.message == sealing.GONE
        assert not path.exists()

    path.write_text(old)
    assert db.session.scalars(select(BlindCode.code)).all()


def test_a_lost_key_comes_back_with_a_copy(app, drawn, tmp_path, monkeypatch):
    path = tmp_path / "codes_key"
    path.write_text(app.config["CODES_KEY"])
    copy = backups.back_up(place_here())
    old = path.read_text()
    path.unlink()
    monkeypatch.setitem(app.config, "CODES_KEY", "")

    done = backups.restore(place_here(), copy, Actor(None, "terminal"), replace=True)

    assert "codes_key" in done.keys and path.read_text() == old


def test_the_key_may_lie_on_a_stick_and_is_then_in_no_data_folder(app, tmp_path, monkeypatch):
    stick = tmp_path / "stick"
    stick.mkdir()
    monkeypatch.setenv("CONTEST_CODES_KEY_FILE", str(stick / "codes_key"))
    monkeypatch.setitem(app.config, "CODES_KEY", "")
    monkeypatch.setitem(app.config, "DATA_FOLDER", tmp_path)

    key = sealing.key_here()

    assert (stick / "codes_key").read_text() == key
    assert (stick / "codes_key").stat().st_mode & 0o777 == 0o600
    assert not (tmp_path / "codes_key").exists()
    assert sealing.where_key_lies() == ("apart", stick / "codes_key")
    said = app.test_cli_runner().invoke(args=["key", "codes"])
    assert str(stick / "codes_key") in said.output
    assert key not in said.output


def test_it_is_said_that_a_key_lies_beside_the_database_or_in_no_file(app, tmp_path, monkeypatch):
    monkeypatch.setitem(app.config, "DATA_FOLDER", tmp_path)
    assert sealing.where_key_lies() == ("environment", None)

    (tmp_path / "codes_key").write_text(app.config["CODES_KEY"])
    assert sealing.where_key_lies() == ("beside", tmp_path / "codes_key")


@pytest.mark.parametrize("given", ["codes_key", "/nowhere/at/all/codes_key"])
def test_a_stick_that_is_not_there_stops_the_start_with_a_sentence(tmp_path, monkeypatch, given):
    monkeypatch.setenv("CONTEST_CODES_KEY_FILE", given)

    with pytest.raises(config.BadSetting, match="CONTEST_CODES_KEY_FILE"):
        config.codes_key(tmp_path, may_make=False)
