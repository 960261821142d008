"""Taking somebody off the roster, on both databases: what the tables keep for ever stays."""

import pytest

from contest.audit.chain_queries import check_chain
from contest.audit.work import Actor
from contest.db import db
from contest.errors import Conflict
from contest.people import entrant_actions, queries
from contest.people.models import Entrant, StateEvent
from tests import factories

BOTH = pytest.mark.parametrize("app", ["sqlite", "postgres"], indirect=True)
ORGANISER = Actor(None, "test")


@pytest.fixture
def entrant(app):
    contest = factories.make_contest(state="registration")
    return factories.make_entrant(contest, name="张三")


@BOTH
def test_somebody_registered_by_mistake_is_removed_and_the_chain_holds(entrant):
    contest_id, entrant_id = entrant.contest_id, entrant.id

    entrant_actions.remove_entrant(ORGANISER, contest_id, entrant_id, "张三")

    assert db.session.get(Entrant, entrant_id) is None
    assert check_chain(contest_id).is_whole


@BOTH
def test_whoever_has_a_state_that_was_noted_is_kept_and_so_is_the_state(entrant):
    contest_id, entrant_id = entrant.contest_id, entrant.id
    entrant_actions.set_state(ORGANISER, contest_id, entrant_id, state="withdrawn", reason="ill")
    assert not queries.is_removable("registration", db.session.get(Entrant, entrant_id))

    with pytest.raises(Conflict, match="a state that was noted"):
        entrant_actions.remove_entrant(ORGANISER, contest_id, entrant_id, "张三")

    assert db.session.get(Entrant, entrant_id) is not None
    assert [row.state for row in db.session.query(StateEvent)] == ["withdrawn"]
    assert check_chain(contest_id).is_whole
