"""What a judge's tablet says otherwise than the ledger holds results back until it is settled."""

from datetime import timedelta

import pytest
from flask_migrate import downgrade, upgrade
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from contest import clock
from contest.audit.models import TrailRow
from contest.db import db
from contest.errors import Conflict, Invalid, Missing, NotAllowed
from contest.judging import disagreement_queries, total_actions, total_queries, total_rules
from contest.judging.total_models import SheetTotal, TotalRuling
from contest.setup.procedure_rules import Procedure, stored_form
from tests import factories
from tests.audit.tampering import drop_guards
from tests.judging.panels import RISK, make_panel, mark
from tests.judging.test_totals import hand_in, tell

WHY = "The paper that the judge signed says 10; the tablet was read before the sheet was opened again."
OTHER_DEVICE = "fedcba9876543210"


@pytest.fixture
def panel(app):
    return make_panel()


@pytest.fixture
def tablet(app, panel):
    return factories.browser_of(app, db.session.get(factories.User, panel.judges[0].user_id))


@pytest.fixture
def chief(panel):
    return factories.make_official("chief", "chief_judge", contest=panel.contest)


@pytest.fixture
def told(tablet, panel):
    """A sheet that was handed in and then changed past the program, and what the tablet keeps of it."""
    kept = hand_in(tablet, panel.sheet().id)
    drop_guards()
    change(10)
    tell(tablet, panel.contest.id, [kept])
    return kept


def change(value):
    db.session.execute(text(f"UPDATE sheet_revision SET marks = '{{\"A1\": \"{value}\", \"A2\": {{}}}}'"))
    db.session.commit()


def held_digest(panel, told):
    """What the server reckons by now of the sheet that the tablet told of."""
    return total_queries.held_by(panel.judges[0].user_id, panel.contest.id)[told[0]].digest


def gate(panel, four_eyes=True, act="publish"):
    panel.contest.procedure = stored_form(Procedure("own", four_eyes=four_eyes))
    db.session.commit()
    problems = []
    disagreement_queries.hold_until_agreed(act, panel.contest.id, "provisional", problems)
    return [(note.text % note.params, note.kind) for note in problems]


def settle(panel, actor, reason=WHY, seen=None):
    row = db.session.query(SheetTotal).order_by(SheetTotal.id).first()
    left = disagreement_queries.left_of(row)
    total_actions.settle_total(
        actor, panel.contest.id, row.id, reason, total_rules.seal(left) if seen is None else seen
    )


def test_a_disagreement_holds_publication_and_names_judge_and_tablet_and_no_entrant(told, panel):
    [(sentence, kind)] = gate(panel)

    judge = db.session.get(factories.User, panel.judges[0].user_id)
    assert kind == "todo" and "7F3K" in sentence and judge.name in sentence
    for entrant in panel.entrants:
        assert entrant.human.name not in sentence and entrant.number not in sentence
    assert gate(panel, act="finalise") == []
    assert [kind for _, kind in gate(panel, four_eyes=False)] == ["confirm"]
    assert [kind for _, kind in gate(panel, four_eyes=False, act="finalise")] == ["confirm"]


def test_a_newer_equal_code_of_the_tablet_settles_it(told, tablet, panel):
    row = db.session.query(SheetTotal).one()
    held = held_digest(panel, told)

    tell(tablet, panel.contest.id, [(told[0], told[1], held)])

    db.session.expire_all()
    assert row.wrong == {} and gate(panel) == []


def test_another_tablet_of_the_same_judge_settles_it_and_another_judges_does_not(told, tablet, app, panel):
    held = held_digest(panel, told)
    second = factories.browser_of(app, db.session.get(factories.User, panel.judges[1].user_id))
    tell(second, panel.contest.id, [(told[0], told[1], held)])
    assert len(gate(panel)) == 1

    clock.stand_still(clock.now() + timedelta(minutes=1))
    tell(tablet, panel.contest.id, [(told[0], told[1], held)], device_id=OTHER_DEVICE, name="9ABC")

    assert gate(panel) == []


def test_a_tablet_that_forgot_the_sheet_settles_nothing(told, tablet, panel):
    tell(tablet, panel.contest.id, [])
    assert gate(panel)

    tell(tablet, panel.contest.id, [hand_in(tablet, panel.sheet(1).id, 2)])

    [found] = disagreement_queries.disagreements(panel.contest.id)
    assert list(found.left) == [str(told[0])]


