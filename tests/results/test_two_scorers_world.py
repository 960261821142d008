"""Both scorers agree on the contests that every page of the house is tried on, in whatever state."""

import pytest

from contest import clock
from contest.db import db
from contest.results import verification_queries
from tests.conftest import NOON, TEST_SETTINGS
from tests.world import open_world


@pytest.fixture
def house(empty_database, tmp_path):
    clock.stand_still(NOON)
    app, world = open_world(empty_database, tmp_path, **TEST_SETTINGS)
    with app.app_context():
        yield world
        db.session.remove()
        db.engine.dispose()
    clock.stand_still(None)


@pytest.mark.parametrize("name", ["running", "finished", "registering", "foreign"])
def test_both_scorers_agree(house, name):
    counted = verification_queries.count(verification_queries.shown(getattr(house, name)))

    assert counted.differences == []
    assert counted.figures > (100 if name in ("running", "finished") else 5)
