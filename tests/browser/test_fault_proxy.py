"""Figure 4 in a real browser: a judge works through a network that loses, doubles, cuts and pretends."""

import random
from dataclasses import replace

import pytest
from playwright.sync_api import expect

from contest import clock
from contest.accounts.models import User
from contest.db import db
from contest.judging import tablet_actions
from tests.browser.test_offline_day import nothing_waits, stored
from tests.judging.panels import make_panel
from tests.proof.fault_proxy import FaultProxy
from tests.proof.sizes import report, size

SHEETS = size(3, 25)
SEED = 20261123
# What a tablet does after seconds it does here after a twentieth: 15 s of patience, 1 to 30 s between tries.
HURRY = """(() => { const set = window.setTimeout;
window.setTimeout = (work, wait, ...more) => set(work, wait > 500 ? wait / 20 : wait, ...more); })()"""
HELD = "sheetOutbox.operations().then(all => all.map(one => [one.op_id, one.state, one.rev, one.sheet]))"


@pytest.fixture
def panel(app):
    # The browser's clock is right: it is the machine's, and so is the server's here.
    clock.stand_still(None)
    found = make_panel(entrants=SHEETS)
    tablet_actions.note_start()
    return found


def hand_in(page, sheet):
    """Go to the sheet's check and hand it in, on the server's summary or on the tablet, until it arrived."""
    page.locator("[data-check]").tap()
    summary, here = page.locator("#submit-form button"), page.locator("[data-hand-in]:visible")
    # Without a connection the sheet offers to be checked here, and goes on by itself when its marks arrive.
    summary.or_(here).first.wait_for(timeout=30_000)
    # Before its program runs the summary's button is a plain form's, which the tablet knows nothing of.
    page.wait_for_load_state("load")
    summary.or_(here).first.tap()
    # The page moves on by itself when the server has it: whoever leaves before would meet that.
    expect(page.get_by_role("heading", level=1)).to_contain_text("is handed in.", timeout=30_000)


def test_a_judges_work_arrives_once_through_a_network_that_does_everything(app, live, panel):
    chance = random.Random(SEED)
    user = db.session.get(User, panel.judges[0].user_id)
    sheets = [panel.sheet(number).id for number in range(SHEETS)]
    wanted = {}
    with FaultProxy(int(live.url.rsplit(":", 1)[1]), seed=SEED, only=b"/api/v1/") as proxy:
        page = replace(live, url=f"http://127.0.0.1:{proxy.port}").open(user)
        page.context.add_init_script(HURRY)
        for sheet in sheets:
            page.goto(f"/judging/sheets/{sheet}")
            for _ in range(3):
                wanted[sheet] = {"A1": f"{chance.randrange(1, 20) / 2:g}", "A2": {}}
                page.fill("#mark-A1", wanted[sheet]["A1"])
                page.locator("#aspect-A2 .none-choice").tap()
            hand_in(page, sheet)
        page.goto("/judging/tablet")
        nothing_waits(page)
        held = page.evaluate(HELD)
        tried = sum(proxy.counts.values())
        faults = tried - proxy.counts["whole"]
        page.context.close()
    live.contexts.remove(page.context)

    rows = stored()
    # Every operation is in one state, and that is what the ledger says: once, as the revision it was told.
    assert len(held) == len({one[0] for one in held})
    assert {one[1] for one in held} == {"accepted"}
    assert sorted((row.op_id, row.rev, str(row.sheet_id)) for row in rows) == sorted(
        (op_id, rev, sheet) for op_id, _, rev, sheet in held
    )
    assert {row.sheet_id: row.marks for row in rows if row.kind == "submit"} == wanted
    assert [row.kind for row in rows].count("submit") == len(sheets)
    assert faults > 0
    report("4, in Chromium", sheets=len(sheets), operations=len(held), stored=len(rows), requests=tried,
           **{fate.replace(" ", "_"): n for fate, n in proxy.counts.items() if n})
