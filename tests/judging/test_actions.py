"""Handing out sheets, and taking what judges write on them."""

import pytest
from sqlalchemy import select

from contest import clock, signals
from contest.audit.models import TrailRow
from contest.audit.work import Actor
from contest.db import db
from contest.draw import actions as draw_actions
from contest.draw.models import BlindCode, Draw
from contest.errors import Conflict, Invalid, Missing, NotAllowed
from contest.judging import actions
from contest.judging.models import Sheet, SheetRevision
from contest.judging.rules import Clash, Closed
from contest.people.models import StateEvent
from contest.setup.models import PlanVersion
from tests import factories
from tests.judging.panels import (
    DRILL,
    RISK,
    actor_of,
    hold_draw,
    make_panel,
    mark,
    operation,
    two_modules,
)

ORGANISER = Actor(None, "organiser")


@pytest.fixture
def panel(app):
    return make_panel()


@pytest.fixture
def heard():
    """What listeners of marks_changed were told."""
    calls = []

    def listen(_sender, **facts):
        calls.append(facts)

    signals.marks_changed.connect(listen)
    yield calls
    signals.marks_changed.disconnect(listen)


def trail():
    return list(db.session.scalars(select(TrailRow.did).order_by(TrailRow.id)))


def count(model):
    return db.session.query(model).count()


def send(panel, marks, base_rev=0, kind="draft", judge=0, sheet=None, **values):
    sheet = sheet or panel.sheet()
    sent = operation(marks, base_rev, kind, **values)
    return sent, actions.take_operation(actor_of(panel.judges[judge]), sheet.id, sent)


def test_every_seat_of_every_panel_gets_a_sheet_for_every_entrant(panel):
    assert count(Sheet) == 3 * 2 + 3 * 1
    assert trail()[-1] == "sheets.hand_out"


def test_handing_out_again_adds_only_late_entrants(panel):
    mark(panel, RISK, "draft")
    late = factories.make_entrant(panel.contest)
    hold_draw_late(panel, late)

    added = actions.hand_out_sheets(ORGANISER, panel.contest.id)

    assert added == 3
    assert panel.sheet().marks == RISK
    assert actions.hand_out_sheets(ORGANISER, panel.contest.id) == 0


def hold_draw_late(panel, entrant):
    draw_id = db.session.scalar(select(Draw.id))
    db.session.add(BlindCode(contest_id=panel.contest.id, draw_id=draw_id, stage="final",
                             entrant_id=entrant.id, code="799", start_order=99))
    db.session.commit()


def test_a_new_panel_changes_only_sheets_that_nobody_began(panel):
    mark(panel, RISK, "draft", entrant=0, seat=2)
    new = factories.make_judge(panel.contest)
    seat = db.session.query(factories.PanelSeat).filter_by(module_key="risk", seat=2).one()
    seat.judge_id = new.id
    db.session.commit()

    actions.hand_out_sheets(ORGANISER, panel.contest.id)

    assert panel.sheet(0, 2).judge_id == panel.judges[1].id
    assert panel.sheet(1, 2).judge_id == new.id


def test_judges_never_get_their_own_people(app):
    panel = make_panel(hand_out=False)
    panel.judges[1].organisation_id = panel.entrants[0].organisation_id
    reserve = factories.make_judge(panel.contest)
    factories.make_seat(panel.contest, reserve, 3)

    actions.hand_out_sheets(ORGANISER, panel.contest.id)

    assert panel.sheet(0, 2).judge_id == reserve.id
    assert panel.sheet(1, 2).judge_id == panel.judges[1].id


def test_people_who_do_not_take_part_get_no_sheets(app):
    panel = make_panel(hand_out=False)
    db.session.add(StateEvent(contest_id=panel.contest.id, entrant_id=panel.entrants[0].id,
                              state="withdrawn", reason="ill", at=clock.now()))
    db.session.commit()

    assert actions.hand_out_sheets(ORGANISER, panel.contest.id) == 6


