"""A formal contest asks its staff for a second factor, unless somebody wrote down why not."""

import pytest
from flask import request

from contest import clock
from contest.accounts.reentry import proven_actor
from contest.audit.models import TrailRow
from contest.db import db
from contest.errors import Invalid
from contest.setup import procedure_actions, queries, staff_factor_queries
from contest.setup.procedure_rules import FORMAL, SHORT, Procedure, procedure_from, stored_form
from contest.setup.proposal_queries import find_open
from tests import factories
from tests.accounts.test_second_factor import code_of, enrolled, wait
from tests.setup.test_procedure_routes import FORM

REASON = "每人只有一部公用电话，监督员现场值守"


@pytest.fixture
def contest(app):
    contest = factories.make_contest(state="scoring")
    contest.procedure = stored_form(FORMAL)
    queries.get_version(contest.id, 1).frozen_at = clock.now()
    db.session.commit()
    return contest


def propose(client, contest, more=None):
    """Ask for another procedure: an act that asks for the password again."""
    form = FORM | {"notice_days": "7", "reason": "the ministry asks", "word": factories.WORD} | (more or {})
    return client.post(f"/contests/{contest.id}/procedure", data=form)


def test_an_act_that_decides_needs_a_second_factor_and_what_was_typed_is_kept(as_role, contest):
    organiser = as_role("organiser", contest)
    assert "Set it up in a page of its own" in organiser.get(f"/contests/{contest.id}/procedure").text

    refused = propose(organiser, contest)

    assert refused.status_code == 422 and "asks for a second factor of its staff" in refused.text
    assert "the ministry asks" in refused.text and 'href="/my/account/factor"' in refused.text
    assert find_open(contest.id, "procedure") is None


def test_with_one_the_act_is_done(app, contest):
    organiser, user_id = enrolled(app, "organiser", contest)
    wait()
    page = organiser.get(f"/contests/{contest.id}/procedure").text
    assert "Set it up in a page of its own" not in page

    assert propose(organiser, contest, {"factor": code_of(user_id)}).status_code == 303
    assert find_open(contest.id, "procedure") is not None


def test_the_second_person_is_held_to_it_too(app, contest, as_role):
    organiser, user_id = enrolled(app, "organiser", contest)
    wait()
    propose(organiser, contest, {"factor": code_of(user_id)})
    proposal = find_open(contest.id, "procedure").id

    answer = as_role("chief_judge", contest).post(
        f"/contests/{contest.id}/procedure/{proposal}", data={"word": factories.WORD}
    )

    assert answer.status_code == 422 and "asks for a second factor" in answer.text
    assert queries.procedure_of(contest).notice_days == FORMAL.notice_days


@pytest.mark.parametrize("procedure", [
    SHORT, Procedure("own", four_eyes=True),
    Procedure(**stored_form(FORMAL) | {"second_factor": False, "factor_ground": REASON}),
])
def test_elsewhere_the_password_alone_is_enough(as_role, contest, procedure):
    contest.procedure = stored_form(procedure)
    db.session.commit()
    assert propose(as_role("organiser", contest), contest).status_code == 303


def test_a_contest_of_before_keeps_what_it_had(as_role, contest):
    """Its row says nothing of a second factor, and is not changed by the upgrade: the chain binds it."""
    old = {key: value for key, value in stored_form(FORMAL).items() if "factor" not in key}
    contest.procedure = old
    db.session.commit()

    assert procedure_from(old).second_factor is False
    assert staff_factor_queries.desk_notes(contest.id) == []
    assert propose(as_role("organiser", contest), contest).status_code == 303


def test_a_judge_has_a_card_and_is_not_asked(app, contest):
    judge = factories.make_user()
    factories.make_grant(judge, "judge", contest)
    factories.browser_of(app, judge)
    with app.test_request_context():
        request.view_args = {"contest_id": contest.id}
        assert proven_actor(factories.person_of(judge), factories.WORD).word_at
        factories.make_grant(judge, "chief_judge", contest)
        with pytest.raises(Invalid, match="second factor"):
            proven_actor(factories.person_of(judge), factories.WORD)


def test_a_reason_takes_its_place_and_stands_in_the_trail_and_beside_the_notice(as_role, app):
    contest = factories.make_contest(state="setup")
    organiser, address = as_role("organiser", contest), f"/contests/{contest.id}/procedure"
    page = organiser.post(address, data=FORM | {"factor_ground": "y" * 201}).text
    assert "y" * 201 in page and queries.procedure_of(contest) == SHORT

    assert organiser.post(address, data=FORM | {"factor_ground": f" {REASON} "}).status_code == 303

    chosen = queries.procedure_of(contest)
    assert (chosen.second_factor, chosen.factor_ground) == (False, REASON)
    [row] = db.session.query(TrailRow).filter_by(did="procedure.set")
    assert row.facts["new"]["factor_ground"] == REASON
    assert REASON in organiser.get(f"/contests/{contest.id}/trail").text
    assert REASON in as_role("chief_judge", contest).get(address).text
    contest.state = "provisional"
    db.session.commit()
    assert REASON in organiser.get(f"/contests/{contest.id}/notice").text


def test_no_formal_procedure_goes_without_and_says_nothing(contest):
    silent = Procedure(**stored_form(FORMAL) | {"second_factor": False})
    with pytest.raises(Invalid, match="why the staff"):
        procedure_actions.propose_procedure(
            factories.make_official("o", "organiser", contest=contest), contest.id, silent, "reason"
        )


def test_the_desk_names_who_on_the_staff_has_none(app, contest):
    enrolled(app, "organiser", contest)
    user = factories.make_user("钱七")
    factories.make_grant(user, "supervisor", contest)

    [note] = staff_factor_queries.desk_notes(contest.id)

    assert str(note.params["names"]) == "钱七" and not note.blocks
