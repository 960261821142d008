"""A day without a network, on one tablet and on two: nothing is lost, nothing is counted twice."""

import json
import re
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import expect
from sqlalchemy import select

from contest import clock
from contest.accounts.models import AuthSession, User
from contest.db import db, writing
from contest.judging.models import Sheet, SheetRevision
from contest.judging.tablet_models import SheetFlag
from tests.judging.panels import make_panel
from tests.judging.tablets import report

ALL_STATES = ("local", "sent", "accepted", "refused", "conflict")


@pytest.fixture
def panel(app):
    # The browser's clock is right: it is the machine's, and so is the server's here.
    clock.stand_still(None)
    return make_panel(entrants=3)


@pytest.fixture
def tablet(live, panel):
    """`tablet()` is a new tablet of the first judge; `tablet(1)` of the second."""

    def open_it(judge=0, **options):
        page = live.open(db.session.get(User, panel.judges[judge].user_id), worker=True, **options)
        page.on("dialog", lambda dialog: dialog.accept())
        return page

    return open_it


def settle_down(page):
    """Wait until the tablet has put every page aside and the worker stands before them."""
    page.goto("/judging")
    expect(page.locator("html")).to_have_attribute("data-pages-kept", "yes", timeout=30_000)


def mark_sheet(page, first, second=True):
    page.fill("#mark-A1", first)
    if second:
        page.locator("#aspect-A2 .none-choice").tap()


def test_a_sheet_is_not_called_handed_in_before_that_is_on_the_disk(tablet, panel):
    """Whatever the page heard of the sheet meanwhile made it say so, and a quick judge had gone on."""
    page = tablet()
    settle_down(page)
    page.context.set_offline(True)
    page.goto(f"/judging/sheets/{panel.sheet().id}")
    mark_sheet(page, "9.5")
    expect(page.locator("#unsent")).to_have_attribute("data-count", "1")
    open_check(page)
    page.evaluate("""() => {
        const number = window.tabletStore.number;
        const gate = new Promise(go => { window.letWrite = go; });
        window.tabletStore.number = own => gate.then(() => number(own));
    }""")
    page.locator("[data-hand-in]").tap()
    page.wait_for_function("() => window.letWrite")

    page.evaluate("""sheet => new Promise(heard => {
        window.sheetOutbox.onChange(heard);
        const newValue = JSON.stringify({ key: window.sheetOperations.prefix + sheet });
        window.dispatchEvent(new StorageEvent("storage", { key: "tablet-news", newValue }));
    })""", str(panel.sheet().id))
    assert page.locator("#sheet-handed").is_hidden()

    page.evaluate("() => window.letWrite()")
    expect(page.locator("#sheet-handed")).to_contain_text("Handed in on this tablet.")


def hand_in_here(page):
    open_check(page)
    page.locator("[data-hand-in]").tap()
    expect(page.locator("#sheet-handed")).to_contain_text("Handed in on this tablet.")


def open_check(page):
    """Until the check is open: by the page itself, or after its question that no server answers."""
    page.locator("[data-check]").tap()
    offline = page.get_by_role("button", name="Check and hand in without a connection")
    to_hand_in = page.locator("[data-hand-in]:visible")
    expect(offline.or_(to_hand_in).first).to_be_visible()
    if not to_hand_in.is_visible():
        offline.tap()
    expect(to_hand_in).to_be_visible()


def nothing_waits(page):
    """The tablet has looked into its store and found nothing that is not sent."""
    # Hidden alone says nothing: so it is before the page's program has looked, and there is no count then.
    expect(page.locator("#unsent")).to_have_attribute("data-count", "0", timeout=30_000)


def risk_sheets(panel, seat=1):
    return [panel.sheet(n, seat).id for n in range(3)]


def stored():
    db.session.rollback()
    found = db.session.execute(
        select(SheetRevision.sheet_id, SheetRevision.rev, SheetRevision.kind, SheetRevision.marks,
               SheetRevision.op_id, SheetRevision.device_seq)
        .order_by(SheetRevision.sheet_id, SheetRevision.rev)
    ).all()
    db.session.rollback()
    return found


