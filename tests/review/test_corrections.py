"""Corrections: old to new for everybody, the old revision kept, two deadlines, three signatures."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from contest import clock
from contest.audit.models import TrailRow
from contest.db import db
from contest.errors import Conflict, Invalid, NotAllowed
from contest.results import actions as results
from contest.review import appeal_actions, correction_actions, correction_queries, queries
from contest.review.correction_rules import changes_between
from contest.theory.actions import enter_score
from tests.review.scene import provisional


@pytest.fixture
def review(app):
    """Final results, before the ceremony."""
    found = provisional()
    found.publish("final", "organiser2")
    return found


def ask(review, kind, is_override=False, role="organiser"):
    return correction_actions.file_correction(
        review.actor(role), review.contest.id, kind, "第二名总分合计有误", is_override
    )


def hold_ceremony(review):
    appeal_actions.state_ceremony(review.actor("organiser"), review.contest.id)


def reopen(review):
    results.propose_reopening(review.actor("organiser"), review.contest.id, "合计有误")
    results.confirm_reopening(review.actor("organiser2"), review.contest.id)


def test_before_the_ceremony_results_are_opened_by_two_as_ever(review):
    reopen(review)
    assert review.contest.state == "scoring"


def test_arithmetic_is_corrected_for_48_hours_and_identity_not_after_the_ceremony(review):
    month = clock.now() + timedelta(days=30)
    assert correction_queries.deadlines(review.contest, "final") == {
        "arithmetic": month + timedelta(hours=48), "identity": month,
    }
    hold_ceremony(review)
    with pytest.raises(Conflict, match="identity could be corrected until"):
        ask(review, "identity")
    review.pass_time(hours=48, seconds=-1)
    with pytest.raises(Conflict, match="ceremony was held"):
        reopen(review)  # nobody has asked yet
    assert not ask(review, "arithmetic").is_late
    review.pass_time(seconds=1)
    with pytest.raises(Conflict, match="arithmetic could be corrected until"):
        ask(review, "arithmetic")
    reopen(review)  # for what was asked in time
    tries = db.session.scalars(select(TrailRow).filter_by(did="correction.refuse")).all()
    assert [row.facts["kind"] for row in tries] == ["identity", "arithmetic"]


@pytest.mark.parametrize("kind", ["provisional", "final"])
def test_who_never_states_a_ceremony_keeps_no_deadline_away(app, kind):
    review = provisional()
    assert not ask(review, "identity").is_late
    if kind == "final":
        review.publish("final", "organiser2")
    review.pass_time(days=30, seconds=-1)
    assert not ask(review, "identity").is_late
    review.pass_time(seconds=1)
    with pytest.raises(Conflict, match="identity could be corrected until"):
        ask(review, "identity")
    assert ask(review, "identity", is_override=True).is_late
    assert not ask(review, "arithmetic").is_late
    review.pass_time(hours=48)
    with pytest.raises(Conflict, match="arithmetic could be corrected until"):
        ask(review, "arithmetic")


def test_results_that_were_final_for_a_month_are_held_as_after_a_ceremony(review):
    review.pass_time(days=30)
    with pytest.raises(Conflict, match="final for a month"):
        reopen(review)


def test_provisional_results_wait_for_their_ceremony(app):
    review = provisional()
    review.pass_time(days=60)
    results.reopen_results(review.actor("organiser"), review.contest.id, "合计有误")
    assert review.contest.state == "scoring"


def test_the_end_of_a_reveal_is_the_ceremony_until_somebody_states_another(review):
    ended = clock.now() - timedelta(hours=1)
    known = lambda *_facts: [queries.OfferedMoment("reveal_ended", ended)]  # noqa: E731
    queries.CEREMONY_MOMENTS.append(known)
    try:
        with pytest.raises(Conflict, match="identity could be corrected until"):
            ask(review, "identity")
        with pytest.raises(Conflict, match="ceremony was held"):
            reopen(review)
        assert correction_queries.counted_from(review.contest.id, "final").at == ended
        hold_ceremony(review)
        assert correction_queries.counted_from(review.contest.id, "final").key == "stated"
    finally:
        queries.CEREMONY_MOMENTS.remove(known)


def test_later_only_three_different_people_in_writing_have_it_corrected(review):
    hold_ceremony(review)
    review.pass_time(days=10)
    correction = ask(review, "identity", is_override=True)
    assert correction.is_late
    for signed, role in enumerate(("organiser", "chief_judge", "supervisor")):
        with pytest.raises(Conflict, match="three people signed"):
            reopen(review)
        with pytest.raises(Invalid):
            correction_actions.sign_correction(
                review.actor(role), review.contest.id, correction.id, " "
            )
        correction_actions.sign_correction(
            review.actor(role), review.contest.id, correction.id, "同意更正"
        )
        with pytest.raises((NotAllowed, Conflict)):
            correction_actions.sign_correction(
                review.actor(role), review.contest.id, correction.id, "同意更正"
            )
        assert len(correction_queries.signers(correction.id)) == signed + 1
    reopen(review)
    assert review.contest.state == "scoring"


def test_what_the_public_will_read_holds_no_numbers_of_people(review):
    with pytest.raises(Invalid, match="identity card"):
        correction_actions.file_correction(
            review.actor("organiser"), review.contest.id, "identity", "应为 110101199003078515"
        )


def test_a_correction_says_what_changed_for_whom_and_keeps_the_old_revision(review):
    reopen(review)
    second = review.entrants["华二"]
    enter_score(review.actor("clerk"), review.contest.id, "paper", second.id, "100", 2, "漏记一题")
    review.publish(reason="理论漏记一题")
    found = correction_queries.revisions(review.contest.id, "final")
    assert [one.sheet.revision for one in found] == [1, 2, 3]
    assert [(one.number, one.old["total"], one.new["total"], one.old["place"], one.new["place"])
            for one in found[2].changes] == [(second.number, "90.00", "93.00", 2, 1),
                                             (review.entrants["钟一"].number, "92.25", "92.25", 1, 2)]
    assert [one.later and one.later.revision for one in found] == [3, 3, None]
    assert found[1].changes == ()  # made final without a change


def test_who_came_and_who_went_between_two_revisions():
    def row(one, **facts):
        return {"entrant_id": one, "number": f"A{one}", "place": one, "total": "9", "name": "甲",
                "organisation": "乙", "state": "normal", **facts}
    found = changes_between({"rows": [row(1), row(2), row(3)]},
                            {"rows": [row(1), row(4), row(2, name="丙")]})
    assert [(one.number, bool(one.old), bool(one.new)) for one in found] == [
        ("A4", False, True), ("A2", True, True), ("A3", True, False),
    ]
    assert found[1].differs("name") and not found[1].differs("total")


def test_an_upheld_appeal_opens_results_after_the_ceremony_too(app):
    review = provisional()
    hold_ceremony(review)
    review.announce()
    appeal = review.file()
    organiser = review.actor("organiser")
    with pytest.raises(Conflict, match="ceremony was held"):
        results.reopen_results(organiser, review.contest.id, "申诉成立")
    review.pass_time(minutes=1)
    appeal_actions.decide_appeal(
        review.actor("supervisor"), review.contest.id, appeal.id, "upheld", "复核属实。"
    )
    results.reopen_results(organiser, review.contest.id, "申诉成立")
    assert review.contest.state == "scoring"
