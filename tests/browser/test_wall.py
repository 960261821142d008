"""The wall at 1920 × 1080: no row is cut, whatever stands in its head."""

from playwright.sync_api import expect

from contest.audit.work import Actor
from contest.board.actions import freeze_board
from tests import factories

# Its name is on one line until the badge of the freeze stands beside it.
NAME = "水泥行业班组长综合管理技能竞赛（决赛）"
SHOWN = "[data-list=entrants] tr:visible"


def test_every_row_of_a_frozen_wall_is_whole(app, live):
    contest, _ = factories.make_marked_contest(
        {f"选手{number}": (str(60 + number), "8") for number in range(12)}, name=NAME,
    )
    page = live.open(width=1920, height=1080)
    page.goto(f"/board/{contest.slug}/wall?lang=zh&rows=10")
    expect(page.locator(SHOWN).first).to_be_visible()
    before = page.locator(SHOWN).count()

    freeze_board(Actor(None, "test"), contest.id)
    page.reload()

    expect(page.locator(".badge-frozen")).to_be_visible()
    page.evaluate("document.fonts.ready")
    count = page.locator(SHOWN).count()
    assert 5 < count < 10 and count <= before
    row, foot = page.locator(SHOWN).last.bounding_box(), page.locator(".wall-foot").bounding_box()
    assert row["y"] + row["height"] <= foot["y"]
    expect(page.locator("#wall-pages")).to_have_text(f"第 1 至 {count} 名")
