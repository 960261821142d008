"""A judge at a tablet: thumbs, poor Wi-Fi, two devices."""

import re
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import expect
from sqlalchemy import select

from contest.accounts.models import User
from contest.db import db, writing
from contest.judging.models import Sheet, SheetRevision
from contest.registry import record_actions
from tests import factories
from tests.judging.panels import RISK, make_panel, mark, two_modules
from tests.registry.test_record_rules import EARLIER, FORM

STORED = "Stored"


@pytest.fixture
def panel(app):
    return make_panel()


@pytest.fixture
def open_sheet(live, panel):
    """`open_sheet()` opens a sheet of the first judge on a new tablet."""
    user_id = panel.judges[0].user_id

    def open_it(module="risk", entrant=0, **options):
        address = f"/judging/sheets/{panel.sheet(entrant, module=module).id}"
        page = live.open(db.session.get(User, user_id), **options)
        page.goto(address)
        return page

    return open_it


def state(page):
    return page.locator("#sheet-state")


def type_mark(page, key, digits):
    page.tap(f"#mark-{key}")
    for digit in digits:
        page.tap(f"[data-key='{digit}']")
    if page.locator("#keypad-panel").is_visible():
        page.tap("[data-key='close']")


def marks_of(sheet_id):
    db.session.rollback()
    return db.session.get(Sheet, sheet_id).marks


def sheet_id_of(page):
    return int(page.url.split("/sheets/")[1].split("/")[0].split("#")[0].split("?")[0])


def revisions():
    db.session.rollback()
    found = db.session.scalars(select(SheetRevision.kind).order_by(SheetRevision.id)).all()
    db.session.rollback()
    return found


def test_a_judge_marks_by_touch_loses_the_network_comes_back_and_hands_in(open_sheet):
    page = open_sheet("drill")
    sheet_id = sheet_id_of(page)
    type_mark(page, "A1", "18.5")
    expect(state(page)).to_have_attribute("data-state", "stored")
    expect(page.locator("[data-total]")).to_have_text("18.50")

    page.context.set_offline(True)
    page.tap("#aspect-A2 [data-count-up] >> nth=0")
    page.tap("#aspect-A2 [data-count-up] >> nth=1")
    expect(state(page)).to_have_attribute("data-state", "local")
    expect(page.locator("#connection")).to_have_attribute("data-state", "offline")
    expect(page.locator("#unsent")).to_contain_text("1")
    page.tap("#aspect-A3 .choice >> nth=0")
    page.tap("#aspect-A3 .choice >> nth=3")
    page.tap("#aspect-A4 .choice >> nth=2")
    type_mark(page, "A5", "350")
    # The sum is the server's: while it has not answered for what is typed, there is none.
    expect(page.locator("[data-total]")).to_have_text("…")
    expect(page.locator("[data-given]")).to_have_text("5")
    page.tap("[data-check]")
    expect(page.locator("#sheet-notice")).to_contain_text("There is no connection.")
    expect(page.locator("#sheet-notice")).to_be_in_viewport()

    page.context.set_offline(False)
    # The judge had asked for the summary; it comes when the marks have arrived.
    page.wait_for_url("**/summary")
    expect(page.locator("#unsent")).to_be_hidden()
    expect(page.locator(".running-total")).to_contain_text("70.17")
    page.tap("#submit-form button")
    # The drill is an open module: entry numbers stand on its sheets, no codes.
    expect(page.get_by_role("heading", level=1)).to_have_text(re.compile(r"A\d+ is handed in\."))
    page.get_by_role("link", name="Next contestant").tap()
    expect(page.locator(".sheet-code")).to_have_text(re.compile(r"A\d+"))
    assert revisions()[-1] == "submit"
    db.session.rollback()
    assert db.session.get(Sheet, sheet_id).state == "submitted"


def test_marks_survive_a_reload_while_the_server_cannot_be_reached(open_sheet):
    page = open_sheet()
    sheet_id = sheet_id_of(page)
    page.context.route("**/api/v1/**", lambda route: route.abort())
    type_mark(page, "A1", "7.5")
    expect(state(page)).to_have_attribute("data-state", "local")

    page.reload()

    expect(page.locator("#mark-A1")).to_have_value("7.5")
    assert marks_of(sheet_id) == {}
    page.context.unroute("**/api/v1/**")
    page.evaluate("window.dispatchEvent(new Event('online'))")
    expect(state(page)).to_have_attribute("data-state", "stored")
    assert marks_of(sheet_id) == {"A1": "7.5"}


