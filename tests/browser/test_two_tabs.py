"""Two tabs of one tablet show the same sheet: what is typed in both arrives, once."""

import pytest
from playwright.sync_api import expect

from contest import clock
from contest.accounts.models import User
from contest.db import db
from tests.browser.test_offline_day import counts, nothing_waits, stored
from tests.judging.panels import make_panel

# Plain HTTP has no Web Locks; a lease in the tablet's second store stands in.
PLAIN = "Object.defineProperty(Navigator.prototype, 'locks', {get: () => undefined})"


@pytest.fixture
def panel(app):
    # The browser's clock is right: it is the machine's, and so is the server's here.
    clock.stand_still(None)
    return make_panel()


@pytest.fixture(params=["locks", "lease"])
def tabs(request, live, panel):
    """Two tabs of the first judge's tablet, both with the same sheet."""
    user, sheet = db.session.get(User, panel.judges[0].user_id), panel.sheet().id
    first = live.open(user)
    if request.param == "lease":
        first.context.add_init_script(PLAIN)
    second = first.context.new_page()
    for page in (first, second):
        page.goto(f"/judging/sheets/{sheet}")
        assert page.evaluate("Boolean(navigator.locks)") == (request.param == "locks")
        nothing_waits(page)
    return first, second


def everything_accepted(page, rows):
    """Each operation is accepted and in the ledger, once."""
    where = counts(page)
    assert where == dict.fromkeys(where, 0) | {"accepted": len(rows)}
    assert len({row.op_id for row in rows}) == len({row.device_seq for row in rows}) == len(rows)


def test_what_is_typed_in_both_tabs_arrives_once(tabs):
    first, second = tabs
    first.fill("#mark-A1", "7")
    second.locator("#aspect-A2 .none-choice").tap()

    for page in tabs:
        expect(page.locator("#mark-A1")).to_have_value("7")
        expect(page.locator("#aspect-A2 [data-none]")).to_be_checked()
        nothing_waits(page)
    rows = stored()
    assert rows[-1].marks == {"A1": "7", "A2": {}}
    everything_accepted(first, rows)


def test_typing_in_both_while_an_answer_is_out_covers_nothing(tabs):
    """The one tab waits for its answer; the other types, and the first types on."""
    first, second = tabs
    held, is_open = [], []

    def hold(route):
        route.continue_() if is_open else held.append(route)

    first.context.route("**/operations", hold)
    with first.expect_request("**/operations"):
        first.fill("#mark-A1", "7")
    second.locator("#aspect-A2 .none-choice").tap()
    expect(second.locator("#unsent")).to_have_attribute("data-count", "1")
    first.fill("#mark-A1", "8")
    expect(second.locator("#mark-A1")).to_have_value("8")
    is_open.append(True)
    for route in held:
        route.continue_()

    for page in tabs:
        nothing_waits(page)
        expect(page.locator("#mark-A1")).to_have_value("8")
        expect(page.locator("#aspect-A2 [data-none]")).to_be_checked()
    rows = stored()
    assert rows[0].marks == {"A1": "7"} and rows[-1].marks == {"A1": "8", "A2": {}}
    everything_accepted(first, rows)


def test_both_tabs_work_without_a_network_and_one_dies(tabs):
    """What the dead tab had made and not sent is sent by the one that lives."""
    first, second = tabs
    context = first.context
    context.set_offline(True)
    first.fill("#mark-A1", "7")
    expect(second.locator("#mark-A1")).to_have_value("7")
    expect(first.locator("#unsent")).to_have_attribute("data-count", "1")
    second.locator("#aspect-A2 .none-choice").tap()
    expect(second.locator("#unsent")).to_have_attribute("data-count", "1")
    expect(first.locator("#aspect-A2 [data-none]")).to_be_checked()
    first.close()

    context.set_offline(False)

    nothing_waits(second)
    rows = stored()
    assert rows[-1].marks == {"A1": "7", "A2": {}}
    everything_accepted(second, rows)


def test_a_sheet_handed_in_by_one_tab_is_closed_in_the_other(tabs):
    first, second = tabs
    first.fill("#mark-A1", "7")
    first.locator("#aspect-A2 .none-choice").tap()
    expect(first.locator("[data-total]")).to_have_text("17.00")
    first.locator("[data-check]").tap()
    first.wait_for_url("**/summary")
    first.tap("#submit-form button")

    for page in tabs:
        expect(page.get_by_role("heading", level=1)).to_contain_text("is handed in.")
    rows = stored()
    assert [row.kind for row in rows].count("submit") == 1
    everything_accepted(second, rows)
