"""What a tablet tells its judge of itself; and a judge's page without encryption."""

import threading

import pytest
from playwright.sync_api import expect
from werkzeug.serving import make_server

from contest.accounts.models import User
from contest.db import db
from tests.browser.conftest import CHROMIUM, Live
from tests.browser.test_tablet import marks_of, state, type_mark
from tests.judging.panels import make_panel

BATTERY = "navigator.getBattery = () => Promise.resolve({level: %s, charging: %s});"
STORE = "navigator.storage.estimate = () => Promise.resolve({quota: %d, usage: 0});"
MB = 1024 * 1024
PLAIN = "tablet.test"  # no localhost, and nobody's


@pytest.fixture
def panel(app):
    return make_panel()


def open_sheet(live, panel, *scripts):
    sheet_id = panel.sheet(0, module="risk").id
    page = live.open(db.session.get(User, panel.judges[0].user_id))
    for script in scripts:
        page.add_init_script(script)
    page.goto(f"/judging/sheets/{sheet_id}")
    return page, sheet_id


def told(page, name):
    return page.locator(f"[data-told={name}]")


def test_a_low_battery_with_unsent_marks_is_told_to_the_judge_also_without_a_network(live, panel):
    page, _ = open_sheet(live, panel, BATTERY % ("0.09", "false"))
    type_mark(page, "A1", "8.5")
    expect(state(page)).to_have_attribute("data-state", "stored")
    page.evaluate("window.tabletPulse.beat()")
    expect(told(page, "battery")).to_be_hidden()

    page.context.set_offline(True)
    type_mark(page, "A1", "7")
    expect(state(page)).to_have_attribute("data-state", "local")
    page.evaluate("window.tabletPulse.beat()")

    expect(told(page, "battery")).to_contain_text("battery is low and not all marks are sent")


def test_a_store_that_is_nearly_full_is_told_before_it_is_full(live, panel):
    page, _ = open_sheet(live, panel, STORE % (50 * MB))
    expect(told(page, "store")).to_contain_text("50 MB are free")
    wide, _ = open_sheet(live, panel, STORE % (51 * MB))
    wide.evaluate("window.tabletPulse.beat()")
    expect(told(wide, "store")).to_be_hidden()


@pytest.fixture
def plain(app, chromium):
    """The application on plain HTTP under a name that is no localhost, which only this browser resolves."""
    app.config["WTF_CSRF_ENABLED"] = True
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    browser = chromium.playwright.chromium.launch(executable_path=CHROMIUM, args=[
        "--no-sandbox", "--disable-gpu", f"--host-resolver-rules=MAP {PLAIN} 127.0.0.1",
    ])
    yield Live(app, f"http://{PLAIN}:{server.server_port}", browser, [])
    browser.close()
    server.shutdown()
    thread.join()
    server.server_close()


def test_without_encryption_the_page_says_what_is_different_and_marks_are_kept_and_sent(plain, panel):
    sheet_id = panel.sheet(0, module="risk").id
    page = plain.open(db.session.get(User, panel.judges[0].user_id), worker=True)
    page.goto("/judging")
    assert page.evaluate("window.isSecureContext") is False
    expect(page.locator("main .notice").first).to_contain_text("came without encryption (http)")
    page.goto(f"/judging/sheets/{sheet_id}")
    type_mark(page, "A1", "8.5")
    expect(state(page)).to_have_attribute("data-state", "stored")

    page.context.set_offline(True)
    page.tap("#aspect-A2 [data-count-up] >> nth=0")
    expect(state(page)).to_have_attribute("data-state", "local")
    assert marks_of(sheet_id) == {"A1": "8.5"}
    page.context.set_offline(False)

    expect(state(page)).to_have_attribute("data-state", "stored", timeout=40_000)
    assert marks_of(sheet_id) == {"A1": "8.5", "A2": {"0": 1}}
