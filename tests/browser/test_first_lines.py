"""A board with more lines than its page begins with, in a real browser."""

from dataclasses import replace

import pytest
from playwright.sync_api import expect

from contest import clock
from contest.board import queries, rendering
from tests import factories
from tests.board.crowds import GROUPS, UNITS, give, make_crowd
from tests.browser.test_board import SHOWN, numbers, query, settle_on, write

FIRST = 12


@pytest.fixture
def crowd(app, monkeypatch):
    """(contest, entrants, their numbers in order): 30, of whom the page has the first twelve."""
    monkeypatch.setitem(rendering.VIEWS, "page", replace(rendering.VIEWS["page"], most=FIRST))
    contest, entrants = make_crowd(30, unfinished=0)
    board = queries.public_board(contest.slug, clock.now())
    return contest, entrants, [row.number for row in board.rows]


def open_short(live, contest, words="?lang=en", **how):
    """The page as it comes, on a screen whose end is far from the lines' end."""
    page = live.open(**{"width": 390, "height": 300, **how})
    page.goto(f"/board/{contest.slug}{words}")
    return page


def test_who_scrolls_on_gets_everybody_and_stays_connected(live, crowd):
    contest, entrants, order = crowd
    page = open_short(live, contest)
    page.locator("[data-more]:visible").scroll_into_view_if_needed()

    settle_on(page, order)
    expect(page.locator("[data-more]:visible")).to_have_count(0)
    expect(page.locator("tr.changed")).to_have_count(0)  # a line that only was not there is no news
    expect(page.locator("#board[data-connection=live]")).to_be_attached()
    last = next(each for each in entrants if each.number == order[-1])
    write(lambda: [give(contest, last, key, 100) for key in ("paper", "risk", "drill", "talk")])
    expect(page.locator(SHOWN).first).to_have_attribute("data-number", order[-1], timeout=30_000)
    expect(page.locator(SHOWN)).to_have_count(30)


@pytest.mark.parametrize("size", [(390, 844), (1440, 900)])
def test_a_search_is_among_all(live, crowd, size, check_page):
    contest, _, order = crowd
    page = open_short(live, contest, width=size[0], height=size[1])
    page.get_by_label("Search by name").fill(order[-1])

    settle_on(page, order[-1:])
    expect(page.locator("#board-found")).to_have_text("Shown: 1")
    check_page(page)


@pytest.mark.parametrize("word", ["q", "mine"])
def test_an_address_that_names_somebody_below_finds_them(live, crowd, word):
    contest, _, order = crowd
    page = open_short(live, contest, f"?lang=en&{word}={order[-1]}")

    place = "#board-mine tr" if word == "mine" else SHOWN
    expect(page.locator(place)).to_have_attribute("data-number", order[-1])
    assert query(page)[word] == [order[-1]]


def test_one_modules_ranking_is_that_of_all(live, crowd):
    contest, _, _ = crowd
    board = queries.public_board(contest.slug, clock.now())
    page = open_short(live, contest, "?lang=en&module=risk")

    settle_on(page, [row.number for row in board.by_module(1)])


def test_filters_offer_what_only_lines_below_have(live, crowd):
    contest, _, order = crowd
    page = open_short(live, contest)
    page.locator(".board-filters > summary").click()

    settle_on(page, order)
    options = page.get_by_label("Unit", exact=True).locator("option")
    expect(options).to_have_count(1 + len(UNITS))


def test_by_the_keyboard_one_goes_on_at_the_first_new_line(live, crowd):
    contest, _, order = crowd
    page = open_short(live, contest)
    page.get_by_role("link", name="Show all 30").press("Enter")

    settle_on(page, order)
    assert page.evaluate("document.activeElement.dataset.follow") == order[FIRST]


def test_without_a_script_a_link_leads_to_all(live, crowd):
    contest, _, order = crowd
    page = open_short(live, contest, java_script_enabled=False)
    expect(page.locator(SHOWN)).to_have_count(FIRST)
    page.get_by_role("link", name="Show all 30").click()

    assert numbers(page) == order


def test_what_cannot_be_fetched_leaves_what_is_there(live, crowd):
    contest, _, order = crowd
    page = open_short(live, contest)
    expect(page.locator("#board[data-connection=live]")).to_be_attached()
    page.route("**/all?**", lambda route: route.abort())
    page.get_by_label("Search by name").fill(order[-1])

    expect(page.locator("#board-line")).not_to_have_text("")
    expect(page.locator("#board-found")).to_have_text("")  # not: nobody matches
    page.unroute("**/all?**")
    page.get_by_label("Search by name").fill(f"{order[-1]} ")
    settle_on(page, order[-1:])


@pytest.mark.parametrize("way", ["event", "poll"])
def test_a_page_that_was_whole_is_led_on_when_lines_come_below(live, app, monkeypatch, way):
    monkeypatch.setitem(rendering.VIEWS, "page", replace(rendering.VIEWS["page"], most=FIRST))
    contest, _ = make_crowd(FIRST, unfinished=0)
    page = live.open(width=390, height=300)
    if way == "poll":
        page.route("**/events?*", lambda route: route.fulfill(status=503))
    page.goto(f"/board/{contest.slug}?lang=en")
    tab = page.locator("[data-count=entrants]")
    expect(tab).to_have_text(str(FIRST))
    expect(page.locator("[data-more]:visible")).to_have_count(0)

    write(lambda: [
        give(contest, factories.make_entrant(contest, f"新{n}", number=f"B{n}", group=GROUPS[0]), "paper", 1)
        for n in range(3)
    ])
    expect(page.get_by_role("link", name=f"Show all {FIRST + 3}")).to_be_visible(timeout=30_000)
    expect(tab).to_have_text(str(FIRST + 3))
    page.locator("[data-more]:visible").scroll_into_view_if_needed()
    expect(page.locator(SHOWN)).to_have_count(FIRST + 3)
    expect(page.locator("[data-more]:visible")).to_have_count(0)
    assert {"B0", "B1", "B2"} <= set(numbers(page))
