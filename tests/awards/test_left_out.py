"""Before a contest is archived its prizes are granted, or it is stated that none are given."""

import pytest
from sqlalchemy.exc import DatabaseError

from contest.audit.models import TrailRow
from contest.awards import actions, closing_queries, decision_actions
from contest.awards.models import Award, AwardsLeftOut
from contest.db import db
from contest.errors import Conflict, Invalid
from contest.results import actions as results
from contest.setup import actions as setup
from contest.setup.queries import desk_notes
from tests import factories

OPEN = "prizes of the plan have not been granted: grant them, or state that none are given"


def make_final(**changes):
    """(contest, an organiser): final results, nothing granted."""
    document = factories.plan_document(**changes)
    document["modules"][1]["blind"] = False
    contest, _ = factories.make_marked_contest(
        {"甲": ("90", "9"), "乙": ("80", "8")}, document=document
    )
    first, second = (factories.make_official(name, "organiser", contest=contest) for name in "ab")
    results.publish_results(first, contest.id, "provisional")
    results.publish_results(second, contest.id, "final")
    return contest, first


def test_a_contest_is_not_archived_while_its_prizes_are_forgotten(app):
    contest, organiser = make_final()
    with pytest.raises(Conflict, match=OPEN):
        setup.take_step(organiser, contest.id, "archived")
    assert contest.state == "final"

    actions.grant_awards(organiser, contest.id)
    setup.take_step(organiser, contest.id, "archived")
    assert contest.state == "archived"


def test_it_is_archived_when_somebody_states_why_none_are_given(app):
    contest, organiser = make_final()
    assert any("have not been granted yet" in note.text for note in desk_notes(contest.id))
    for reason in ("", "  ", "x" * 501):
        with pytest.raises(Invalid) as refused:
            actions.leave_awards_out(organiser, contest.id, reason)
        assert list(refused.value.fields) == ["reason"]

    actions.leave_awards_out(organiser, contest.id, " A rehearsal of the school. ")

    assert not any("have not been granted yet" in note.text for note in desk_notes(contest.id))
    row = db.session.query(TrailRow).filter_by(did="award.leave_out").one()
    assert (row.who, row.facts["reason"]) == ("a", "A rehearsal of the school.")
    with pytest.raises(Conflict, match="stated already"):
        actions.leave_awards_out(organiser, contest.id, "again")
    for statement in ("UPDATE awards_left_out SET reason = ''", "DELETE FROM awards_left_out"):
        with pytest.raises(DatabaseError, match="append-only"):
            db.session.execute(db.text(statement))
        db.session.rollback()
    setup.take_step(organiser, contest.id, "archived")
    assert contest.state == "archived"


def test_what_was_left_out_can_be_granted_until_it_is_archived(app):
    contest, organiser = make_final()
    actions.leave_awards_out(organiser, contest.id, "A rehearsal.")
    assert len(actions.grant_awards(organiser, contest.id)) == db.session.query(Award).count() == 1
    with pytest.raises(Conflict):
        actions.leave_awards_out(organiser, contest.id, "no")


def test_a_later_revision_is_asked_again(app):
    contest, organiser = make_final()
    actions.leave_awards_out(organiser, contest.id, "A rehearsal.")
    second = factories.make_official("c", "organiser", contest=contest)
    results.propose_reopening(organiser, contest.id, "a slip")
    with pytest.raises(Conflict):
        actions.leave_awards_out(organiser, contest.id, "meanwhile")
    results.confirm_reopening(second, contest.id)
    results.publish_results(organiser, contest.id, "provisional", "a slip")
    results.publish_results(second, contest.id, "final", "a slip")
    assert closing_queries.find_left_out(contest.id) is None
    with pytest.raises(Conflict, match=OPEN):
        setup.take_step(organiser, contest.id, "archived")


def test_before_they_are_final_and_without_any_prize_there_is_nothing_to_leave_out(app):
    contest, organiser = make_final(awards=[])
    with pytest.raises(Conflict, match="no awards"):
        actions.leave_awards_out(organiser, contest.id, "none")
    setup.take_step(organiser, contest.id, "archived")

    other = factories.make_contest(state="provisional")
    with pytest.raises(Conflict, match="not final yet"):
        actions.leave_awards_out(organiser, other.id, "none")
    assert db.session.query(AwardsLeftOut).count() == 0


def test_the_page_offers_it_and_loses_nothing_that_was_typed(app, as_role):
    contest, _ = make_final()
    browser = as_role("organiser", contest)
    address = f"/contests/{contest.id}/awards"
    assert "No prizes are given" in browser.get(address).text

    wrong = browser.post(f"{address}/none", data={"reason": "x" * 501})
    assert wrong.status_code == 422 and "x" * 501 in wrong.text
    done = browser.post(f"{address}/none", data={"reason": "A rehearsal."}, follow_redirects=True)
    assert "that no prizes are given" in done.text and "A rehearsal." in done.text
    assert "Grant the awards" in done.text


def test_nothing_about_prizes_is_decided_once_it_is_archived(app):
    contest, organiser = make_final()
    actions.leave_awards_out(organiser, contest.id, "A rehearsal.")
    setup.take_step(organiser, contest.id, "archived")

    with pytest.raises(Conflict, match="archived"):
        actions.grant_awards(organiser, contest.id)
    with pytest.raises(Conflict, match="archived"):
        decision_actions.pass_over(organiser, contest.id, "gold", {}, {})
    assert db.session.query(Award).count() == 0
