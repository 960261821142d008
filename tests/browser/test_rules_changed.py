"""The rules of a sheet change while a judge is marking: nothing is lost or counted as something else."""

import re
from copy import deepcopy

import pytest
from playwright.sync_api import expect

from contest import clock
from contest.accounts.models import User
from contest.db import db, writing
from contest.judging import tablet_actions
from contest.judging.models import SheetRevision
from contest.setup.models import Contest
from tests.browser.test_offline_day import hand_in_here, nothing_waits
from tests.browser.test_set_back import Backup
from tests.browser.test_tablet import marks_of, state, type_mark
from tests.judging.panels import change_drill, make_panel, swap_reasons, two_modules


@pytest.fixture
def panel(app):
    return make_panel()


def open_drill(live, panel, **options):
    sheet_id = panel.sheet(0, module="drill").id
    contest_id = panel.contest.id
    page = live.open(db.session.get(User, panel.judges[0].user_id), **options)
    return page, sheet_id, contest_id


def change(contest_id, how=swap_reasons):
    db.session.rollback()
    with writing():
        how(db.session.get(Contest, contest_id))
    db.session.rollback()


def rules_of(page, sheet_id):
    """The form that the server has now, asked for without opening it."""
    return page.evaluate(
        """async sheet => (await (await fetch(`/judging/sheets/${sheet}`)).text())
            .match(/id="sheet-form"[^>]*data-rules="(\\w{32})"/)[1]""",
        sheet_id,
    )


def all_marks():
    db.session.rollback()
    found = [(row.kind, row.marks) for row in db.session.query(SheetRevision).order_by(SheetRevision.id)]
    db.session.rollback()
    return found


def operations(page):
    """[state, sentence] of every operation that the tablet made, oldest first."""
    return page.evaluate("sheetOutbox.operations().then(all => all.map(o => [o.state, o.sentence || '']))")


def count_of(page, name):
    return page.locator("#aspect-A2 .reason", has_text=name).locator("[data-count]")


def test_a_stale_page_keeps_the_marks_loads_the_new_form_and_says_what_changed(live, panel):
    page, sheet_id, contest_id = open_drill(live, panel)
    page.goto(f"/judging/sheets/{sheet_id}")
    type_mark(page, "A1", "18.5")
    expect(state(page)).to_have_attribute("data-state", "stored")
    change(contest_id)

    first = page.locator("#aspect-A2 .reason").first
    expect(first).to_contain_text("Step left out")
    first.locator("[data-count-up]").tap()

    told = page.locator("#sheet-rules")
    expect(told).to_be_visible()
    kept = r"A2 Moves changed and carried over: check it\.\s*Step left out × 1"
    expect(told).to_contain_text(re.compile(kept))
    expect(told.locator("li")).to_have_count(1)
    expect(count_of(page, "Step left out")).to_have_value("1")
    expect(count_of(page, "Wrong order")).to_have_value("0")
    expect(page.locator("#mark-A1")).to_have_value("18.5")
    expect(state(page)).to_have_attribute("data-state", "stored")
    assert marks_of(sheet_id) == {"A1": "18.5", "A2": {"1": 1}}

    page.reload()
    expect(told).to_be_visible()  # until the judge has looked at it
    told.locator("[data-seen]").tap()
    expect(told).to_be_hidden()
    page.reload()
    expect(state(page)).to_have_attribute("data-state", "stored")
    expect(told).to_be_hidden()


def test_what_was_handed_in_without_a_network_from_a_kept_page_is_asked_again(live, panel):
    page, sheet_id, contest_id = open_drill(live, panel, worker=True)
    page.goto("/judging")
    page.wait_for_selector("html[data-pages-kept=yes]")
    page.context.set_offline(True)
    page.goto(f"/judging/sheets/{sheet_id}")
    type_mark(page, "A1", "18.5")
    page.locator("#aspect-A2 [data-count-up]").first.tap()
    page.tap("#aspect-A3 .choice >> nth=0")
    page.tap("#aspect-A3 .choice >> nth=3")
    page.tap("#aspect-A4 .choice >> nth=2")
    type_mark(page, "A5", "350")
    hand_in_here(page)
    change(contest_id)

    page.context.set_offline(False)
    page.get_by_role("button", name="Load the new form").tap(timeout=60_000)

    expect(page.locator("#sheet-rules")).to_contain_text("Step left out × 1")
    expect(count_of(page, "Step left out")).to_have_value("1")
    expect(state(page)).to_have_attribute("data-state", "stored")
    db.session.rollback()
    found = [(row.kind, row.marks["A2"]) for row in db.session.query(SheetRevision)]
    db.session.rollback()
    assert found == [("draft", {"1": 1})]


