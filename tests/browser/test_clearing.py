"""Signing out clears the browser's cache of pages, and nothing that a tablet has to send or to open."""

from playwright.sync_api import expect

from tests import factories

KEEP = """async () => {
  localStorage.setItem("kept", "op");
  await (await caches.open("sheets")).put("/kept-sheet", new Response("sheet"));
  await new Promise((done, fail) => {
    const asked = indexedDB.open("kept", 1);
    asked.onupgradeneeded = () => asked.result.createObjectStore("ops");
    asked.onerror = fail;
    asked.onsuccess = () => {
      const turn = asked.result.transaction("ops", "readwrite");
      turn.objectStore("ops").put("unsent", 1);
      turn.oncomplete = () => { asked.result.close(); done(); };
    };
  });
}"""
KEPT = """async () => [
  localStorage.getItem("kept"), (await caches.match("/kept-sheet"))?.status,
  await new Promise((done) => {
    const asked = indexedDB.open("kept", 1);
    asked.onupgradeneeded = () => asked.result.createObjectStore("ops");
    asked.onsuccess = () => {
      const found = asked.result.transaction("ops").objectStore("ops").get(1);
      found.onsuccess = () => done(found.result);
    };
  }),
]"""


def test_what_a_tablet_holds_outlives_an_organiser_who_signs_out_on_it(app, live):
    organiser = factories.make_user("钟一")
    factories.make_grant(organiser, "organiser")
    page = live.open(organiser)
    page.goto("/my/account")
    page.evaluate(KEEP)

    with page.expect_response(lambda answer: answer.url.endswith("/sign-out")) as told:
        page.locator("form[action='/sign-out'] button").first.evaluate("button => button.click()")

    page.wait_for_url("**/")
    expect(page.locator("form[action='/sign-out']")).to_have_count(0)
    assert told.value.all_headers()["clear-site-data"] == '"cache"'
    assert page.evaluate(KEPT) == ["op", 200, "unsent"]
