"""Whoever was found to be right sees a figure change, or reads why none does, before anything is final."""

import pytest
from sqlalchemy import select
from sqlalchemy.exc import DBAPIError

from contest import clock
from contest.audit.models import TrailRow
from contest.db import db
from contest.errors import Conflict, Invalid, NotAllowed
from contest.results import actions as results
from contest.review import appeal_actions, notice_actions, outcome_queries
from contest.review.models import Appeal
from contest.theory.actions import enter_score
from tests import factories
from tests.review.scene import OBJECTION, PUBLIC, WITH_NOTICE, Review, provisional
from tests.review.test_appeals import WORDS, sentences
from tests.review.test_notice import SHANGHAI, give

WHY = "设备问题属实，成绩不受影响。"


@pytest.fixture
def review(app):
    found = provisional()
    found.announce()
    return found


def uphold(review, appeal, unchanged=""):
    appeal_actions.decide_appeal(
        review.actor("supervisor"), review.contest.id, appeal.id, "upheld", WORDS, unchanged
    )
    review.pass_time(hours=2)


def score(review, name, value, why="漏记一题"):
    enter_score(
        review.actor("clerk"), review.contest.id, "paper", review.entrants[name].id, value, 1, why
    )


def test_an_appeal_that_was_upheld_with_nothing_changed_keeps_results_from_being_final(review):
    uphold(review, review.file())
    assert [text[:21] for text in sentences(review.contest)] == ["Appeal 1 was upheld, "]
    with pytest.raises(Conflict, match="Appeal 1 was upheld, but the published figures"):
        review.publish("final", "organiser2")
    score(review, "钟一", "88")
    review.publish(reason="申诉成立")
    assert sentences(review.contest) == []
    review.publish("final", "organiser2")


def test_what_changed_for_somebody_else_alone_is_no_correction_for_it(review):
    uphold(review, review.file("华二"))
    score(review, "钟一", "50", "多记")  # now 华二 has the first place
    review.publish(reason="更正")
    assert "Appeal 1 was upheld" in sentences(review.contest)[0]


def test_a_reason_why_no_figure_changes_opens_the_gate_and_is_kept(review):
    appeal = review.file(ground="equipment")
    uphold(review, appeal, WHY)
    found = outcome_queries.outcome_of_appeal(appeal)
    assert (found.reason.reason, found.by, found.is_changed) == (WHY, "某supervisor", False)
    assert sentences(review.contest) == []
    with pytest.raises(DBAPIError):
        db.session.execute(db.text("UPDATE unchanged_reason SET reason = 'x'"))
    db.session.rollback()


def test_the_reason_can_follow_later_by_whoever_may_decide_and_once(review):
    appeal, cid = review.file(ground="equipment"), review.contest.id
    with pytest.raises(Conflict, match="upheld"):
        appeal_actions.state_unchanged(review.actor("supervisor"), cid, appeal.id, WHY)
    uphold(review, appeal)
    for words, role, wrong, why in (
        (" ", "supervisor", Invalid, "check"), ("长" * 1001, "supervisor", Invalid, "check"),
        (WHY, "organiser", NotAllowed, "role"),
    ):
        with pytest.raises(wrong, match=why):
            appeal_actions.state_unchanged(review.actor(role), cid, appeal.id, words)
    appeal_actions.state_unchanged(review.actor("chief_judge"), cid, appeal.id, WHY)
    assert sentences(review.contest) == []
    row = db.session.scalars(select(TrailRow).filter_by(did="appeal.unchanged")).one()
    assert (row.subject, row.facts["reason"]) == ("appeal 1", WHY)
    with pytest.raises(Conflict, match="said already"):
        appeal_actions.state_unchanged(review.actor("chief_judge"), cid, appeal.id, WHY)


def test_a_rejection_takes_no_such_reason_and_keeps_nothing(review):
    appeal = review.file()
    with pytest.raises(Invalid) as refused:
        appeal_actions.decide_appeal(
            review.actor("supervisor"), review.contest.id, appeal.id, "rejected", WORDS, WHY
        )
    assert set(refused.value.fields) == {"unchanged"}
    assert appeal.decided_at is None