def counts(page):
    """What the page "This tablet" says: how many operations stand in which state."""
    page.goto("/judging/tablet")
    expect(page.locator("#tablet-operations tbody tr").first).to_be_visible()
    return {name: int(page.locator(f"[data-count-of={name}]").text_content()) for name in ALL_STATES}


def test_a_kept_page_says_since_when_in_the_contests_zone(tablet):
    page = tablet(timezone_id="America/New_York")
    settle_down(page)
    page.context.set_offline(True)

    page.goto("/judging")

    kept = datetime.fromisoformat(page.evaluate("document.documentElement.dataset.keptAt"))
    words = kept.astimezone(ZoneInfo("Asia/Shanghai")).strftime("kept at %H:%M.")
    expect(page.locator("main .notice").first).to_contain_text(words)


def test_a_judge_works_a_day_without_a_network_and_the_tablet_restarts(tablet, panel, check_page):
    page = tablet()
    sheets = risk_sheets(panel)
    settle_down(page)
    names = [entrant.human.name for entrant in panel.entrants]
    db.session.rollback()
    context = page.context
    context.set_offline(True)

    page.goto("/judging")
    expect(page.locator("main .notice").first).to_contain_text("No connection: this is the copy")
    for number, sheet in enumerate(sheets):
        page.goto(f"/judging/sheets/{sheet}")
        assert not [name for name in names if name in page.content()]
        mark_sheet(page, f"{7 + number}.5")
        if number == 1:
            # The tablet is switched off while the judge types, and comes back: no network yet.
            page.locator("#sheet-state[data-state=local]").wait_for()
            page.close()
            page = context.new_page()
            page.goto(f"/judging/sheets/{sheet}")
            expect(page.locator("#mark-A1")).to_have_value("8.5")
        if number == 2:
            page.locator("summary", has_text="Something is wrong here").tap()
            page.locator(".flag-reasons .choice", has_text="missing, damaged").tap()
            page.fill("#flag-text", "The lid is missing")
            page.get_by_role("button", name="Tell the chief judge").tap()
            expect(page.locator("#flag-mine")).to_contain_text("The lid is missing")
            check_page(page)
        hand_in_here(page)
    assert stored() == []
    page.goto("/judging")
    expect(page.locator(".own-sheet", has_text="701")).to_contain_text("Handed in here, waits to be sent")
    waiting = counts(page)
    check_page(page)
    assert (waiting["accepted"], waiting["local"] + waiting["sent"]) == (0, sum(waiting.values()))

    context.set_offline(False)
    page.goto("/judging")
    nothing_waits(page)

    rows = stored()
    assert [(s, m) for s, _, k, m, *_ in rows if k == "submit"] == [
        (sheet, {"A1": f"{7 + n}.5", "A2": {}}) for n, sheet in enumerate(sheets)
    ]
    assert len({row.op_id for row in rows}) == len(rows) == len({row.device_seq for row in rows})
    page.goto("/judging/tablet")
    expect(page.locator("[data-fact=pages]")).to_have_text("yes", timeout=30_000)
    everything = str(sum(waiting.values()))
    expect(page.locator("[data-count-of=accepted]")).to_have_text(everything, timeout=30_000)
    done = counts(page)
    assert done == dict.fromkeys(ALL_STATES, 0) | {"accepted": sum(waiting.values())}
    assert [flag.text for flag in db.session.query(SheetFlag)] == ["The lid is missing"]
    db.session.rollback()
    check_page(page)