def test_blind_modules_wait_for_the_draw(app):
    contest = factories.make_contest(two_modules())
    factories.make_entrant(contest)

    with pytest.raises(Conflict, match="draw"):
        actions.hand_out_sheets(ORGANISER, contest.id)

    assert count(Sheet) == 0
    assert trail() == []


def test_a_panel_without_judges_is_refused_with_its_name(app):
    contest = factories.make_contest()
    hold_draw(contest, [factories.make_entrant(contest)])

    with pytest.raises(Conflict, match="Risk: the panel needs"):
        actions.hand_out_sheets(ORGANISER, contest.id)


def test_a_draft_is_stored_and_nobody_is_told(panel, heard):
    _, answer = send(panel, {"A1": "８．５"})

    assert (answer.rev, answer.state, answer.total, answer.missing) == (1, "draft", "8.50", ("A2",))
    assert answer.points == {"A1": "8.50"}
    assert panel.sheet().marks == {"A1": "8.5"}
    assert heard == []
    assert db.session.get(type(panel.contest), panel.contest.id).marks_version == 0


def test_a_submit_counts_freezes_the_plan_and_is_told_once(panel, heard):
    _, answer = send(panel, RISK, kind="submit")

    revision = db.session.scalar(select(SheetRevision))
    assert (answer.state, answer.total, answer.missing) == ("submitted", "16.50", ())
    assert (revision.units, revision.kind, revision.rev) == (165_000, "submit", 1)
    assert revision.by_id == panel.judges[0].user_id
    assert panel.contest.marks_version == 1
    assert db.session.scalar(select(PlanVersion.frozen_at)) == clock.now()
    assert heard == [{"contest_id": panel.contest.id}]
    assert trail()[-1] == "sheet.submit"


def test_the_trail_holds_old_and_new_values(panel):
    send(panel, {"A1": "8"})
    send(panel, {"A1": "9", "A2": {}}, base_rev=1)

    facts = db.session.scalars(select(TrailRow.facts).order_by(TrailRow.id.desc())).first()
    assert facts["changed"] == {"A1": ["8", "9"], "A2": [None, {}]}


def test_an_incomplete_sheet_is_not_handed_in(panel, heard):
    with pytest.raises(Invalid) as refused:
        send(panel, {"A1": "8.5"}, kind="submit")

    assert list(refused.value.fields) == ["A2"]
    assert count(SheetRevision) == 0
    assert heard == []
    assert trail() == ["sheets.hand_out"]


def test_a_bad_mark_changes_nothing(panel):
    with pytest.raises(Invalid) as refused:
        send(panel, {"A1": "10.5", "A2": {"0": 6}})

    assert sorted(refused.value.fields) == ["A1", "A2"]
    assert panel.sheet().rev == 0
    assert trail() == ["sheets.hand_out"]


def test_a_resent_operation_is_counted_once(panel, heard):
    sent, first = send(panel, RISK, kind="submit")

    again = actions.take_operation(actor_of(panel.judges[0]), panel.sheet().id, sent)

    assert again.replayed
    assert (again.rev, again.total, again.state) == (first.rev, first.total, first.state)
    assert count(SheetRevision) == 1
    assert len(heard) == 1


def test_a_draft_resent_after_handing_in_gets_its_own_answer_again(panel):
    sent, _ = send(panel, {"A1": "3"})
    send(panel, RISK, base_rev=1, kind="submit")

    again = actions.take_operation(actor_of(panel.judges[0]), panel.sheet().id, sent)

    assert (again.replayed, again.rev, again.total) == (True, 1, "3.00")
    assert panel.sheet().rev == 2


def test_an_operation_id_with_other_marks_is_refused(panel):
    sent, _ = send(panel, {"A1": "3"})

    with pytest.raises(Invalid, match="already sent"):
        send(panel, {"A1": "4"}, op_id=sent.op_id)

    assert panel.sheet().marks == {"A1": "3"}


def test_a_stranger_cannot_write_nor_learn_by_resending(panel):
    sent, _ = send(panel, {"A1": "3"})

    with pytest.raises(NotAllowed):
        send(panel, {"A1": "4"}, base_rev=1, judge=1, sheet=panel.sheet())
    with pytest.raises(NotAllowed):
        actions.take_operation(actor_of(panel.judges[1]), panel.sheet().id, sent)


