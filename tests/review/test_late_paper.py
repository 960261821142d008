"""Paper that was there in time and is typed in late: behind its day of grace, or of final results."""

import io
from datetime import timedelta

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from contest import clock
from contest.audit.chain_queries import check_chain
from contest.audit.models import TrailRow
from contest.db import db, snapshot
from contest.errors import Conflict, Invalid, NotAllowed
from contest.results import actions as results
from contest.review import appeal_actions, late_paper_actions, queries
from contest.review.late_paper_queries import late_of
from contest.review.models import Appeal, LatePaper, LatePaperWord
from contest.setup.procedure_rules import Procedure, stored_form
from tests import factories
from tests.review.scene import APPEAL, PDF, provisional

LATE = {"taken_by": "前台王芳", "late_reason": "收件后夹在报到材料里，今天才发现。"}
SCAN = [("申诉书.pdf", PDF)]


def final(procedure=None):
    """Final results, whose time for appeals was two hours, a day and more ago; and when it began."""
    review = provisional()
    review.announce()
    began = clock.now()
    review.pass_time(hours=30)
    review.publish("final", "organiser2")
    assert review.contest.state == "final"
    # Published by one person, to be short; what follows is asked of the procedure given.
    review.contest.procedure = stored_form(procedure or Procedure())
    db.session.commit()
    return review, began


def type_in(review, handed_in, files=SCAN, role="clerk", **changes):
    return appeal_actions.file_appeal(
        review.actor(role), review.entrants["钟一"], "clerk", {**APPEAL, **LATE, **changes}, files, handed_in
    )


def vouch(review, appeal, role="organiser"):
    late_paper_actions.vouch(review.actor(role), review.contest.id, appeal.id)


def decide(review, appeal, outcome="upheld", role="supervisor", unchanged=""):
    appeal_actions.decide_appeal(
        review.actor(role), review.contest.id, appeal.id, outcome, "原评分表复核后的结论。", unchanged
    )


def archive_sentences(review):
    return [str(note.text % note.params) for note in queries.problems_before(review.contest.id, "archived")]


@pytest.fixture
def late(app):
    return final(Procedure("own", four_eyes=True))


def test_it_is_taken_with_who_took_it_when_and_why(late):
    review, began = late
    handed_in = began + timedelta(hours=1)

    appeal = type_in(review, handed_in)

    paper = db.session.get(LatePaper, appeal.id)
    assert (appeal.handed_in_at, appeal.filed_at, appeal.door) == (handed_in, clock.now(), "clerk")
    assert (paper.taken_by, paper.reason) == (LATE["taken_by"], LATE["late_reason"])
    assert paper.by_id == review.actor("clerk").user_id
    facts = db.session.query(TrailRow).filter_by(did="appeal.file").one().facts
    assert (facts["taken_by"], facts["handed_in"]) == (LATE["taken_by"], handed_in.isoformat())
    assert LATE["late_reason"] not in str(facts)
    # Nothing is opened by it, and nothing is archived over it.
    assert review.contest.state == "final"
    assert archive_sentences(review) == ["Appeals that wait for a decision: 1 (number 1)."]
    assert [note.params["count"] for note in queries.desk_notes(review.contest.id)] == [1]


@pytest.mark.parametrize(("changes", "files", "wrong"), [
    ({"taken_by": " "}, SCAN, {"taken_by"}), ({"late_reason": ""}, SCAN, {"late_reason"}),
    ({}, [], {"files"}),
    ({"taken_by": "x" * 61, "late_reason": "y" * 501}, [], {"taken_by", "late_reason", "files"}),
])
def test_what_is_missing_is_named_and_nothing_is_filed(late, changes, files, wrong):
    review, began = late
    with pytest.raises(Invalid) as refused:
        type_in(review, began + timedelta(hours=1), files, **changes)

    assert set(refused.value.fields) == wrong
    assert db.session.query(Appeal).count() == db.session.query(LatePaper).count() == 0


def test_paper_that_came_after_the_end_or_at_no_moment_is_not_taken(late):
    review, began = late
    for handed_in in (began + timedelta(hours=2), began + timedelta(hours=5), None):
        with pytest.raises(Conflict, match="results are final"):
            type_in(review, handed_in)
    assert type_in(review, began + timedelta(hours=2, microseconds=-1)).number == 1


def test_behind_its_day_of_grace_it_is_taken_before_results_are_final_too(app):
    review = provisional()
    review.announce()
    began = clock.now()
    review.pass_time(hours=26, seconds=-1)
    in_grace = type_in(review, began + timedelta(hours=1), [], taken_by="", late_reason="")
    assert db.session.get(LatePaper, in_grace.id) is None
    review.pass_time(seconds=1)

    with pytest.raises(Invalid, match="typed in late"):
        type_in(review, began + timedelta(hours=1), [], ground="other")
    appeal = type_in(review, began + timedelta(hours=1), ground="other")

    assert late_of(appeal).waits is False  # one pair of eyes is asked for here
    decide(review, appeal, "rejected")


def test_an_archived_contest_takes_none(late):
    review, began = late
    review.contest.state = "archived"
    db.session.commit()
    with pytest.raises(Conflict, match="results are final"):
        type_in(review, began + timedelta(hours=1))


