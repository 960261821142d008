"""A board that nothing has changed is the very same one, and nothing is rendered for it."""

from datetime import timedelta

import pytest

from contest import clock
from contest.board import actions, queries
from contest.board.node import LONGEST_HELD, Node
from contest.db import db
from contest.people.models import Human
from contest.results.roll import roster
from tests import factories
from tests.board.nodes import get
from tests.board.test_node import change, live
from tests.board.test_work import work  # noqa: F401  (a fixture)
from tests.results.scenes import make_scene


def board_of(scene):
    return queries.public_board(scene.contest.slug, clock.now())


def test_the_same_board_is_given_out_until_something_public_changes(app):
    scene = make_scene(2).finish()
    first = board_of(scene)
    assert board_of(scene) is first

    scene.theory(0, 71)
    marked = board_of(scene)
    assert marked is not first and marked.rows != first.rows
    scene.contest.name = "另一个名字"
    db.session.commit()
    renamed = board_of(scene)
    assert (renamed.name, renamed.rows) == ("另一个名字", marked.rows)
    actions.freeze_board(factories.make_official("Olga", "organiser"), scene.contest.id)
    assert board_of(scene).frozen_at is not None
    assert board_of(scene) is board_of(scene)


def test_a_roster_is_the_same_until_somebody_on_it_changes(app):
    scene = make_scene(2)
    first = roster(scene.contest.id)
    assert roster(scene.contest.id) is first and hash(first) == hash(tuple(first))

    db.session.query(Human).order_by(Human.id).first().name = "改名"
    db.session.commit()

    assert {line.name for line in roster(scene.contest.id)} >= {"改名"}


def test_a_look_that_finds_the_same_board_renders_nothing(app, work):  # noqa: F811
    scene = make_scene(3).finish()

    async def act(node):
        await get(node, f"/board/{scene.contest.slug}?lang=zh")
        await node._look()
        work.clear()
        node.hear(scene.contest.id)  # somebody wrote what nobody sees
        await node._look()
        assert work["queries"] > 0
        assert not work["render_pieces"] + work["render_page"] + work["snapshot"] + work["chunk"]
        await change(node, scene, scene.theory, 0, 77)
        await node._look()
        assert work["render_pieces"] == 1

    live(app, act)


@pytest.mark.parametrize(("seconds", "worked", "is_held"), [
    (None, 0.5, False), (0.2, 0.5, True), (0.4, 0.1, False), (-0.2, 0.5, False),
    (LONGEST_HELD + 1, 30.0, False),
])
def test_a_look_lets_a_freeze_go_before_that_would_begin_within_it(app, seconds, worked, is_held):
    node = Node(app, epoch="e")
    node.next_switch = None if seconds is None else clock.now() + timedelta(seconds=seconds)

    assert node._held_back(worked) == (pytest.approx(seconds) if is_held else 0.0)
