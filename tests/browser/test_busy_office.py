"""Figure 15 at a judge's tablet: the database is really locked, the judge hears of it, nothing is lost."""

import sqlite3
from contextlib import contextmanager
from time import sleep

import pytest
from playwright.sync_api import expect
from sqlalchemy import text

from contest import clock
from contest import db as database
from contest.accounts.models import User
from contest.db import db
from tests import factories
from tests.browser.test_offline_day import counts, nothing_waits, stored
from tests.browser.waiting import wait_until
from tests.judging.panels import make_panel
from tests.proof.sizes import report
from tests.proof.test_trouble import each_new_connection

OURS = "The office is busy and has not answered yet. Your marks are on this tablet"
SERVERS = "cannot reach its database just now, so nothing was stored"


@pytest.fixture
def panel(app):
    clock.stand_still(None)
    return make_panel()


@pytest.fixture
def page(live, panel):
    sheet = panel.sheet(0, 1).id
    found = live.open(db.session.get(User, panel.judges[0].user_id))
    found.goto(f"/judging/sheets/{sheet}")
    return found


@contextmanager
def locked(app):
    """Another program holds the database's one write lock."""
    db.session.rollback()
    holder = sqlite3.connect(app.config["SQLALCHEMY_DATABASE_URI"].removeprefix("sqlite:///"))
    holder.execute("BEGIN IMMEDIATE")
    try:
        yield
    finally:
        holder.rollback()
        holder.close()


def answers_of(page):
    """The statuses of operations that were answered from now on."""
    found = []
    page.on("response", lambda answer: found.append(answer.status)
            if answer.url.endswith("/operations") else None)
    return found


def hears(page, words):
    expect(page.locator("#sheet-notice")).to_contain_text(words)
    expect(page.locator("#sheet-state")).to_have_attribute("data-state", "local")


def test_the_tablets_own_clock_tells_before_there_is_any_answer(app, page, monkeypatch, check_page):
    monkeypatch.setattr(database, "PATIENCE_OF_PAGES", 9)
    answers = answers_of(page)
    with locked(app):
        page.fill("#mark-A1", "6.5")
        hears(page, OURS)
        assert answers == []
        check_page(page)
        # The judge goes on: what is typed meanwhile is kept too.
        page.locator("#aspect-A2 .none-choice").tap()
        page.locator("[data-check]").tap()
        expect(page.get_by_role("button", name="Check and hand in without a connection")).to_be_visible()
        assert answers == []
    nothing_waits(page)
    assert 200 in answers and set(answers) <= {200, 503}
    assert [row.marks for row in stored()][-1] == {"A1": "6.5", "A2": {}}
    assert counts(page)["accepted"] == len(stored())


def test_the_server_says_it_too_and_the_same_operation_goes_again(app, page):
    answers = answers_of(page)
    with locked(app):
        page.fill("#mark-A1", "6.5")
        hears(page, OURS)
        # The server's patience is a little longer than the tablet's and shorter than a judge's.
        hears(page, SERVERS)
        assert answers[0] == 503 and 200 not in answers
        page.fill("#mark-A1", "7.5")
    nothing_waits(page)
    rows = stored()
    assert [row.marks for row in rows] == [{"A1": "6.5"}, {"A1": "7.5"}]
    assert [row.device_seq for row in rows] == [1, 2]
    expect(page.locator("#sheet-notice")).not_to_contain_text(SERVERS)


def test_a_sheet_that_is_handed_in_while_the_office_is_busy_is_handed_in_once(app, page, panel):
    page.fill("#mark-A1", "6.5")
    page.locator("#aspect-A2 .none-choice").tap()
    expect(page.locator("[data-total]")).to_have_text("16.50")
    page.locator("[data-check]").tap()
    page.wait_for_url("**/summary")
    before = len(stored())
    with locked(app):
        page.tap("#submit-form button")
        expect(page.locator("#sheet-notice")).to_contain_text(OURS)
    expect(page.get_by_role("heading", level=1)).to_contain_text("is handed in.")
    rows = stored()
    assert [row.kind for row in rows][before:] == ["submit"]


def test_a_judge_hears_at_once_that_the_disk_is_full(app, page):
    page.fill("#mark-A1", "0.5")
    expect(page.locator("[data-total]")).to_have_text("0.50")
    size = db.session.execute(text("PRAGMA page_count")).scalar()
    db.session.remove()
    make_room = each_new_connection(f"PRAGMA max_page_count = {size}")
    is_full = "/disk is full/.test(document.querySelector('#sheet-notice').textContent)"
    for half in range(2, 200):
        value = f"{half % 20 / 2:g}"
        page.fill("#mark-A1", value)
        total = f"document.querySelector('[data-total]').textContent === '{float(value):.2f}'"
        wait_until(page, f"{is_full} || {total}")
        if page.evaluate(is_full):
            break
    hears(page, "disk is full, so nothing was stored")
    make_room()
    nothing_waits(page)
    rows = stored()
    assert rows[-1].marks == {"A1": value} and len(rows) == half == counts(page)["accepted"]


# Playwright waits for the next page as soon as one is asked for: what this one says is kept by itself.
KEEP_NOTICES = """() => {
    const began = performance.now(), place = document.querySelector('#notice');
    new MutationObserver(() => {
        if (place.textContent.trim())
            sessionStorage.said = Math.round(performance.now() - began) + ' ms: ' + place.textContent.trim();
    }).observe(place, {childList: true});
}"""


def test_an_organiser_hears_that_there_is_no_answer_yet(app, live, panel, monkeypatch):
    monkeypatch.setattr(database, "PATIENCE_OF_PAGES", 30)
    contest = panel.contest.id
    chief = factories.make_user("chief")
    factories.make_grant(chief, "chief_judge", panel.contest)
    page = live.open(chief, has_touch=False)
    page.goto(f"/contests/{contest}/chief/risk/701")
    page.locator("summary", has_text="Take points off").click()
    page.fill("#field-points", "1.5")
    page.fill("#penalty-reason", "No helmet")
    page.evaluate(KEEP_NOTICES)
    with locked(app):
        page.get_by_role("button", name="Take the points off").click(no_wait_after=True)
        sleep(6)
    page.wait_for_selector("text=No helmet")
    said = page.evaluate("sessionStorage.said || ''")
    report(15, an_organiser_hears=said)
    assert "There is no answer yet." in said
    expect(page.locator("#notice")).not_to_contain_text("There is no answer yet.")


def test_an_organiser_gets_a_sentence_and_keeps_what_was_typed(app, live, panel, check_page):
    contest = panel.contest.id
    chief = factories.make_user("chief")
    factories.make_grant(chief, "chief_judge", panel.contest)
    page = live.open(chief, has_touch=False)
    statuses = []
    page.on("response", lambda answer: statuses.append(answer.status)
            if answer.request.method == "POST" else None)
    with locked(app):
        # Reading goes on.
        page.goto(f"/contests/{contest}/chief/risk/701")
        page.locator("summary", has_text="Take points off").click()
        page.fill("#field-points", "1.5")
        page.fill("#penalty-reason", "No helmet")
        page.get_by_role("button", name="Take the points off").click()
        expect(page.locator("main")).to_contain_text(SERVERS)
        expect(page.locator("main")).to_contain_text("No helmet")
        assert statuses == [503]
        check_page(page)
