"""One contestant's sheets at the chief's: what each seat gave, what happened, and what can be done."""

import re
from datetime import timedelta

import pytest

from contest import clock
from contest.audit.work import Actor
from contest.db import db
from contest.judging import actions, chief_actions, side_queries
from contest.judging.models import Sheet
from tests import factories
from tests.judging.panels import RISK, Panel, hold_draw, make_panel, mark


def make_trimmed(level="sheet"):
    """Three seats, of which the highest and the lowest are left out."""
    document = factories.plan_document()
    document["modules"][1]["panel"] = {
        "judges": 3, "level": level, "method": "mean", "drop_high": 1, "drop_low": 1,
    }
    contest = factories.make_contest(document)
    people = [factories.make_entrant(contest, name="隐名0")]
    judges = [factories.make_judge(contest) for _ in range(3)]
    for seat, judge in enumerate(judges, start=1):
        factories.make_seat(contest, judge, seat)
    hold_draw(contest, people)
    actions.hand_out_sheets(Actor(None, "test"), contest.id)
    return Panel(contest, people, judges)


def give(panel, *points):
    for seat, a1 in enumerate(points, start=1):
        mark(panel, {**RISK, "A1": a1}, seat=seat)


def out_of(panel):
    side = side_queries.side_by_side(panel.contest.id, "risk", "701")
    [part] = side.panels
    seats = {sheet.id: sheet.seat for sheet in part.sheets}
    return {(key, seats[sheet_id]): word for (key, sheet_id), word in part.left_out.items()}


def address(panel, rest=""):
    return f"/contests/{panel.contest.id}/chief/risk/701{rest}"


def test_sums_that_do_not_count_are_named_once_all_are_in(app, as_role):
    panel = make_trimmed()
    give(panel, "8.5", "5")
    assert out_of(panel) == {}

    mark(panel, {**RISK, "A1": "9"}, seat=3)

    assert out_of(panel) == {("", 2): "lowest", ("", 3): "highest"}
    page = as_role("chief_judge", panel.contest).get(address(panel)).text
    assert page.count('class="out-word">highest<') == page.count('class="out-word">lowest<') == 1


def test_marks_that_do_not_count_are_named_aspect_by_aspect(app):
    panel = make_trimmed("aspect")
    give(panel, "8.5", "5", "9")

    found = out_of(panel)

    assert found["A1", 2] == "lowest" and found["A1", 3] == "highest"
    assert len([key for key, _ in found if key == "A2"]) == 2  # equals: one of each is named


def test_what_happened_stands_in_the_order_of_time_whatever_the_seat(app, as_role):
    panel = make_trimmed()
    chief = Actor(None, "Chief")
    steps = [
        lambda: mark(panel, RISK, seat=3), lambda: mark(panel, RISK, seat=1),
        lambda: chief_actions.reopen_sheet(chief, panel.contest.id, panel.sheet(seat=3).id, "a slip"),
        lambda: mark(panel, RISK, seat=2), lambda: mark(panel, RISK, seat=3),
    ]
    for step in steps:
        clock.stand_still(clock.now() + timedelta(minutes=1))
        step()

    side = side_queries.side_by_side(panel.contest.id, "risk", "701")
    assert [(act.kind, act.seat) for act in side.history] == [
        ("submit", 3), ("submit", 1), ("reopen", 3), ("submit", 2), ("resubmit", 3),
    ]
    page = as_role("chief_judge", panel.contest).get(address(panel)).text
    told = re.findall(r"(handed in|reopened) the sheet of seat (\d)", page)
    assert [seat for _, seat in told] == ["3", "1", "3", "2", "3"]


@pytest.mark.parametrize("act", ["reopen", "excuse"])
def test_a_refused_act_comes_back_open_with_what_was_typed(app, as_role, act):
    panel = make_trimmed()
    give(panel, "8.5", "5", "9")
    sheet = panel.sheet(seat=2)
    reason = "x" * 501

    answer = as_role("chief_judge", panel.contest).post(
        address(panel, f"/sheets/{sheet.id}/{act}"),
        data={"sheet": str(sheet.id), "act": act, "reason": reason},
    )

    assert answer.status_code == 422
    assert answer.text.count(reason) == 1
    opened = re.findall(r'<details class="act" open>.*?</details>', answer.text, re.S)
    assert len(opened) == 1 and f'id="{act}-{sheet.id}"' in opened[0]
    assert db.session.get(Sheet, sheet.id).state == "submitted"


def test_an_untouched_sheet_has_no_sum_and_a_draft_says_that_it_is_one(app, as_role):
    panel = make_trimmed()
    chief = as_role("chief_judge", panel.contest)

    def sums():
        page = chief.get(address(panel)).text
        foot = page[page.index("<tfoot>"):page.index("</tfoot>")]
        return re.findall(r'<span class="figure">([^<]*)</span>', foot), foot.count("sum so far")

    assert sums() == (["–", "–", "–"], 0)
    mark(panel, {"A1": "8.5"}, "draft", seat=1)
    mark(panel, RISK, seat=2)
    assert sums() == (["8.50", "16.50", "–"], 1)


def test_judges_far_apart_are_called_so(app, as_role):
    document = factories.plan_document()
    document["modules"][1]["panel"]["spread"] = 3
    panel = make_panel(document=document)
    mark(panel, {**RISK, "A1": "9"}, seat=1)
    mark(panel, {**RISK, "A1": "1"}, seat=2)
    chief = as_role("chief_judge", panel.contest)

    page = chief.get(address(panel)).text
    desk = chief.get(f"/contests/{panel.contest.id}/chief?module=risk").text
    assert "Far apart: the judges differ by 8.00" in page
    assert 'Far apart <span class="count">1</span>' in desk
    assert "Odd" not in page and "Odd" not in desk
