"""A board whose stream is refused goes on by looking at the page, and says so when it is only a copy."""

from playwright.sync_api import expect

from contest.board.kept_copy import labelled
from contest.db import about_to_write
from tests.results.scenes import make_scene


def test_who_is_refused_sees_new_marks_all_the_same_and_listens_when_there_is_room(app, live):
    scene = make_scene(2).finish()
    page, full, asked = live.open(width=390, height=844), [True], []

    def stream(route):
        asked.append(route.request.url)
        if full[0]:
            route.fulfill(status=503, headers={"Retry-After": "15"})
        else:
            route.continue_()

    page.route("**/events*", stream)
    page.clock.install()
    page.goto(f"/board/{scene.contest.slug}?lang=en")
    expect(page.locator("[data-list=entrants] tr")).to_have_count(2)
    page.clock.run_for(6_000)
    expect(page.locator("#board-line")).to_have_text(
        "Many are watching: new marks appear within half a minute."
    )

    about_to_write(True)
    scene.theory(0, 93)
    about_to_write(False)
    page.clock.run_for(31_000)
    expect(page.locator("[data-list=entrants]")).to_contain_text("93.00")
    assert len(asked) == 1

    full[0] = False
    for _ in range(8):
        page.clock.run_for(31_000)
        page.wait_for_timeout(100)
    expect(page.locator("#board-line")).to_have_text("Live: new marks appear by themselves.")
    assert len(asked) >= 2


def test_a_page_from_the_kept_file_says_so_until_the_contest_is_back(app, live, check_page):
    scene = make_scene(2).finish()
    path = f"/board/{scene.contest.slug}?lang=en"
    body = labelled(app.test_client().get(path).data, "2026-11-23 12:00:00")
    page, down = live.open(width=390, height=844), [True]
    page.route(
        f"**{path}", lambda route: route.fulfill(
            body=body, content_type="text/html; charset=utf-8", headers={"ETag": '"copy"'}
        ) if down[0] else route.continue_(),
    )
    page.route("**/events*", lambda route: route.fulfill(status=502) if down[0] else route.continue_())
    page.goto(path)

    label = page.locator("#board-copy")
    expect(label).to_have_text(
        "The contest cannot be reached. This is the board as it stood at 2026-11-23 12:00:00."
    )
    check_page(page)
    page.clock.install()
    page.reload()
    expect(label).to_be_visible()
    down[0] = False
    page.clock.run_for(6_000)
    expect(label).to_be_hidden()
