"""Panel health as a page."""

import pytest

from contest.db import db
from tests import factories
from tests.judging.panels import hold_draw
from tests.results.scenes import make_scene


def address(scene, rest=""):
    return f"/contests/{scene.contest.id}/results/agreement{rest}"


def judged_scene():
    """Eight contestants; the second judge turns the order round, five points above the first."""
    scene = make_scene(8)
    hold_draw(scene.contest, scene.entrants)
    for entrant in range(8):
        scene.submit(entrant, 1, entrant / 2)
        scene.submit(entrant, 2, 9 - entrant / 2)
    return scene


def open_module():
    document = factories.plan_document()
    document["modules"][1]["blind"] = False
    return document


@pytest.mark.parametrize(("role", "status"), [
    ("organiser", 200), ("chief_judge", 200), ("supervisor", 200), ("host", 403), ("judge", 403),
    ("clerk", 403), ("coding_judge", 403), ("contact", 403), (None, 303),
])
def test_who_may_read_it(app, as_role, role, status):
    scene = judged_scene()
    browser = as_role(role, scene.contest) if role else app.test_client()

    assert browser.get(address(scene)).status_code == status


def test_warnings_come_first_and_name_what_was_found(as_role):
    scene = judged_scene()

    text = as_role("chief_judge", scene.contest).get(address(scene)).text

    # W of two contrary orders is 0.
    warning = "The judges do not see the same order: Kendall&#39;s W is 0.00, and below 0.50 it is weak."
    assert warning in text
    assert text.index(warning) < text.index("The panel as a whole") < text.index("Each judge beside")


def test_judges_stand_by_name_and_contestants_by_code(as_role):
    scene = judged_scene()

    text = as_role("supervisor", scene.contest).get(address(scene)).text

    assert all(judge.name in text for judge in scene.judges)
    # The largest deviation is that of the first, who is 701.
    assert f"/contests/{scene.contest.id}/chief/risk/701" in text
    assert "选手1" not in text and "A001" not in text


def test_contestants_of_an_open_module_stand_by_name(as_role):
    scene = make_scene(2, open_module())
    scene.submit(0, 1, 8)
    scene.submit(0, 2, 5)

    text = as_role("organiser", scene.contest).get(address(scene)).text

    assert "A001 选手1" in text


def test_it_speaks_chinese(as_role):
    scene = judged_scene()
    browser = as_role("chief_judge", scene.contest)
    with browser.session_transaction() as session:
        session["language"] = "zh"

    text = browser.get(address(scene)).text

    assert "裁判评分分析" in text and "肯德尔和谐系数 W 为 0.00" in text


def test_before_the_first_sheet_it_says_so(as_role):
    scene = make_scene(2)

    text = as_role("chief_judge", scene.contest).get(address(scene)).text

    assert "No sheet of this module has been handed in yet." in text


def test_a_module_that_is_not_there_is_missing(as_role):
    scene = judged_scene()
    browser = as_role("chief_judge", scene.contest)

    assert browser.get(address(scene, "?module=risk")).status_code == 200
    assert browser.get(address(scene, "?module=paper")).status_code == 404


def test_the_desk_and_the_results_lead_there_whoever_may_enter(as_role):
    scene = judged_scene()
    base = f"/contests/{scene.contest.id}"

    chief = as_role("chief_judge", scene.contest)
    assert address(scene, "?module=risk") in chief.get(f"{base}/chief").text
    assert address(scene) in chief.get(f"{base}/results").text
    assert address(scene) not in as_role("host", scene.contest).get(f"{base}/results").text


def test_it_changes_nothing(as_role):
    scene = judged_scene()
    before = scene.contest.marks_version

    as_role("chief_judge", scene.contest).get(address(scene))

    db.session.refresh(scene.contest)
    assert scene.contest.marks_version == before
