"""The code over what was handed in, reckoned by a real tablet from its own store (reliability.md, 4.8.9)."""

import json
import random

import pytest
from playwright.sync_api import expect
from sqlalchemy import text

from contest import clock
from contest.accounts.models import User
from contest.db import db, writing
from contest.judging import total_queries
from contest.judging.total_models import SheetTotal
from contest.judging.total_rules import code_of, plain_mark, sheet_digest, total_digest
from tests.audit.tampering import drop_guards
from tests.browser.test_offline_day import hand_in_here, mark_sheet, nothing_waits, settle_down
from tests.browser.waiting import wait_until
from tests.judging.panels import RISK, make_panel, mark

OP = "2f6c5f0e-0000-4000-8000-000000000001"


@pytest.fixture
def panel(app):
    # The browser's clock is right: it is the machine's, and so is the server's here.
    clock.stand_still(None)
    return make_panel(entrants=3)


@pytest.fixture
def tablet(live, panel):
    def open_it(**options):
        page = live.open(db.session.get(User, panel.judges[0].user_id), worker=True, **options)
        page.on("dialog", lambda dialog: dialog.accept())
        return page

    return open_it


def hand_in(page, sheet, points):
    page.goto(f"/judging/sheets/{sheet}")
    mark_sheet(page, points)
    page.locator("[data-check]").tap()
    page.wait_for_url("**/summary")
    page.get_by_role("button", name="Hand in").tap()
    page.wait_for_url(lambda address: "/summary" not in address)


def server_code(panel):
    db.session.rollback()
    [total] = total_queries.totals_of(panel.judges[0].user_id)
    found = total.code, len(total.digests)
    db.session.rollback()
    return found


def shown(page, state):
    """The codes of tablet and server, when the box says so."""
    box = page.locator(".own-total")
    expect(box).to_have_attribute("data-state", state, timeout=30_000)
    expect(box.locator("[data-total-state]:visible")).to_have_count(1)
    return tuple(box.locator(f'[data-total="{name}"]').inner_text() for name in ("here", "there"))


def test_tablet_and_server_reckon_the_same_code_with_and_without_a_network(tablet, panel, check_page):
    page = tablet()
    settle_down(page)
    assert page.locator(".own-total").is_hidden()
    hand_in(page, panel.sheet(0).id, "9.50")
    page.goto("/judging")
    here, there = shown(page, "equal")
    assert (here, 1) == (there, 1) == server_code(panel)
    expect(page.locator(".own-total")).to_contain_text("1 of 6 sheets stored")
    check_page(page)

    page.context.set_offline(True)
    page.goto(f"/judging/sheets/{panel.sheet(1).id}")
    mark_sheet(page, "８.5")
    hand_in_here(page)
    page.goto("/judging")
    # The second sheet is not accepted yet: the code is still that of the first.
    assert shown(page, "waits") == (here, "–")

    page.context.set_offline(False)
    page.goto("/judging")
    nothing_waits(page)
    two, both = shown(page, "equal")
    assert (two, 2) == (both, 2) == server_code(panel)
    assert two != here


def test_sheets_of_the_office_are_no_alarm_and_changed_marks_are_one(tablet, panel, check_page):
    page = tablet()
    settle_down(page)
    hand_in(page, panel.sheet(0).id, "9.5")
    db.session.rollback()
    with writing():
        mark(panel, RISK, entrant=1)
        db.session.commit()
    page.goto("/judging")
    shown(page, "partly")
    expect(page.locator('[data-total-state="partly"]')).to_contain_text("changed: 1.")

    db.session.rollback()
    with writing():
        drop_guards()
        db.session.execute(text("UPDATE sheet_revision SET marks = '{\"A1\": \"10\", \"A2\": {}}' "
                                "WHERE sheet_id = :one"), {"one": panel.sheet(0).id})
        db.session.commit()
    page.goto("/judging")
    here, there = shown(page, "differs")

    assert here != there == server_code(panel)[0]
    code = page.locator(f'a.own-sheet[data-sheet="{panel.sheet(0).id}"] .own-code').inner_text()
    expect(page.locator('[data-total-state="differs"]')).to_contain_text(f"handed them in: {code}.")
    check_page(page)
    found = db.session.query(SheetTotal).one().found
    db.session.rollback()
    assert found["differing"] == [panel.sheet(0).id]


def random_mark(chance):
    number = lambda: chance.choice(["", " ", "+"]) + chance.choice([  # noqa: E731
        f"{chance.randrange(200)}", f"0{chance.randrange(100)}.{chance.randrange(1000):03}",
        f"{chance.randrange(20)}.50", "０．５", "-0", "-0.10", "1e3", "a\u00e9\u8bc4\"\\", "x", "DNS", "×",
    ])
    return chance.choice([
        number, number, lambda: None, lambda: chance.randrange(4), lambda: [number(), None, number(), None],
        lambda: [chance.choice([True, False, None]) for _ in range(4)], dict,
        lambda: {str(n): chance.randrange(3) for n in chance.sample(range(13), 5)},
    ])()


def test_script_and_server_are_one_in_a_thousand_made_up_sheets(tablet, panel):
    page, chance = tablet(), random.Random(7)
    page.goto("/judging")
    wait_until(page, "Boolean(window.tabletTotal)")
    sheets = [
        [chance.randrange(1, 10**6), chance.randrange(1, 99), OP,
         {f"A{n}": random_mark(chance) for n in chance.sample(range(30), 8)}] for _ in range(1000)
    ]

    made = page.evaluate("""sheets => sheets.map(one => [
        Object.keys(one[3]).map(key => window.tabletTotal.plainMark(one[3][key])),
        window.tabletTotal.sheetDigest(...one)])""", json.loads(json.dumps(sheets)))
    rows = [{"sheet": one[0], "digest": digest} for one, (_, digest) in zip(sheets, made, strict=True)]
    total = page.evaluate("rows => window.tabletTotal.totalDigest(rows)", rows[:50])

    for one, (plain, digest) in zip(sheets, made, strict=True):
        assert plain == [plain_mark(value) for value in one[3].values()], one
        assert digest == sheet_digest(*one)
    assert total == total_digest({row["sheet"]: row["digest"] for row in rows[:50]})
    assert page.evaluate("total => window.tabletTotal.codeOf(total)", total) == code_of(total)
