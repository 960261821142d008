"""The page that describes the API: read from this server alone, in the reader's language."""

from playwright.sync_api import expect

from tests.browser.test_every_page import tour  # noqa: F401 (a fixture)


def test_the_description_is_read_without_any_other_server(tour):  # noqa: F811
    for language, words in (("zh", "名单上的所有人"), ("en", "Everybody on the roster")):
        page = tour.page("guest", language)
        tour.seen.clear()

        page.goto(f"{tour.url}/api/v1/docs")

        # The page is somebody else's, and large.
        expect(page.get_by_text(words)).to_be_visible(timeout=20_000)
        told = page.context.request.get(f"{tour.url}/api/v1/openapi.json").json()["paths"]
        operations = [method for path in told.values() for method in path if method in ("get", "post")]
        assert len(operations) >= 24
        expect(page.locator(".opblock")).to_have_count(len(operations))
        assert tour.seen == []