def with_attempts(count):
    def put(contest):
        change_drill(contest, lambda aspects: aspects[0].update(attempts=count, take="best"))

    return put


def test_attempts_that_are_allowed_no_more_are_not_called_carried_over(live, app):
    document = deepcopy(two_modules())
    document["modules"][-1]["criteria"][0]["aspects"][0].update(attempts=3, take="best")
    page, sheet_id, contest_id = open_drill(live, make_panel(document=document))
    page.goto(f"/judging/sheets/{sheet_id}")
    page.context.set_offline(True)
    for index, value in enumerate(("9", "8", "17")):
        page.fill(f"#mark-A1-{index}", value)
    expect(page.locator("#unsent")).to_have_attribute("data-count", "1")
    change(contest_id, with_attempts(2))

    page.context.set_offline(False)

    told = page.locator("#sheet-rules li")
    expect(told).to_contain_text(re.compile(r"A1 Talk changed: fewer attempts.*left out.*9 · 8 · 17"))
    expect(page.locator("#mark-A1-1")).to_have_value("8")
    expect(state(page)).to_have_attribute("data-state", "stored")
    assert marks_of(sheet_id) == {"A1": ["9", "8"]}


def test_an_operation_of_another_form_stays_out_of_a_record_that_waits_for_nothing(live, panel):
    """Another tab had made it and died; the place of its reason is another reason by now."""
    page, sheet_id, contest_id = open_drill(live, panel)
    page.goto(f"/judging/sheets/{sheet_id}")
    type_mark(page, "A1", "18.5")
    expect(state(page)).to_have_attribute("data-state", "stored")
    page.context.route("**/api/v1/**", lambda route: route.abort())
    page.locator("#aspect-A2 [data-count-up]").first.tap()
    expect(page.locator("#connection")).to_have_attribute("data-state", "offline")
    change(contest_id)
    page.goto("/judging/tablet")
    expect(page.locator("#unsent")).to_have_attribute("data-count", "1")
    page.evaluate(
        """([sheet, rules]) => sheetOutbox.keep(Object.assign(sheetRecords.open[sheet], {
            queue: [], dirty: false, mine: {}, marks: {A1: "18.5"}, rules,
        }))""",
        [str(sheet_id), rules_of(page, sheet_id)],
    )
    page.context.unroute("**/api/v1/**")

    page.evaluate("window.dispatchEvent(new Event('online'))")

    expect(page.locator("[data-count-of=refused]")).to_have_text("1")
    refused = page.locator("#tablet-operations tr", has_text="The rules of this sheet were changed meanwhile")
    expect(refused).to_have_count(1)
    assert [one for one, _ in operations(page)] == ["accepted", "refused"]
    assert all_marks() == [("draft", {"A1": "18.5"})]
    page.goto(f"/judging/sheets/{sheet_id}")
    told = page.locator("#sheet-rules")
    expect(told).to_contain_text(re.compile(r"A2 Moves was typed into an earlier form.*1\. × 1"))
    expect(count_of(page, "Wrong order")).to_have_value("0")
    expect(count_of(page, "Step left out")).to_have_value("0")
    assert all_marks() == [("draft", {"A1": "18.5"})]
    told.locator("[data-seen]").tap()
    page.reload()
    expect(state(page)).to_have_attribute("data-state", "stored")
    expect(told).to_be_hidden()


