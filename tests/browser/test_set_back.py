"""The server is set back to an older copy while judges mark: tablets bring back what the copy lacks."""

import sqlite3
from contextlib import closing

import pytest
from playwright.sync_api import expect

from contest import clock
from contest.accounts.models import User
from contest.db import db, writing
from contest.judging import tablet_actions
from tests.browser.test_offline_day import counts, nothing_waits, stored
from tests.judging.panels import make_panel


@pytest.fixture
def panel(app):
    # The browser's clock is right: it is the machine's, and so is the server's here.
    clock.stand_still(None)
    found = make_panel()
    tablet_actions.note_start()
    return found


@pytest.fixture
def tablet(live, panel):
    """`tablet()` is a new tablet of the first judge."""

    def open_it():
        return live.open(db.session.get(User, panel.judges[0].user_id))

    return open_it


class Backup:
    """A copy of the database, and the way back to it while the server goes on answering."""

    def __init__(self, app):
        self.path = app.config["SQLALCHEMY_DATABASE_URI"].removeprefix("sqlite:///")
        self.copy = sqlite3.connect(":memory:")
        with closing(sqlite3.connect(self.path)) as now:
            now.backup(self.copy)

    def restore(self):
        """Set the database back, and start as `contest serve` does."""
        db.session.rollback()
        with closing(sqlite3.connect(self.path)) as now:
            self.copy.backup(now)
        with writing():
            tablet_actions.note_start()
        db.session.rollback()


def type_first(page, value):
    """Type the first mark and wait until the server's sum says that it has it."""
    page.fill("#mark-A1", value)
    expect(page.locator("[data-total]")).to_have_text(f"{float(value):.2f}")


def mark_before_and_after(app, page, sheets):
    """One mark, a backup, then what that one lacks: a later mark, and a sheet that was handed in."""
    page.goto(f"/judging/sheets/{sheets[0]}")
    type_first(page, "6.5")
    backup = Backup(app)
    type_first(page, "7.5")
    page.goto(f"/judging/sheets/{sheets[1]}")
    type_first(page, "4")
    page.locator("#aspect-A2 .none-choice").tap()
    expect(page.locator("[data-total]")).to_have_text("14.00")
    page.locator("[data-check]").tap()
    page.wait_for_url("**/summary")
    page.tap("#submit-form button")
    expect(page.get_by_role("heading", level=1)).to_contain_text("is handed in.")
    return backup


def statuses_of(page):
    """What the door answers from now on, one after another."""
    found = []
    page.context.on("response", lambda answer: found.append(answer.status)
                    if answer.url.endswith("/operations") else None)
    return found


def told_again(page):
    """How many operations "This tablet" says were offered again."""
    return page.locator("#tablet-operations td", has_text="Offered again at").count()


@pytest.fixture
def sheets(panel):
    found = [panel.sheet(number).id for number in range(2)]
    db.session.rollback()
    return found


def test_a_server_set_back_gets_what_it_lacks_before_it_gets_new_marks(app, tablet, sheets):
    page = tablet()
    backup = mark_before_and_after(app, page, sheets)
    before = stored()
    page.goto(f"/judging/sheets/{sheets[0]}")
    expect(page.locator("#mark-A1")).to_have_value("7.5")
    nothing_waits(page)
    page.context.set_offline(True)
    page.fill("#mark-A1", "9")
    expect(page.locator("#unsent")).to_have_attribute("data-count", "1")
    expect(page.locator("#connection")).to_have_attribute("data-state", "offline")

    backup.restore()
    assert len(stored()) == 1
    answers = statuses_of(page)
    page.context.set_offline(False)

    expect(page.locator("[data-total]")).to_have_text("9.00")
    nothing_waits(page)
    after = stored()
    # The door's own word, not the pulse's: the new mark came first, was kept out, and came again.
    assert answers[0] == 412 and set(answers[1:]) == {200}
    assert [row for row in after if row in before] == before
    [new] = [row for row in after if row not in before]
    assert (new.sheet_id, new.rev, new.marks) == (sheets[0], 3, {"A1": "9"})
    assert counts(page) == {"accepted": len(after)} | dict.fromkeys(
        ("local", "sent", "refused", "conflict"), 0)
    assert told_again(page) == len(before) - 1


def test_a_page_that_was_loaded_anew_offers_again_before_it_sends(app, tablet, sheets):
    """Loading a page meets nobody; here no pulse comes through either."""
    page = tablet()
    backup = mark_before_and_after(app, page, sheets)
    before = stored()
    page.context.route("**/api/v1/tablets", lambda route: route.abort())
    backup.restore()
    page.goto(f"/judging/sheets/{sheets[0]}")
    expect(page.locator("#mark-A1")).to_have_value("7.5")
    nothing_waits(page)
    answers = statuses_of(page)

    type_first(page, "3")

    assert answers[0] == 412 and set(answers[1:]) == {200}
    after = stored()
    assert [row for row in after if row in before] == before
    assert [row.marks for row in after if row not in before] == [{"A1": "3"}]


def test_a_pulse_alone_brings_back_what_was_lost_and_a_mere_restart_changes_nothing(app, tablet, sheets):
    page = tablet()
    backup = mark_before_and_after(app, page, sheets)
    before = stored()
    page.goto("/judging/tablet")
    nothing_waits(page)
    backup.restore()

    page.evaluate("window.tabletPulse.beat()")

    assert stored() == before
    assert counts(page)["accepted"] == len(before)
    assert told_again(page) == len(before) - 1
    nothing_waits(page)
    with writing():
        tablet_actions.note_start()
    db.session.rollback()
    answers = statuses_of(page)
    page.evaluate("window.tabletPulse.beat()")
    assert answers == [200] * len(before)
    assert stored() == before


def test_marks_of_another_tablet_on_the_same_revision_are_never_covered(app, live, tablet, sheets):
    """The revision that the first tablet knows is there again, with marks that it never saw."""
    page, sheet = tablet(), sheets[0]
    backup = mark_before_and_after(app, page, sheets)
    page.goto(f"/judging/sheets/{sheet}")
    expect(page.locator("#mark-A1")).to_have_value("7.5")
    nothing_waits(page)
    page.context.set_offline(True)
    page.fill("#mark-A1", "9")
    expect(page.locator("#unsent")).to_have_attribute("data-count", "1")
    backup.restore()
    other = tablet()
    other.goto(f"/judging/sheets/{sheet}")
    expect(other.locator("#mark-A1")).to_have_value("6.5")
    type_first(other, "2")

    page.context.set_offline(False)

    expect(page.locator("#sheet-state")).to_have_attribute("data-state", "conflict")
    assert [row.marks for row in stored() if row.sheet_id == sheet] == [{"A1": "6.5"}, {"A1": "2"}]
    expect(page.locator("#mark-A1")).to_have_value("9")
    page.get_by_role("button", name="Look at both versions").tap()
    page.locator("input[value=mine]").check()
    page.get_by_role("button", name="Store this choice").tap()
    expect(page.locator("#mark-A1")).to_have_value("9")
    rows = stored()
    assert [row.marks["A1"] for row in rows if row.sheet_id == sheet] == ["6.5", "2", "9"]
    # The other sheet was offered all the same.
    assert rows[-1].sheet_id == sheets[1] and rows[-1].kind == "submit"
    where = counts(page)
    assert (where["conflict"], where["local"] + where["sent"] + where["refused"]) == (2, 0)