def test_after_an_update_the_tablet_keeps_the_programs_of_the_new_release(tablet, panel):
    """Scripts of two releases do not go together: a sheet opened without a network would fail."""
    page = tablet()
    sheet = panel.sheet().id
    settle_down(page)
    page.evaluate("""async () => {
        const parts = await caches.open("judge-parts");
        await parts.put("/static/sheet_keypad.js", new Response("throw new Error('an old release');"));
        await parts.put("/judging-program", new Response("another release"));
    }""")

    settle_down(page)

    kept = page.evaluate("""async () => Promise.all(["/static/sheet_keypad.js", "/judging-program"].map(
        async path => (await caches.match(path, {cacheName: "judge-parts"})).text()))""")
    assert "sheetKeypad" in kept[0]
    assert kept[1] == page.locator("#sheet-words").get_attribute("data-program")
    page.context.set_offline(True)
    page.goto(f"/judging/sheets/{sheet}")
    page.locator("#mark-A1").tap()
    page.locator("[data-key='7']").tap()
    expect(page.locator("#mark-A1")).to_have_value("7")


def test_a_session_that_ran_out_and_another_judge_on_the_same_tablet(app, live, tablet, panel):
    """The first judge's marks wait for the first judge; the second neither sees nor sends them."""
    page = tablet()
    first, second = panel.sheet().id, panel.sheet(seat=2).id
    settle_down(page)
    page.goto(f"/judging/sheets/{first}")
    db.session.rollback()
    with writing():
        db.session.query(AuthSession).delete()
        db.session.commit()

    mark_sheet(page, "6.5", second=False)
    expect(page.locator("#sheet-notice")).to_contain_text("You are signed out.")
    expect(page.locator("#sheet-state")).to_have_attribute("data-state", "signIn")

    sign_in(app, live, page, panel.judges[1].user_id)
    page.goto(f"/judging/sheets/{second}")
    mark_sheet(page, "4", second=False)
    expect(page.locator("#sheet-state")).to_have_attribute("data-state", "stored")
    assert counts(page)["accepted"] == 1
    expect(page.locator("[data-others-here]")).to_contain_text("Operations of another judge")
    # The first judge's pages are gone from the tablet; the second one's are there.
    page.goto("/judging")
    expect(page.locator("html")).to_have_attribute("data-pages-kept", "yes", timeout=30_000)
    kept = page.evaluate(
        "async () => (await (await caches.open('judge-pages')).keys()).map(one => new URL(one.url).pathname)"
    )
    assert f"/judging/sheets/{second}" in kept and f"/judging/sheets/{first}" not in kept
    assert [(row.sheet_id, row.marks) for row in stored()] == [(second, {"A1": "4"})]

    sign_in(app, live, page, panel.judges[0].user_id)
    page.goto("/judging")
    nothing_waits(page)
    expect_stored(page, [(first, {"A1": "6.5"}), (second, {"A1": "4"})])

    # Signing out takes the pages, not the operations.
    page.get_by_role("button", name="Sign out").click()
    page.wait_for_url(re.compile(r"/$"))
    assert page.evaluate("caches.has('judge-pages')") is False


def sign_in(app, live, page, user_id):
    other = live.open(db.session.get(User, user_id))
    page.context.clear_cookies()
    page.context.add_cookies(other.context.cookies())
    other.context.close()


def expect_stored(page, wanted):
    for _ in range(100):
        if [(row.sheet_id, row.marks) for row in stored()] == wanted:
            return
        page.wait_for_timeout(100)
    assert [(row.sheet_id, row.marks) for row in stored()] == wanted


def test_a_full_tablet_keeps_the_marks_in_its_second_store(tablet, panel):
    page = tablet()
    sheet = panel.sheet().id
    db.session.rollback()
    # What a browser does when an origin's quota is used up: every write is refused.
    page.add_init_script(
        "IDBObjectStore.prototype.put = () => { throw new DOMException('full', 'QuotaExceededError'); };"
    )
    page.goto(f"/judging/sheets/{sheet}")
    page.context.set_offline(True)
    mark_sheet(page, "7", second=False)
    expect(page.locator("#sheet-notice")).to_contain_text("This tablet’s store is full.")

    page.context.set_offline(False)
    page.close()
    page = page.context.new_page()
    page.goto(f"/judging/sheets/{sheet}")
    expect(page.locator("#mark-A1")).to_have_value("7")
    expect_stored(page, [(sheet, {"A1": "7"})])


