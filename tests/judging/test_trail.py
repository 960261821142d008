"""The trail of a contest says what happened in words, and names nobody behind a code too early."""

from datetime import timedelta

import pytest

from contest import clock
from contest.audit import queries as trail
from contest.audit.forms import Search
from contest.audit.routes import trail_sentence
from contest.audit.work import Actor, work
from contest.db import db
from contest.judging import chief_actions
from contest.judging.models import Sheet
from contest.people.models import Judge
from contest.theory import actions as theory
from tests.judging.panels import DRILL, RISK, make_panel, mark, open_codes


@pytest.fixture
def panel(app):
    return make_panel(entrants=2)


def lines(panel, **search):
    found, *_ = trail.trail_page(Search(**search), 1, panel.contest.id, "en")
    return found


def said(panel, app, **search):
    with app.test_request_context(headers={"Accept-Language": "en"}):
        return [trail_sentence(line) for line in lines(panel, **search)]


def test_saving_and_handing_in_is_one_thing_with_every_change(panel, app):
    mark(panel, {"A1": "7"}, "draft")
    clock.stand_still(clock.now() + timedelta(seconds=30))
    mark(panel, {"A1": "8.5"}, "draft")
    clock.stand_still(clock.now() + timedelta(seconds=30))
    mark(panel, RISK)

    line = lines(panel)[0]

    assert said(panel, app)[0] == "Handed in the sheet of 701 in Risk, seat 1"
    assert line.rows == 3 and line.at - line.since == timedelta(minutes=1)
    assert [(c.name, c.old, c.new) for c in line.changes if c.is_pair] == [
        ("A1 Complete", "–", "8.5"), ("A2 Process", "–", "Item missed × 1"),
    ]
    assert [c.value for c in line.changes if c.name == "points"] == ["16.5"]
    assert len(lines(panel)) == 2  # and the sheets were handed out


def test_what_the_chief_did_in_between_stays_between(panel, app):
    mark(panel, RISK)
    chief_actions.reopen_sheet(Actor(None, "Chief"), panel.contest.id, panel.sheet().id, "A slip")
    mark(panel, RISK)

    assert said(panel, app)[:3] == [
        "Handed in again the sheet of 701 in Risk, seat 1",
        "Reopened the sheet of 701 in Risk, seat 1",
        "Handed in the sheet of 701 in Risk, seat 1",
    ]
    reopened = lines(panel)[1]
    assert [(c.old, c.new) for c in reopened.changes if c.is_pair] == [("submitted", "reopened")]
    assert [c.value for c in reopened.changes if c.name == "reason"] == ["A slip"]


def test_a_code_stands_for_the_contestant_until_they_are_decoded(panel, app):
    number = panel.entrants[0].number
    mark(panel, RISK)
    mark(panel, DRILL, module="drill")
    chief_actions.add_penalty(
        Actor(None, "Chief"), panel.contest.id, panel.entrants[0].id, "risk", "2", "late"
    )

    before = said(panel, app)
    assert before[0] == "Took 2 off 701 in Risk"
    # In the open module the judge knows the name, and a code would give away the blind one.
    assert before[1] == f"Handed in the sheet of {number} 隐名0 in Drill, seat 1"
    assert before[2] == "Handed in the sheet of 701 in Risk, seat 1"

    for entrant, seat in ((0, 2), (1, 1), (1, 2)):
        mark(panel, RISK, entrant=entrant, seat=seat)
    assert "隐名0" not in said(panel, app)[0]
    open_codes(panel.contest)
    assert f"Took 2 off {number} 隐名0 in Risk" in said(panel, app)


def test_no_number_of_a_row_is_left_in_what_a_person_reads(panel, app, as_role):
    mark(panel, RISK)
    chief_actions.set_state(
        Actor(None, "Chief"), panel.contest.id, panel.entrants[1].id, "absent", "ill"
    )

    page = as_role("supervisor", panel.contest).get(f"/contests/{panel.contest.id}/trail").text
    page = page[page.index('id="trail-lines"'):]  # the search above it offers deeds by their keys

    for machine in ("sheet.submit", "sheet 1", f"entrant {panel.entrants[1].id}", "units", "rev<"):
        assert machine not in page
    assert "Changed the state of contestant 702" in page
    assert "Competing</del>" in page and "Absent</ins>" in page


def test_sheets_that_changed_hands_are_told_by_the_judges_names(panel, app):
    judge = db.session.get(Judge, db.session.query(Sheet).first().judge_id)
    moved = {"sheet 9999": {"old": judge.id, "new": judge.id}}
    with work(Actor(None, "x"), "sheets.hand_out", contest_id=panel.contest.id, moved=moved):
        pass

    changes = {c.name: c.value for c in lines(panel)[0].changes}
    assert changes["moved"] == f"{judge.name} → {judge.name}"


def test_a_theory_score_is_told_as_its_number(panel, app):
    theory.enter_score(
        Actor(None, "Clerk"), panel.contest.id, "paper", panel.entrants[0].id, "81.5", 0
    )

    line = lines(panel)[0]
    assert said(panel, app)[0] == f"Entered the score of {panel.entrants[0].number} 隐名0 in Theory paper"
    assert [(c.old, c.new) for c in line.changes] == [("–", "81.5")]


def test_rows_are_found_by_code_while_blind_and_by_name_afterwards(panel, app):
    mark(panel, RISK)
    mark(panel, RISK, entrant=1)
    chief_actions.add_penalty(
        Actor(None, "Chief"), panel.contest.id, panel.entrants[0].id, "risk", "2", "late"
    )

    assert said(panel, app, text="701") == [
        "Took 2 off 701 in Risk", "Handed in the sheet of 701 in Risk, seat 1",
    ]
    assert said(panel, app, text="隐名0") == said(panel, app, text=panel.entrants[0].number) == []

    mark(panel, RISK, seat=2)
    mark(panel, RISK, entrant=1, seat=2)
    open_codes(panel.contest)
    assert len(said(panel, app, text="隐名0")) == len(said(panel, app, text=panel.entrants[0].number)) == 3


def test_rows_are_found_by_the_modules_name(panel, app):
    mark(panel, RISK)
    mark(panel, DRILL, module="drill")

    # The key of the module stands in what was handed out, as it always was found.
    assert [line.did for line in lines(panel, text="Drill")] == ["sheet.submit", "sheets.hand_out"]
    assert [line.did for line in lines(panel, text="应急演练")] == ["sheet.submit"]


def test_a_number_does_not_find_a_longer_one(app):
    panel = make_panel(entrants=12)
    twelve = panel.entrants[11]
    mark(panel, RISK, entrant=11)
    assert str(panel.entrants[0].id) == str(twelve.id)[0]

    assert said(panel, app, text="701") == []
    assert len(said(panel, app, text="712")) == 1
