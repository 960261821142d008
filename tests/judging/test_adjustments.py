"""The chief judge adjusts a mark, and takes points off a part."""

import pytest

from contest.audit.models import TrailRow
from contest.audit.work import Actor
from contest.db import db
from contest.errors import Conflict, Invalid, Missing
from contest.figures.models import RecordedFigure
from contest.judging import adjustment_actions, adjustment_rules, chief_actions
from contest.results import queries as results
from contest.results import receipt_queries
from contest.setup.models import Contest
from tests.judging.panels import RISK, make_panel, mark, open_codes, two_modules

CHIEF = Actor(None, "chief")


def plan_with_adjust(**more):
    document = {**two_modules(), **more}
    document["modules"][0]["adjust"] = 3
    document["modules"][1]["adjust"] = 2
    return document


@pytest.fixture
def panel(app):
    return make_panel(document=plan_with_adjust())


@pytest.fixture
def chief(as_role, panel):
    return as_role("chief_judge", panel.contest)


def address(panel, rest=""):
    return f"/contests/{panel.contest.id}/chief/risk/701{rest}"


def risk_of(panel, entrant=0):
    row = results.standings(panel.contest.id).row_of(panel.entrants[entrant].id)
    return row.modules["risk"].text


@pytest.mark.parametrize(("typed", "units"), [
    ("1.5", 15_000), ("+1.5", 15_000), ("-0.5", -5_000), ("−2", -20_000), ("－１", -10_000),
    (" 2 ", 20_000),
])
def test_an_adjustment_is_read_with_its_sign(typed, units):
    assert adjustment_rules.read_adjustment(typed, 20_000) == units


@pytest.mark.parametrize("typed", ["", None, "0", "-0", "2.5", "-2.0001", "x", "+-1", "--1"])
def test_an_adjustment_outside_the_plan_is_refused_with_the_range(typed):
    with pytest.raises(Invalid) as refused:
        adjustment_rules.read_adjustment(typed, 20_000)

    assert "a number from −2 to +2" in str(refused.value.fields["adjustment"])


def test_an_adjustment_moves_the_mark_and_shows_everywhere(panel, chief):
    for seat in (1, 2):
        mark(panel, RISK, seat=seat)
    assert risk_of(panel) == "16.50"

    answer = chief.post(
        address(panel, "/adjustment"), data={"adjustment": "-1.5", "reason": "工位灯光故障"}
    )
    desk = chief.get(f"/contests/{panel.contest.id}/chief?module=risk")
    page = chief.get(address(panel))
    plan = results.standings(panel.contest.id).plan
    waiting = receipt_queries.recorded_of(panel.contest.id, plan, panel.entrants[0].id)
    for entrant in range(1, len(panel.entrants)):
        for seat in (1, 2):
            mark(panel, RISK, entrant=entrant, seat=seat)
    open_codes(panel.contest)
    recorded = receipt_queries.recorded_of(panel.contest.id, plan, panel.entrants[0].id)

    assert answer.status_code == 303
    assert risk_of(panel) == "15.00"
    assert waiting == []  # beside a name only when the codes are decoded
    assert "adjusted −1.5" in desk.text
    assert "−1.5" in page.text and "工位灯光故障" in page.text
    row = db.session.query(TrailRow).filter_by(did="mark.adjust").one()
    assert (row.facts["old"], row.facts["new"]) == ("", "−1.5")
    assert [(kind, module.key, row.units, row.reason) for kind, module, row in recorded] == [
        ("adjustment", "risk", -15_000, "工位灯光故障")
    ]


def test_a_withdrawn_adjustment_counts_no_longer(panel, chief):
    for seat in (1, 2):
        mark(panel, RISK, seat=seat)
    chief.post(address(panel, "/adjustment"), data={"adjustment": "1", "reason": "故障"})

    without = chief.post(address(panel, "/adjustment/withdraw"), data={"reason": ""})
    answer = chief.post(address(panel, "/adjustment/withdraw"), data={"reason": "查无故障"})
    again = chief.post(address(panel, "/adjustment/withdraw"), data={"reason": "再来"})

    assert (without.status_code, answer.status_code, again.status_code) == (422, 303, 409)
    assert risk_of(panel) == "16.50"
    assert [row.units for row in db.session.query(RecordedFigure)] == [10_000, None]
    row = db.session.query(TrailRow).filter_by(did="mark.adjust_withdraw").one()
    assert (row.facts["old"], row.facts["new"]) == ("+1", "")


def test_what_is_refused_stays_in_the_form(panel, chief):
    too_much = chief.post(
        address(panel, "/adjustment"), data={"adjustment": "2.5", "reason": "故障"}
    )
    no_reason = chief.post(address(panel, "/adjustment"), data={"adjustment": "1", "reason": " "})

    assert too_much.status_code == no_reason.status_code == 422
    assert 'value="2.5"' in too_much.text and "a number from −2 to +2" in too_much.text
    assert "故障</textarea>" in too_much.text
    assert "Write the reason" in no_reason.text
    assert db.session.query(RecordedFigure).count() == 0


