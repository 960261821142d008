"""The public board in a real browser: filters in the address, what is read out, every view."""

import threading
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import expect
from werkzeug.serving import make_server

from contest import clock
from contest.board import queries
from contest.db import about_to_write, db
from contest.results import actions as results_actions
from tests import factories
from tests.board.crowds import UNITS, give, make_crowd
from tests.browser.waiting import wait_until

SHOWN = "[data-list=entrants] > tr:visible"
YUNXI = UNITS[0][0]


def numbers(page):
    return page.locator(SHOWN).evaluate_all("rows => rows.map(row => row.dataset.number)")


def settle_on(page, wanted):
    """The filters put the lines away a moment after the page, or the language, is another."""
    for _ in range(100):
        if numbers(page) == wanted:
            return
        page.wait_for_timeout(50)
    assert numbers(page) == wanted


def query(page):
    return parse_qs(urlsplit(page.url).query)


def write(work, *what):
    """The test writes beside the server, and holds no transaction afterwards."""
    db.session.rollback()
    about_to_write(True)
    work(*what)
    about_to_write(False)
    db.session.rollback()


def test_one_modules_ranking_is_the_servers_and_comes_back(app, live):
    contest, _ = make_crowd(12, unfinished=3)
    board = queries.public_board(contest.slug, clock.now())
    expected = [(row.number, str(row.cells[1].place or "–")) for row in board.by_module(1)]
    page = live.open(width=1440, height=900)
    page.goto(f"/board/{contest.slug}?lang=en")

    page.locator(".board-filters > summary").click()
    page.get_by_label("Rank by").select_option("risk")

    def told():
        return page.locator(SHOWN).evaluate_all(
            "rows => rows.map(row => [row.dataset.number,"
            " row.querySelector('.board-module-place').textContent])"
        )

    assert [tuple(line) for line in told()] == expected
    assert query(page)["module"] == ["risk"]
    page.reload()
    assert [tuple(line) for line in told()] == expected
    expect(page.locator("#board-found")).to_have_text("Ranked by Risk control alone.")
    page.get_by_role("button", name="Take off: Risk control").click()
    settle_on(page, [row.number for row in board.rows])
    assert "module" not in query(page)


def test_filters_stand_in_the_address_and_survive_reload_and_language(app, live):
    contest, _ = make_crowd(16, unfinished=0, by_group=True)
    page = live.open(width=390, height=844)
    page.goto(f"/board/{contest.slug}?lang=en")
    everybody = page.locator(SHOWN).count()

    page.locator(".board-filters > summary").click()
    page.get_by_label("Unit", exact=True).select_option(YUNXI)
    page.get_by_role("link", name="职工组").click()
    wait_until(page, "new URLSearchParams(location.search).has('group')")
    mine = numbers(page)

    assert 0 < len(mine) < everybody
    assert query(page) == {"lang": ["en"], "organisation": [YUNXI], "group": ["职工组"]}
    page.reload()
    settle_on(page, mine)
    page.get_by_role("link", name="中文").click()
    expect(page.locator("html")).to_have_attribute("lang", "zh-CN")
    settle_on(page, mine)
    assert query(page)["organisation"] == [YUNXI]
    page.get_by_label("按姓名").fill(mine[0])
    settle_on(page, mine[:1])
    page.reload()
    settle_on(page, mine[:1])


def test_an_address_with_a_filter_that_fits_nobody_says_so(app, live):
    contest, _ = make_crowd(6, unfinished=0)
    page = live.open()
    page.goto(f"/board/{contest.slug}?lang=en&organisation=Nowhere&module=nothing")

    expect(page.locator("#board-found")).to_have_text("Nobody matches.")
    expect(page.get_by_role("button", name="Take off: Nowhere")).to_be_visible()


def test_several_contestants_are_followed_at_once(app, live):
    contest, _ = make_crowd(10, unfinished=0)
    page = live.open(width=390, height=844)
    page.goto(f"/board/{contest.slug}?lang=en&mine=A003")

    page.locator("[data-list=entrants] [data-follow=A007]").click()
    assert query(page)["mine"] == ["A003", "A007"]
    page.reload()
    pinned = page.locator("#board-mine tr")
    assert pinned.evaluate_all("rows => rows.map(row => row.dataset.number)") == ["A003", "A007"]
    page.locator("#board-mine [data-follow=A003]").click()
    assert query(page)["mine"] == ["A007"]
    expect(pinned).to_have_count(1)


def test_changes_are_read_out_in_one_sentence(app, live):
    contest, entrants = make_crowd(6, unfinished=0)
    page = live.open()
    page.goto(f"/board/{contest.slug}?lang=en&mine=A001&module=risk")
    expect(page.locator("#board[data-connection=live]")).to_be_attached()
    said = page.locator("#board-said")
    expect(said).to_have_attribute("role", "status")
    expect(said).to_have_text("")

    write(lambda: [give(contest, entrants[4], key, 100) for key in ("paper", "risk", "drill", "talk")])

    expect(said).to_contain_text("new mark", timeout=30_000)
    expect(said).to_contain_text("Now first: 𠮷野𡈽.")
    expect(said).to_contain_text("王芳: place 2.")
    # What was chosen still stands, and the new mark leads its module.
    assert numbers(page)[0] == "A005"