def test_an_appeal_from_before_the_publication_is_answered_by_the_first_published_figures(app):
    points = {"钟一": ("80", "9.5"), "华二": ("90", "8")}
    contest, entrants = factories.make_marked_contest(points, slug="early")
    review = Review(contest, entrants)
    review.announce()
    ours, others = review.file("钟一", module_key="paper"), review.file("华二", module_key="paper")
    review.pass_time(minutes=5)
    score(review, "钟一", "88")
    for one in (ours, others):
        uphold(review, one)
    review.publish()
    assert outcome_queries.outcome_of_appeal(ours).is_changed
    assert outcome_queries.unsettled(contest.id, "final") == ([others], [])


@pytest.fixture
def noticed(app):
    found = provisional(WITH_NOTICE)
    found.announce()
    found.pass_time(hours=3)
    give(found)
    return found


def find_right(review, unchanged=""):
    objection = notice_actions.object_to_notice(PUBLIC, review.contest.id, OBJECTION)
    notice_actions.decide_objection(
        review.actor("supervisor"), review.contest.id, objection.id, "founded", "属实。", unchanged
    )
    return objection


def test_an_objection_that_was_founded_with_nothing_changed_keeps_results_from_being_final(noticed):
    objection = find_right(noticed)
    noticed.pass_time(days=14)
    with pytest.raises(Conflict, match="Objection 1 was founded"):
        noticed.publish("final", "organiser2")
    with pytest.raises(Invalid) as refused:
        notice_actions.state_unchanged(noticed.actor("supervisor"), noticed.contest.id, objection.id, "")
    assert set(refused.value.fields) == {"unchanged"}
    notice_actions.state_unchanged(
        noticed.actor("supervisor"), noticed.contest.id, objection.id, "单位另行更名，名次不变。"
    )
    assert db.session.scalars(select(TrailRow).filter_by(did="notice.unchanged")).one()
    noticed.publish("final", "organiser2")


def test_nor_does_the_list_go_on_notice_again_uncorrected(noticed):
    find_right(noticed)
    results.reopen_results(noticed.actor("organiser"), noticed.contest.id, "更正")
    noticed.contest.state = "collected"
    db.session.commit()
    noticed.publish(reason="未改")
    with pytest.raises(Conflict, match="Objection 1 was founded"):
        give(noticed)
    noticed.contest.state = "collected"
    db.session.commit()
    noticed.entrants["华二"].number = "Z009"
    noticed.contest.marks_version += 1
    db.session.commit()
    noticed.publish(reason="更正")
    noticed.announce_again()
    noticed.pass_time(hours=3)
    assert notice_actions.give_notice(noticed.actor("organiser"), noticed.contest.id, SHANGHAI).number == 2


def test_a_founded_objection_may_say_at_once_why_nothing_changes(noticed):
    objection = find_right(noticed, WHY)
    assert outcome_queries.outcome_of_objection(objection).reason.reason == WHY
    clock.stand_still(noticed.contest.created_at)
    assert outcome_queries.unsettled(noticed.contest.id, "final") == ([], [])


def test_changed_results_that_are_announced_again_may_be_appealed_against_again(review):
    first = review.file()
    with pytest.raises(Conflict, match="number 1"):
        review.file()
    uphold(review, first)
    score(review, "钟一", "70", "多记")
    review.publish(reason="更正")
    with pytest.raises(Conflict, match="ended"):
        review.file()
    review.announce_again()
    again = review.file()
    assert [(one.number, one.revision) for one in db.session.scalars(select(Appeal))] == [(1, 1), (2, 2)]
    with pytest.raises(Conflict, match="number 2"):
        review.file()
    assert again.instance == 1


def test_the_same_figures_announced_again_are_no_new_matter(review):
    review.file()
    review.announce_again()
    with pytest.raises(Conflict, match="number 1"):
        review.file()
