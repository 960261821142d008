"""A real server in a thread and a real browser; skipped in a plain sentence without Chromium."""

import shutil
import threading
from dataclasses import dataclass
from pathlib import Path

import pytest
from flask import Flask
from werkzeug.serving import make_server

from contest.db import db
from tests import factories

STATIC = Path(__file__).parent.parent.parent / "static"
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")


@pytest.fixture(scope="session")
def chromium():
    """One browser for all tests of this process."""
    if CHROMIUM is None:
        pytest.skip("Chromium is not installed, so this browser test was skipped.")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"]
        )
        yield browser
        browser.close()


@dataclass
class Live:
    """The application at an address, and browsers in which people are signed in."""

    app: Flask
    url: str
    browser: object
    contexts: list

    def open(self, user=None, width=1024, height=768, **options):
        """A page of a new device; `user` is signed in there, in English."""
        options.setdefault("has_touch", True)
        context = self.browser.new_context(
            viewport={"width": width, "height": height}, base_url=self.url, locale="en-GB",
            **options,
        )
        context.set_default_timeout(10_000)
        self.contexts.append(context)
        if user is not None:
            cookie = factories.browser_of(self.app, user).get_cookie("session")
            context.add_cookies([{"name": "session", "value": cookie.value, "url": self.url}])
        # The test must hold no transaction while the server writes.
        db.session.rollback()
        return context.new_page()


@pytest.fixture
def live(app, chromium):
    """The application of this test on a port of its own."""
    app.config["WTF_CSRF_ENABLED"] = True
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    opened = Live(app, f"http://127.0.0.1:{server.server_port}", chromium, [])
    yield opened
    for context in opened.contexts:
        context.close()
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture(scope="session")
def axe_source():
    """The accessibility checker's program."""
    return (STATIC / "vendor" / "dev" / "axe.min.js").read_text("utf-8")


@pytest.fixture
def check_page(axe_source):
    """`check_page(page)` fails when axe finds something or the page scrolls sideways."""

    def check(page):
        # A click only begins to open the next page: half of it would be found wanting.
        page.wait_for_load_state("load")
        page.evaluate(axe_source)
        found = page.evaluate("async () => (await axe.run()).violations")
        shown = [(v["id"], [node["html"][:160] for node in v["nodes"][:3]]) for v in found]
        assert shown == []
        width = page.evaluate("document.documentElement.scrollWidth")
        assert width <= page.viewport_size["width"]

    return check
