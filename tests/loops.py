"""Coroutines in tests, beside browser tests of the same process."""

import asyncio
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context


def run_apart(coroutine):
    """What a coroutine returns, run in a thread of its own with this thread's context.

    Playwright keeps a loop running in the thread that started it, where asyncio.run is refused.
    """
    with ThreadPoolExecutor(1) as apart:
        return apart.submit(copy_context().run, asyncio.run, coroutine).result()
