"""Screens that were turned upright, and boards that are open when the contest begins."""

import pytest
from playwright.sync_api import expect

from contest.db import db
from tests import factories
from tests.board.crowds import crowd_plan, give, make_crowd
from tests.browser.test_wall import CUT, SHOWN, open_wall
from tests.results.scenes import make_scene


def box(page, place):
    return page.locator(place).bounding_box()


@pytest.mark.parametrize("language", ["zh", "en"])
def test_an_upright_wall_is_full_of_lines_that_are_as_large_as_on_one_that_lies(app, live, language):
    contest, _ = make_crowd(40, unfinished=0)
    query = f"lang={language}&show=entrants"
    lying = open_wall(live, contest, query)
    size = """rows => rows.map(row =>
      parseFloat(getComputedStyle(row.querySelector('.wall-name span')).fontSize))"""
    letters = max(lying.locator(SHOWN).evaluate_all(size))

    page = open_wall(live, contest, query, 1080, 1920)

    assert page.evaluate(CUT) == []
    assert page.locator(SHOWN).count() >= 12
    assert max(page.locator(SHOWN).evaluate_all(size)) >= 0.85 * letters
    last, foot = page.locator(SHOWN).last.bounding_box(), box(page, ".wall-foot")
    assert last["y"] + last["height"] > 0.75 * foot["y"]
    assert page.evaluate("document.documentElement.scrollWidth") <= 1080
    boxes = "all => all.map(one => one.getBoundingClientRect())"
    heads = page.locator("thead th:visible").evaluate_all(boxes)
    assert all(one["right"] <= next_["left"] + 1 for one, next_ in zip(heads, heads[1:], strict=False))


def test_a_wall_of_groups_without_anybody_waits_for_them(app, live):
    contest, _ = make_crowd(0, by_group=True)
    page = live.open(width=1280, height=720)
    troubles = []

    def note(trouble):
        troubles.append(trouble)

    page.on("pageerror", note)
    page.goto(f"/board/{contest.slug}/wall?lang=zh&show=entrants")
    expect(page.locator("#board.is-paged")).to_be_visible()

    entrant = factories.make_entrant(contest, "王芳", group="职工组")
    give(contest, entrant, "paper", 91)
    expect(page.get_by_text("王芳").first).to_be_visible()
    assert troubles == []


@pytest.mark.parametrize("view", ["", "/wall", "/side"])
def test_who_looks_before_the_first_mark_sees_the_board_begin(app, live, view):
    scene = make_scene(2, document=crowd_plan(), state="registration")
    page = live.open(width=1280, height=720)
    page.goto(f"/board/{scene.contest.slug}{view}?lang=zh")
    name = scene.entrants[0].human.name
    expect(page.get_by_text(name)).to_have_count(0)

    scene.contest.state = "scoring"
    db.session.commit()
    for key in ("paper", "risk", "drill", "talk"):
        scene.theory(0, 71, module=key)

    expect(page.get_by_text(name).first).to_be_visible()
    expect(page.get_by_text("71.00").first).to_be_visible()


def test_an_open_page_of_the_units_says_no_longer_than_true_that_nothing_is_final(app, live):
    contest, _ = make_crowd(6, unfinished=0)
    page = live.open(width=1280, height=720)
    page.goto(f"/board/{contest.slug}?lang=en#organisations")
    expect(page.get_by_text("if the contest ended now: not final")).to_be_visible()

    contest.state = "final"
    contest.marks_version += 1
    db.session.commit()

    expect(page.locator(".badge-final").first).to_be_visible()
    expect(page.get_by_text("if the contest ended now: not final")).to_be_hidden()
    expect(page.get_by_text("Prizes of each unit's people and teams.")).to_be_visible()
