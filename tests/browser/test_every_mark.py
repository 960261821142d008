"""Every kind of mark at a tablet: attempts, grades, ranks, lost items, formulas, panels."""

import pytest
from playwright.sync_api import expect

from contest.accounts.models import User
from contest.db import db
from contest.judging.models import Sheet
from tests import factories
from tests.judging.every_rule import EXECUTION, FULL, FULL_TOTAL, make_every_rule
from tests.judging.panels import mark


@pytest.fixture
def scene(app):
    return make_every_rule(entrants=5)


@pytest.fixture
def open_sheet(live, scene):
    """`open_sheet(module, seat)` opens a sheet of the judge in a seat on a new tablet."""

    def open_it(module="jump", seat=1, entrant=0, **options):
        sheet = scene.sheet(entrant, seat, module)
        address, user_id = f"/judging/sheets/{sheet.id}", sheet.judge.user_id
        page = live.open(db.session.get(User, user_id), **options)
        page.goto(address)
        return page

    return open_it


def is_stored(page):
    expect(page.locator("#sheet-state")).to_have_attribute("data-state", "stored")


def press(page, field, digits):
    page.tap(field)
    for digit in digits:
        page.tap(f"[data-key='{digit}']")
    # A key that was not heard is told here, and not by a sheet that calls itself refused later.
    expect(page.locator(field)).to_have_value(digits)


def points(page, key):
    return page.locator(f"#aspect-{key} [data-points]")


def marks_of(page):
    db.session.rollback()
    found = db.session.get(Sheet, int(page.url.split("/sheets/")[1].split("/")[0])).marks
    db.session.rollback()
    return found


def test_attempts_are_typed_one_after_the_other_and_the_best_is_shown(open_sheet):
    page = open_sheet()
    press(page, "#mark-A1-0", "5.87")
    page.tap("[data-key='next']")
    expect(page.locator("#mark-A1-1")).to_be_focused()
    expect(page.locator("[data-keypad-name]")).to_have_text("A1 Long jump · 2")
    page.tap("#aspect-A1 .void-choice >> nth=1")
    press(page, "#mark-A1-2", "6.02")
    page.tap("[data-key='close']")

    is_stored(page)
    expect(points(page, "A1")).to_have_text("6.02")
    expect(page.locator("#aspect-A1 [data-stands]")).to_have_text("6.02")
    expect(page.locator("#aspect-A1 .attempt.is-standing")).to_have_attribute("data-attempt", "2")
    assert marks_of(page) == {"A1": ["5.87", "x", "6.02"]}

    # A number typed into a failed attempt is meant; a box ticked takes the number away.
    press(page, "#mark-A1-1", "7")
    page.tap("[data-key='close']")
    expect(points(page, "A1")).to_have_text("7.00")
    page.tap("#aspect-A1 .void-choice >> nth=1")
    expect(page.locator("#mark-A1-1")).to_have_value("")
    expect(points(page, "A1")).to_have_text("6.02")


def test_a_sum_is_given_when_every_attempt_is(open_sheet):
    page = open_sheet()
    for index, digits in enumerate(("8", "9.5", "10")):
        press(page, f"#mark-A2-{index}", digits)
    page.tap("[data-key='close']")
    is_stored(page)
    expect(page.locator("[data-given]")).to_have_text("0")
    expect(points(page, "A2")).to_have_text("–")

    page.tap("#aspect-A2 .void-choice >> nth=3")

    expect(page.locator("[data-given]")).to_have_text("1")
    expect(points(page, "A2")).to_have_text("27.50")


def test_one_wrong_attempt_is_pointed_at_and_not_sent(open_sheet):
    page = open_sheet()
    press(page, "#mark-A2-0", "8")
    press(page, "#mark-A2-1", "99")

    expect(page.locator("#error-A2")).to_contain_text("between 0 and 10")
    expect(page.locator("#mark-A2-1")).to_have_attribute("aria-invalid", "true")
    expect(page.locator("#mark-A2-0")).not_to_have_attribute("aria-invalid", "true")
    # On a slow machine the first figure alone may have been sent, which is allowed.
    assert "99" not in marks_of(page).get("A2", [])


def test_nothing_is_said_of_points_until_the_server_has_answered(open_sheet):
    page = open_sheet()
    press(page, "#mark-B2", "10.4")
    page.tap("[data-key='close']")
    is_stored(page)
    expect(points(page, "B2")).to_have_text("999.00")

    page.context.set_offline(True)
    press(page, "#mark-B2", "11")
    page.tap("[data-key='close']")
    press(page, "#mark-A1-0", "5")
    page.tap("[data-key='close']")
    expect(page.locator("#sheet-state")).to_have_attribute("data-state", "local")
    expect(points(page, "B2")).to_have_text("…")
    expect(page.locator("[data-total]")).to_have_text("…")
    expect(page.locator("#aspect-A1 [data-note='stands']")).to_be_hidden()

    page.context.set_offline(False)
    is_stored(page)
    expect(points(page, "B2")).to_have_text("861.00")
    expect(page.locator("[data-total]")).to_have_text("866.00")


def test_attempts_typed_offline_survive_a_reload(open_sheet):
    page = open_sheet()
    page.context.route("**/api/v1/**", lambda route: route.abort())
    press(page, "#mark-A1-0", "5.5")
    page.tap("#aspect-A1 .void-choice >> nth=1")
    page.tap("[data-key='close']")
    page.tap("#aspect-A3 .choice >> nth=1")
    expect(page.locator("#sheet-state")).to_have_attribute("data-state", "local")

    page.reload()

    expect(page.locator("#mark-A1-0")).to_have_value("5.5")
    expect(page.locator("#aspect-A1 [data-void] >> nth=1")).to_be_checked()
    expect(page.locator("#aspect-A3 [value='B']")).to_be_checked()
    page.context.unroute("**/api/v1/**")
    page.evaluate("window.dispatchEvent(new Event('online'))")
    is_stored(page)
    assert marks_of(page) == {"A1": ["5.5", "x", None], "A3": "B"}