def test_an_answer_that_gets_lost_is_not_stored_twice(open_sheet):
    page = open_sheet()
    lost = []

    def lose_the_first_answer(route):
        route.fetch()
        lost.append(route.request.post_data)
        route.abort()

    page.context.route("**/api/v1/**", lose_the_first_answer, times=1)
    type_mark(page, "A1", "7")

    expect(state(page)).to_have_attribute("data-state", "stored")
    assert len(lost) == 1
    assert revisions() == ["draft"]


def test_a_refusal_of_the_older_mark_does_not_hold_back_the_newer(open_sheet):
    page, held = open_sheet(), []

    def hold_the_first(route):
        if held:
            route.continue_()
        else:
            held.append(route)

    page.context.route("**/operations", hold_the_first)
    with page.expect_request("**/operations"):
        type_mark(page, "A1", "7")
    type_mark(page, "A1", "8.5")
    refusal = {"error": {"code": "invalid", "message": "No.", "fields": {"A1": "No seven here."}}}
    held[0].fulfill(status=422, headers={"X-App": "contest"}, json=refusal)

    expect(state(page)).to_have_attribute("data-state", "stored")
    assert marks_of(sheet_id_of(page)) == {"A1": "8.5"}


def test_a_captive_portal_is_no_answer(open_sheet):
    page = open_sheet()
    page.context.route(
        "**/api/v1/**",
        lambda route: route.fulfill(status=200, content_type="text/html", body="<p>Log in"),
        times=1,
    )
    type_mark(page, "A1", "7")

    expect(state(page)).to_have_attribute("data-state", "stored")
    assert revisions() == ["draft"]


def test_handing_in_without_a_network_happens_when_it_is_back(open_sheet):
    page = open_sheet()
    sheet_id = sheet_id_of(page)
    type_mark(page, "A1", "8")
    page.tap("#aspect-A2 .none-choice")
    expect(state(page)).to_have_attribute("data-state", "stored")
    page.tap("[data-check]")
    page.wait_for_url("**/summary")

    page.context.set_offline(True)
    page.tap("#submit-form button")
    expect(page.locator("#sheet-notice")).to_contain_text("handed in by itself")
    page.context.set_offline(False)

    expect(page.get_by_role("heading", level=1)).to_have_text("701 is handed in.")
    db.session.rollback()
    assert db.session.get(Sheet, sheet_id).state == "submitted"
    assert revisions().count("submit") == 1


def test_two_tablets_see_each_other_and_the_judge_chooses(open_sheet, check_page):
    first, second = open_sheet(), open_sheet(width=820, height=1180)
    sheet_id = sheet_id_of(first)
    type_mark(first, "A1", "3")
    expect(state(first)).to_have_attribute("data-state", "stored")

    type_mark(second, "A1", "9")
    expect(state(second)).to_have_attribute("data-state", "conflict")
    assert marks_of(sheet_id) == {"A1": "3"}

    # The notice stands above the marks; the bar that is always in sight leads to the choice too.
    expect(second.get_by_role("button", name="Look at both versions")).to_be_visible()
    expect(state(second)).to_be_hidden()
    second.evaluate("window.scrollTo(0, document.body.scrollHeight)")
    chip = second.get_by_role("button", name="Two versions: choose")
    expect(chip).to_be_in_viewport()
    chip.tap()
    expect(second.get_by_role("heading", level=1)).to_have_text("This sheet has two versions")
    check_page(second)
    second.locator("input[value=mine]").check()
    second.get_by_role("button", name="Store this choice").tap()
    expect(second.locator("#mark-A1")).to_have_value("9")
    assert marks_of(sheet_id) == {"A1": "9"}
    # The tablet's own copy has done its work, and the next mark builds on the choice.
    expect(second.locator("#unsent")).to_be_hidden()
    type_mark(second, "A1", "8")
    expect(second.locator("[data-total]")).to_have_text("8.00")
    expect(state(second)).to_have_attribute("data-state", "stored")

    type_mark(first, "A1", "4")
    expect(state(first)).to_have_attribute("data-state", "conflict")
    assert marks_of(sheet_id) == {"A1": "8"}


def test_a_bad_mark_stays_in_its_field_and_the_others_are_stored(open_sheet):
    page = open_sheet()
    sheet_id = sheet_id_of(page)
    page.tap("#aspect-A2 .none-choice")
    # At once: between two taps on a slow machine a 9 alone would rightly be kept as a draft.
    page.fill("#mark-A1", "99")

    expect(page.locator("#error-A1")).to_contain_text("between 0 and 10, in steps of 0.5")
    expect(state(page)).to_have_attribute("data-state", "refused")
    page.reload()
    expect(page.locator("#mark-A1")).to_have_value("99")
    expect(page.locator("#aspect-A2 [data-points]")).to_have_text("10.00")
    assert marks_of(sheet_id) == {"A2": {}}

    type_mark(page, "A1", "9")
    expect(state(page)).to_have_attribute("data-state", "stored")
    expect(page.locator("#error-A1")).to_be_hidden()
    assert marks_of(sheet_id) == {"A1": "9", "A2": {}}