def test_a_page_whose_tablet_sent_marks_of_another_form_is_loaded_anew(live, panel):
    """Another tab had the new form, typed and died; this one sends that and has the old form's places."""
    page, sheet_id, contest_id = open_drill(live, panel)
    page.goto(f"/judging/sheets/{sheet_id}")
    type_mark(page, "A1", "18.5")
    expect(state(page)).to_have_attribute("data-state", "stored")
    change(contest_id)
    page.context.route("**/api/v1/**", lambda route: route.abort())
    other = page.context.new_page()
    other.goto(f"/judging/sheets/{sheet_id}")
    rules = other.locator("#sheet-form").get_attribute("data-rules")
    assert rules != page.locator("#sheet-form").get_attribute("data-rules")
    count_of(other, "Wrong order").locator("xpath=..").locator("[data-count-up]").tap()
    expect(other.locator("#connection")).to_have_attribute("data-state", "offline")
    other.close()
    page.context.unroute("**/api/v1/**")

    page.evaluate("window.dispatchEvent(new Event('online'))")

    expect(page.locator("#sheet-form")).to_have_attribute("data-rules", rules)
    expect(count_of(page, "Wrong order")).to_have_value("1")
    expect(count_of(page, "Step left out")).to_have_value("0")
    type_mark(page, "A1", "19")
    expect(state(page)).to_have_attribute("data-state", "stored")
    told = [marks["A2"] for _, marks in all_marks() if "A2" in marks]
    assert all_marks()[-1][1]["A1"] == "19" and len(told) >= 2
    assert all(marks == told[0] for marks in told)  # as that tab had it, under the rules that are in force


def test_what_a_restored_server_lacks_is_not_sent_again_under_other_rules(app, live, panel):
    """The record is gone from the tablet; the operation still says which form its marks were typed into."""
    clock.stand_still(None)
    tablet_actions.note_start()
    page, sheet_id, contest_id = open_drill(live, panel)
    page.goto(f"/judging/sheets/{sheet_id}")
    backup = Backup(app)
    page.locator("#aspect-A2 [data-count-up]").first.tap()
    expect(state(page)).to_have_attribute("data-state", "stored")
    page.evaluate(
        "sheet => tabletStore.write([['records', sheetOperations.prefix + sheet, null]])", str(sheet_id)
    )
    page.goto("/judging/tablet")
    nothing_waits(page)
    backup.restore()
    change(contest_id)

    page.evaluate("window.tabletPulse.beat()")

    expect(page.locator("[data-count-of=refused]")).to_have_text("1")
    assert all_marks() == []
    page.goto(f"/judging/sheets/{sheet_id}")
    expect(page.locator("#sheet-rules")).to_contain_text("A2 Moves changed: mark it again.")
    expect(count_of(page, "Wrong order")).to_have_value("0")


def cheaper(aspects):
    aspects[1]["reasons"][0].update(points=2)


def test_after_the_summary_was_refused_the_sheet_shows_what_changed(live, panel):
    """Nothing waited any more: the server had every mark, and only the handing in was refused."""
    page, sheet_id, contest_id = open_drill(live, panel)
    page.goto(f"/judging/sheets/{sheet_id}")
    type_mark(page, "A1", "18.5")
    page.locator("#aspect-A2 [data-count-up]").first.tap()
    page.tap("#aspect-A3 .choice >> nth=0")
    page.tap("#aspect-A3 .choice >> nth=3")
    page.tap("#aspect-A4 .choice >> nth=2")
    type_mark(page, "A5", "350")
    expect(state(page)).to_have_attribute("data-state", "stored")
    page.locator("[data-check]").tap()
    page.wait_for_url("**/summary")
    nothing_waits(page)
    change(contest_id, lambda contest: change_drill(contest, cheaper))

    page.tap("#submit-form button")

    expect(page.locator("#sheet-notice")).to_contain_text("The rules of this sheet were changed meanwhile")
    page.locator("#sheet-notice").get_by_role("link", name="Back to the sheet").tap()
    told = page.locator("#sheet-rules li")
    expect(told).to_have_count(1)
    expect(told).to_contain_text(
        re.compile(r"A2 Moves changed and carried over: check it\.\s*Step left out × 1")
    )
    expect(state(page)).to_have_attribute("data-state", "stored")
    assert {kind for kind, _ in all_marks()} == {"draft"}
