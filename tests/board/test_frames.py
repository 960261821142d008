"""What stands on a page outside the pieces that events replace: its lists and their headings."""

import pytest

from contest.db import db
from tests import factories
from tests.board.nodes import get, visit
from tests.board.test_node import change, live
from tests.results.scenes import make_scene


@pytest.mark.parametrize("view", ["page", "wall", "overlay", "embed"])
def test_who_has_the_board_open_before_it_begins_is_sent_to_the_page_that_has_lists(app, view):
    """An event fills lists; a page of before the first mark has none to be filled."""
    scene = make_scene(2, state="registration")

    async def act(node):
        address = f"/board/{scene.contest.slug}"
        path = address if view == "page" else f"{address}/{view}"
        at = (await get(node, f"{path}?lang=zh")).text.split('data-event="')[1].split('"')[0]
        board = visit(node, f"{address}/events?lang=zh&view={view}&after={at}")
        await board.until("retry")

        def begin():
            scene.contest.state = "scoring"
            db.session.commit()
            scene.finish()

        await change(node, scene, begin)
        await board.until("event: reload")
        assert [name for _, name, _ in board.events()] == ["reload"]
        page = await get(node, f"{path}?lang=zh")
        assert 'data-list="entrants"' in page.text and f'data-event="{board.events()[0][0]}"' in page.text
        await board.close()

    live(app, act)


def test_marks_of_another_stage_never_stand_under_the_headings_of_the_one_before(app):
    document = factories.plan_document(stages=[
        {"key": "heats", "name": "初赛", "name_en": "Heats"},
        {"key": "final", "name": "决赛", "name_en": "Final"},
    ])
    document["parts"].append({"key": "heats", "stage": "heats", "name": "初赛", "weight": 100})
    document["modules"].append({"key": "run", "part": "heats", "name": "初试", "weight": 100, "max": 100,
                                "entry": "scores", "kind": "practical"})
    scene = make_scene(2, document=document)
    scene.contest.stage = "heats"
    db.session.commit()
    scene.theory(0, 61, module="run")

    async def act(node):
        path = f"/board/{scene.contest.slug}"
        page = await get(node, f"{path}?lang=zh")
        assert "初试" in page.text and "理论考试" not in page.text
        at = page.text.split('data-event="')[1].split('"')[0]
        board = visit(node, f"{path}/events?lang=zh&after={at}")
        feed = visit(node, f"{path}/feed")
        await feed.until("event: snapshot")

        def hold():
            scene.contest.stage = "final"
            db.session.commit()
            scene.theory(0, 71)

        await change(node, scene, hold)
        await board.until("event: reload")
        await feed.until("event: change")  # programs know the columns by their keys
        assert "理论考试" in (await get(node, f"{path}?lang=zh")).text
        await board.close()
        await feed.close()

    live(app, act)
