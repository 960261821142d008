"""What a node's events do to an open page: afterwards it is the page that a newcomer gets."""

import json
from datetime import timedelta

import pytest
from playwright.sync_api import expect

from contest import clock
from contest.board import queries, rendering
from contest.board.pieces import difference
from contest.db import about_to_write, db
from tests.board.crowds import give, make_crowd

# The lines as they stand, without what the browser itself adds to them.
LINES = """() => Array.from(document.querySelectorAll('[data-list]'), body =>
  [body.dataset.list, Array.from(body.children, row => {
    const copy = row.cloneNode(true);
    copy.classList.remove('changed', 'is-mine');
    copy.removeAttribute('hidden');
    copy.querySelectorAll('.board-module-place, .wall-module-place').forEach(one => one.remove());
    copy.querySelectorAll('[hidden]').forEach(one => one.removeAttribute('hidden'));
    copy.querySelectorAll('.is-ranking').forEach(one => one.classList.remove('is-ranking'));
    copy.querySelectorAll('[style]').forEach(one => one.removeAttribute('style'));
    copy.querySelectorAll('[data-follow]').forEach(one => {
      one.removeAttribute('role');
      one.removeAttribute('aria-pressed');
    });
    return copy.outerHTML.replaceAll(' class=""', '');
  })])"""


class Events:
    """The stream of a page, spoken by the test as a node speaks it."""

    def __init__(self, page, slug, view):
        self.page, self.slug, self.view, self.number, self.body = page, slug, view, 0, ":\n\n"
        self.pieces = self.render()
        page.route("**/events?*", self.answer)

    def render(self):
        board = queries.public_board(self.slug, clock.now())
        with rendering.in_language(self.slug, "en"):
            return rendering.render_pieces(board, self.view)

    def answer(self, route):
        body, self.body = self.body, ":\n\n"
        route.fulfill(content_type="text/event-stream", body=f"retry: 200\n{body}")

    def tell(self):
        """Say what has changed since the last time."""
        if self.number == 0:  # the office gave the page out, which names its state otherwise
            self.page.evaluate("document.getElementById('board').dataset.event = 'e.0'")
        before, self.pieces = self.pieces, self.render()
        self.number += 1
        told = json.dumps(difference(before, self.pieces), ensure_ascii=False)
        self.body = f"id: e.{self.number}\nevent: board\ndata: {told}\n\n"


def change(work):
    db.session.rollback()
    about_to_write(True)
    clock.stand_still(clock.now() + timedelta(seconds=20))
    work()
    about_to_write(False)
    db.session.rollback()


def settled(page, events, live, path):
    """Wait until the page has taken the event; gives its lines and those of a new page."""
    expect(page.locator("#board")).to_have_attribute("data-event", f"e.{events.number}")
    fresh = live.open(java_script_enabled=False)
    fresh.goto(path)
    return page.evaluate(LINES), fresh.evaluate(LINES)


@pytest.mark.parametrize(
    ("view", "suffix", "query"),
    [
        ("page", "", ""), ("page", "", "&module=risk&group=学生组&mine=A003"), ("wall", "/wall", ""),
        ("wall", "/wall", "&show=modules"), ("wall", "/wall", "&show=race"),
        ("embed", "/embed", "&rows=3"),
    ],
)
def test_after_the_events_the_page_is_what_a_newcomer_gets(app, live, view, suffix, query):
    contest, entrants = make_crowd(10, unfinished=3)
    path = f"/board/{contest.slug}{suffix}?lang=en"
    page = live.open(width=1440, height=900)
    events = Events(page, contest.slug, view)
    page.goto(path + query)

    for entrant, key, points in ((9, "risk", 100), (8, "drill", 3), (2, "paper", 1), (9, "drill", 99)):
        change(lambda entrant=entrant, key=key, points=points: give(
            contest, entrants[entrant], key, points
        ))
        events.tell()
        open_page, new_page = settled(page, events, live, path)
        assert [name for name, _ in open_page] == [name for name, _ in new_page]
        for (name, ours), (_, theirs) in zip(open_page, new_page, strict=True):
            by_module = "module" in query and name == "entrants"
            assert (sorted(ours) if by_module else ours) == (sorted(theirs) if by_module else theirs), name


def test_a_new_mark_is_read_out_and_leads_its_module(app, live):
    contest, entrants = make_crowd(10, unfinished=3)
    page = live.open(width=390, height=844)
    events = Events(page, contest.slug, "page")
    page.goto(f"/board/{contest.slug}?lang=en&module=risk&mine=A010")

    change(lambda: give(contest, entrants[9], "risk", 100))
    events.tell()

    expect(page.locator("#board-said")).to_have_text("One new mark. 赵一鸣: place 8.")
    expect(page.locator("[data-list=entrants] > tr").first).to_have_attribute("data-number", "A010")
    expect(page.locator("[data-list=entrants] > tr.changed")).to_have_count(1)
    expect(page.locator("#board-mine")).to_contain_text("100.00")


def test_a_new_mark_stands_in_the_spotlight_of_the_wall(app, live):
    contest, entrants = make_crowd(10, unfinished=3)
    page = live.open(width=1920, height=1080, reduced_motion="reduce")
    events = Events(page, contest.slug, "wall")
    page.goto(f"/board/{contest.slug}/wall?lang=en")
    expect(page.locator("#wall-spotlight")).to_be_hidden()

    change(lambda: give(contest, entrants[9], "risk", 100))
    events.tell()

    expect(page.locator("#wall-spotlight")).to_contain_text("100.00")


def test_a_side_venue_points_out_the_mark_that_has_just_come_in(app, live):
    contest, entrants = make_crowd(10, unfinished=3)
    page = live.open(width=1920, height=1080)
    events = Events(page, contest.slug, "side")
    page.goto(f"/board/{contest.slug}/side?lang=en&module=risk")
    expect(page.locator("[data-side-module]:visible")).to_have_count(1)
    expect(page.locator(".is-new")).to_have_count(0)

    change(lambda: give(contest, entrants[9], "risk", 100))
    events.tell()

    expect(page.locator("[data-side-module]:visible .is-new")).to_contain_text("100.00")
    expect(page.locator("[data-side-module]:visible .side-progress b")).to_have_text("8")
    expect(page.locator("#board-said")).to_contain_text("One new mark.")
    expect(page.locator("#board-said")).to_contain_text("100.00")


def test_an_event_that_does_not_follow_the_last_one_is_not_added_to_it(live):
    """Its positions count from a board that this page never was."""
    contest, entrants = make_crowd(6, unfinished=3)
    page = live.open()
    events = Events(page, contest.slug, "page")
    page.goto(f"/board/{contest.slug}?lang=en")
    events.number = 4
    change(lambda: give(contest, entrants[5], "risk", 99))

    with page.expect_request(lambda one: one.url.endswith(f"/board/{contest.slug}?lang=en")):
        events.tell()

    expect(page.locator(".board-cell", has_text="99.00").first).to_be_visible()
