"""Waiting for something that no locator shows."""

from playwright.sync_api import Error

SEEN = """() => [document.readyState, document.activeElement?.outerHTML,
    ...performance.getEntriesByType('resource').map(one => `${one.name} ${one.responseEnd}`)]"""


def wait_until(page, expression, seconds=20):
    """Wait until an expression is true in the page, also while the next page comes.

    Playwright's own wait_for_function asks again by `eval`, which our pages' policy forbids: it works
    only where the first answer is right.
    """
    for _ in range(seconds * 20):
        try:
            if page.evaluate(expression):
                return
        except Error as gone:
            if "context was destroyed" not in gone.message:
                raise
        page.wait_for_timeout(50)
    raise AssertionError(f"still not: {expression}; {page.url}: {page.evaluate(SEEN)}")
