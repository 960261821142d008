"""A real browser signs what is marked, is admitted by the chief judge, and its signature outlives a file."""

import json

import pytest
from playwright.sync_api import expect

from contest import clock
from contest.accounts.models import User
from contest.audit.device_signatures import what_differs
from contest.db import db
from contest.judging.models import SheetRevision
from contest.judging.tablet_actions import note_start
from tests import factories
from tests.browser.test_offline_day import nothing_waits
from tests.judging.panels import make_panel

# The private half: there, and no script can read it.
TRY_TO_READ = """async () => {
  const key = (await window.tabletStore.get("facts", "key")).key;
  try { await crypto.subtle.exportKey("jwk", key); return "read"; } catch (refused) { return refused.name; }
}"""


@pytest.fixture(autouse=True)
def _own_time(app):
    clock.stand_still(None)
    note_start()


def rows():
    db.session.rollback()
    found = [vars(row) | {} for row in db.session.query(SheetRevision).order_by(SheetRevision.id)]
    db.session.rollback()
    return found


def test_a_tablet_signs_and_is_admitted(live, check_page):
    panel = make_panel()
    contest = panel.contest.id
    judge = live.open(db.session.get(User, panel.judges[0].user_id))
    chief_user = factories.make_user("裁判长")
    factories.make_grant(chief_user, "chief_judge", panel.contest)
    chief = live.open(chief_user, has_touch=False)
    sheet, other = panel.sheet(0, 1).id, panel.sheet(1, 1).id
    judge.goto(f"/judging/sheets/{sheet}")
    judge.fill("#mark-A1", "6.5")
    expect(judge.locator("[data-total]")).to_have_text("6.50")
    nothing_waits(judge)
    assert judge.evaluate(TRY_TO_READ) == "InvalidAccessError"

    chief.goto(f"/contests/{contest}/chief/keys")
    check_page(chief)
    shown = chief.locator("tbody td.code").inner_text()
    judge.goto("/judging/tablet")
    expect(judge.locator("[data-fact=key]")).to_have_text(shown)
    check_page(judge)
    chief.fill("#ask-word", factories.WORD)
    chief.get_by_role("button", name="Take only signed marks").click()
    expect(chief.locator("main")).to_contain_text("takes only what admitted tablets sign")

    judge.goto(f"/judging/sheets/{other}")
    judge.fill("#mark-A1", "7.5")
    expect(judge.locator("main")).to_contain_text("The chief judge has not admitted this tablet yet")
    assert len(rows()) == 1

    chief.locator("input[name=key]").check()
    chief.fill("#admit-word", factories.WORD)
    chief.get_by_role("button", name="Admit these tablets").click()
    expect(chief.locator("main")).to_contain_text("1 tablet was admitted.")
    check_page(chief)
    judge.evaluate("window.sheetOutbox.flushAll()")
    nothing_waits(judge)

    first, second = rows()
    assert [what_differs(first), what_differs(second)] == ["", ""]
    assert first["signer"] == second["signer"]
    body = json.loads(second["signed"].split("\n", 4)[4])
    assert body["device_seq"] > json.loads(first["signed"].split("\n", 4)[4])["device_seq"]
    assert len(body["prev"]) == 64


def test_a_file_of_a_tablet_that_never_was_on_the_network_carries_its_signatures(live, app, tmp_path):
    panel = make_panel()
    sheet, contest = panel.sheet(0, 1).id, panel.contest.id
    judge = live.open(db.session.get(User, panel.judges[0].user_id))
    judge.goto(f"/judging/sheets/{sheet}")
    judge.context.route("**/operations", lambda route: route.abort())
    judge.fill("#mark-A1", "6.5")
    expect(judge.locator("#connection")).to_have_attribute("data-state", "offline")
    judge.evaluate("window.tabletPulse.beat()")  # numbers it never told ask for a second person
    judge.goto("/judging/tablet")
    with judge.expect_download() as saved:
        judge.locator("[data-save]").click()
    path = tmp_path / "tablet.json"
    saved.value.save_as(path)
    chief_user = factories.make_user("裁判长")
    factories.make_grant(chief_user, "chief_judge", panel.contest)
    chief = live.open(chief_user, has_touch=False)

    chief.goto(f"/contests/{contest}/chief/tablets")
    expect(chief.locator("#tablets tbody tr")).to_have_count(1)
    chief.set_input_files("input[type=file]", path)
    chief.fill("#word-carry", factories.WORD)
    chief.get_by_role("button", name="Read the file").click()

    expect(chief.locator("main")).to_contain_text("Accepted by the server")
    assert [(what_differs(row), bool(row["signature"])) for row in rows()] == [("", True)]


def test_without_https_marks_go_unsigned_and_the_tablet_says_so(live):
    panel = make_panel()
    judge = live.open(db.session.get(User, panel.judges[0].user_id))
    judge.add_init_script("Object.defineProperty(window.crypto, 'subtle', { value: undefined });")
    judge.goto(f"/judging/sheets/{panel.sheet(0, 1).id}")
    judge.fill("#mark-A1", "6.5")
    expect(judge.locator("[data-total]")).to_have_text("6.50")
    nothing_waits(judge)

    judge.goto("/judging/tablet")
    expect(judge.locator("[data-fact=key]")).to_contain_text("does not begin with https")
    assert [(row["signature"], row["signed"]) for row in rows()] == [("", "")]
