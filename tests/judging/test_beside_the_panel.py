"""Recusals, substitution and trainees: who marks whom, and whose marks never count."""

import re

import pytest
from flask import current_app
from sqlalchemy import select

from contest.audit.models import TrailRow
from contest.audit.work import Actor
from contest.db import db
from contest.errors import Conflict, Invalid, NotAllowed
from contest.judging import actions, blind_queries, chief_actions, desk_queries, substitution_actions
from contest.judging.counting_queries import reopened_sheets
from contest.judging.models import Handover, Sheet
from contest.people import panel_actions, recusal_actions
from contest.people.models import PanelSeat
from contest.results import agreement_queries, queries, trainee_queries
from contest.results.ledger_queries import ledger_of
from contest.setup.models import Contest, PlanVersion
from contest.setup.procedure_rules import FORMAL, stored_form
from tests import factories
from tests.judging.panels import RISK, actor_of, make_panel, mark, operation

CHIEF = Actor(None, "秦裁判长")


@pytest.fixture
def panel(app):
    return make_panel(entrants=3)


def judges_of(panel, entrant, module="risk"):
    rows = db.session.execute(
        select(Sheet.seat, Sheet.judge_id).filter_by(
            module_key=module, entrant_id=panel.entrants[entrant].id
        )
    )
    return dict(rows.all())


def with_reserve(panel, seat=3):
    reserve = factories.make_judge(panel.contest, "候补")
    factories.make_seat(panel.contest, reserve, seat)
    return reserve


# Recusals.


def test_a_judge_gets_no_sheet_of_whom_the_judge_keeps_away_from(app):
    panel = make_panel(entrants=3, hand_out=False)
    reserve = with_reserve(panel)
    first = panel.judges[0]
    recusal_actions.recuse(
        actor_of(first), panel.contest.id, first.id, None, panel.entrants[1].id, "表兄"
    )
    recusal_actions.recuse(
        CHIEF, panel.contest.id, panel.judges[1].id, panel.entrants[2].organisation_id, None, "原单位"
    )
    spare = with_reserve(panel, 4)
    factories.make_seat(panel.contest, spare, 2, "drill")
    actions.hand_out_sheets(CHIEF, panel.contest.id)

    assert judges_of(panel, 0) == {1: first.id, 2: panel.judges[1].id}
    assert first.id not in judges_of(panel, 1).values()
    assert panel.judges[1].id not in judges_of(panel, 2).values()
    assert {reserve.id, spare.id} & set(judges_of(panel, 1).values())
    assert judges_of(panel, 1, "drill") == {1: spare.id}


def test_a_judge_declares_before_there_are_sheets_and_the_chief_later(panel):
    first = panel.judges[0]
    with pytest.raises(Conflict, match="sheets already"):
        recusal_actions.recuse(
            actor_of(first), panel.contest.id, first.id, None, panel.entrants[1].id, "表兄"
        )
    reserve = with_reserve(panel)
    old = panel.sheet(1).id
    mark(panel, RISK, entrant=2)
    recusal_actions.recuse(
        CHIEF, panel.contest.id, first.id, panel.entrants[1].organisation_id, None, "表兄"
    )
    recusal_actions.recuse(CHIEF, panel.contest.id, first.id, None, panel.entrants[2].id, "表兄")

    assert judges_of(panel, 1)[1] == reserve.id and db.session.get(Sheet, old) is None
    assert judges_of(panel, 2)[1] == first.id, "what was written stays for the chief judge"
    assert panel.sheet(2).id in [s.id for s in chief_actions.neutral_queries.own_sheets(panel.contest.id)]
    with pytest.raises(NotAllowed, match="may not mark"):
        sheet = panel.sheet(2)
        actions.take_operation(actor_of(first), sheet.id, operation(RISK, sheet.rev))


def test_nothing_that_is_told_of_a_recusal_names_a_sheet_or_code(panel):
    with_reserve(panel)
    recusal_actions.recuse(
        CHIEF, panel.contest.id, panel.judges[0].id, None, panel.entrants[1].id, "表兄"
    )

    row = db.session.query(TrailRow).filter_by(did="judge.recuse").one()
    # As a word: names and numbers of the tests count up, and one may hold the digits.
    assert row.facts["sheets_moved"] == 1 and not re.search(r"(?<![A-Za-z0-9 ])702(?!\d)", str(row.facts))
    assert "sheet " not in str(row.facts) and "表兄" in str(row.facts)
    [handover] = db.session.query(Handover)
    assert (handover.kind, handover.reason) == ("recusal", ""), "the relation would say whose it is"


