"""An operation that a tablet made and lost holds the publication back; two installations at one address."""

import pytest
from playwright.sync_api import expect

from contest import clock
from contest.accounts.models import User
from contest.db import db, writing
from contest.judging import tablet_actions
from contest.judging.models import SheetRevision
from contest.judging.tablet_models import ServerStart, Tablet
from tests import factories
from tests.browser.test_offline_day import nothing_waits
from tests.browser.waiting import wait_until
from tests.checks.test_gates import road_panel, walked
from tests.judging.panels import make_panel

# Everything that the stores hold of the latest operation, and the marks that were typed for it.
LOSE_THE_LATEST = """() => new Promise((done, failed) => {
  for (const key of Object.keys(localStorage)) {
    if (/^tablet-(operation|record):/.test(key)) localStorage.removeItem(key);
  }
  const asked = indexedDB.open("contest-tablet", 1);
  asked.onsuccess = () => {
    const work = asked.result.transaction(["records", "operations"], "readwrite");
    work.objectStore("records").clear();
    const kept = work.objectStore("operations");
    kept.getAll().onsuccess = (event) => {
      const last = event.target.result.sort((one, other) => other.seq - one.seq)[0];
      kept.delete(last.user + ":" + last.sheet + ":" + last.op_id);
    };
    work.oncomplete = () => done(true);
    work.onabort = failed;
  };
})"""


@pytest.fixture(autouse=True)
def _own_time(app):
    # The browser's clock is right: it is the machine's, and so is the server's here.
    clock.stand_still(None)


def told_numbers():
    db.session.rollback()
    found = db.session.query(Tablet.made, Tablet.numbers).one_or_none()
    db.session.rollback()
    return found


def pulse(page):
    """Wait until the page's program is there, and let it speak."""
    wait_until(page, "Boolean(window.tabletPulse)")
    page.evaluate("window.tabletPulse.beat()")


def stored():
    db.session.rollback()
    found = db.session.query(SheetRevision.marks, SheetRevision.device_seq).order_by(SheetRevision.id).all()
    db.session.rollback()
    return found


def type_and_lose(live, panel, sheet):
    """A judge's tablet has one mark accepted, makes a second operation without a network, and loses it."""
    page = live.open(db.session.get(User, panel.judges[0].user_id))
    page.goto(f"/judging/sheets/{sheet}")
    page.fill("#mark-A1", "6.5")
    expect(page.locator("[data-total]")).to_have_text("6.50")
    page.context.route("**/operations", lambda route: route.abort())
    page.fill("#mark-A1", "7.5")
    expect(page.locator("#connection")).to_have_attribute("data-state", "offline")
    pulse(page)
    contest = panel.contest.id
    assert told_numbers() == (2, {"others": [], "contests": [
        {"contest": contest, "accepted": [[1, 1]], "waiting": [[2, 2]], "refused": []}]})
    page.evaluate(LOSE_THE_LATEST)
    page.goto("/judging/tablet")
    pulse(page)
    assert told_numbers() == (2, {"others": [], "contests": [
        {"contest": contest, "accepted": [[1, 1]], "waiting": [], "refused": []}]})
    page.context.close()


def publish(page, contest):
    page.goto(f"/contests/{contest}/results")
    page.locator("summary", has_text="Publish as provisional").click()
    page.fill("#word-provisional", factories.WORD)
    page.locator("details[open] button[type=submit]").click()


def test_a_lost_operation_holds_the_publication_back_until_the_tablet_is_excused(live, app, check_page):
    panel = road_panel()
    sheet, contest = panel.sheet(0, 1).id, panel.contest.id
    type_and_lose(live, panel, sheet)
    with writing():
        road = walked(panel)
        db.session.commit()
    organiser, chief = (
        live.open(db.session.get(User, road.people[role].user_id), has_touch=False)
        for role in ("organiser", "chief_judge")
    )
    organiser.goto(f"/contests/{contest}/results")
    told = organiser.locator(".missing-list", has_text="that never arrived, by order number")
    expect(told).to_contain_text("): 2.")
    expect(organiser.locator("summary", has_text="Publish as provisional")).to_have_count(0)

    chief.goto(f"/contests/{contest}/chief/tablets")
    expect(chief.locator("#tablets")).to_contain_text("missing: 2")
    check_page(chief)
    chief.locator("#tablets th a").click()
    expect(chief.locator("main")).to_contain_text("knows nothing of them any more: 2.")
    check_page(chief)
    chief.fill("textarea[name=reason]", "The browser of this tablet was reset; the sheet on paper says 6.5.")
    chief.fill("input[name=word]", factories.WORD)
    chief.get_by_role("button", name="Excuse the tablet").click()
    expect(chief.locator("main")).to_contain_text("Excused in writing")
    check_page(chief)

    organiser.goto(f"/contests/{contest}/results")
    expect(told).to_have_count(0)
    publish(organiser, contest)
    expect(organiser.locator("main")).to_contain_text("second person")


def other_installation():
    """What another database at the same address looks like to a tablet."""
    db.session.rollback()
    with writing():
        first = db.session.query(ServerStart).order_by(ServerStart.id).first()
        was, first.token = first.token, "another"
        db.session.add(ServerStart(token="its own start", at=clock.now()))
        db.session.commit()
    db.session.rollback()
    return was


def back_again(token):
    db.session.rollback()
    with writing():
        db.session.query(ServerStart).order_by(ServerStart.id).first().token = token
        db.session.commit()
    db.session.rollback()


def test_another_installation_at_the_address_gets_nothing_and_the_tablet_keeps_all(live, app, check_page):
    panel = make_panel()
    tablet_actions.note_start()
    sheet = panel.sheet(0, 1).id
    page = live.open(db.session.get(User, panel.judges[0].user_id))
    page.goto(f"/judging/sheets/{sheet}")
    page.fill("#mark-A1", "6.5")
    expect(page.locator("[data-total]")).to_have_text("6.50")

    pulse(page)

    # The page stays open while another database comes to this address.
    own = other_installation()
    page.fill("#mark-A1", "7.5")
    expect(page.locator("#sheet-notice")).to_contain_text("Another installation of this program")
    expect(page.locator("#sheet-state")).to_have_attribute("data-state", "local")
    page.evaluate("window.tabletPulse.beat()")
    assert stored() == [({"A1": "6.5"}, 1)] and told_numbers().made == 1

    # A page of that one has a notebook of its own: nothing of the first is mixed in, and nothing is sent.
    page.goto(f"/judging/sheets/{sheet}")
    nothing_waits(page)
    expect(page.locator("#mark-A1")).to_have_value("6.5")
    page.goto("/judging/tablet")
    expect(page.locator("[data-away-here]")).to_contain_text("a rehearsal perhaps: 2.")
    expect(page.locator("[data-none]")).to_be_visible()
    check_page(page)
    pulse(page)
    assert told_numbers() == (2, {"contests": [], "others": [[1, 2]]})
    page.goto(f"/judging/sheets/{panel.sheet(1, 1).id}")
    page.fill("#mark-A1", "3")
    expect(page.locator("[data-total]")).to_have_text("3.00")
    assert stored() == [({"A1": "6.5"}, 1), ({"A1": "3"}, 3)]

    # The first is back: what waited goes by itself, and nothing of the other comes with it.
    back_again(own)
    page.goto(f"/judging/sheets/{sheet}")
    expect(page.locator("#mark-A1")).to_have_value("7.5")
    nothing_waits(page)
    assert stored()[-1] == ({"A1": "7.5"}, 2) and len(stored()) == 3
    pulse(page)
    assert told_numbers().numbers["others"] == [[3, 3]]
