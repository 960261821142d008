"""Pages of the quiz desk."""

import re

import pytest

from contest.audit.models import TrailRow
from contest.db import db
from contest.quiz import actions, queries
from contest.quiz.models import QuizEntry
from tests import factories
from tests.quiz.stages import HOST, TIMED, answer, make_stage, press, run, stake, totals

PIECE = {"HX-Request": "true"}


@pytest.fixture
def stage(app):
    return make_stage()


def at(contest, rest=""):
    return f"/contests/{contest.id}/quiz{rest}"


def sent(page, **values):
    """What a form of this page sends."""
    seen = re.search(r'name="seen" value="(\d+)"', page.text)[1]
    op_id = re.search(r'name="op_id" value="([^"]+)"', page.text)[1]
    return {"seen": seen, "op_id": op_id, "show": "must"} | values


@pytest.mark.parametrize("role", ["clerk", "host", "organiser"])
def test_a_press_enters_points_and_shows_the_desk_anew(as_role, stage, role):
    contest, ids = stage
    browser = as_role(role, contest)
    page = browser.get(at(contest))
    assert page.status_code == 200
    assert "甲队" in page.text

    answered = browser.post(
        at(contest, "/stage/entries"), data=sent(page, act=f"{ids[0]}-right", question="3"), headers=PIECE
    )

    assert answered.status_code == 200
    assert answered.text.lstrip().startswith('<div id="quiz-desk"')
    assert totals(contest) == ["10", "", "", ""]
    assert "question 3" in answered.text


def test_without_a_script_the_page_is_shown_again(as_role, stage):
    contest, ids = stage
    clerk = as_role("clerk", contest)

    answered = clerk.post(
        at(contest, "/stage/entries"),
        data=sent(clerk.get(at(contest)), act=f"{ids[0]}-wrong", show="buzz"),
    )

    assert (answered.status_code, totals(contest)[0]) == (303, "-10")
    assert answered.location.endswith("module=stage&show=buzz")


@pytest.mark.parametrize("role", ["chief_judge", "supervisor"])
def test_others_only_look(as_role, stage, role):
    contest, ids = stage
    answer(contest, ids[0], "must", True)
    browser = as_role(role, contest)

    assert 'name="act"' not in browser.get(at(contest)).text
    for rest in ("begin", "entries", "undo", "times", "values"):
        assert browser.post(at(contest, f"/stage/{rest}")).status_code == 403


@pytest.mark.parametrize("role", ["judge", "contact", "coding_judge"])
def test_judges_have_no_business_here(as_role, stage, role):
    assert as_role(role, stage[0]).get(at(stage[0])).status_code == 403


def test_a_stale_press_is_refused_and_the_desk_shows_what_stands(as_role, stage):
    contest, ids = stage
    clerk = as_role("clerk", contest)
    page = clerk.get(at(contest))
    answer(contest, ids[0], "must", True)

    answered = clerk.post(
        at(contest, "/stage/entries"), data=sent(page, act=f"{ids[0]}-right"), headers=PIECE
    )

    assert answered.status_code == 409
    assert "Somebody else entered something meanwhile" in answered.text
    assert 'data-seq="1"' in answered.text
    assert db.session.query(QuizEntry).count() == 1


def test_a_press_that_comes_twice_is_entered_once(as_role, stage):
    contest, ids = stage
    clerk = as_role("clerk", contest)
    form = sent(clerk.get(at(contest)), act=f"{ids[0]}-right")

    answers = [clerk.post(at(contest, "/stage/entries"), data=form, headers=PIECE) for _ in range(2)]

    assert [one.status_code for one in answers] == [200, 200]
    assert totals(contest)[0] == "10"


def test_the_desk_asks_again_only_for_what_changed(as_role, stage):
    contest, ids = stage
    clerk = as_role("clerk", contest)

    assert clerk.get(at(contest, "?module=stage&seen=0"), headers=PIECE).status_code == 204
    answer(contest, ids[0], "must", True)
    assert clerk.get(at(contest, "?module=stage&seen=0"), headers=PIECE).status_code == 200


def test_the_order_of_choosing_and_an_open_wager_are_shown(as_role, stage):
    contest, ids = stage
    answer(contest, ids[2], "must", True)
    answer(contest, ids[3], "buzz", False)
    stake(contest, ids[1], 20)

    page = as_role("clerk", contest).get(at(contest, "?show=risk"))

    order = re.findall(r'quiz-turn">(\d+\. [^<]+)<', page.text)
    assert order == ["1. 丙队 (10)", "2. 丁队 (−10)", "3. 甲队 (–)", "4. 乙队 (–)"]
    assert "Chosen: 20" in page.text