@pytest.mark.parametrize(("unit", "one", "words", "field"), [
    (None, None, "表兄", "whom"), (1, 1, "表兄", "whom"), (1, None, " ", "relation"),
])
def test_a_recusal_names_one_of_both_and_says_why(panel, unit, one, words, field):
    with pytest.raises(Invalid) as refused:
        recusal_actions.recuse(CHIEF, panel.contest.id, panel.judges[0].id, unit, one, words)

    assert list(refused.value.fields) == [field]


# Substitution.


def test_a_successor_takes_the_rest_and_the_seat_with_the_reason_on_each_sheet(panel, as_role):
    first, reserve = panel.judges[0], with_reserve(panel)
    mark(panel, RISK, entrant=0)
    mark(panel, {"A1": "5"}, kind="draft", entrant=1)
    begun = panel.sheet(1).id

    moved = substitution_actions.substitute(
        CHIEF, panel.contest.id, first.id, reserve.id, "突发疾病", with_begun=True
    )

    # One sheet of risk was begun, one untouched, and three of the drill.
    assert moved == (5, 0)
    assert judges_of(panel, 0)[1] == first.id and judges_of(panel, 2)[1] == reserve.id
    sheet = db.session.get(Sheet, begun)
    assert (sheet.judge_id, sheet.state, sheet.marks) == (reserve.id, "reopened", {})
    assert {h.reason for h in db.session.query(Handover)} == {"突发疾病"}
    page = as_role("chief_judge", panel.contest).get(f"/contests/{panel.contest.id}/chief/risk/703")
    assert "took this sheet over" in page.text and "突发疾病" in page.text
    health = as_role("supervisor", panel.contest).get(f"/contests/{panel.contest.id}/results/agreement")
    assert "突发疾病" in health.text
    app, user = current_app._get_current_object(), db.session.get(factories.User, reserve.user_id)
    successor = factories.browser_of(app, user)
    for own in (begun, panel.sheet(2).id):  # begun by the other, and untouched
        assert "stand in for another judge" in successor.get(f"/judging/sheets/{own}").text
        assert "突发疾病" in successor.get(f"/judging/sheets/{own}").text
    mark(panel, RISK, entrant=2)
    assert "突发疾病" in successor.get(f"/judging/sheets/{panel.sheet(2).id}").text  # handed in
    actions.hand_out_sheets(CHIEF, panel.contest.id)
    assert judges_of(panel, 2)[1] == reserve.id, "handing out again gives nothing back"
    seats = {(s.module_key, s.seat): s.judge_id for s in db.session.query(PanelSeat)}
    assert first.id not in seats.values() and seats["risk", 1] == reserve.id


def test_without_the_wish_begun_sheets_stay(panel):
    reserve = with_reserve(panel)
    mark(panel, {"A1": "5"}, kind="draft", entrant=1)

    substitution_actions.substitute(CHIEF, panel.contest.id, panel.judges[0].id, reserve.id, "急事")

    assert judges_of(panel, 1)[1] == panel.judges[0].id and judges_of(panel, 2)[1] == reserve.id


def test_the_page_says_before_and_after_that_begun_sheets_stay(panel, as_role):
    reserve = with_reserve(panel)
    mark(panel, {"A1": "5"}, kind="draft", entrant=1)
    mark(panel, RISK, entrant=0)
    panel.contest.procedure = stored_form(FORMAL)
    db.session.commit()
    chief = as_role("chief_judge", panel.contest)
    path = f"/contests/{panel.contest.id}/chief/substitution"
    before = chief.get(path).text
    assert "Sheets that were begun stay with the judge who stops" in before
    assert "still signs for the sheets handed in" in before

    answer = chief.post(path, data={
        "judge": panel.judges[0].id, "successor": reserve.id, "reason": "急事",
    })

    after = chief.get(answer.location).text
    assert "Begun sheets that stay with the judge who stopped: 1." in after
    assert "Sheets handed in by the judge who stopped: 1. That judge still signs" in after


def test_a_successor_takes_no_sheet_of_own_people_and_none_twice(panel):
    own = factories.make_judge(
        panel.contest, "同单位", organisation=panel.entrants[2].organisation
    )
    moved = substitution_actions.substitute(
        CHIEF, panel.contest.id, panel.judges[0].id, own.id, "急事"
    )
    assert moved == (4, 2)
    with pytest.raises(Conflict, match="none of these"):
        substitution_actions.substitute(
            CHIEF, panel.contest.id, panel.judges[1].id, own.id, "急事"
        )