def test_a_module_that_may_not_be_adjusted_has_no_such_form(panel, chief):
    number = panel.entrants[0].number
    page = chief.get(f"/contests/{panel.contest.id}/chief/drill/{number}")
    answer = chief.post(
        f"/contests/{panel.contest.id}/chief/drill/{number}/adjustment",
        data={"adjustment": "1", "reason": "故障"},
    )

    assert page.status_code == 200 and "Adjust the mark" not in page.text
    assert answer.status_code == 404


def test_scores_are_adjusted_on_a_page_of_their_own(panel, chief, as_role):
    from tests import factories

    one = panel.entrants[0]
    factories.make_theory(panel.contest, one, "80")
    there = f"/contests/{panel.contest.id}/chief/paper/adjustments"

    desk = chief.get(f"/contests/{panel.contest.id}/chief")
    wrong = chief.post(f"{there}/{one.id}", data={"adjustment": "9", "reason": "题目有误"})
    chief.post(f"{there}/{one.id}", data={"adjustment": "2", "reason": "题目有误"})
    page = chief.get(there)
    mark_with = results.standings(panel.contest.id).row_of(one.id).modules["paper"].text
    chief.post(f"{there}/{one.id}", data={"withdraw": "1", "reason": "复核"})
    mark_without = results.standings(panel.contest.id).row_of(one.id).modules["paper"].text

    assert "Adjustments: Theory paper" in desk.text
    assert wrong.status_code == 422 and 'value="9"' in wrong.text
    assert "+2" in page.text and "题目有误" in page.text
    assert (mark_with, mark_without) == ("82.00", "80.00")
    assert as_role("clerk", panel.contest).get(there).status_code == 403
    assert chief.get(there.replace("paper", "risk")).status_code == 404


def test_published_results_take_no_adjustment(panel):
    db.session.get(Contest, panel.contest.id).state = "final"
    db.session.commit()

    with pytest.raises(Conflict):
        adjustment_actions.adjust(
            CHIEF, panel.contest.id, panel.entrants[0].id, "risk", "1", "late"
        )


def test_an_adjustment_beyond_a_plan_that_was_changed_does_not_count(panel):
    for seat in (1, 2):
        mark(panel, RISK, seat=seat)
    db.session.add(RecordedFigure(
        contest_id=panel.contest.id, entrant_id=panel.entrants[0].id, kind="adjustment",
        key="risk", units=30_000, reason="an earlier plan", at=panel.contest.created_at,
    ))
    db.session.commit()

    assert risk_of(panel) == "16.50"


def test_a_penalty_may_name_a_part(panel, chief):
    for seat in (1, 2):
        mark(panel, RISK, seat=seat)
    # Before decoding a code's page takes penalties in its own module only (test_probing).
    open_codes(panel.contest)
    part = results.standings(panel.contest.id).row_of(panel.entrants[0].id).parts["practical"]

    page = chief.get(address(panel))
    answer = chief.post(
        address(panel, "/penalties"), data={"scope": "practical", "points": "4.5", "reason": "早退"}
    )
    after = results.standings(panel.contest.id).row_of(panel.entrants[0].id).parts["practical"]
    shown = chief.get(address(panel))

    assert '<option value="practical">Practical</option>' in page.text
    assert answer.status_code == 303
    # 16.5 of 20 at 60 %: 49.5; less 4.5
    assert (part.text, after.text) == ("49.50", "45.00")
    assert "−4.50" in shown.text and "早退" in shown.text


@pytest.mark.parametrize(("scope", "points"), [("practical", "100.5"), ("final", "101")])
def test_a_penalty_is_at_most_the_top_of_the_thing(panel, scope, points):
    with pytest.raises(Invalid, match="at most 100"):
        chief_actions.add_penalty(
            CHIEF, panel.contest.id, panel.entrants[0].id, scope, points, "late"
        )
    with pytest.raises(Missing):
        chief_actions.add_penalty(
            CHIEF, panel.contest.id, panel.entrants[0].id, "nowhere", "1", "late"
        )


def test_a_stage_of_points_is_worth_all_its_points(app):
    document = plan_with_adjust()
    document["stages"][0]["combine"] = "points"
    for part in document["parts"]:
        part["combine"] = "points"
        del part["weight"]
    for module in document["modules"]:
        del module["weight"]
    panel = make_panel(document=document)

    # 100 for the paper, 20 and 100 for the two modules.
    with pytest.raises(Invalid, match="at most 220"):
        chief_actions.add_penalty(
            CHIEF, panel.contest.id, panel.entrants[0].id, "final", "221", "late"
        )
    assert chief_actions.add_penalty(
        CHIEF, panel.contest.id, panel.entrants[0].id, "final", "220", "late"
    )


def test_penalties_in_percent_say_so(app, as_role):
    panel = make_panel(document=plan_with_adjust(penalties={"percent": True}))
    for seat in (1, 2):
        mark(panel, RISK, seat=seat)
    chief = as_role("chief_judge", panel.contest)

    chief.post(address(panel, "/penalties"), data={"scope": "risk", "points": "50", "reason": "迟到"})
    too_much = chief.post(
        address(panel, "/penalties"), data={"scope": "risk", "points": "101", "reason": "迟到"}
    )

    assert risk_of(panel) == "8.25"
    assert "at most 100" in too_much.text and "Percent" in too_much.text
