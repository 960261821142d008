"""What the chief judge may do, each with a reason and a row in the trail."""

import pytest
from sqlalchemy import select

from contest import signals
from contest.audit.models import TrailRow
from contest.audit.work import Actor
from contest.db import db
from contest.errors import Conflict, Invalid, Missing
from contest.judging import actions, chief_actions, confirm_actions, penalty_queries, queries
from contest.judging.models import Penalty
from contest.judging.rules import Clash, Closed
from contest.people.queries import entrant_states
from tests import factories
from tests.judging.panels import RISK, actor_of, make_panel, mark, operation

CHIEF = Actor(None, "chief")


@pytest.fixture
def panel(app):
    panel = make_panel()
    mark(panel, RISK)
    return panel


@pytest.fixture
def heard():
    calls = []

    def listen(_sender, **facts):
        calls.append(facts)

    signals.marks_changed.connect(listen)
    yield calls
    signals.marks_changed.disconnect(listen)


def last_trail():
    return db.session.scalar(select(TrailRow).order_by(TrailRow.id.desc()))


def kinds(panel):
    return [(row.seat, row.rev, row.kind) for row in queries.ledger(panel.contest.id)]


def reopen(panel, reason="mistyped", **sheet):
    return chief_actions.reopen_sheet(
        CHIEF, panel.contest.id, panel.sheet(**sheet).id, reason
    )


def test_a_reopened_sheet_can_be_marked_again_and_counts_no_longer(panel, heard):
    rev = reopen(panel)

    assert rev == 2
    assert panel.sheet().state == "reopened"
    assert kinds(panel) == [(1, 1, "submit"), (1, 2, "reopen")]
    assert panel.contest.marks_version == 2
    assert heard == [{"contest_id": panel.contest.id}]
    assert last_trail().facts["reason"] == "mistyped"
    assert mark(panel, {"A1": "9", "A2": {}}).rev == 3
    assert panel.sheet().state == "resubmitted"
    assert kinds(panel)[-1] == (1, 3, "resubmit")
    assert panel.contest.marks_version == 2, "nothing that a standing rests on has changed"
    assert len(heard) == 1


def confirm(panel, seen=None, module="risk"):
    sheet = panel.sheet()
    return confirm_actions.confirm_sheets(
        CHIEF, panel.contest.id, module, panel.entrants[0].id,
        {sheet.id: sheet.rev} if seen is None else seen,
    )


def test_new_marks_count_once_the_chief_confirms_them(panel, heard):
    reopen(panel)
    mark(panel, {"A1": "9", "A2": {}})

    assert confirm(panel) == 1

    sheet = panel.sheet()
    assert (sheet.state, sheet.rev, sheet.marks["A1"]) == ("submitted", 4, "9")
    assert kinds(panel)[-1] == (1, 4, "confirm")
    assert panel.contest.marks_version == 3
    assert len(heard) == 2
    assert last_trail().did == "sheets.confirm"
    with pytest.raises(Closed, match="handed in"):
        mark(panel, {"A1": "8", "A2": {}})


def test_only_what_was_seen_is_confirmed(panel, heard):
    sheet = panel.sheet()
    with pytest.raises(Conflict, match="No sheet"):
        confirm(panel, {sheet.id: sheet.rev})
    reopen(panel)
    with pytest.raises(Conflict, match="No sheet"):
        confirm(panel, {sheet.id: 2})
    mark(panel, {"A1": "9", "A2": {}})
    for seen in ({}, {sheet.id: 2}, {sheet.id: 3, 99: 1}):
        with pytest.raises(Conflict, match="Look again"):
            confirm(panel, seen)

    assert panel.sheet().state == "resubmitted"
    assert len(heard) == 1


def test_a_sheet_that_waits_can_be_sent_back(panel):
    reopen(panel)
    mark(panel, {"A1": "9", "A2": {}})
    with pytest.raises(Closed, match="waits for the chief judge"):
        mark(panel, {"A1": "8", "A2": {}})

    reopen(panel, "still wrong")

    assert panel.sheet().state == "reopened"
    assert mark(panel, {"A1": "8", "A2": {}}).state == "resubmitted"


def test_the_judges_tablet_meets_the_reopening_as_a_change(panel):
    reopen(panel)
    sheet = panel.sheet()
    sheet_id, judge = sheet.id, panel.judges[0]

    assert isinstance(
        actions.take_operation(actor_of(judge), sheet_id, operation(RISK, base_rev=1)), Clash
    )


