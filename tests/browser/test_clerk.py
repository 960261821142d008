"""A clerk at a laptop types theory scores one after another."""

import pytest
from playwright.sync_api import expect

from contest.db import db
from contest.theory import queries
from tests import factories


@pytest.fixture
def contest(app):
    contest = factories.make_contest()
    factories.make_entrant(contest, name="张伟", number="A001")
    factories.make_entrant(contest, name="李娜", number="A002")
    return contest


@pytest.mark.parametrize(("width", "scheme"), [(1440, "dark"), (390, "light")])
def test_enter_stores_a_score_and_goes_on(live, contest, check_page, width, scheme):
    clerk = factories.make_user("Kim")
    factories.make_grant(clerk, "clerk", contest)
    contest_id = contest.id
    page = live.open(clerk, width, 900, color_scheme=scheme)
    page.goto(f"/contests/{contest_id}/theory")
    check_page(page)
    page.get_by_role("link", name="Enter scores").click()

    expect(page.locator("#field-score")).to_be_focused()
    page.keyboard.type("1,5")
    page.keyboard.press("Enter")
    expect(page.locator("#field-score-error")).to_contain_text("between 0 and 100")
    expect(page.locator("#field-score")).to_have_value("1,5")
    check_page(page)
    page.fill("#field-score", "８７．５")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_contain_text("A002")
    page.get_by_role("button", name="Was absent").click()

    expect(page.get_by_role("heading", level=1)).to_have_text("Theory scores")
    check_page(page)
    page.get_by_role("link", name="Import a list of scores").click()
    expect(page.locator("input[type=file]")).to_be_visible()
    check_page(page)
    db.session.rollback()
    standing = queries.scores(contest_id)["paper"].values()
    assert sorted((row.state, row.units) for row in standing) == [
        ("absent", None), ("scored", 875_000),
    ]
    db.session.rollback()
