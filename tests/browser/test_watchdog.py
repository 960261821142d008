"""What ends a browser that never answers, without a browser."""

import threading

import pytest
from playwright.sync_api import Error

from tests.browser import watchdog


class Context:
    """Closes with an error, after `ended` if it is given."""

    def __init__(self, ended=None):
        self.ended = ended

    def close(self):
        if self.ended is not None:
            assert self.ended.wait(30)
        raise Error("Target page, context or browser has been closed")


def test_a_context_that_never_closes_is_ended_with_its_browser(monkeypatch):
    ended = threading.Event()
    monkeypatch.setattr(watchdog, "end_browser", ended.set)
    monkeypatch.setattr(watchdog, "CLOSING_SECONDS", 0.01)

    watchdog.put_away(Context(ended))


def test_a_context_that_closes_with_an_error_is_an_error():
    with pytest.raises(Error):
        watchdog.put_away(Context())