def test_a_second_tablet_meets_the_first_ones_marks(panel):
    send(panel, {"A1": "3"}, device="ONE")

    _, outcome = send(panel, {"A1": "4"}, device="TWO")

    assert isinstance(outcome, Clash)
    assert (outcome.rev, outcome.marks, outcome.device) == (1, {"A1": "3"}, "ONE")
    assert panel.sheet().marks == {"A1": "3"}
    assert count(SheetRevision) == 1


def test_a_revision_from_the_future_is_a_clash_too(panel):
    """A server restored from a copy must not take an operation on what it does not hold."""
    _, outcome = send(panel, {"A1": "4"}, base_rev=7)

    assert isinstance(outcome, Clash)
    assert outcome.rev == 0


def test_a_handed_in_sheet_is_closed(panel):
    send(panel, RISK, kind="submit")

    with pytest.raises(Closed, match="handed in"):
        send(panel, RISK, base_rev=1)


def test_nothing_is_taken_when_the_contest_is_final(panel):
    panel.contest.state = "final"
    db.session.commit()

    with pytest.raises(Closed):
        send(panel, RISK)


def test_a_missing_sheet_is_missing(panel):
    with pytest.raises(Missing):
        actions.take_operation(actor_of(panel.judges[0]), 10_000, operation({}))


def test_thirds_are_kept_exactly_and_shown_rounded(panel):
    answer = mark(panel, DRILL, module="drill")

    # 18.5 + 15 + 5 + 20/3 + 25 = 70.1666…
    assert answer.total == "70.17"
    assert answer.points["A4"] == "6.67"
    assert db.session.scalar(select(SheetRevision.units)) == 701_667


def test_the_ledger_cannot_be_changed(panel):
    mark(panel, RISK)
    revision = db.session.scalar(select(SheetRevision))
    revision.units = 1

    with pytest.raises(Exception, match="append-only"):
        db.session.commit()
    db.session.rollback()


def scrambled_panel():
    """Sheets not yet handed out; the last of the list of entrants starts first."""
    panel = make_panel(hand_out=False, entrants=5)
    for entrant, order in zip(panel.entrants, (4, 2, 5, 1, 3), strict=True):
        db.session.query(BlindCode).filter_by(entrant_id=entrant.id).one().start_order = order
    db.session.commit()
    return panel


def test_numbers_of_sheets_follow_the_starting_order_and_not_the_list_of_entrants(app):
    panel = scrambled_panel()

    actions.hand_out_sheets(ORGANISER, panel.contest.id)

    rows = db.session.execute(
        select(BlindCode.start_order, Sheet.seat)
        .join(Sheet, Sheet.entrant_id == BlindCode.entrant_id)
        .where(Sheet.module_key == "risk")
        .order_by(Sheet.id)
    ).all()
    assert rows == [(order, seat) for order in range(1, 6) for seat in (1, 2)]


def test_a_new_draw_takes_untouched_sheets_back_and_their_numbers_never_return(app):
    panel = scrambled_panel()
    actions.hand_out_sheets(ORGANISER, panel.contest.id)
    old = set(db.session.scalars(select(Sheet.id)))

    draw_actions.hold_draw(ORGANISER, panel.contest.id, "final", reason="drawn by mistake")

    assert count(Sheet) == 0
    actions.hand_out_sheets(ORGANISER, panel.contest.id)
    new = set(db.session.scalars(select(Sheet.id)))
    assert len(new) == 15
    assert min(new) > max(old)


def test_no_new_draw_once_a_sheet_was_written_on(panel):
    mark(panel, {"A1": "3"}, "draft")
    mark(panel, {}, "draft")
    codes = dict(db.session.execute(select(BlindCode.entrant_id, BlindCode.code)).all())

    with pytest.raises(Conflict, match="begun to mark"):
        draw_actions.hold_draw(ORGANISER, panel.contest.id, "final", reason="x")

    assert count(Sheet) == 9
    assert dict(db.session.execute(select(BlindCode.entrant_id, BlindCode.code)).all()) == codes
