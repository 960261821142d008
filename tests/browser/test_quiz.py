"""A short quiz of four teams, led by keyboard and mouse beside the stage; a stopwatch."""

import re

import pytest
from playwright.sync_api import expect

from contest.db import db
from contest.quiz import queries
from tests import factories
from tests.quiz.stages import TIMED, answer, make_stage, totals


def a_host(contest):
    host = factories.make_user("Kim")
    factories.make_grant(host, "host", contest)
    return host


def shown(page, totals):
    """Every column's running total, waited for."""
    for number, total in enumerate(totals, 1):
        expect(page.locator(f'[data-column="{number}"] [data-total]')).to_have_text(total)


@pytest.mark.parametrize(("width", "height", "scheme"), [(1440, 900, "light"), (1024, 768, "dark")])
def test_a_quiz_of_four_teams_with_one_undo_is_on_the_board(live, app, check_page, width, height, scheme):
    contest, ids = make_stage(slug="quiz")
    contest_id = contest.id
    page = live.open(a_host(contest), width, height, color_scheme=scheme)
    page.goto(f"/contests/{contest_id}/quiz")
    check_page(page)
    page.get_by_role("button", name="Give 4 the base points (0)").click()
    shown(page, ["0", "0", "0", "0"])

    page.fill("#quiz-question", "1")
    page.keyboard.press("Enter")  # presses nothing, and the keys are for answers again
    page.keyboard.press("1")
    page.keyboard.press("+")
    shown(page, ["10", "0", "0", "0"])
    expect(page.locator("#quiz-question")).to_have_value("1")
    page.keyboard.press("w")
    page.wait_for_url(re.compile("show=buzz"))
    page.keyboard.press("2")
    page.keyboard.press("-")
    shown(page, ["10", "−10", "0", "0"])
    page.get_by_role("button", name="丙队, right").dblclick()
    shown(page, ["10", "−10", "10", "0"])
    check_page(page)
    page.keyboard.press("u")
    page.keyboard.press("Enter")
    shown(page, ["10", "−10", "0", "0"])
    page.keyboard.press("e")
    page.wait_for_url(re.compile("show=risk"))
    expect(page.get_by_text("Order of choosing:")).to_be_visible()
    expect(page.locator(".quiz-turn")).to_have_text(
        ["1. 甲队 (10)", "2. 丙队 (0)", "3. 丁队 (0)", "4. 乙队 (−10)"]
    )
    page.locator('[data-column="4"]').get_by_role("button", name="30 丁队, wager").click()
    page.keyboard.press("4")
    page.get_by_role("button", name="丁队, right").click()
    shown(page, ["10", "−10", "0", "30"])
    check_page(page)

    db.session.rollback()
    assert queries.latest_seq(contest_id, "stage") == 4 + 1 + 1 + 2 + 2
    board = live.open(None, 1440, 900)
    board.goto("/board/quiz")
    for team, points in (("丁队", "30.00"), ("甲队", "10.00"), ("丙队", "0.00"), ("乙队", "-10.00")):
        line = board.locator("tr", has_text=team).first
        expect(line.get_by_role("cell", name=points, exact=True).first).to_be_visible()
    db.session.rollback()


def test_what_another_enters_appears_and_what_is_typed_stays(live, app):
    contest, ids = make_stage()
    page = live.open(a_host(contest), 1440, 900)
    page.goto(f"/contests/{contest.id}/quiz")
    page.fill("#quiz-question", "17")

    answer(contest, ids[1], "must", True)

    shown(page, ["–", "10", "–", "–"])
    expect(page.locator("#quiz-question")).to_have_value("17")
    page.get_by_role("button", name="甲队, right").click()
    shown(page, ["10", "10", "–", "–"])
    db.session.rollback()


def test_a_stopwatch_measures_beside_the_servers_clock(live, app, check_page):
    contest, ids = make_stage(rules=TIMED)
    contest_id = contest.id
    page = live.open(a_host(contest), 1024, 768)
    page.goto(f"/contests/{contest_id}/quiz")
    check_page(page)

    page.get_by_role("button", name="Start the watch").click()
    expect(page.locator("[data-shown]")).not_to_have_text("0:00.00")
    page.reload()  # the start is kept for this tab
    expect(page.get_by_role("button", name="Stop the watch")).to_be_enabled()
    page.get_by_role("button", name="Stop the watch").click()
    expect(page.locator("#quiz-time-field")).to_have_value(re.compile(r"^\d+:\d\d\.\d\d$"))
    measured = page.locator("#quiz-time-field").input_value()
    page.get_by_role("button", name="Enter the time").click()

    expect(page.locator(f"#column-{ids[0]} [data-net]")).to_have_text(measured)
    expect(page.locator("#quiz-time-field")).to_have_value("")
    expect(page.locator("#quiz-entrant")).to_have_value(str(ids[1]))
    page.fill("#quiz-time-field", "1:2:3")
    page.get_by_role("button", name="Enter the time").click()
    expect(page.locator("#quiz-time-error")).to_contain_text("minutes:seconds")
    expect(page.locator("#quiz-time-field")).to_have_value("1:2:3")
    page.fill("#quiz-time-field", "1:02.34")
    page.get_by_role("button", name="Enter the time").click()
    expect(page.locator(f"#column-{ids[1]} [data-net]")).to_have_text("1:02.34")
    check_page(page)
    db.session.rollback()
    assert totals(contest, "hose")[1] == "62.34"
    db.session.rollback()
