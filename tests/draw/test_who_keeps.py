"""Who gives marks never reads a map of codes, and nobody names himself its keeper."""

from datetime import timedelta

import pytest

from contest import clock
from contest.accounts import account_actions
from contest.accounts.models import User
from contest.db import db
from contest.draw import actions, order_actions
from contest.errors import Conflict, Invalid, NotAllowed
from contest.people import judge_actions, panel_actions
from tests import factories


@pytest.fixture
def contest(app):
    return factories.make_contest()


def _organiser(contest, name="周组委"):
    user = factories.make_user(name)
    factories.make_grant(user, "organiser", contest)
    return user


def _give(organiser, user, contest, *roles):
    account_actions.set_roles(factories.person_of(organiser), user.id, roles, contest.id)


@pytest.mark.parametrize("role", ["judge", "chief_judge", "clerk"])
def test_a_coding_judge_holds_no_role_that_gives_marks(contest, role):
    user = factories.make_user("孙编码")
    factories.make_grant(user, "coding_judge", contest)

    for roles in (("coding_judge", role), (role, "coding_judge")):
        with pytest.raises(Conflict, match="reads names beside codes"):
            _give(_organiser(contest), user, contest, *roles)
    _give(_organiser(contest), user, contest, role)  # the one instead of the other


def test_in_another_contest_a_judge_may_keep_codes(contest):
    user, other = factories.make_user("孙编码"), factories.make_contest()
    factories.make_grant(user, "coding_judge", contest)
    factories.make_grant(user, "judge", other)

    _give(_organiser(contest), user, contest, "coding_judge", "supervisor")


def test_the_list_of_judges_takes_no_coding_judge(contest):
    user = factories.make_user("孙编码", login="sun")
    factories.make_grant(user, "coding_judge", contest)
    values = {"name": "孙编码", "login": "sun", "organisation": "", "specialities": []}

    with pytest.raises(Invalid) as refused:
        judge_actions.add_judge(factories.proven(_organiser(contest)), contest.id, values)
    assert "reads names beside codes" in str(refused.value.fields["login"])


def test_who_holds_both_from_before_is_not_seated(contest):
    judges = [factories.make_judge(contest) for _ in range(3)]
    user = factories.make_user("孙编码")
    factories.make_grant(user, "coding_judge", contest)
    both = factories.make_judge(contest, "孙编码", user=user)
    organiser = factories.proven(_organiser(contest))

    with pytest.raises(Conflict, match="do not sit on panels: 孙编码"):
        panel_actions.set_seats(organiser, contest.id, "risk", [judges[0].id, both.id])
    panel_actions.staff(organiser, contest.id)
    seated = panel_actions._now(contest.id)["risk"]
    assert both.id not in seated and len(seated) == 3


def test_who_holds_both_from_before_reads_and_draws_nothing(contest, app):
    factories.make_entrant(contest, name="张三")
    actions.hold_draw(
        factories.make_official("孙编码", "coding_judge", contest=contest), contest.id, "final"
    )
    both = factories.make_official("两职", "coding_judge", "judge", contest=contest)
    browser = factories.browser_of(app, db.session.get(User, both.user_id))

    assert "张三" not in browser.get(f"/contests/{contest.id}/draw").text
    assert browser.get(f"/contests/{contest.id}/draw/final/list?layer=1").status_code == 403
    with pytest.raises(NotAllowed, match="codes are closed to you"):
        actions.hold_draw(both, contest.id, "final", reason="再抽一次")


def test_nobody_makes_himself_a_coding_judge(contest):
    organiser = _organiser(contest)

    with pytest.raises(NotAllowed, match="gives himself"):
        _give(organiser, organiser, contest, "organiser", "coding_judge")
    _give(_organiser(contest, "吴组委"), organiser, contest, "organiser", "coding_judge")


def test_after_the_draw_two_people_make_a_new_keeper(contest, app):
    factories.make_entrant(contest, name="张三")
    coder = factories.make_official("孙编码", "coding_judge", contest=contest)
    actions.hold_draw(coder, contest.id, "final")
    clock.stand_still(clock.now() + timedelta(hours=1))
    first, second = _organiser(contest), _organiser(contest, "吴组委")
    ghost = factories.make_user("新编码")
    factories.make_grant(ghost, "supervisor", contest)
    _give(first, ghost, contest, "coding_judge")
    browser = factories.browser_of(app, ghost)
    listed = f"/contests/{contest.id}/draw/final/list?layer=1"

    assert browser.get(listed).status_code == 403
    assert "张三" not in browser.get(f"/contests/{contest.id}/draw").get_data(as_text=True)
    assert factories.browser_of(app, db.session.get(type(ghost), coder.user_id)).get(
        listed
    ).status_code == 200
    with pytest.raises(NotAllowed, match="two people make a new keeper"):
        order_actions.set_layers(factories.proven(first), contest.id, 1, {1: ghost.id})
    with pytest.raises(Conflict, match="number of layers can no longer change"):
        order_actions.set_layers(factories.proven(second), contest.id, 2, {1: ghost.id})

    order_actions.set_layers(factories.proven(second), contest.id, 1, {1: ghost.id})
    assert "张三" in browser.get(listed).get_data(as_text=True)
    with pytest.raises(Invalid, match="needs its keeper"):
        order_actions.set_layers(factories.proven(second), contest.id, 1, {})
