"""The session ends while a tablet holds marks, by time or by a new card: nothing is dropped (figure 12)."""

import pytest
from playwright.sync_api import expect

from contest import clock
from contest.accounts import account_actions
from contest.accounts.models import AuthSession, User
from contest.db import db, writing
from tests import factories
from tests.browser.test_offline_day import (
    counts,
    expect_stored,
    hand_in_here,
    mark_sheet,
    nothing_waits,
    settle_down,
    sign_in,
    stored,
)
from tests.browser.waiting import wait_until
from tests.judging.panels import make_panel

SIGNED_OUT = "You are signed out. The marks are kept on this tablet"


@pytest.fixture
def panel(app):
    # The browser's clock is right: it is the machine's, and so is the server's here.
    clock.stand_still(None)
    return make_panel()


@pytest.fixture
def tablet(live, panel):
    """`tablet()` is a new tablet of the first judge."""
    return lambda: live.open(db.session.get(User, panel.judges[0].user_id), worker=True)


def end_sessions():
    db.session.rollback()
    with writing():
        db.session.query(AuthSession).delete()
        db.session.commit()
    db.session.rollback()


def test_a_session_that_ends_before_each_operation_drops_none(app, live, tablet, panel):
    """Three sheets wait, marked and handed in; the session ends before every single one goes."""
    page, judge = tablet(), panel.judges[0].user_id
    sheets = [panel.sheet(number).id for number in range(3)]
    db.session.rollback()
    settle_down(page)
    page.context.set_offline(True)
    for number, sheet in enumerate(sheets):
        page.goto(f"/judging/sheets/{sheet}")
        mark_sheet(page, f"{4 + number}.5")
        hand_in_here(page)
    total = sum(counts(page).values())
    assert total >= 2 * len(sheets)
    network = {"lets": 0}

    def end_before_the_next(route):
        """So many get through, the next meets a session that has ended; none while somebody signs in."""
        if network["lets"] is None:
            return route.abort()
        if network["lets"] == 0:
            with app.app_context():
                end_sessions()
        network["lets"] = max(0, network["lets"] - 1)
        return route.continue_()

    def goes_on():
        page.evaluate("window.dispatchEvent(new Event('online'))")

    page.context.route("**/operations", end_before_the_next)
    page.context.set_offline(False)
    for point in range(total):
        # At the first point the session is gone before anything was sent.
        network["lets"] = min(point, 1)
        with page.expect_response(lambda answer: answer.status == 401):
            goes_on()
        expect(page.locator("[data-count-of=accepted]")).to_have_text(str(point))
        wait_until(page, "navigator.locks.query().then(l => !l.held.length && !l.pending.length)")
        # Nothing is opened here: a page would ask to sign in.
        held = page.evaluate("sheetOutbox.operations().then(all => all.map(one => one.state))")
        assert len(stored()) == held.count("accepted") == point and len(held) == total
        assert set(held) <= {"accepted", "local", "sent"}
        network["lets"] = None
        sign_in(app, live, page, judge)
        page.goto("/judging/tablet")

    network["lets"] = total
    goes_on()
    nothing_waits(page)
    rows = stored()
    assert [(row.sheet_id, row.marks) for row in rows if row.kind == "submit"] == [
        (sheet, {"A1": f"{4 + number}.5", "A2": {}}) for number, sheet in enumerate(sheets)
    ]
    assert counts(page)["accepted"] == total == len({row.op_id for row in rows}) == len(rows)


def test_a_session_that_ends_on_the_summary_hands_in_after_signing_in(app, live, tablet, panel):
    page, sheet, judge = tablet(), panel.sheet().id, panel.judges[0].user_id
    db.session.rollback()
    page.goto(f"/judging/sheets/{sheet}")
    mark_sheet(page, "7")
    expect(page.locator("[data-total]")).to_have_text("17.00")
    page.locator("[data-check]").tap()
    page.wait_for_url("**/summary")
    end_sessions()

    page.tap("#submit-form button")

    expect(page.locator("#sheet-notice")).to_contain_text(SIGNED_OUT)
    assert [row.kind for row in stored()].count("submit") == 0
    sign_in(app, live, page, judge)
    page.goto("/judging")
    nothing_waits(page)
    assert [row.kind for row in stored()].count("submit") == 1


def test_a_choice_between_two_versions_whose_token_has_run_out_loses_nothing(app, live, tablet, panel):
    """The page of the choice is a plain form with a token of the session: that one may be gone."""
    first, second, sheet = tablet(), tablet(), panel.sheet().id
    judge = panel.judges[0].user_id
    db.session.rollback()
    for page in (first, second):
        page.goto(f"/judging/sheets/{sheet}")
        nothing_waits(page)
    first.fill("#mark-A1", "3")
    expect(first.locator("[data-total]")).to_have_text("3.00")
    second.fill("#mark-A1", "9")
    second.get_by_role("button", name="Look at both versions").tap()
    second.locator("input[value=mine]").check()
    end_sessions()
    second.get_by_role("button", name="Store this choice").tap()
    second.wait_for_url(lambda url: "/sheets/" not in url or url.endswith("/settle"))
    assert [row.marks for row in stored()] == [{"A1": "3"}]

    sign_in(app, live, second, judge)
    second.goto(f"/judging/sheets/{sheet}")
    expect(second.locator("#mark-A1")).to_have_value("9")
    second.get_by_role("button", name="Look at both versions").tap()
    second.locator("input[value=mine]").check()
    second.get_by_role("button", name="Store this choice").tap()
    expect_stored(second, [(sheet, {"A1": "3"}), (sheet, {"A1": "9"})])


def test_a_new_card_while_the_tablet_is_offline_asks_for_it_and_loses_nothing(live, panel):
    """Sessions by the old card end with it: the judge is told, comes in by the new one, and all is sent."""
    organiser = factories.make_user("Olga")
    factories.make_grant(organiser, "organiser", panel.contest)
    person = factories.person_of(organiser)
    judge, contest_id, sheet = panel.judges[0].user_id, panel.contest.id, panel.sheet().id
    old = account_actions.issue_card(person, judge, contest_id)
    page = live.open()
    enter_by_card(page, old)
    page.goto(f"/judging/sheets/{sheet}")
    nothing_waits(page)
    page.context.set_offline(True)
    page.fill("#mark-A1", "7")
    expect(page.locator("#unsent")).to_have_attribute("data-count", "1")
    with writing():
        new = account_actions.issue_card(person, judge, contest_id)
    db.session.rollback()

    page.context.set_offline(False)

    expect(page.locator("#sheet-notice")).to_contain_text(SIGNED_OUT)
    expect(page.locator("#sheet-state")).to_have_attribute("data-state", "signIn")
    page.goto(f"/enter/{old[0]}")
    expect(page.locator("main")).to_contain_text("This card no longer works.")
    assert stored() == []
    enter_by_card(page, new)
    page.goto("/judging")
    nothing_waits(page)
    assert [row.marks for row in stored()] == [{"A1": "7"}]


def enter_by_card(page, card):
    """Scan a card and type its PIN."""
    token, pin = card
    page.goto(f"/enter/{token}")
    page.fill("#pin", pin)
    page.get_by_role("button", name="Come in").first.tap()
    page.wait_for_url("**/judging")