def test_a_lost_item_takes_the_sheet_and_gives_it_back(open_sheet, scene):
    mark(scene, FULL, "draft", module="jump")
    page = open_sheet()
    expect(page.locator("[data-total]")).to_have_text(FULL_TOTAL)

    page.tap("#aspect-B1 [data-count-up] >> nth=1")

    expect(page.locator("#aspect-B1 [data-note='lost']")).to_be_visible()
    expect(page.locator("#aspect-B1 [data-note='missed']")).to_contain_text("whole sheet earns 0")
    expect(page.locator("[data-total]")).to_have_text("0.00")
    expect(page.locator("[data-sheet-lost]")).to_be_visible()

    page.tap("#aspect-B1 [data-count-down] >> nth=1")
    expect(page.locator("[data-total]")).to_have_text(FULL_TOTAL)
    expect(page.locator("#aspect-B1 [data-note='lost']")).to_be_hidden()
    expect(page.locator("[data-sheet-lost]")).to_be_hidden()


def test_a_grade_is_one_tap(open_sheet):
    page = open_sheet()
    page.tap("#aspect-A3 .choice >> nth=2")

    is_stored(page)
    expect(points(page, "A3")).to_have_text("9.50")
    assert marks_of(page) == {"A3": "C"}
    page.tap("#aspect-A3 [data-clear]")
    expect(points(page, "A3")).to_have_text("–")


def test_the_same_rank_is_warned_of_and_taken(open_sheet, scene):
    mark(scene, {"R1": "2"}, entrant=1, module="beauty")
    number = scene.entrants[1].number
    page = open_sheet("beauty")
    expect(page.locator("[data-quick='2']")).to_contain_text(number)

    page.tap("[data-quick='2']")

    expect(page.locator("[data-note='twice']")).to_contain_text(number)
    is_stored(page)
    assert marks_of(page) == {"R1": 2}
    press(page, "#mark-R1", "3")
    expect(page.locator("[data-note='twice']")).to_be_hidden()
    expect(page.locator("[data-rank]")).to_have_text("3")
    page.tap("[data-key='close']")
    page.tap("[data-check]")
    page.wait_for_url("**/summary")
    expect(page.locator(".mark-value")).to_have_text("Rank 3")
    page.tap("#submit-form button")
    expect(page.locator(".receipt-total")).to_have_text("Rank 3")


def test_a_judge_of_the_second_panel_hands_in_only_the_own_aspects(open_sheet):
    page = open_sheet("show", seat=3)
    expect(page.locator("[data-aspect]")).to_have_count(2)
    press(page, "#mark-E1", "8.2")
    page.tap("[data-key='close']")
    page.tap("#aspect-E2 .choice >> nth=2")
    is_stored(page)
    page.tap("[data-check]")
    page.wait_for_url("**/summary")
    page.tap("#submit-form button")

    expect(page.locator(".receipt-total")).to_contain_text("14.20")
    assert marks_of(page) == EXECUTION


@pytest.mark.parametrize(
    ("width", "height", "scheme"), [(1024, 768, "light"), (390, 844, "dark")],
)
def test_every_sheet_is_accessible_and_fits(
    open_sheet, scene, check_page, width, height, scheme
):
    mark(scene, {"R1": "2"}, entrant=1, module="beauty")
    mark(scene, {**FULL, "B1": {"1": 1}}, "draft", module="jump")
    options = {"width": width, "height": height, "color_scheme": scheme}
    page = open_sheet("jump", **options)
    check_page(page)
    page.tap("#mark-A1-0")
    check_page(page)
    page.goto(page.url + "/summary")
    check_page(page)
    page = open_sheet("beauty", **options)
    page.tap("[data-quick='2']")
    check_page(page)
    page.goto("/judging")
    check_page(page)


def test_targets_are_large_enough_for_thumbs(open_sheet):
    for module in ("jump", "beauty"):
        page = open_sheet(module)
        small = page.evaluate(
            """() => Array.from(document.querySelectorAll("main button, main a, main label.choice"))
            .filter(e => e.checkVisibility() && !e.closest(".skip"))
            .map(e => [e.textContent.trim(), e.getBoundingClientRect()])
            .filter(([, box]) => box.height > 0 && (box.height < 47.5 || box.width < 47.5))
            .map(([text, box]) => [text, box.width, box.height])"""
        )
        assert small == []


def test_the_chiefs_pages_of_panels_are_accessible(live, scene, check_page):
    mark(scene, EXECUTION, seat=3, module="show")
    mark(scene, {**EXECUTION, "E2": 0}, seat=4, module="show")
    number, contest_id = scene.entrants[0].number, scene.contest.id
    chief = factories.make_user("Petra")
    factories.make_grant(chief, "chief_judge", scene.contest)
    factories.make_grant(chief, "organiser", scene.contest)
    page = live.open(chief, 1440, 900)
    for at in ("chief?module=show", f"chief/show/{number}", "panels"):
        page.goto(f"/contests/{contest_id}/{at}")
        check_page(page)
    page.set_viewport_size({"width": 390, "height": 844})
    for at in ("chief?module=show", f"chief/show/{number}", "panels"):
        page.goto(f"/contests/{contest_id}/{at}")
        check_page(page)
