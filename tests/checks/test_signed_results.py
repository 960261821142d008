"""The chief judge and the supervisor sign for the results: whatever changes them makes it void."""

import re
from dataclasses import replace
from datetime import date

import pytest

from contest.accounts.models import User
from contest.audit.models import TrailRow
from contest.checks import sign_actions, sign_queries
from contest.db import db
from contest.errors import Conflict
from contest.judging import chief_actions
from contest.results import actions as results
from contest.setup import actions as setup
from contest.setup import plan_actions
from contest.setup import queries as plans
from contest.setup.procedure_rules import Procedure, stored_form
from contest.theory import actions as theory
from contest.theory.queries import latest_entry_id
from tests import factories
from tests.checks import test_road
from tests.checks.test_road import ready

road = test_road.road
ROLES = ("chief_judge", "supervisor")


def states(contest_id):
    found = sign_queries.signed(contest_id)
    return [found.state_of(role) for role in ROLES]


def change_score(road):
    clerk = factories.make_official("clerk", "clerk", contest=road.contest)
    last = road.panel.entrants[3].id
    seen = latest_entry_id(road.contest.id, "paper", last)
    theory.enter_score(clerk, road.contest.id, "paper", last, "100", seen, "read wrongly")


def add_penalty(road):
    chief_actions.add_penalty(
        road.people["chief_judge"], road.contest.id, road.panel.entrants[0].id, "risk", "9", "late"
    )


def disqualify(road):
    chief_actions.set_state(
        road.people["chief_judge"], road.contest.id, road.panel.entrants[0].id, "disqualified", "a spy"
    )


def change_weights(road):
    first, second = road.people["organiser"], road.people["second"]
    draft = plans.get_draft(road.contest.id)
    document = {**draft.document}
    document["parts"] = [{**part, "weight": weight} for part, weight in
                         zip(document["parts"], ("90", "10"), strict=True)]
    plan_actions._keep(first, road.contest.id, draft, document)
    db.session.commit()
    plan_actions.propose_plan(first, road.contest.id, "weights", plans.get_draft(road.contest.id).rev)
    number = plans.find_proposal(road.contest.id).number
    plan_actions.approve_plan(second, road.contest.id, number, road.contest.marks_version)


def close(road):
    """From the scoring into the review, with nothing in the way but the signatures."""
    setup.take_step(road.people["chief_judge"], road.contest.id, "collected")
    setup.take_step(road.people["supervisor"], road.contest.id, "review")
    road.review()


def rename(road):
    road.panel.entrants[0].human.name = "另一人"
    db.session.commit()


def mend_birth_date(road):
    road.panel.entrants[0].human.born_on = date(1990, 5, 1)
    db.session.commit()


def rename_unit(road):
    road.panel.entrants[0].organisation.name = "更名厂"
    db.session.commit()


CHANGES = {
    "score": (change_score, "a score of the theory or the quiz has changed"),
    "penalty": (add_penalty, "a penalty has changed"),
    "state": (disqualify, "the state of a contestant"),
    "plan": (change_weights, "another version of the plan has come into force"),
    "person": (rename, "who stands behind a result"),
    "birth date": (mend_birth_date, "who stands behind a result"),
    "unit": (rename_unit, "who stands behind a result"),
}


@pytest.mark.parametrize("name", CHANGES)
def test_whatever_changes_the_results_voids_what_was_signed_and_holds_the_publication(road, name):
    road.sign()
    assert states(road.contest.id) == ["signed", "signed"]
    change, told = CHANGES[name]

    change(road)

    assert states(road.contest.id) == ["void", "void"]
    found = sign_queries.signed(road.contest.id)
    assert all(len(one.changed) == 1 and told in one.changed[0] for one in found.stage)
    # A judge signed for sheets, and those are as they were.
    assert found.unsigned == []
    close(road)
    with pytest.raises(Conflict, match="what was signed has changed since") as refused:
        road.propose()
    assert told in str(refused.value)

    sign_again(road)
    assert states(road.contest.id) == ["signed", "signed"] and road.propose()


def sign_again(road):
    for role in ROLES:
        sign_actions.sign_stage(road.people[role], road.contest.id, role,
                                sign_queries.signed(road.contest.id).whole)


def test_a_score_that_is_put_back_lets_the_signature_hold_again(road):
    road.sign()
    change_score(road)
    clerk = factories.make_official("other clerk", "clerk", contest=road.contest)
    last = road.panel.entrants[3].id
    seen = latest_entry_id(road.contest.id, "paper", last)
    theory.enter_score(clerk, road.contest.id, "paper", last, "87", seen, "it was right")

    assert states(road.contest.id) == ["signed", "signed"]


