"""Units are invited, and names of teams kept right."""

import pytest

from contest.accounts.models import Invitation
from contest.db import db
from contest.errors import Conflict, Invalid, Missing, NotAllowed
from contest.people import unit_actions, unit_queries
from contest.people.models import Organisation
from tests.factories import make_contest, make_entrant, make_organisation, make_team, make_user


@pytest.fixture
def open_contest(app):
    return make_contest(state="registration")


def test_inviting_a_new_unit_makes_it(open_contest, petra, trail):
    unit, token = unit_actions.invite_unit(petra, open_contest.id, " 新厂 ")

    assert (unit.name, len(token) > 20) == ("新厂", True)
    assert [line.state for line in unit_queries.list_invitations(open_contest.id)] == ["open"]
    assert trail() == ["unit.invite"]


def test_inviting_a_known_unit_does_not_double_it(open_contest, petra):
    make_organisation("海螺（集团）")

    unit_actions.invite_unit(petra, open_contest.id, "海螺(集团)")

    assert db.session.query(Organisation).count() == 1


def test_a_nameless_unit_is_refused(open_contest, petra, trail):
    with pytest.raises(Invalid):
        unit_actions.invite_unit(petra, open_contest.id, " ")
    assert trail() == []


def test_withdrawing_takes_the_unit_from_its_contact(open_contest, petra):
    user = make_user()
    unit, _ = unit_actions.invite_unit(petra, open_contest.id, "新厂")
    invitation = db.session.query(Invitation).one()
    invitation.used_by_id = user.id
    db.session.commit()
    assert unit_queries.get_unit(open_contest.id, user.id).id == unit.id

    unit_actions.withdraw_invitation(petra, open_contest.id, invitation.id)

    with pytest.raises(NotAllowed):
        unit_queries.get_unit(open_contest.id, user.id)
    with pytest.raises(Conflict):
        unit_actions.withdraw_invitation(petra, open_contest.id, invitation.id)


def test_an_invitation_of_another_contest_is_missing(open_contest, petra):
    unit_actions.invite_unit(petra, make_contest(state="registration").id, "新厂")

    with pytest.raises(Missing):
        unit_actions.withdraw_invitation(
            petra, open_contest.id, db.session.query(Invitation).one().id
        )


def test_a_team_is_renamed_but_not_to_another_teams_name(open_contest, petra, trail):
    home = make_organisation()
    first, second = make_team(open_contest, home, "一队"), make_team(open_contest, home, "二队")

    unit_actions.rename_team(petra, open_contest.id, first.id, "红队")
    with pytest.raises(Invalid):
        unit_actions.rename_team(petra, open_contest.id, second.id, "红 队")

    assert (first.name, second.name) == ("红队", "二队")
    assert trail() == ["team.rename"]


def test_units_are_listed_with_what_they_send(open_contest):
    team = make_team(open_contest)
    make_entrant(open_contest, team=team)

    [unit] = unit_queries.list_units(open_contest.id)
    assert (unit.entrants, unit.judges, [t.id for t in unit.teams]) == (1, 0, [team.id])