def test_undo_and_begin_are_buttons(as_role, stage):
    contest, ids = stage
    clerk = as_role("clerk", contest)
    clerk.post(at(contest, "/stage/begin"), data=sent(clerk.get(at(contest))))
    assert totals(contest) == ["0"] * 4
    answer(contest, ids[0], "must", True)

    clerk.post(at(contest, "/stage/undo"), data=sent(clerk.get(at(contest)), entry="5"))

    assert totals(contest)[0] == "0"
    assert "Undone: entry 5, Set question" in clerk.get(at(contest)).text


@pytest.mark.parametrize("form", [{}, {"act": "1-up"}, {"op_id": "x"}])
def test_a_form_that_no_page_has_is_refused(as_role, stage, form):
    contest, _ = stage
    clerk = as_role("clerk", contest)

    answered = clerk.post(at(contest, "/stage/entries"), data=sent(clerk.get(at(contest))) | form)

    assert answered.status_code == 422
    assert db.session.query(QuizEntry).count() == 0


def test_values_come_back_with_what_is_wrong(as_role, stage):
    contest, ids = stage
    clerk = as_role("clerk", contest)
    page = clerk.get(at(contest, "/stage/values"))
    form = {
        "base": "100", "must_right": "10", "must_wrong": "0", "buzz_right": "20", "buzz_wrong": "-20",
        "stakes": "20 40 x", "chances": "1", "order": "low", "faults": "", "players": ids[:2],
    }
    refused = clerk.post(at(contest, "/stage/values"), data=form)
    taken = clerk.post(at(contest, "/stage/values"), data=form | {"stakes": "20 40 60"})

    assert page.status_code == 200
    assert (refused.status_code, taken.status_code) == (422, 303)
    assert 'value="20 40 x"' in refused.text
    settings = queries.settings_of(contest.id, "stage")
    assert (settings.base, settings.stakes, settings.order) == (1_000_000, (200_000, 400_000, 600_000), "low")
    assert settings.players == tuple(ids[:2])
    assert "丙队" not in clerk.get(at(contest)).text


def test_a_time_is_entered_and_voided(as_role, app):
    contest, ids = make_stage(rules=TIMED)
    clerk = as_role("clerk", contest)
    page = clerk.get(at(contest))
    assert 'id="stopwatch"' in page.text

    bad = clerk.post(at(contest, "/hose/times"), data=sent(page, entrant=ids[0], time="1.2.3", act="time"))
    clerk.post(at(contest, "/hose/times"), data=sent(
        page, entrant=ids[0], time="1:10.25", act="time", device_ms="70253", server_ms="70900",
    ))
    clerk.post(at(contest, "/hose/times"), data=sent(
        clerk.get(at(contest)), entrant=ids[1], act="void", note="hose burst",
    ))

    assert bad.status_code == 422
    assert 'value="1.2.3"' in bad.text
    assert totals(contest, "hose")[:2] == ["70.25", ""]
    shown = clerk.get(at(contest)).text
    assert "1:10.25" in shown
    assert "Does not count" in shown
    facts = db.session.query(TrailRow).order_by(TrailRow.id).first().facts
    assert {key: facts[key] for key in ("measured", "apart")} == {
        "measured": "stopwatch", "apart": 647,
    }


def test_the_server_tells_its_clock(as_role, stage):
    contest, _ = stage
    answered = as_role("host", contest).get(at(contest, "/clock"))

    assert answered.json == {"now_ms": 1_795_406_400_000}
    assert answered.headers["Cache-Control"] == "no-store"


def test_a_contest_without_a_quiz_says_so(as_role, app):
    page = as_role("clerk", contest := factories.make_contest()).get(at(contest))

    assert "No module of this contest is a quiz" in page.text


def test_the_theory_page_leads_to_the_desk(as_role, stage):
    contest, ids = stage
    answer(contest, ids[0], "must", True)

    page = as_role("clerk", contest).get(f"/contests/{contest.id}/theory?module=stage")

    assert at(contest, "?module=stage") in page.text
    assert "Quiz desk" in page.text
    assert "/theory/stage/" not in page.text.replace("/theory/stage/banks", "")


def test_a_void_run_is_told_on_the_theory_page(as_role, app):
    contest, ids = make_stage(rules=TIMED)
    run(contest, ids[0], "1:00")
    actions.enter_void(HOST, contest.id, "hose", ids[1], "hose burst", *press(contest, "hose"))

    page = as_role("clerk", contest).get(f"/contests/{contest.id}/theory?module=hose")

    assert page.text.count("Does not count") == 1