@pytest.mark.parametrize("change", [change_score, add_penalty, rename, rename_unit])
def test_what_is_signed_is_what_was_shown(road, change):
    road.sign()
    disqualify(road)
    seen = sign_queries.signed(road.contest.id).whole
    change(road)

    with pytest.raises(Conflict, match="since this page was shown"):
        sign_actions.sign_stage(road.people["chief_judge"], road.contest.id, "chief_judge", seen)


def test_what_the_page_sends_back_is_not_found_out_by_trial(road):
    found = sign_queries.signed(road.contest.id)

    assert len(found.salt) == 32 and replace(found, salt="").whole != found.whole


def test_the_trail_says_who_signed_and_nothing_of_what(road):
    road.sign()

    rows = db.session.query(TrailRow).filter_by(did="signature.add").all()
    assert [row.facts["role"] for row in rows[-2:]] == list(ROLES)
    assert {name for row in rows for name in row.facts} == {"role", "module", "count"}


def published(road):
    ready(road)
    results.confirm_publication(road.people["supervisor"], road.contest.id, road.propose())


def test_a_name_mended_while_results_are_provisional_is_signed_for_and_published(road):
    published(road)
    rename(road)
    with pytest.raises(Conflict, match="who stands behind a result"):
        road.propose()

    sign_again(road)

    assert states(road.contest.id) == ["signed", "signed"] and road.contest.state == "provisional"
    results.confirm_publication(road.people["supervisor"], road.contest.id, road.propose("a name"))


@pytest.mark.parametrize("state", ["final", "archived"])
def test_what_the_register_mends_afterwards_takes_no_signature_back(road, state):
    mend_birth_date(road)
    published(road)
    road.contest.state = state
    rename(road)
    road.panel.entrants[0].human.born_on = None
    db.session.commit()

    assert states(road.contest.id) == ["signed", "signed"]
    assert [role for role, _, _ in sign_queries.lines_of(road.contest.id)][-2:] == list(ROLES)
    # What the figures follow from is still compared, and names too once the scoring is opened again.
    road.contest.state = "scoring"
    assert states(road.contest.id) == ["void", "void"]
    add_penalty(road)
    road.contest.state = state
    assert states(road.contest.id) == ["void", "void"]


def seen_on(page):
    return re.findall('name="seen" value="([^"]*)"', page.text)


def test_a_wrong_password_leaves_what_was_shown_to_the_chief_judge(road, as_role):
    road.sign()
    disqualify(road)
    client, path = as_role("chief_judge", road.contest), f"/contests/{road.contest.id}/signatures"
    [seen] = seen_on(client.get(path))
    add_penalty(road)

    answer = client.post(f"{path}/chief", data={"seen": seen, "word": "wrong"})

    assert answer.status_code == 422 and seen_on(answer) == [seen]
    again = client.post(f"{path}/chief", data={"seen": seen, "word": factories.WORD})
    assert again.status_code == 409 and states(road.contest.id) == ["void", "void"]
    assert seen_on(client.get(path)) != [seen]


def test_a_wrong_password_leaves_what_was_shown_to_a_judge(road, app):
    client = factories.browser_of(app, db.session.get(User, road.panel.judges[0].user_id))
    path = f"/contests/{road.contest.id}/sign"
    seen = seen_on(client.get(path))
    assert len(seen) == 4
    older = [one[:-1] + "0" for one in seen]  # as if the sheets had changed since

    answer = client.post(path, data={"module": "risk", "seen": older, "word": "wrong"})

    assert answer.status_code == 422 and seen_on(answer) == older
    again = client.post(path, data={"module": "risk", "seen": older, "word": factories.WORD})
    assert again.status_code == 409


def test_the_publication_leaves_the_signature_as_it_is(road):
    published(road)

    assert states(road.contest.id) == ["signed", "signed"]


def test_the_page_says_what_has_changed(road, as_role):
    road.sign()

    add_penalty(road)

    page = as_role("chief_judge", road.contest).get(f"/contests/{road.contest.id}/signatures").text
    assert "Since the signature a penalty has changed." in page


def test_a_stage_of_theory_alone_asks_for_both_signatures(app):
    document = factories.plan_document()
    document["parts"] = [{**document["parts"][0], "weight": 100}]
    document["modules"] = document["modules"][:1]
    document["ranking"] = {"shared": True, "ties": []}
    contest = factories.make_contest(document)
    contest.procedure = stored_form(Procedure("own", signing=True))
    for points in ("90", "80"):
        factories.make_theory(contest, factories.make_entrant(contest), points)
    people = {role: factories.make_official(role, role, contest=contest) for role in (*ROLES, "organiser")}

    setup.take_step(people["chief_judge"], contest.id, "collected")
    with pytest.raises(Conflict, match="The chief judge has not signed"):
        results.publish_results(people["organiser"], contest.id, "provisional")
    for role in ROLES:
        sign_actions.sign_stage(people[role], contest.id, role, sign_queries.signed(contest.id).whole)
    assert results.publish_results(people["organiser"], contest.id, "provisional") == 1