def test_the_buttons_step_quick_marks_and_taking_back(open_sheet):
    page = open_sheet()
    field = page.locator("#mark-A1")
    page.get_by_role("button", name="7.5", exact=True).or_(
        page.locator("[data-quick='7']")
    ).first.tap()
    start = float(field.input_value())
    page.tap("#aspect-A1 [data-step-up]")
    expect(field).to_have_value(f"{start + 0.5:g}")
    page.tap("#aspect-A1 [data-step-down]")
    page.tap("#aspect-A1 [data-step-down]")
    expect(field).to_have_value(f"{start - 0.5:g}")
    expect(page.locator("[data-given]")).to_have_text("1")

    page.tap("#aspect-A1 [data-clear]")

    expect(field).to_have_value("")
    expect(page.locator("[data-given]")).to_have_text("0")
    expect(page.locator("#aspect-A1")).to_contain_text("Not yet marked")


def test_a_keyboard_works_as_well_as_thumbs(open_sheet):
    page = open_sheet("drill")
    page.locator("#mark-A1").focus()
    page.keyboard.type("12.5")
    page.keyboard.press("Enter")

    expect(state(page)).to_have_attribute("data-state", "stored")
    expect(page.locator("#mark-A2-0")).to_be_focused()
    expect(page.locator("[data-total]")).to_have_text("12.50")


def test_a_sheet_closed_elsewhere_says_so_and_keeps_what_was_typed(app, open_sheet, panel):
    page = open_sheet()
    db.session.rollback()
    with writing():
        mark(panel, RISK)
    db.session.rollback()

    type_mark(page, "A1", "2")

    expect(page.locator("#sheet-notice")).to_contain_text("handed in")
    expect(page.locator("#mark-A1")).to_have_value("2")
    page.reload()
    expect(page.locator("#sheet-notice")).to_contain_text("still holds marks")
    page.get_by_role("button", name="Throw this tablet’s copy away").tap()
    expect(page.locator("#unsent")).to_be_hidden()


def test_a_mark_out_of_range_that_stayed_on_the_tablet_is_told_on_the_closed_sheet(app, open_sheet, panel):
    page = open_sheet()
    type_mark(page, "A1", "1500")
    expect(page.locator("#aspect-A1")).to_contain_text("1500")
    db.session.rollback()
    with writing():
        mark(panel, RISK)
    db.session.rollback()
    page.reload()

    expect(page.locator("#sheet-notice")).to_contain_text("still holds marks")
    expect(page.locator("#sheet-notice")).to_contain_text("A1: “1500” cannot be taken")
    page.get_by_role("button", name="Throw this tablet’s copy away").tap()
    expect(page.locator("#sheet-notice")).not_to_contain_text("1500")
    page.reload()
    expect(page.locator("#connection")).to_have_attribute("data-state", "online")
    expect(page.locator("#sheet-notice")).to_be_empty()


@pytest.mark.parametrize(
    ("width", "height", "scheme"),
    [(1024, 768, "light"), (820, 1180, "dark"), (390, 844, "light")],
)
def test_nothing_scrolls_sideways_and_axe_is_content(open_sheet, check_page, width, height, scheme):
    page = open_sheet("drill", width=width, height=height, color_scheme=scheme)
    check_page(page)
    type_mark(page, "A1", "18.5")
    page.tap("#mark-A1")
    check_page(page)
    page.tap("[data-key='close']")
    expect(state(page)).to_have_attribute("data-state", "stored")

    page.goto("/judging")
    check_page(page)
    page.goto(page.url + f"/sheets/{page.locator('.own-sheet').last.get_attribute('data-sheet')}")
    page.goto(page.url + "/summary")
    check_page(page)


def test_targets_are_large_enough_for_thumbs(open_sheet):
    page = open_sheet("drill")
    page.tap("#mark-A1")
    small = page.evaluate(
        """() => Array.from(document.querySelectorAll("main button, main a, main label.choice"))
        .filter(e => e.checkVisibility() && !e.closest(".skip"))
        .map(e => [e.textContent.trim(), e.getBoundingClientRect()])
        .filter(([, box]) => box.height > 0 && (box.height < 47.5 || box.width < 47.5))
        .map(([text, box]) => [text, box.width, box.height])"""
    )
    assert small == []


