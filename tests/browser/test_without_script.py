"""The main forms in a browser that runs no script: everything but the live parts still works."""

import pytest
from playwright.sync_api import expect

from contest.accounts.models import User
from contest.accounts.passwords import hash_secret
from contest.db import db
from contest.judging.models import Sheet
from tests import factories
from tests.judging.panels import make_panel


@pytest.fixture
def plain(live):
    """`plain(user)` opens a browser without a script, signed in or not."""
    return lambda user=None, **options: live.open(user, java_script_enabled=False, **options)


def test_signing_in_leads_back_to_the_page_that_was_asked_for(app, plain):
    user = factories.make_user("郝监督", login="hao", password_hash=hash_secret("four calm words"))
    contest = factories.make_contest()
    factories.make_grant(user, "supervisor", contest)
    address = f"/contests/{contest.id}/trail"
    page = plain()
    page.goto(address)
    page.get_by_label("Login").fill("hao")
    page.get_by_label("Password").fill("wrong")
    page.locator("main form button[type=submit]").click()
    expect(page.get_by_role("alert")).to_contain_text("The login or the password is wrong.")
    expect(page.get_by_label("Login")).to_have_value("hao")

    page.get_by_label("Password").fill("four calm words")
    page.locator("main form button[type=submit]").click()

    expect(page.get_by_role("heading", level=1)).to_have_text("Trail")
    assert page.url.endswith(address)


def test_a_sheet_is_saved_as_a_draft_and_handed_in(app, plain):
    panel = make_panel()
    sheet_id = panel.sheet().id
    page = plain(db.session.get(User, panel.judges[0].user_id))
    page.goto(f"/judging/sheets/{sheet_id}")
    expect(page.locator("[data-step-up]").first).to_be_hidden()

    page.locator("#mark-A1").fill("8.5")
    page.get_by_role("button", name="Save the draft").click()
    expect(page.locator("#mark-A1")).to_have_value("8.5")
    expect(page.locator("[data-total]")).to_have_text("8.50")

    page.locator("#mark-A2-0").fill("1")
    page.get_by_role("button", name="Check and hand in").click()
    # 8.5 and 10 less one item of 2 points.
    expect(page.locator(".running-total")).to_contain_text("16.50")
    page.get_by_role("button", name="Hand in").click()

    expect(page.get_by_role("heading", level=1)).to_have_text("701 is handed in.")
    db.session.rollback()
    assert db.session.get(Sheet, sheet_id).state == "submitted"


def test_a_bad_mark_comes_back_with_its_reason(app, plain):
    panel = make_panel()
    page = plain(db.session.get(User, panel.judges[0].user_id))
    page.goto(f"/judging/sheets/{panel.sheet().id}")

    page.locator("#mark-A1").fill("1,5")
    page.get_by_role("button", name="Save the draft").click()

    expect(page.locator("#error-A1")).to_be_visible()
    expect(page.locator("#mark-A1")).to_have_value("1,5")


def test_the_register_is_searched(app, plain):
    contest = factories.make_contest(state="final")
    for name in ("钟一", "华二"):
        entrant = factories.make_entrant(contest, name)
        factories.make_honour(contest, factories.make_award(contest, entrant, sheet=_sheet(contest)))
    page = plain(width=390, height=844)
    page.goto("/register")
    expect(page.locator("#craftsmen")).to_contain_text("华二")

    page.locator("input[name=text]").fill("钟")
    page.locator("main form button[type=submit]").first.click()

    expect(page.locator("#craftsmen")).to_contain_text("钟一")
    expect(page.locator("#craftsmen")).not_to_contain_text("华二")


def _sheet(contest):
    from contest.results.models import ResultSheet

    found = db.session.query(ResultSheet).filter_by(contest_id=contest.id).first()
    return found or factories.make_result_sheet(contest)
