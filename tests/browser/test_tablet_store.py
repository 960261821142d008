"""Figure 29, on the tablet itself: nothing that it keeps says who is behind a code."""

import pytest
from playwright.sync_api import expect

from contest import clock
from contest.accounts.models import User
from contest.db import db
from tests.browser.test_offline_day import hand_in_here, mark_sheet, risk_sheets, settle_down
from tests.judging.panels import make_panel

# Everything that a page of this origin can keep, as one text.
EVERYTHING = """async () => {
    const kept = [{ ...localStorage }, { ...sessionStorage }].map(one => JSON.stringify(one));
    kept.push(document.cookie);
    for (const name of await caches.keys()) {
        const cache = await caches.open(name);
        for (const request of await cache.keys()) {
            const answer = await cache.match(request);
            const type = answer.headers.get("Content-Type") || "";
            kept.push(request.url, JSON.stringify([...answer.headers]));
            if (!/image|font/.test(type)) kept.push(await answer.text());
        }
    }
    const ask = request => new Promise((done, failed) => {
        request.onsuccess = () => done(request.result);
        request.onerror = () => failed(request.error);
    });
    for (const { name } of await indexedDB.databases()) {
        const store = await ask(indexedDB.open(name));
        for (const own of store.objectStoreNames) {
            const rows = store.transaction(own).objectStore(own);
            kept.push(own, JSON.stringify([await ask(rows.getAllKeys()), await ask(rows.getAll())]));
        }
        store.close();
    }
    return kept.join("\\n");
}"""


@pytest.fixture
def panel(app):
    clock.stand_still(None)
    panel = make_panel(entrants=3)
    for entrant in panel.entrants:
        entrant.number = f"参赛号{entrant.id}"  # no two letters that a token could hold by chance
    db.session.commit()
    return panel


def test_a_tablet_that_worked_offline_and_online_keeps_no_name(live, panel):
    people = [
        text for entrant in panel.entrants
        for text in (entrant.human.name, entrant.number, entrant.organisation.name, entrant.check_in_token)
    ]
    # The second judge has seats in the blind module alone.
    sheets = risk_sheets(panel, seat=2)
    page = live.open(db.session.get(User, panel.judges[1].user_id), worker=True)
    page.on("dialog", lambda dialog: dialog.accept())
    settle_down(page)
    page.context.set_offline(True)
    for number, sheet in enumerate(sheets):
        page.goto(f"/judging/sheets/{sheet}")
        mark_sheet(page, f"{7 + number}.5")
        if number:
            hand_in_here(page)
    offline = page.evaluate(EVERYTHING)
    page.context.set_offline(False)
    page.goto("/judging")
    expect(page.locator("#unsent")).to_have_attribute("data-count", "0", timeout=30_000)
    online = page.evaluate(EVERYTHING)

    for kept in (offline, online):
        # It looked in the right places: marks, codes and pages are there.
        assert all(word in kept for word in ("8.5", "702", f"/judging/sheets/{sheets[2]}", "judge-pages"))
        assert [one for one in people if one in kept] == []
