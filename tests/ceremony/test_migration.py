"""0020: screens and reveals beside what stood before; a freeze that stood goes on."""

from datetime import UTC, datetime

import pytest
from flask_migrate import downgrade, upgrade
from sqlalchemy import inspect, text
from sqlalchemy.exc import IntegrityError

from contest import clock
from contest.board import actions, queries
from contest.db import db
from tests.ceremony.stages import begin, host, make_ready
from tests.results.scenes import make_scene

BOTH = pytest.mark.parametrize("app", ["sqlite", "postgres"], indirect=True)


@BOTH
def test_0020_keeps_a_freeze_and_can_be_taken_back(app):
    scene = make_scene(1)
    actions.freeze_board(host(scene), scene.contest.id)
    contest_id, frozen = scene.contest.id, clock.now()
    db.session.remove()
    downgrade(revision="0019_places")
    assert not {"screen", "reveal"} & set(inspect(db.engine).get_table_names())
    db.session.remove()

    upgrade(revision="0020_ceremony")

    switch = queries.find_switch(contest_id)
    assert (switch.freeze_from, switch.freeze_after) == (frozen, None)


@BOTH
def test_the_database_itself_lets_one_reveal_run(app):
    scene = make_ready(2, teams=())
    begin(scene)
    columns = (
        "contest_id, kind, options, result_sheet_id, revision, script, script_hash, step, is_blank, "
        "is_paused, began_at"
    )
    copied = text(f"INSERT INTO reveal ({columns}) SELECT {columns} FROM reveal")

    with pytest.raises(IntegrityError):
        db.session.execute(copied)
    db.session.rollback()

    db.session.execute(text("UPDATE reveal SET ended_at = :now"), {"now": datetime(2026, 11, 23, tzinfo=UTC)})
    db.session.execute(copied)
    db.session.commit()
    assert db.session.execute(text("SELECT count(*) FROM reveal")).scalar() == 2
