"""A tablet's clock jumps by a day while its judge marks: order and results are the server's, it is told."""

from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import expect
from sqlalchemy import select

from contest import clock
from contest.accounts.models import User
from contest.audit.models import TrailRow
from contest.db import db, writing
from contest.judging.models import SheetRevision
from contest.results import queries as results
from tests.browser.test_offline_day import expect_stored, mark_sheet, nothing_waits, stored
from tests.browser.test_two_tabs import PLAIN
from tests.browser.waiting import wait_until
from tests.judging.panels import DRILL, RISK, make_panel, mark

PULSE = 20_000


@pytest.fixture
def panel(app):
    # The browser's clock is right until it jumps: it is the machine's, and so is the server's here.
    clock.stand_still(None)
    return make_panel(entrants=2)


@pytest.fixture
def page(live, panel):
    """The first judge's tablet, whose clock the test holds."""
    opened = live.open(db.session.get(User, panel.judges[0].user_id))
    opened.clock.install(time=datetime.now(UTC))
    return opened


def jump(page, hours):
    """From now on the tablet's clock is so many hours ahead."""
    page.clock.set_system_time(datetime.now(UTC) + timedelta(hours=hours))


def type_first(page, value):
    """Type the first mark and wait until the server's sum says that it has it."""
    page.fill("#mark-A1", value)
    page.clock.run_for(1000)
    expect(page.locator("[data-total]")).to_have_text(f"{float(value):.2f}")


def fill_in_the_rest(panel):
    """Every sheet but the two that the tablet marks, straight at the door."""
    for entrant in range(2):
        mark(panel, RISK, entrant=entrant, seat=2)
        mark(panel, DRILL, entrant=entrant, module="drill")


def standing(panel):
    """Who stands where with how much, entrants by their place in the panel."""
    numbers = {entrant.id: at for at, entrant in enumerate(panel.entrants)}
    return [(numbers[row.entrant_id], row.place, row.total, row.modules)
            for row in results.standings(panel.contest.id).rows]


@pytest.mark.parametrize("hours", [24, -24])
def test_a_clock_that_jumps_in_mid_session_moves_no_mark_and_is_told(app, page, panel, hours):
    first, second = (panel.sheet(number).id for number in range(2))
    user_id = panel.judges[0].user_id
    db.session.rollback()
    page.goto(f"/judging/sheets/{first}")
    type_first(page, "6")
    expect(page.locator("[data-told=clock]")).to_be_hidden()

    jump(page, hours)
    type_first(page, "7")
    page.clock.run_for(PULSE)
    expect(page.locator("[data-told=clock]")).to_contain_text(
        "This tablet's clock is ahead by 24 h" if hours > 0 else "This tablet's clock is behind by")
    page.goto(f"/judging/sheets/{second}")
    mark_sheet(page, "4")
    page.clock.run_for(1000)
    expect(page.locator("[data-total]")).to_have_text("14.00")
    page.locator("[data-check]").tap()
    page.wait_for_url("**/summary")
    page.tap("#submit-form button")
    expect(page.get_by_role("heading", level=1)).to_contain_text("is handed in.")

    # It is set right: what was typed last comes last, though the tablet says that it is the older.
    jump(page, 0)
    page.goto(f"/judging/sheets/{first}")
    type_first(page, "8.5")
    page.clock.run_for(PULSE)
    expect(page.locator("[data-told=clock]")).to_be_hidden()
    nothing_waits(page)

    rows = db.session.execute(
        select(SheetRevision.sheet_id, SheetRevision.rev, SheetRevision.marks["A1"].as_string(),
               SheetRevision.entered_at, SheetRevision.at).order_by(SheetRevision.id)
    ).all()
    assert [(row[0], row[2]) for row in rows if row[0] == first] == [
        (first, "6"), (first, "7"), (first, "8.5")]
    claimed = [row.entered_at for row in rows]
    assert claimed != sorted(claimed) and [row.at for row in rows] == sorted(row.at for row in rows)
    told = db.session.scalars(select(TrailRow).filter_by(did="tablet.clock", user_id=user_id)).all()
    assert [abs(round(row.facts["seconds"] / 3600)) for row in told] == [24]
    db.session.rollback()
    with writing():
        mark(panel, RISK)
        fill_in_the_rest(panel)
        twin = make_panel(entrants=2)
        mark(twin, RISK)
        mark(twin, {"A1": "4", "A2": {}}, entrant=1)
        fill_in_the_rest(twin)
    assert standing(panel) == standing(twin)


@pytest.mark.parametrize("is_sent", [False, True])
@pytest.mark.parametrize("hours", [24, -24])
def test_what_was_typed_last_is_kept_though_the_clock_jumped_before_a_reboot(page, panel, hours, is_sent):
    """Of the two copies of a sheet the later stands, by the order in which they were written."""
    sheet = panel.sheet().id
    db.session.rollback()
    page.goto(f"/judging/sheets/{sheet}")
    page.context.route("**/api/v1/**", lambda route: route.abort())
    if not is_sent:
        # No attempt is made, so there is no operation either.
        page.clock.pause_at(datetime.now(UTC) + timedelta(seconds=1))
    page.fill("#mark-A1", "6")
    expect(page.locator("#sheet-state")).to_have_attribute("data-state", "local")
    jump(page, hours)
    # From here on the first store takes nothing: what is typed stands in the second one alone.
    page.evaluate("""() => {
        IDBObjectStore.prototype.put = () => { throw new DOMException("full", "QuotaExceededError"); };
    }""")
    page.fill("#mark-A1", "7")
    expect(page.locator("#sheet-notice")).to_contain_text("This tablet’s store is full.")
    if is_sent:
        page.clock.run_for(1000)  # An attempt was made: what was typed is an operation.

    page.reload()
    page.clock.resume()

    expect(page.locator("#mark-A1")).to_have_value("7")
    page.context.unroute("**/api/v1/**")
    page.evaluate("window.dispatchEvent(new Event('online'))")
    page.clock.run_for(2000)
    expect(page.locator("[data-total]")).to_have_text("7.00")
    nothing_waits(page)
    assert stored()[-1].marks == {"A1": "7"}


def test_a_tab_that_died_while_it_sent_holds_nothing_up_when_the_clock_goes_back(page, panel):
    """On plain HTTP a lease stands in for the browser's locks: one of tomorrow is nobody's."""
    sheet = panel.sheet().id
    db.session.rollback()
    page.context.add_init_script(PLAIN)
    page.goto(f"/judging/sheets/{sheet}")
    nothing_waits(page)
    page.evaluate(
        "localStorage.setItem('tablet-lease', JSON.stringify({own: 'dead', until: Date.now() + 15000}))")
    jump(page, -24)

    page.fill("#mark-A1", "7")
    for _ in range(10):
        page.clock.run_for(500)

    wait_until(page, "localStorage.getItem('tablet-lease') === null")
    expect_stored(page, [(sheet, {"A1": "7"})])
