"""Sheets that came in on paper, typed in with the keyboard alone."""

from contest.db import db
from contest.paper.rules import number_of
from tests import factories
from tests.browser.waiting import wait_until
from tests.judging.panels import RISK, make_panel

# The page's program has put the cursor into the first field: whoever looks up from the paper sees it.
IN_A_FIELD = "document.activeElement?.matches('[data-paper-form] input:not([type=hidden])')"


def type_in(page, number, texts):
    """Scan a number and type each field; returns how many keys were pressed."""
    keys = 0
    for text in (number, *texts):
        page.keyboard.type(text)
        page.keyboard.press("Enter")
        keys += len(text) + 1
        if text == number:
            wait_until(page, IN_A_FIELD)
    return keys


def test_two_clerks_and_the_chief_judge_with_the_keyboard_alone(live, check_page):
    panel = make_panel()
    users = [factories.make_user(name) for name in ("甲统分", "乙统分")]
    for user in users:
        factories.make_grant(user, "clerk", panel.contest)
    chief = factories.make_user("裁判长")
    factories.make_grant(chief, "chief_judge", panel.contest)
    address = f"/contests/{panel.contest.id}/paper"
    numbers = [number_of(panel.sheet(at).id) for at in (0, 1)]
    first, second, desk = (live.open(user, has_touch=False) for user in (*users, chief))
    for page in (first, second):
        page.goto(address)
        assert type_in(page, numbers[0].lower(), ["8.5", "1"]) == len(numbers[0]) + 7
        page.wait_for_url(f"**{address}")
    db.session.rollback()
    assert (panel.sheet().state, panel.sheet().marks) == ("submitted", RISK)

    for page, mark in ((first, "7"), (second, "1")):
        type_in(page, numbers[1], [mark, "16,10"])
        page.wait_for_selector("#error-A2")
        check_page(page)
        wait_until(page, "document.activeElement?.name === 'mark-A2-0'")
        page.keyboard.type("0")
        page.keyboard.press("Enter")
        page.wait_for_url(f"**{address}")
    check_page(second)
    desk.goto(address)
    desk.get_by_role("link", name="Decide").click()
    check_page(desk)
    desk.get_by_label("甲统分").check()
    desk.get_by_label("Why").fill("纸上是 7")
    desk.get_by_role("button", name="Store as decided").click()
    desk.wait_for_url(f"**{address}")
    check_page(desk)
    db.session.rollback()
    assert panel.sheet(1).marks == {"A1": "7", "A2": {}}
