"""The ledger, the judge's list and the chief's matrix."""

from datetime import timedelta

import pytest
from sqlalchemy import event

from contest import clock
from contest.audit.work import Actor
from contest.db import db
from contest.errors import Missing, NotAllowed
from contest.judging import chief_actions, desk_queries, penalty_queries, queries, sheet_queries, side_queries
from contest.setup import queries as setup
from tests.judging.panels import DRILL, RISK, make_panel, mark

CHIEF = Actor(None, "chief")


@pytest.fixture
def panel(app):
    return make_panel()


def test_the_ledger_leaves_drafts_out_and_can_be_read_from_where_one_left_off(panel):
    mark(panel, {"A1": "3"}, "draft")
    mark(panel, RISK)
    rows = list(queries.ledger(panel.contest.id))

    assert [(r.module_key, r.seat, r.rev, r.kind, r.units) for r in rows] == [
        ("risk", 1, 2, "submit", 165_000),
    ]
    assert rows[0].marks == RISK
    mark(panel, RISK, seat=2)
    assert [r.seat for r in queries.ledger(panel.contest.id, after_id=rows[0].id)] == [2]


def test_the_ledger_and_the_penalties_can_be_read_as_of_a_moment(panel):
    mark(panel, RISK)
    then = clock.now()
    clock.stand_still(then + timedelta(minutes=1))
    chief_actions.reopen_sheet(CHIEF, panel.contest.id, panel.sheet().id, "mistyped")
    chief_actions.add_penalty(
        CHIEF, panel.contest.id, panel.entrants[0].id, "risk", "1", "late"
    )

    assert [row.kind for row in queries.ledger(panel.contest.id, as_of=then)] == ["submit"]
    assert penalty_queries.penalties(panel.contest.id, as_of=then) == []
    assert len(penalty_queries.penalties(panel.contest.id)) == 1


def test_a_lifted_penalty_still_stood_before(panel):
    penalty_id = chief_actions.add_penalty(
        CHIEF, panel.contest.id, panel.entrants[0].id, "risk", "1", "late"
    )
    then = clock.now()
    clock.stand_still(then + timedelta(minutes=1))
    chief_actions.lift_penalty(CHIEF, panel.contest.id, penalty_id, "wrong")

    assert [row.id for row in penalty_queries.penalties(panel.contest.id, as_of=then)] == [penalty_id]
    assert penalty_queries.penalties(panel.contest.id) == []


def test_a_judges_list_is_in_start_order_and_names_only_open_modules(panel):
    risk, drill = sheet_queries.my_sheets(panel.judges[0].user_id)

    assert [row.code for row in risk.rows] == ["701", "702", "703"]
    assert [row.name for row in risk.rows] == [None, None, None]
    assert [row.name for row in drill.rows] == ["隐名0", "隐名1", "隐名2"]
    # A code beside a name would give away the blind module.
    assert [row.code for row in drill.rows] == [entrant.number for entrant in panel.entrants]
    assert [g.module.key for g in sheet_queries.my_sheets(panel.judges[1].user_id)] == ["risk"]


def test_what_is_begun_comes_before_what_is_not(panel):
    judge = panel.judges[0].user_id
    mark(panel, {"A1": "1"}, "draft", entrant=2)
    assert sheet_queries.my_sheets(judge)[0].next_open.code == "703"

    mark(panel, RISK, entrant=1)
    chief_actions.reopen_sheet(CHIEF, panel.contest.id, panel.sheet(1).id, "mistyped")

    assert sheet_queries.my_sheets(judge)[0].next_open.code == "702"
    assert sheet_queries.my_sheets(judge)[0].done == 0


def test_contests_that_are_over_leave_the_list(panel):
    panel.contest.state = "final"
    db.session.commit()

    assert sheet_queries.my_sheets(panel.judges[0].user_id) == ()


def test_a_sheet_page_goes_on_to_the_next_open_sheet(panel):
    mark(panel, RISK)
    mark(panel, RISK, entrant=1)
    user_id = panel.judges[0].user_id

    page = sheet_queries.get_sheet_page(panel.sheet().id, user_id)

    assert page.next_id == panel.sheet(2).id
    assert (page.place, page.of, page.is_open) == (1, 3, False)
    assert page.reading.total == "16.50"


def test_a_sheet_page_is_for_its_own_judge(panel):
    with pytest.raises(NotAllowed):
        sheet_queries.get_sheet_page(panel.sheet().id, panel.judges[1].user_id)
    with pytest.raises(Missing):
        sheet_queries.get_sheet_page(99_999, panel.judges[1].user_id)


def test_the_matrix_shows_every_state_in_start_order(panel):
    mark(panel, RISK)
    mark(panel, {"A1": "1"}, "draft", entrant=1)
    chief_actions.excuse_seat(CHIEF, panel.contest.id, panel.sheet(2, 2).id, "related")

    matrix = desk_queries.matrix(panel.contest.id, "risk")

    assert [row.code for row in matrix.rows] == ["701", "702", "703"]
    assert [[cell.shown for cell in row.cells] for row in matrix.rows] == [
        ["submitted", "empty"], ["draft", "empty"], ["empty", "excused"],
    ]
    assert matrix.counts == {
        "all": 3, "missing": 3, "again": 0, "odd": 0, "far": 0, "reopened": 0, "waiting": 0,
    }
    assert [(seat.number, seat.done, seat.count) for seat in matrix.seats] == [(1, 1, 3), (2, 1, 3)]


def test_a_panel_too_far_apart_is_odd(panel):
    mark(panel, {"A1": "10", "A2": {}})  # 20
    mark(panel, {"A1": "5", "A2": {}}, seat=2)  # 15: exactly the spread of 5
    mark(panel, {"A1": "10", "A2": {}}, entrant=1)
    mark(panel, {"A1": "4.5", "A2": {}}, entrant=1, seat=2)  # 14.5

    odd = desk_queries.matrix(panel.contest.id, "risk", "odd").rows

    assert [(row.code, row.gap) for row in odd] == [("702", "5.50")]
    assert [cell.shown for cell in odd[0].cells] == ["odd", "odd"]


def test_the_matrix_asks_a_handful_of_questions_whatever_its_size(panel):
    asked = []

    def listen(conn, cursor, statement, *rest):
        asked.append(statement)

    event.listen(db.engine, "before_cursor_execute", listen)
    desk_queries.matrix(panel.contest.id, "risk")
    event.remove(db.engine, "before_cursor_execute", listen)

    assert len([s for s in asked if s.startswith("SELECT")]) <= 7


def test_side_by_side_holds_every_judges_marks(panel):
    mark(panel, DRILL, module="drill")
    number = panel.entrants[0].number
    side = side_queries.side_by_side(panel.contest.id, "drill", number)

    assert side.name == "隐名0"
    assert [sheet.reading.total for sheet in side.sheets] == ["70.17"]
    blind = side_queries.side_by_side(panel.contest.id, "risk", "701")
    assert (blind.code, blind.name) == ("701", None)
    with pytest.raises(Missing):
        side_queries.side_by_side(panel.contest.id, "paper", "701")


def test_the_plan_learns_which_aspects_have_marks(panel):
    mark(panel, {"A1": "1"}, "draft")

    assert setup.marked_keys(panel.contest.id) == {("risk", "A1")}
    assert any("0 of 9" in note.text % note.params for note in setup.desk_notes(panel.contest.id))