def test_the_chief_judge_settles_it_in_writing_and_anything_else_counts_anew(told, tablet, panel, chief):
    settle(panel, chief)

    assert gate(panel) == []
    [row] = db.session.query(TotalRuling)
    assert (row.reason, list(row.wrong), row.by_id) == (WHY, [str(told[0])], chief.user_id)
    [trail] = db.session.query(TrailRow).filter_by(did="tablet.settle")
    assert trail.facts["sheets"] == [told[0]] and trail.facts["reason"] == WHY
    tell(tablet, panel.contest.id, [told])
    assert gate(panel) == []

    change(3)
    tell(tablet, panel.contest.id, [told])
    assert gate(panel)
    change(10)
    tell(tablet, panel.contest.id, [(told[0], told[1], "0" * 64)])
    assert gate(panel)


def test_settling_needs_reason_word_and_what_the_page_showed(told, panel, chief, tablet):
    with pytest.raises(Invalid):
        settle(panel, chief, reason=" ")
    with pytest.raises(Conflict, match="changed since"):
        settle(panel, chief, seen="0" * 32)
    with pytest.raises(NotAllowed, match="Type your password"):
        settle(panel, factories.Actor(chief.user_id, "chief"))
    with pytest.raises(Missing):
        total_actions.settle_total(chief, panel.contest.id, 999, WHY, "")
    own = factories.Actor(panel.judges[0].user_id, "judge", word_at=chief.word_at)
    with pytest.raises(NotAllowed, match="your own hands"):
        settle(panel, own)
    assert db.session.query(TotalRuling).count() == 0

    settle(panel, chief)
    with pytest.raises(Conflict, match="nothing to settle"):
        settle(panel, chief)


def test_what_was_settled_is_never_changed(app, tablet, panel, chief):
    kept = hand_in(tablet, panel.sheet().id)
    tell(tablet, panel.contest.id, [(kept[0], kept[1], "0" * 64)])
    settle(panel, chief)

    for statement in ("UPDATE total_ruling SET reason = ''", "DELETE FROM total_ruling"):
        with pytest.raises(DBAPIError):
            db.session.execute(text(statement))
        db.session.rollback()


def test_the_page_settles_it_and_keeps_what_was_typed(told, panel, as_role):
    chief = as_role("chief_judge", panel.contest)
    row = db.session.query(SheetTotal).one()
    address = f"/contests/{panel.contest.id}/chief/totals/{row.id}"
    assert address in chief.get(f"/contests/{panel.contest.id}/chief/tablets").text
    seen = total_rules.seal(disagreement_queries.left_of(row))

    refused = chief.post(address, data={"reason": WHY, "seen": seen, "word": "wrong"})
    assert refused.status_code == 422 and WHY in refused.text
    assert db.session.query(TotalRuling).count() == 0

    done = chief.post(address, data={"reason": WHY, "seen": seen, "word": factories.WORD})
    assert done.status_code == 303
    assert WHY in chief.get(address).text and gate(panel) == []


def test_a_judge_without_a_code_is_named_on_the_desk_and_is_no_obstacle(panel):
    mark(panel, RISK)
    mark(panel, RISK, entrant=1)
    judge = db.session.get(factories.User, panel.judges[0].user_id)

    assert disagreement_queries.unheard(panel.contest.id) == {judge.name: 2}
    [note] = disagreement_queries.desk_notes(panel.contest.id)
    assert f"{judge.name} (2)" in str(note.params["judges"]) and note.kind == "info" and not note.blocks
    assert gate(panel) == []


@pytest.mark.parametrize("app", ["sqlite", "postgres"], indirect=True)
def test_after_0067_what_was_found_wrong_before_is_still_open(app, tablet, panel):
    contest_id, kept = panel.contest.id, hand_in(tablet, panel.sheet().id)
    tell(tablet, contest_id, [(kept[0], kept[1], "0" * 64)])
    db.session.remove()
    downgrade(revision="0064_given_passwords")
    upgrade()

    row = db.session.query(SheetTotal).one()
    assert row.wrong == {str(kept[0]): [0, "", ""]}
    assert disagreement_queries.left_of(row)


def test_0067_goes_back_only_while_nothing_is_settled(app, tablet, panel, chief):
    kept = hand_in(tablet, panel.sheet().id)
    tell(tablet, panel.contest.id, [(kept[0], kept[1], "0" * 64)])
    settle(panel, chief)
    db.session.remove()

    with pytest.raises(Conflict, match="settled in writing"):
        downgrade(revision="0064_given_passwords")
