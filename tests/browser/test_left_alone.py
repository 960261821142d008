"""A tablet that nobody touched asks for the word again: what is typed stays, and is sent afterwards."""

import re
from datetime import timedelta

import pytest
from playwright.sync_api import expect

from contest import clock
from contest.accounts.models import AuthSession, User
from contest.db import db, writing
from tests import factories
from tests.browser.test_offline_day import expect_stored, settle_down
from tests.judging.panels import make_panel

HOUR_AGO = "localStorage.setItem('touched', JSON.stringify({touched: Date.now() - 3600000, gap: 0}))"
BEAT = "void window.tabletPulse.beat()"  # it may lead to another page


@pytest.fixture
def panel(app):
    # The browser's clock is right: it is the machine's, and so is the server's here.
    clock.stand_still(None)
    return make_panel()


@pytest.fixture
def tablet(live, panel):
    """A tablet of the first judge whose session is locked when it is left alone for half an hour."""
    page = live.open(db.session.get(User, panel.judges[0].user_id), worker=True)
    touched(panel, timedelta(0))
    return page


def touched(panel, ago):
    """As far as the server knows, the judge's tablet was touched so long ago."""
    db.session.rollback()
    with writing():
        db.session.query(AuthSession).filter_by(user_id=panel.judges[0].user_id).update(
            {"idle_s": 1800, "acted_at": clock.now() - ago}
        )
        db.session.commit()
    db.session.rollback()


def test_left_alone_it_asks_and_sends_what_was_typed_once_the_word_is_given(tablet, panel):
    sheet = panel.sheet().id
    db.session.rollback()
    settle_down(tablet)
    tablet.goto(f"/judging/sheets/{sheet}")
    tablet.context.set_offline(True)
    tablet.fill("#mark-A1", "4.5")
    expect(tablet.locator("#sheet-state")).to_have_attribute("data-state", "local")
    touched(panel, timedelta(hours=1))
    tablet.evaluate(HOUR_AGO)
    tablet.context.set_offline(False)

    tablet.evaluate(BEAT)

    tablet.wait_for_url("**/sign-in?next=*")
    expect(tablet.get_by_text("What you typed is kept on this device")).to_be_visible()
    expect_stored(tablet, [])
    tablet.fill("input[name=word]", factories.WORD)
    tablet.get_by_role("button", name="Unlock").click()
    tablet.wait_for_url(f"**/judging/sheets/{sheet}")
    expect(tablet.locator("#mark-A1")).to_have_value("4.5")
    expect_stored(tablet, [(sheet, {"A1": "4.5"})])


def test_worked_on_without_a_network_it_asks_nothing(tablet, panel):
    sheet = panel.sheet().id
    db.session.rollback()
    settle_down(tablet)
    tablet.goto(f"/judging/sheets/{sheet}")
    tablet.context.set_offline(True)
    touched(panel, timedelta(hours=8))
    tablet.fill("#mark-A1", "4.5")
    tablet.keyboard.press("Tab")
    tablet.context.set_offline(False)

    expect_stored(tablet, [(sheet, {"A1": "4.5"})])

    expect(tablet).to_have_url(re.compile(rf".*/judging/sheets/{sheet}$"))