# Trainees.


def trained(panel):
    trainee = factories.make_judge(panel.contest, "见习")
    recusal_actions.add_trainee(CHIEF, panel.contest.id, "risk", trainee.id, 2)
    actions.hand_out_sheets(CHIEF, panel.contest.id)
    return trainee


def practise(panel, trainee, marks, entrant=0, kind="submit"):
    sheet = db.session.scalar(select(Sheet).filter_by(
        judge_id=trainee.id, entrant_id=panel.entrants[entrant].id
    ))
    actions.take_operation(actor_of(trainee), sheet.id, operation(marks, sheet.rev, kind))
    return sheet


def everything_counted(contest_id):
    """Every figure that rests on sheets, as text."""
    official = queries.standings(contest_id)
    return repr((
        official.rows, official.missing, official.open_ties, queries.problems(official),
        desk_queries.progress(contest_id), desk_queries.desk_notes(contest_id),
        desk_queries.matrix(contest_id, "risk"), reopened_sheets(contest_id, ["risk"]),
        blind_queries.open_blind_modules(contest_id), sorted(desk_queries.marked_keys(contest_id)),
        ledger_of(contest_id, "final").files(),
        [(h.found, h.findings, [line.name for line in h.judges])
         for h in agreement_queries.panel_healths(contest_id)],
    ))


def test_a_trainee_gets_the_same_sheets_and_moves_no_figure(panel):
    for entrant in range(2):
        for seat in (1, 2):
            mark(panel, RISK, entrant=entrant, seat=seat)
    before = everything_counted(panel.contest.id)
    version = db.session.get(Contest, panel.contest.id).marks_version
    trainee = trained(panel)

    for entrant in range(3):
        practise(panel, trainee, {"A1": "1", "A2": {"0": 5}}, entrant)

    assert db.session.query(Sheet).filter_by(judge_id=trainee.id, state="submitted").count() == 3
    assert everything_counted(panel.contest.id) == before
    assert db.session.get(Contest, panel.contest.id).marks_version == version
    [line] = trainee_queries.trainee_lines(panel.contest.id, "risk")
    assert (line.name, line.sheets, line.done, line.offset) == ("见习", 3, 3, -15.5)


def test_practice_alone_does_not_freeze_the_plan(panel):
    trainee = trained(panel)
    practise(panel, trainee, RISK)

    assert db.session.query(PlanVersion).one().frozen_at is None


def test_a_trainee_is_told_so_and_stands_apart(panel, app, as_role):
    trainee = trained(panel)
    sheet = practise(panel, trainee, RISK, kind="draft")
    user = db.session.get(factories.User, trainee.user_id)
    browser = factories.browser_of(app, user)

    assert "Practice: never counts" in browser.get("/judging").text
    assert "never counts" in browser.get(f"/judging/sheets/{sheet.id}").text
    chief = as_role("chief_judge", panel.contest)
    assert "见习" not in chief.get(f"/contests/{panel.contest.id}/chief/risk/701").text
    assert "见习" in chief.get(f"/contests/{panel.contest.id}/panels").text


def test_a_trainee_is_not_promoted_by_accident(panel):
    trainee = trained(panel)
    with pytest.raises(Conflict, match="end the training"):
        panel_actions.set_seats(
            CHIEF, panel.contest.id, "risk", [panel.judges[0].id, trainee.id]
        )
    with pytest.raises(Conflict, match="end the training"):
        substitution_actions.substitute(
            CHIEF, panel.contest.id, panel.judges[0].id, trainee.id, "急事"
        )
    with pytest.raises(Conflict, match="sits on the panel"):
        recusal_actions.add_trainee(CHIEF, panel.contest.id, "risk", panel.judges[0].id)
    panel_actions.staff(CHIEF, panel.contest.id)
    held = db.session.query(PanelSeat).filter_by(judge_id=trainee.id).all()
    assert [seat.seat for seat in held] == [1002]

    sheet = practise(panel, trainee, RISK)
    with pytest.raises(Exception, match="no such sheet"):
        chief_actions.reopen_sheet(CHIEF, panel.contest.id, sheet.id, "x")
    recusal_actions.end_training(CHIEF, panel.contest.id, "risk", trainee.id)
    panel_actions.set_seats(CHIEF, panel.contest.id, "risk", [panel.judges[0].id, trainee.id])
