"""A proposal holds for a day, and only while whoever made it could still make it."""

from datetime import timedelta

import pytest

from contest import clock
from contest.accounts.models import Grant, User
from contest.db import db
from contest.errors import Conflict
from contest.results import actions as results
from contest.results.queries import get_contest
from contest.setup.procedure_rules import Procedure, stored_form
from contest.setup.proposal_actions import decline_proposal
from contest.setup.proposal_queries import desk_notes, list_open
from tests import factories


@pytest.fixture
def contest(app):
    points = {"甲": ("80", "9"), "乙": ("70", "8")}
    found, _ = factories.make_marked_contest(points)
    found.procedure, found.state = stored_form(Procedure("own", four_eyes=True)), "collected"
    db.session.commit()
    return found


@pytest.fixture
def organiser(contest):
    return factories.make_official("周组委", "organiser", contest=contest)


@pytest.fixture
def supervisor(contest):
    return factories.make_official("吴监督", "supervisor", contest=contest)


def _now(actor):
    return factories.proven(db.session.get(User, actor.user_id))


def _confirm(supervisor, contest):
    [waiting] = list_open(contest.id)
    results.confirm_publication(_now(supervisor), contest.id, waiting.row.id)


@pytest.mark.parametrize("how", ["no role", "switched off"])
def test_who_proposed_must_still_be_able_to(contest, organiser, supervisor, how):
    results.propose_publication(organiser, contest.id)
    if how == "no role":
        db.session.query(Grant).filter_by(user_id=organiser.user_id).delete()
    else:
        db.session.get(User, organiser.user_id).is_active = False
    db.session.commit()

    with pytest.raises(Conflict, match="周组委 took part in this proposal and no longer holds"):
        _confirm(supervisor, contest)
    assert get_contest(contest.id).state == "collected"


def test_a_proposal_holds_to_the_last_second_of_a_day(contest, organiser, supervisor):
    results.propose_publication(organiser, contest.id)
    clock.stand_still(clock.now() + timedelta(hours=24, seconds=-1))

    _confirm(supervisor, contest)
    assert get_contest(contest.id).state == "provisional"


def test_a_lapsed_one_is_shown_as_such_and_gives_way_to_a_new_one(
    contest, organiser, supervisor, app
):
    results.propose_publication(organiser, contest.id)
    clock.stand_still(clock.now() + timedelta(hours=24))
    browser = factories.browser_of(app, db.session.get(User, supervisor.user_id))

    with pytest.raises(Conflict, match="lapsed: a proposal holds for 24 hours"):
        _confirm(supervisor, contest)
    page = browser.get(f"/contests/{contest.id}/proposals").text
    assert "It has lapsed" in page and "Confirm: " not in page
    assert desk_notes(contest.id) == []

    results.propose_publication(_now(organiser), contest.id)
    [one] = list_open(contest.id)
    assert not one.has_lapsed
    with pytest.raises(Conflict, match="proposed already"):
        results.propose_publication(_now(organiser), contest.id)
    _confirm(supervisor, contest)


def test_a_lapsed_one_can_be_left_undone(contest, organiser, supervisor):
    results.propose_publication(organiser, contest.id)
    clock.stand_still(clock.now() + timedelta(days=3))

    decline_proposal(supervisor, contest.id, list_open(contest.id)[0].row.id)
    assert list_open(contest.id) == []
