"""The summary of a sheet shows older marks than the tablet holds: none is covered, none forgotten."""

import re

import pytest
from playwright.sync_api import expect

from contest import clock
from contest.accounts.models import User
from contest.db import db, writing
from contest.judging import chief_actions
from tests import factories
from tests.browser.test_offline_day import counts, nothing_waits, stored
from tests.judging.panels import make_panel, mark

NEWER = "This tablet holds marks that this page does not show"
HAND_IN = "#submit-form button"


@pytest.fixture
def panel(app):
    clock.stand_still(None)
    made = make_panel()
    mark(made, {"A1": "5", "A2": {}}, kind="draft")
    return made


@pytest.fixture
def page(live, panel):
    """The first judge's tablet with the summary of a sheet whose first mark is 5."""
    user, sheet = db.session.get(User, panel.judges[0].user_id), panel.sheet().id
    opened = live.open(user)
    opened.goto(f"/judging/sheets/{sheet}/summary")
    nothing_waits(opened)
    return opened


def says(page, state):
    expect(page.locator("#sheet-state")).to_have_attribute("data-state", state)


def all_states(page):
    """[kind, state, first mark] of every operation that this tablet ever made."""
    return page.evaluate(
        "sheetOutbox.operations().then(all => all.map(o => [o.kind, o.state, JSON.parse(o.body).marks.A1]))"
    )


def back_to_the_sheet(page):
    page.get_by_role("link", name="Back to the sheet").first.tap()
    # What is typed before the page's program runs is not yet under its care.
    expect(page.locator("html")).to_have_class(re.compile("has-sheet-script"))
    says(page, "stored")


def cut(context):
    context.route("**/api/v1/**", lambda route: route.abort())


def test_back_on_an_old_summary_hands_in_nothing_until_the_newer_mark_is_shown(page):
    back_to_the_sheet(page)
    cut(page.context)
    page.fill("#mark-A1", "9.5")
    says(page, "local")
    expect(page.locator("#connection")).to_have_attribute("data-state", "offline")

    page.go_back()
    page.wait_for_url("**/summary")

    says(page, "local")
    expect(page.locator("#unsent")).to_have_attribute("data-count", "1")
    expect(page.locator("#sheet-notice")).to_contain_text(NEWER)
    expect(page.locator(HAND_IN)).to_be_disabled()
    page.context.unroute("**/api/v1/**")
    page.evaluate("window.dispatchEvent(new Event('online'))")
    # What was newer arrived, and the page shows it before it can be handed in.
    expect(page.locator(".mark-value").first).to_contain_text("9.50")
    page.tap(HAND_IN)
    expect(page.get_by_role("heading", level=1)).to_contain_text("is handed in.")
    rows = stored()
    assert [(row.kind, row.marks["A1"]) for row in rows] == [
        ("draft", "5"), ("draft", "9.5"), ("submit", "9.5"),
    ]


def test_a_tab_with_an_old_summary_hands_in_nothing_over_what_the_other_tab_typed(page, panel):
    """The other tab dies before it has made an operation of it."""
    sheet = panel.sheet().id
    db.session.rollback()
    # The summary hears of nothing, as a tab that the system has put to sleep.
    page.add_init_script("addEventListener('storage', e => e.stopImmediatePropagation(), true)")
    page.reload()
    nothing_waits(page)
    other = page.context.new_page()
    other.goto(f"/judging/sheets/{sheet}")
    expect(other.locator("html")).to_have_class(re.compile("has-sheet-script"))
    says(other, "stored")
    page.context.set_offline(True)
    other.fill("#mark-A1", "9.5")
    says(other, "local")
    other.close()

    page.bring_to_front()
    page.tap(HAND_IN)

    expect(page.locator("#sheet-notice")).to_contain_text(NEWER)
    says(page, "local")
    page.context.set_offline(False)
    expect(page.locator(".mark-value").first).to_contain_text("9.50")
    rows = stored()
    assert {row.kind for row in rows} == {"draft"} and rows[-1].marks == {"A1": "9.5", "A2": {}}
    where = counts(page)
    assert where == dict.fromkeys(where, 0) | {"accepted": len(rows) - 1}


def test_a_clash_on_the_summary_keeps_the_tablets_marks_and_asks(page, panel):
    """The sheet was marked elsewhere: both versions stay until the judge has chosen."""
    with writing():
        mark(panel, {"A1": "3", "A2": {}}, kind="draft")
    db.session.rollback()

    page.tap(HAND_IN)

    says(page, "conflict")
    expect(page.locator("#unsent")).to_have_attribute("data-count", "1")
    page.locator("#sheet-notice").get_by_role("link", name="Back to the sheet").tap()
    expect(page.locator("#mark-A1")).to_have_value("5")
    expect(page.get_by_role("button", name="Look at both versions")).to_be_visible()
    assert [row.marks["A1"] for row in stored()] == ["5", "3"]


def test_a_refused_handing_in_leaves_nothing_unsent_where_the_server_has_every_mark(page, panel):
    chief = factories.make_official("C", "chief_judge", contest=panel.contest)
    with writing():
        chief_actions.set_state(chief, panel.contest.id, panel.entrants[0].id, "withdrawn", "ill")
        panel.contest.state = "review"
        db.session.commit()
    db.session.rollback()

    page.tap(HAND_IN)

    expect(page.locator("#sheet-notice .notice")).to_be_visible()
    expect(page.locator("#unsent")).to_be_hidden()
    assert all_states(page) == [["submit", "refused", "5"]]


@pytest.mark.parametrize("has_record", [True, False])
def test_an_operation_that_no_queue_knows_is_taken_up_again(page, panel, has_record):
    """As an earlier version could leave one behind: nobody would ever send or show it."""
    back_to_the_sheet(page)
    cut(page.context)
    page.fill("#mark-A1", "9.5")
    expect(page.locator("#unsent")).to_have_attribute("data-count", "1")
    expect(page.locator("#connection")).to_have_attribute("data-state", "offline")
    page.evaluate(
        """async hasRecord => {
            const kept = JSON.parse(JSON.stringify((await sheetOutbox.records())[0]));
            const where = kept.user + ":" + kept.sheet;
            localStorage.removeItem("tablet-record:" + where);
            Object.assign(kept, {queue: [], dirty: false, handing: null, marks: {A1: "5", A2: {}}});
            await tabletStore.write([["records", where, hasRecord ? kept : null]]);
        }""",
        has_record,
    )
    page.context.unroute("**/api/v1/**")

    page.goto("/judging/tablet")

    expect(page.locator("[data-count-of=accepted]")).to_have_text("1")
    assert all_states(page) == [["draft", "accepted", "9.5"]]
    assert [row.marks["A1"] for row in stored()] == ["5", "9.5"]