def test_the_chief_judges_desk_moves_by_itself(live, panel, check_page):
    chief = factories.make_user("Petra")
    factories.make_grant(chief, "chief_judge", panel.contest)
    contest_id = panel.contest.id
    page = live.open(chief, 1440, 900)
    page.clock.install()
    page.goto(f"/contests/{contest_id}/chief")
    expect(page.locator("#chief-matrix")).not_to_contain_text("16.50")
    check_page(page)
    mark(panel, RISK)
    db.session.rollback()

    page.clock.run_for(11_000)

    expect(page.locator("#chief-matrix")).to_contain_text("16.50")
    check_page(page)
    page.get_by_role("link", name="701").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("701")
    check_page(page)


def test_an_empty_sheet_has_no_sum_and_a_refused_mark_is_called_refused(open_sheet):
    page = open_sheet()
    expect(page.locator("[data-total]")).to_have_text("–")

    type_mark(page, "A1", "99")

    expect(state(page)).to_have_attribute("data-state", "refused")
    expect(page.locator("#unsent")).to_have_text("1 refused")


def test_the_keypad_closes_when_another_kind_of_mark_is_touched(open_sheet):
    page = open_sheet()
    page.locator("#aspect-A1 [data-number]").first.tap()
    expect(page.locator("#keypad-panel")).to_be_visible()

    page.locator("#aspect-A2 [data-count]").first.tap()

    expect(page.locator("#keypad-panel")).to_be_hidden()


def test_a_mark_between_the_steps_is_refused_once_with_range_and_step(open_sheet):
    page = open_sheet()
    type_mark(page, "A1", "8.3")

    error = page.locator("#error-A1")
    expect(error).to_have_text("“8.3” cannot be taken: it must be between 0 and 10, in steps of 0.5.")
    expect(page.locator("#range-A1")).to_be_hidden()
    expect(page.locator("[data-keypad-range]")).to_be_hidden()

    type_mark(page, "A1", "8.5")
    expect(error).to_be_hidden()
    expect(page.locator("#range-A1")).to_be_visible()
    expect(state(page)).to_have_attribute("data-state", "stored")


def test_the_tablets_own_page_writes_times_as_every_other_page_in_the_contests_zone(open_sheet, live):
    page = open_sheet("drill", timezone_id="America/New_York")
    type_mark(page, "A1", "18.5")
    expect(state(page)).to_have_attribute("data-state", "stored")
    made_at = db.session.scalar(select(SheetRevision.entered_at).order_by(SheetRevision.id.desc()))
    db.session.rollback()

    page.goto("/judging/tablet")

    made = page.locator("#tablet-operations [data-made]").first
    expect(made).to_have_text(made_at.astimezone(ZoneInfo("Asia/Shanghai")).strftime("%Y-%m-%d %H:%M"))


def test_a_time_that_beats_the_record_is_asked_while_it_is_typed(app, live):
    document = two_modules()
    aspect = next(one for one in document["modules"][-1]["criteria"][0]["aspects"] if one["key"] == "A5")
    aspect["record"] = True
    panel = make_panel(1, document=document)
    curator = factories.make_official("顾馆长", "curator")
    line = record_actions.define_line(curator, {
        **FORM, **EARLIER, "record_what": "aspect", "record_key": "drill.A5", "record_top": "",
        "record_better": "low", "record_places": str(aspect.get("places", 0)), "earlier_value": "300",
    })
    record_actions.let_in(curator, line.id, panel.contest.id)
    page = live.open(db.session.get(User, panel.judges[0].user_id))
    page.goto(f"/judging/sheets/{panel.sheet(0, module='drill').id}")
    question = page.locator("#aspect-A5 [data-note=record]")
    expect(question).to_be_hidden()

    page.fill("#mark-A5", "299")

    expect(question).to_contain_text("299 s beats the record of 300")
    expect(state(page)).to_have_attribute("data-state", "stored")
    page.fill("#mark-A5", "300")
    expect(question).to_be_hidden()


def test_a_time_far_from_the_others_is_asked_while_it_is_typed(app, live):
    panel = make_panel(4)
    for entrant, time in enumerate(("340", "352", "365")):
        mark(panel, {"A5": time}, "draft", entrant, module="drill")
    sheet = panel.sheet(3, module="drill").id
    page = live.open(db.session.get(User, panel.judges[0].user_id))
    page.goto(f"/judging/sheets/{sheet}")
    question = page.locator("#aspect-A5 [data-note=far]")
    expect(question).to_be_hidden()

    page.fill("#mark-A5", "35")

    asked = "35 s is far outside 340–365, which you measured of the others. Is it right?"
    expect(question).to_have_text(asked)
    expect(state(page)).to_have_attribute("data-state", "stored")
    page.fill("#mark-A5", "350")
    expect(question).to_be_hidden()