@pytest.mark.parametrize("reason", ["", "  ", None])
def test_no_act_without_a_reason(panel, heard, reason):
    with pytest.raises(Invalid):
        reopen(panel, reason)
    with pytest.raises(Invalid):
        chief_actions.excuse_seat(CHIEF, panel.contest.id, panel.sheet().id, reason)
    with pytest.raises(Invalid):
        add(panel, reason=reason)

    assert panel.sheet().state == "submitted"
    assert penalty_queries.penalties(panel.contest.id) == []
    assert heard == []
    assert last_trail().did == "sheet.submit"


def test_an_open_sheet_cannot_be_reopened(panel):
    with pytest.raises(Conflict, match="open already"):
        reopen(panel, seat=2)


def test_a_sheet_of_another_contest_is_missing(panel):
    other = factories.make_contest()

    with pytest.raises(Missing):
        chief_actions.reopen_sheet(CHIEF, other.id, panel.sheet().id, "reason")


def test_a_struck_out_seat_takes_no_marks_until_it_is_put_back(panel):
    chief_actions.excuse_seat(CHIEF, panel.contest.id, panel.sheet(seat=2).id, "related")

    assert panel.sheet(seat=2).state == "excused"
    with pytest.raises(Closed, match="struck out"):
        mark(panel, RISK, seat=2)
    reopen(panel, seat=2)
    assert mark(panel, RISK, seat=2).state == "resubmitted"


def test_one_sheet_of_a_panel_always_stays(panel):
    chief_actions.excuse_seat(CHIEF, panel.contest.id, panel.sheet(seat=2).id, "related")

    with pytest.raises(Conflict, match="nothing would be left"):
        chief_actions.excuse_seat(CHIEF, panel.contest.id, panel.sheet(seat=1).id, "too")


def add(panel, scope="risk", points="1.5", reason="late"):
    return chief_actions.add_penalty(
        CHIEF, panel.contest.id, panel.entrants[0].id, scope, points, reason
    )


def standing(panel):
    return [(row.scope, row.units) for row in penalty_queries.penalties(panel.contest.id)]


def test_a_penalty_stands_until_it_is_lifted_once(panel, heard):
    penalty_id = add(panel)
    add(panel, scope="final", points="100")
    assert standing(panel) == [("risk", 15_000), ("final", 1_000_000)]

    chief_actions.lift_penalty(CHIEF, panel.contest.id, penalty_id, "wrong person")

    assert standing(panel) == [("final", 1_000_000)]
    assert len(heard) == 3
    assert last_trail().facts["points"] == "1.5"
    with pytest.raises(Conflict, match="lifted already"):
        chief_actions.lift_penalty(CHIEF, panel.contest.id, penalty_id, "again")


def test_a_penalty_is_at_most_the_modules_top_mark(panel):
    with pytest.raises(Invalid):
        add(panel, points="20.5")
    with pytest.raises(Missing):
        add(panel, scope="nothing")

    assert standing(panel) == []


def test_the_lifting_itself_cannot_be_lifted(panel):
    penalty_id = add(panel)
    chief_actions.lift_penalty(CHIEF, panel.contest.id, penalty_id, "wrong")
    lifting = db.session.scalar(
        select(Penalty.id).where(Penalty.lifts_id == penalty_id)
    )

    with pytest.raises(Missing):
        chief_actions.lift_penalty(CHIEF, panel.contest.id, lifting, "twice")


def test_a_state_is_set_with_old_and_new_in_the_trail(panel):
    entrant_id = panel.entrants[0].id

    chief_actions.set_state(CHIEF, panel.contest.id, entrant_id, "disqualified", "device")

    assert entrant_states(panel.contest.id)[(entrant_id, "")] == "disqualified"
    assert (last_trail().facts["was"], last_trail().facts["now"]) == ("normal", "disqualified")
    assert panel.contest.marks_version == 2


def test_in_one_module_only_absence_exists(panel):
    entrant_id = panel.entrants[0].id

    with pytest.raises(Invalid):
        chief_actions.set_state(CHIEF, panel.contest.id, entrant_id, "disqualified", "x", "risk")
    chief_actions.set_state(CHIEF, panel.contest.id, entrant_id, "absent", "ill", "risk")

    assert entrant_states(panel.contest.id)[(entrant_id, "risk")] == "absent"


def test_nothing_moves_after_the_results_are_final(panel):
    panel.contest.state = "final"
    db.session.commit()

    with pytest.raises(Closed):
        reopen(panel)
    with pytest.raises(Closed):
        add(panel)
