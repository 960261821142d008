"""A contest whose results stand published behind a frozen board, ready for its ceremony."""

from datetime import timedelta

from contest import clock
from contest.board import actions as board_actions
from contest.ceremony import actions
from contest.results import actions as results
from tests import factories
from tests.results.scenes import make_scene

TEAMS = {"teams": {"method": "sum", "size": 2}}


def host(scene):
    """Whoever leads the ceremony, as an Actor."""
    return factories.make_official("万主持", "host", contest=scene.contest)


def make_ready(count=4, teams=("甲队", "乙队"), kinds=("provisional",), points=None, **values):
    """Everybody is marked, the board froze a minute ago, the results were published behind it."""
    changes = values.pop("changes", {})
    document = factories.plan_document(**{**(TEAMS if teams else {}), **changes})
    scene = make_scene(count, teams=teams, document=document, **values).finish(points)
    start = clock.now()
    clock.stand_still(start + timedelta(minutes=1))
    board_actions.freeze_board(factories.make_official("Olga", "organiser"), scene.contest.id)
    clock.stand_still(start + timedelta(minutes=2))
    for kind in kinds:
        publisher = factories.make_official("Olga", "organiser", contest=scene.contest)
        results.publish_results(publisher, scene.contest.id, kind)
    return scene


def begin(scene, kind="individuals", **form):
    """A reveal that stands before its curtain."""
    return actions.begin_reveal(host(scene), scene.contest.id, kind, form)
