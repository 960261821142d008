"""A judge's day at full size (reliability.md 9, figures 9 and 11): `make soak-tablets`, never `make test`.

CONTEST_SHEETS, CONTEST_ASPECTS, CONTEST_KILLS, CONTEST_PAIRS make it smaller.
"""

import os
import random
import signal
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from decimal import Decimal
from pathlib import Path

import pytest
from playwright.sync_api import expect
from sqlalchemy import func, select

from contest import clock
from contest.accounts.models import User
from contest.db import db
from contest.judging.models import Sheet, SheetRevision
from tests import factories
from tests.judging.panels import make_panel, two_modules
from tests.judging.tablets import made, send

SHEETS = int(os.environ.get("CONTEST_SHEETS", "60"))
ASPECTS = int(os.environ.get("CONTEST_ASPECTS", "60"))
KILLS = int(os.environ.get("CONTEST_KILLS", "200"))
PAIRS = int(os.environ.get("CONTEST_PAIRS", "1000"))


def long_document():
    document = two_modules()
    risk = document["modules"][1]
    risk["max"] = ASPECTS
    risk["panel"].pop("spread", None)
    risk["criteria"][0]["aspects"] = [
        {"key": f"A{n}", "name": f"第{n}点", "name_en": f"Point {n}", "kind": "points", "max": 1,
         "step": Decimal("0.1")}
        for n in range(1, ASPECTS + 1)
    ]
    return document


@pytest.fixture
def panel(app):
    clock.stand_still(None)
    return make_panel(entrants=SHEETS, document=long_document())


def crash(page):
    """kill -9 the processes of this browser's pages in mid-work, as a tablet that dies."""
    browser = page.context.browser.new_browser_cdp_session()
    with page.expect_event("crash"):
        for process in browser.send("SystemInfo.getProcessInfo")["processInfo"]:
            if process["type"] == "renderer" and _shows_pages(process["id"]):
                with suppress(ProcessLookupError):
                    os.kill(process["id"], signal.SIGKILL)
    browser.detach()
    page.close()


def _shows_pages(pid):
    """Not the browser's own surface: without that it answers nobody any more, as no tablet does."""
    with suppress(FileNotFoundError, ProcessLookupError):
        return b"--top-chrome-webui" not in Path(f"/proc/{pid}/cmdline").read_bytes()
    return False


def test_sixty_sheets_without_a_network_and_two_hundred_crashes(live, panel):
    chance = random.Random(20261123)
    sheets = [panel.sheet(n).id for n in range(SHEETS)]
    page = live.open(db.session.get(User, panel.judges[0].user_id), worker=True)
    page.goto("/judging")
    expect(page.locator("html")).to_have_attribute("data-pages-kept", "yes", timeout=300_000)
    context = page.context
    context.set_offline(True)
    killed, wanted = 0, {}
    for number, sheet in enumerate(sheets):
        page.goto(f"/judging/sheets/{sheet}")
        wanted[sheet] = {f"A{n}": f"0.{chance.randint(1, 9)}" for n in range(1, ASPECTS + 1)}
        due = (KILLS * (number + 1)) // SHEETS - killed
        stops = set(chance.sample(range(1, ASPECTS + 1), min(due, ASPECTS)))
        for n, (key, value) in enumerate(wanted[sheet].items(), start=1):
            page.fill(f"#mark-{key}", value)
            if n in stops:
                page.wait_for_timeout(300)
                crash(page)
                killed += 1
                page = context.new_page()
                page.goto(f"/judging/sheets/{sheet}")
                expect(page.locator(f"#mark-{key}")).to_have_value(value)
                held = page.evaluate(
                    "() => Object.fromEntries([...document.querySelectorAll('[data-number]')]"
                    ".map(f => [f.name.slice(5), f.value]).filter(p => p[1]))"
                )
                assert held == dict(list(wanted[sheet].items())[:n])
        page.locator("[data-check]").evaluate("button => button.click()")
        button = page.get_by_role("button", name="Check and hand in without a connection")
        # Not tapped: a page that still scrolls on a busy machine has moved on when the finger comes down.
        button.or_(page.locator("[data-hand-in]:visible")).first.evaluate("button => button.click()")
        either = page.locator("#sheet-check:visible, #sheet-handed:not([hidden])").first
        expect(either).to_be_visible(timeout=60_000)
        if page.locator("#sheet-check").is_visible():
            page.locator("[data-hand-in]").evaluate("button => button.click()")
        expect(page.locator("#sheet-handed")).to_contain_text("Handed in on this tablet.", timeout=60_000)
        print(f"sheet {number + 1} of {SHEETS} handed in, {killed} crashes", flush=True)

    began = time.monotonic()
    context.set_offline(False)
    # Another page: the sheet's own may be on its way somewhere, now that it has a connection.
    page = context.new_page()
    page.goto("/judging")
    # Hidden alone says nothing: so it is before the page has looked into its store.
    expect(page.locator("#unsent")).to_have_attribute("data-count", "0", timeout=300_000)
    took = time.monotonic() - began
    db.session.rollback()
    stored = dict(db.session.execute(select(Sheet.id, Sheet.marks).where(Sheet.id.in_(sheets))).all())
    states = set(db.session.scalars(select(Sheet.state).where(Sheet.id.in_(sheets))))
    print(f"\n{SHEETS} sheets of {ASPECTS} aspects, {killed} crashes, backlog sent in {took:.1f} s")
    assert killed == KILLS
    assert stored == wanted
    assert states == {"submitted"}


def test_of_a_thousand_pairs_every_loser_sees_both_values(app, panel):
    user = db.session.get(User, panel.judges[0].user_id)
    tablets = [factories.browser_of(app, user) for _ in range(2)]
    sheet = panel.sheet().id
    db.session.rollback()
    with ThreadPoolExecutor(2) as pool:
        for pair in range(PAIRS):
            bodies = [
                made(pair + 1, pair, marks={"A1": f"0.{1 + pair % 9}", "A2": f"0.{1 + side}"},
                     device_id=str(side) * 16)
                for side in range(2)
            ]
            answers = list(pool.map(lambda one: send(one[0], sheet, one[1]),
                                    zip(tablets, bodies, strict=True)))
            by_status = {answer.status_code: at for at, answer in enumerate(answers)}
            assert sorted(by_status) == [200, 409]
            assert answers[by_status[409]].json["marks"] == bodies[by_status[200]]["marks"]
    assert db.session.scalar(select(func.count()).select_from(SheetRevision)) == PAIRS
