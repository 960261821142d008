"""After the ceremony nothing that counts changes but for a correction in time, or an appeal."""

import pytest
from sqlalchemy import select

from contest.db import db
from contest.errors import Conflict
from contest.judging import chief_actions
from contest.judging.models import Sheet
from contest.people.models import Human
from contest.results import actions as results
from contest.review import appeal_actions, correction_actions
from contest.theory.actions import enter_score
from tests import factories
from tests.review.scene import provisional

HELD = "ceremony was held"


@pytest.fixture
def review(app):
    """Provisional results of a short procedure, in which marks are still taken; the ceremony is over."""
    found = provisional()
    appeal_actions.state_ceremony(found.actor("organiser"), found.contest.id)
    return found


def _sheet(review, name="钟一"):
    return db.session.scalars(
        select(Sheet).filter_by(entrant_id=review.entrants[name].id).order_by(Sheet.id)
    ).first()


def _acts(review, name="钟一"):
    """Every way in which one person changes what counts."""
    cid, entrant, sheet = review.contest.id, review.entrants[name], _sheet(review, name)
    chief, clerk = review.actor("chief_judge"), review.actor("clerk")
    return {
        "reopen": lambda: chief_actions.reopen_sheet(chief, cid, sheet.id, "漏看一项"),
        "propose": lambda: chief_actions.propose_reopening(chief, cid, sheet.id, "漏看一项"),
        "again": lambda: chief_actions.mark_again(chief, cid, "risk", entrant.id, "", "分差过大"),
        "excuse": lambda: chief_actions.excuse_seat(chief, cid, sheet.id, "评分表作废"),
        "penalty": lambda: chief_actions.add_penalty(chief, cid, entrant.id, "risk", "1", "违纪"),
        "state": lambda: chief_actions.set_state(chief, cid, entrant.id, "withdrawn", "退赛"),
        "score": lambda: enter_score(clerk, cid, "paper", entrant.id, "81", 2, "漏记一分"),
    }


@pytest.mark.parametrize(
    "act", ["reopen", "propose", "again", "excuse", "penalty", "state", "score"]
)
def test_no_single_act_passes_the_deadlines(review, act):
    review.pass_time(days=30)

    with pytest.raises(Conflict, match=HELD):
        _acts(review)[act]()


def test_a_correction_in_time_opens_a_sheet_and_one_later_revision(review):
    correction_actions.file_correction(
        review.actor("organiser"), review.contest.id, "arithmetic", "合计有误"
    )
    _acts(review)["penalty"]()
    review.publish(reason="合计更正")

    with pytest.raises(Conflict, match=HELD):
        _acts(review)["penalty"]()


def test_while_an_appeal_waits_only_its_own_contestants_marks_change(review):
    review.announce()
    review.file()

    with pytest.raises(Conflict, match=HELD):
        _acts(review, "华二")["penalty"]()
    _acts(review)["reopen"]()


def test_a_correction_of_arithmetic_changes_nobody_behind_a_result(review):
    cid, organiser = review.contest.id, review.actor("organiser")
    correction_actions.file_correction(organiser, cid, "arithmetic", "合计有误")
    review.pass_time(hours=50)  # what was asked in time may be done later
    results.reopen_results(review.actor("organiser"), cid, "合计有误")
    person = db.session.get(Human, review.entrants["钟一"].human_id)
    person.name = "钟二"
    review.contest.marks_version += 1
    db.session.commit()

    with pytest.raises(Conflict, match="arithmetic or entry may be corrected now") as refused:
        review.publish(reason="改名")
    assert review.entrants["钟一"].number in str(refused.value)
    person.name = "钟一"
    db.session.commit()
    review.publish(reason="合计更正")


def test_a_change_that_came_in_another_way_is_not_published(review):
    entrant = review.entrants["钟一"]
    factories.make_theory(review.contest, entrant, "85")
    review.contest.marks_version += 1
    db.session.commit()

    with pytest.raises(Conflict, match=HELD):
        review.publish(reason="悄悄更正")
    with pytest.raises(Conflict, match=HELD):
        results.propose_publication(review.actor("organiser"), review.contest.id, "悄悄更正")