def test_with_four_eyes_it_is_upheld_only_when_another_person_vouched(late):
    review, began = late
    appeal = type_in(review, began + timedelta(hours=1), role="organiser")
    with pytest.raises(Conflict, match="second person"):
        decide(review, appeal, unchanged="结论不改变分数。")
    with pytest.raises(NotAllowed, match="typed this appeal in"):
        vouch(review, appeal, "organiser")

    vouch(review, appeal, "organiser2")

    found = late_of(appeal)
    assert (found.waits, found.vouched_by, found.typed_by) == (False, "某organiser2", "某organiser")
    with pytest.raises(Conflict, match="vouched"):
        vouch(review, appeal, "chief_judge")
    assert db.session.query(LatePaperWord).count() == 1
    decide(review, appeal, unchanged="结论不改变分数。")
    assert review.contest.state == "final"


def test_nobody_has_to_vouch_before_it_is_rejected(late):
    review, began = late
    appeal = type_in(review, began + timedelta(hours=1))
    decide(review, appeal, "rejected")
    with pytest.raises(Conflict, match="decided"):
        vouch(review, appeal)


def test_without_the_word_typed_again_nobody_vouches(late):
    review, began = late
    appeal = type_in(review, began + timedelta(hours=1))
    actor = review.actor("organiser")
    with pytest.raises(NotAllowed, match="password or PIN again"):
        late_paper_actions.vouch(type(actor)(actor.user_id, actor.name), review.contest.id, appeal.id)
    assert db.session.query(LatePaperWord).count() == 0


def test_upheld_it_leads_to_a_later_revision_by_two_people_and_never_by_itself(late):
    review, began = late
    contest = review.contest
    review.pass_time(days=40)  # final results are held: only a correction or an upheld appeal opens them
    with pytest.raises(Conflict, match="opened again only"):
        results.propose_reopening(review.actor("organiser"), contest.id, "申诉成立")

    appeal = type_in(review, began + timedelta(hours=1))
    vouch(review, appeal)
    decide(review, appeal)
    db.session.refresh(contest)
    assert contest.state == "final"
    assert "Appeal 1 was upheld" in archive_sentences(review)[0]

    results.propose_reopening(review.actor("organiser"), contest.id, "申诉成立")
    results.confirm_reopening(review.actor("organiser2"), contest.id)
    db.session.refresh(contest)
    assert contest.state != "final"


def test_rejected_it_goes_to_the_second_instance_though_results_are_final(app):
    review, began = final(Procedure("own", four_eyes=True, instances=2, second_hours=24))
    appeal = type_in(review, began + timedelta(hours=1))
    decide(review, appeal, "rejected")
    assert "may go to the second instance" in archive_sentences(review)[0]

    second = appeal_actions.go_to_second_instance(
        review.actor("clerk"), appeal.id, "仍有异议，请再次复核评分表。", []
    )

    assert (second.instance, db.session.get(LatePaper, second.id)) == (2, None)
    decide(review, second, "rejected", "organiser")
    assert archive_sentences(review) == []


def test_an_appeal_of_before_does_not_go_on_because_another_was_typed_in_late(app):
    review = provisional(Procedure("own", instances=2))
    review.announce()
    began = clock.now()
    other = review.file("华二")
    decide(review, other, "rejected")
    review.pass_time(hours=30)
    review.publish("final", "organiser2")
    type_in(review, began + timedelta(hours=1))
    with pytest.raises(Conflict, match="results are final"):
        appeal_actions.go_to_second_instance(review.actor("clerk"), other.id, "仍有异议，请再次复核。", [])


@pytest.mark.parametrize("table", ["late_paper", "late_paper_word"])
@pytest.mark.parametrize("act", ["UPDATE {} SET by_id = NULL", "DELETE FROM {}"])
@pytest.mark.parametrize("app", ["sqlite", "postgres"], indirect=True)
def test_what_was_said_of_the_paper_never_changes(app, table, act):
    review, began = final()
    vouch(review, type_in(review, began + timedelta(hours=1)))
    with pytest.raises(DBAPIError, match="append-only"):
        db.session.execute(text(act.format(table)))
    db.session.rollback()
    with snapshot():
        assert check_chain(review.contest.id).is_whole


def test_the_pages_take_it_show_it_and_let_another_vouch(app, late):
    review, began = late
    contest = review.contest.id
    review.actor("clerk"), review.actor("organiser")
    browser = {role: factories.browser_of(app, review.users[role]) for role in ("clerk", "organiser")}
    form = {**APPEAL, "number": review.entrants["钟一"].number,
            "handed_in": (began + timedelta(hours=1)).isoformat()}

    refused = browser["clerk"].post(f"/contests/{contest}/appeals/new", data=form)
    assert refused.status_code == 422 and "Add a picture or scan of the paper." in refused.text
    assert APPEAL["text"] in refused.text
    sent = browser["clerk"].post(
        f"/contests/{contest}/appeals/new",
        data={**form, **LATE, "files": (io.BytesIO(PDF), "申诉书.pdf")}, content_type="multipart/form-data",
    )
    assert sent.status_code == 303
    appeal = db.session.query(Appeal).one()
    address = f"/contests/{contest}/appeals/{appeal.id}"

    assert "I vouch" not in browser["clerk"].get(address).text
    page = browser["organiser"].get(address).text
    assert LATE["taken_by"] in page and LATE["late_reason"] in page and "I vouch" in page
    assert browser["organiser"].post(f"{address}/paper", data={"word": "wrong"}).status_code == 422
    assert browser["clerk"].post(f"{address}/paper", data={"word": factories.WORD}).status_code == 403
    assert browser["organiser"].post(f"{address}/paper", data={"word": factories.WORD}).status_code == 303
    assert "某organiser vouched for the paper" in browser["organiser"].get(address).text