SIZES = ((390, 844), (820, 1180), (1024, 768), (1440, 900))
PAGES = (
    "?lang=zh", "?lang=en&module=risk&mine=A003&mine=A004", "?lang=zh#teams", "?lang=en#organisations",
    "/embed?lang=zh&rows=5", "/print?lang=en", "/side?lang=zh&module=drill", "/side?lang=en",
    "/overlay?lang=zh&show=lower&hold=0", "/overlay?lang=en&show=top5",
)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_no_view_has_a_barrier_at_any_size(app, live, check_page, scheme):
    contest, _ = make_crowd(8, unfinished=2, by_group=True)
    page = live.open(color_scheme=scheme, reduced_motion="reduce", bypass_csp=True)
    for path in PAGES:
        for width, height in SIZES:
            page.set_viewport_size({"width": width, "height": height})
            page.goto(f"/board/{contest.slug}{path}")
            check_page(page)


def test_the_overlay_lets_the_picture_through(app, live):
    contest, _ = make_crowd(6, unfinished=0)
    page = live.open(width=1920, height=1080)
    page.goto(f"/board/{contest.slug}/overlay?show=top5&lang=en")

    grounds = page.evaluate(
        "[document.documentElement, document.body, document.getElementById('board')]"
        ".map(one => getComputedStyle(one).backgroundColor)"
    )
    assert set(grounds) == {"rgba(0, 0, 0, 0)"}
    expect(page.locator("[data-overlay=top5] tbody tr")).to_have_count(5)
    expect(page.locator("[data-overlay=top5]")).to_contain_text("not final")
    expect(page.locator("[data-overlay=lower]")).to_be_hidden()


def test_the_lower_third_shows_the_latest_mark_and_goes(app, live):
    contest, entrants = make_crowd(6, unfinished=0)
    page = live.open(width=1920, height=1080, reduced_motion="reduce")
    page.clock.install()
    page.goto(f"/board/{contest.slug}/overlay?show=lower&hold=5&lang=en")
    lower = page.locator("[data-overlay=lower]")

    expect(lower).to_be_visible()
    expect(lower).to_contain_text("not final")
    page.clock.run_for(6000)
    expect(lower).to_be_hidden()


@pytest.fixture
def another_site():
    """`another_site(html)` is the address of a page of somebody else's server."""
    servers = []

    def serve(html):
        def application(_environ, start):
            start("200 OK", [("Content-Type", "text/html")])
            return [html.encode()]

        servers.append(make_server("127.0.0.1", 0, application))
        threading.Thread(target=servers[-1].serve_forever, daemon=True).start()
        return f"http://127.0.0.1:{servers[-1].server_port}/"

    yield serve
    for server in servers:
        server.shutdown()
        server.server_close()


@pytest.mark.parametrize(("path", "is_shown"), [("/embed", True), ("", False), ("/wall", False)])
def test_only_the_small_board_stands_in_a_frame_of_another_site(app, live, another_site, path, is_shown):
    contest, _ = make_crowd(6, unfinished=0)
    page = live.open()
    address = f"{live.url}/board/{contest.slug}{path}?lang=en&rows=3"
    page.goto(another_site(f"<iframe src='{address}' width=400 height=600></iframe>"))

    rows = page.frame_locator("iframe").locator("[data-list=entrants] tr:visible")
    expect(rows).to_have_count(3 if is_shown else 0)


def test_without_a_script_every_list_is_one_link_away(app, live):
    contest, _ = make_crowd(6, unfinished=0)
    page = live.open(java_script_enabled=False)
    page.goto(f"/board/{contest.slug}?lang=en&module=risk")
    expect(page.locator(SHOWN)).to_have_count(6)
    expect(page.locator("#filter-module")).to_be_hidden()

    page.get_by_role("link", name="All lists on one page").click()
    page.get_by_role("link", name="Risk control").click()

    expect(page.locator("#module-risk tbody tr")).to_have_count(6)


def test_paper_has_state_and_page_numbers_on_every_page(app, live, tmp_path):
    contest, _ = make_crowd(24)
    page = live.open()
    page.goto(f"/board/{contest.slug}/print?lang=en")
    page.pdf(path=tmp_path / "board.pdf", prefer_css_page_size=True)

    pages = (tmp_path / "board.pdf").read_bytes().count(b"/Type /Page\n")
    assert pages > 1
    text = page.locator("#print-head").inner_text()
    assert "not final" in text and "Marks up to" in text


def test_the_font_for_rare_characters_is_served(app, live):
    contest, _ = make_crowd(6, unfinished=0)
    page = live.open()
    page.goto(f"/board/{contest.slug}?lang=zh")

    found = page.evaluate("document.fonts.load('16px \"Rare Ideographs\"', '𠮷').then(all => all.length)")
    assert found == 1
    assert page.evaluate("document.fonts.check('16px \"Rare Ideographs\"', '𠮷')")


def test_published_results_leave_no_gap_for_a_mark_that_will_not_come(app, live):
    contest, _ = make_crowd(6, unfinished=0)
    for level, name in (("provisional", "Petra"), ("final", "Quirin")):
        results_actions.publish_results(factories.make_official(name, "organiser"), contest.id, level)
    page = live.open(width=390, height=844)
    page.goto(f"/board/{contest.slug}?lang=en")

    expect(page.locator(".badge-final")).to_be_visible()
    expect(page.locator(".board-news-frame")).to_be_hidden()
    expect(page.locator(".board-place .move").first).to_be_hidden()
