"""A tablet's file: whose marks it brings is not for one person to say."""

import pytest

from contest import clock
from contest.accounts.models import Grant, User
from contest.audit.models import TrailRow
from contest.audit.work import Actor
from contest.db import db
from contest.errors import NotAllowed
from contest.judging import carry_actions
from contest.judging.models import SheetRevision
from contest.judging.tablet_models import RefusedOperation, SheetFlag
from contest.results.gate_queries import rule_notes
from contest.setup.procedure_rules import SHORT, stored_form
from contest.setup.proposal_queries import find_open
from contest.setup.queries import plan_in_force
from tests import factories
from tests.judging.panels import make_panel
from tests.judging.tablets import DEVICE, beat, carry, file_of, made


@pytest.fixture
def panel(app):
    panel = make_panel()
    panel.contest.procedure = stored_form(factories.BY_WORD)
    db.session.commit()
    return panel


@pytest.fixture
def chief(as_role, panel):
    return as_role("chief_judge", panel.contest)


@pytest.fixture
def tablet(app, panel):
    client = factories.browser_of(app, db.session.get(User, panel.judges[0].user_id))
    beat(client, made=2)
    return client


def take_short_road(panel):
    panel.contest.procedure = stored_form(SHORT)
    db.session.commit()


def rows():
    return [(r.kind, r.device_seq, r.by_id) for r in db.session.query(SheetRevision)]


def second(panel, role="supervisor"):
    user = factories.make_official("second", role, contest=panel.contest)
    return Actor(user.user_id, "second", word_at=clock.now())


def a_file(panel, **changes):
    flag = {"v": 2, "op_id": made(1)["op_id"], "reason": "work", "text": "", "device_id": DEVICE,
            "device_seq": 2}
    return file_of(panel, (panel.sheet().id, made(1)), flags=[(panel.sheet().id, flag)], **changes)


def test_nobody_carries_in_alone_where_four_eyes_are_asked_for(tablet, chief, panel):
    answer = carry(chief, panel, a_file(panel))

    assert answer.status_code == 303
    assert rows() == []
    proposal = find_open(panel.contest.id, "carry_in")
    said = proposal.details["words"]["params"]
    assert (said["operations"], said["reports"]) == (1, 1)
    notes = rule_notes(panel.contest.id, plan_in_force(panel.contest.id))
    assert "file of a tablet" in notes[-1].text
    first = Actor(proposal.proposed_by_id, "x", word_at=clock.now())
    with pytest.raises(NotAllowed, match="second person"):
        carry_actions.confirm_carrying(first, panel.contest.id, proposal.id)
    assert rows() == []

    outcome = carry_actions.confirm_carrying(second(panel), panel.contest.id, proposal.id)

    assert [one.outcome for one in outcome] == ["accepted", "accepted"]
    assert rows() == [("draft", 1, panel.judges[0].user_id)]
    brought = db.session.query(TrailRow).filter(TrailRow.did.in_(["sheet.draft", "sheet.flag"])).all()
    assert {row.user_id for row in brought} == {proposal.proposed_by_id}
    assert {row.facts["carried_for"] for row in brought} == {panel.judges[0].name}
    confirmed = db.session.query(TrailRow).filter_by(did="tablet.carry").one()
    assert confirmed.who == "second"
    assert find_open(panel.contest.id, "carry_in") is None


def test_a_confirmation_without_the_word_or_the_role_takes_nothing(tablet, chief, panel):
    carry(chief, panel, a_file(panel))
    proposal = find_open(panel.contest.id, "carry_in").id
    user = factories.make_official("late", "supervisor", contest=panel.contest)
    for actor in (Actor(user.user_id, "late"), second(panel, "clerk")):
        with pytest.raises(NotAllowed):
            carry_actions.confirm_carrying(actor, panel.contest.id, proposal)
        db.session.rollback()
    assert rows() == []


def test_the_password_is_typed_again(tablet, chief, panel):
    take_short_road(panel)

    answer = carry(chief, panel, a_file(panel), word="wrong")

    assert answer.status_code == 422
    assert rows() == []
    assert carry(chief, panel, a_file(panel)).status_code == 200
    assert len(rows()) == 1


def test_a_tablet_that_nobody_has_heard_of_brings_nothing(chief, tablet, panel):
    take_short_road(panel)
    forged = "f" * 32
    body = made(1, kind="submit", marks={"A1": "10", "A2": {}}, device_id=forged)

    answer = carry(chief, panel, file_of(panel, (panel.sheet().id, body), device_id=forged))

    assert answer.status_code == 422
    assert "never heard of that tablet" in answer.text
    assert (rows(), find_open(panel.contest.id, "carry_in")) == ([], None)
    # Nor does another tablet's operation in the file of a known one.
    assert "another tablet than the file says" in carry(
        chief, panel, file_of(panel, (panel.sheet().id, body))
    ).text
    assert rows() == []


def test_numbers_that_the_tablet_never_told_of_are_for_two_people_everywhere(chief, tablet, panel):
    take_short_road(panel)

    answer = carry(chief, panel, file_of(panel, (panel.sheet().id, made(3))))

    assert answer.status_code == 303
    assert rows() == []
    proposal = find_open(panel.contest.id, "carry_in")
    carry_actions.confirm_carrying(second(panel), panel.contest.id, proposal.id)
    assert [row[1] for row in rows()] == [3]


def test_a_judge_whose_role_was_taken_away_marks_by_no_file_either(chief, tablet, panel):
    take_short_road(panel)
    db.session.query(Grant).filter_by(user_id=panel.judges[0].user_id, role="judge").delete()
    db.session.commit()

    answer = carry(chief, panel, a_file(panel))

    # What became of each, and the copy that is kept of it.
    assert answer.text.count("no longer a judge of this contest") == 4
    assert (rows(), db.session.query(SheetFlag).count()) == ([], 0)


def test_what_is_of_another_contest_takes_no_room_there(chief, tablet, panel):
    take_short_road(panel)
    other = make_panel()
    other.judges[0].user_id = panel.judges[0].user_id
    db.session.commit()

    answer = carry(chief, panel, file_of(panel, (other.sheet().id, made(1))))

    assert "This sheet belongs to another contest." in answer.text
    assert db.session.query(RefusedOperation).count() == 0
    carry(chief, panel, file_of(panel, (panel.sheet().id, made(2, marks={"A1": "99"}))))
    assert [row.contest_id for row in db.session.query(RefusedOperation)] == [panel.contest.id]