@pytest.mark.parametrize("hours", [24, -24])
def test_a_clock_that_is_a_day_wrong_is_said_and_moves_no_mark(tablet, panel, hours):
    page = tablet()
    sheet = panel.sheet().id
    db.session.rollback()
    page.clock.install(time=datetime.now(UTC) + timedelta(hours=hours))
    page.goto(f"/judging/sheets/{sheet}")
    mark_sheet(page, "7", second=False)
    page.clock.run_for(1000)
    expect(page.locator("[data-told=clock]")).to_contain_text("This tablet's clock is")
    expect_stored(page, [(sheet, {"A1": "7"})])

    # In the middle of the session the clock jumps.
    page.clock.set_system_time(datetime.now(UTC))
    page.fill("#mark-A1", "3")
    page.clock.run_for(1000)

    for _ in range(50):
        if stored()[-1].marks == {"A1": "3"}:
            break
        page.wait_for_timeout(100)
    assert [row.marks for row in stored()] == [{"A1": "7"}, {"A1": "3"}]


def test_the_file_of_a_tablet_is_taken_at_the_chiefs_desk(app, live, tablet, panel):
    """The network never comes back: the file is carried, and later the tablet itself changes nothing."""
    from tests import factories

    chief_user = factories.make_user("Petra")
    factories.make_grant(chief_user, "chief_judge", panel.contest)
    witness = factories.make_user("Paul")
    factories.make_grant(witness, "supervisor", panel.contest)
    contest_id, sheet = panel.contest.id, panel.sheet().id
    page = tablet(accept_downloads=True)
    settle_down(page)
    page.context.set_offline(True)
    page.goto(f"/judging/sheets/{sheet}")
    mark_sheet(page, "9")
    hand_in_here(page)
    page.goto("/judging/tablet")
    with page.expect_download() as downloading:
        page.get_by_role("button", name="Save as a file for the chief judge").tap()
    path = downloading.value.path()
    file = json.loads(path.read_text("utf-8"))
    assert [one["sheet"] for one in file["operations"]] == [sheet] * len(file["operations"])

    chief = live.open(db.session.get(User, chief_user.id), 1280, 900)
    chief.goto(f"/contests/{contest_id}/chief/tablets")
    chief.set_input_files("input[name=file]", path)
    chief.fill("#word-carry", factories.WORD)
    chief.get_by_role("button", name="Read the file").click()
    # The server never heard of these numbers from the tablet itself, so one person is not enough.
    expect(chief.locator("body")).to_contain_text("Proposed. The file is read in when a second person")
    assert [row for row in stored() if row.kind == "submit"] == []
    second = live.open(db.session.get(User, witness.id), 1280, 900)
    second.goto(f"/contests/{contest_id}/proposals")
    second.fill("input[name=word]", factories.WORD)
    second.get_by_role("button", name="Confirm: Take a tablet's operations from a file").click()
    expect(second.locator("main")).to_contain_text("Accepted")
    rows = stored()
    assert rows[-1].kind == "submit" and rows[-1].marks == {"A1": "9", "A2": {}}

    page.context.set_offline(False)
    page.goto("/judging")
    nothing_waits(page)
    assert stored() == rows
    assert db.session.get(Sheet, sheet).state == "submitted"
    db.session.rollback()


def test_the_chiefs_answer_comes_to_the_open_sheet(app, tablet, panel):
    from contest.audit.work import Actor
    from contest.judging import tablet_actions
    from tests import factories

    sheet, contest_id = panel.sheet().id, panel.contest.id
    judge = db.session.get(User, panel.judges[0].user_id)
    assert report(factories.browser_of(app, judge), sheet).status_code == 200
    page = tablet()
    page.goto(f"/judging/sheets/{sheet}")
    with writing():
        flag_id = db.session.query(SheetFlag.id).scalar()
        tablet_actions.answer_flag(Actor(None, "Petra"), contest_id, flag_id, "Mark what is there.")
    db.session.rollback()

    page.evaluate("window.tabletPulse.beat()")

    expect(page.locator("[data-told=answer]")).to_contain_text("The chief judge: Mark what is there.")
