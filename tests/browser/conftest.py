"""A real server in a thread and a real browser; skipped in a plain sentence without Chromium."""

import shutil
import threading
from dataclasses import dataclass
from pathlib import Path

import pytest
from flask import Flask
from werkzeug.serving import make_server

from contest.accounts.models import User
from contest.db import about_to_write, db
from tests import factories

STATIC = Path(__file__).parent.parent.parent / "static"
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")


class Chromium:
    """One browser for all tests of this process; a new one when it was ended."""

    def __init__(self, playwright):
        self.playwright, self._browser = playwright, None

    @property
    def browser(self):
        if self._browser is None or not self._browser.is_connected():
            self._browser = self.playwright.chromium.launch(
                executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"]
            )
        return self._browser


@pytest.fixture(scope="session")
def chromium():
    """The browser of this process's tests."""
    if CHROMIUM is None:
        pytest.skip("Chromium is not installed, so this browser test was skipped.")
    from playwright.sync_api import expect, sync_playwright

    # Two cores carry two browsers and two servers: what is slow there is not wrong.
    expect.set_options(timeout=20_000)
    with sync_playwright() as playwright:
        kept = Chromium(playwright)
        yield kept
        kept.browser.close()


@pytest.fixture(autouse=True)
def _stuck():
    """A test that a page never answers ends after a while, and says where it stood."""
    from tests.browser.watchdog import STUCK_SECONDS, alarm

    with alarm(STUCK_SECONDS):
        yield


@dataclass
class Live:
    """The application at an address, and browsers in which people are signed in."""

    app: Flask
    url: str
    browser: object
    contexts: list

    def open(self, user=None, width=1024, height=768, worker=False, **options):
        """A page of a new device; `user` is signed in there, in English.

        worker: with the service worker. Requests that pass it are not always seen by `route`, with
        which tests make the network fail, so it is blocked where nobody asks for it.
        """
        options.setdefault("has_touch", True)
        options["service_workers"] = "allow" if worker else "block"
        context = self.browser.new_context(
            viewport={"width": width, "height": height}, base_url=self.url, locale="en-GB",
            **options,
        )
        context.set_default_timeout(10_000)
        self.contexts.append(context)
        if user is not None:
            # Tablets that are open already write too: a read that goes on to write would come too late.
            user_id = user.id
            db.session.rollback()
            about_to_write(True)
            user = db.session.get(User, user_id)
            cookie = factories.browser_of(self.app, user).get_cookie("session")
            context.add_cookies([{"name": "session", "value": cookie.value, "url": self.url}])
        # The test must hold no transaction while the server writes, and its own reading must not lock.
        db.session.rollback()
        about_to_write(False)
        return context.new_page()


@pytest.fixture
def live(app, chromium):
    """The application of this test on a port of its own."""
    app.config["WTF_CSRF_ENABLED"] = True
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    opened = Live(app, f"http://127.0.0.1:{server.server_port}", chromium.browser, [])
    yield opened
    from tests.browser.watchdog import put_away

    for context in opened.contexts:
        put_away(context)
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
