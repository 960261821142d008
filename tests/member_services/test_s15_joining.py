"""S15: apply by phone, be placed in a unit, be confirmed, welcomed; 5,000 gig workers, over 80 % joined."""

import pytest

from contest.db import db
from contest.errors import Conflict, Invalid
from contest.member_services import entitlement_queries, membership_actions, membership_queries
from contest.member_services.membership_models import Membership
from contest.people.models import Human
from tests import factories
from tests.member_services.walking import act, apply, feedback, officer

RIDER = {"work": "rider", "unit": "某外卖平台", "district": "云溪区"}


def test_a_rider_joins_and_membership_opens_what_it_opens(app):
    desk, unit = officer(), factories.make_organisation("新业态联合工会")
    case = apply("joining", **RIDER)
    act(desk, case, "accept")
    with pytest.raises(Invalid) as refused:
        act(desk, case, "step")
    assert "organisation_id" in refused.value.fields
    act(desk, case, "step", organisation_id=unit.id)
    assert membership_queries.membership_of(case.human_id).state == "placed"
    assert entitlement_queries.held_keys(case.human_id) == set()
    act(desk, case, "step")
    member = membership_queries.membership_of(case.human_id)
    assert (member.state, len(member.number), member.number[:4]) == ("active", 13, "2026")
    assert {"medical_aid", "welfare", "counselling"} <= entitlement_queries.held_keys(case.human_id)
    act(desk, case, "step", words="礼包已领")
    assert member.pack_given_at is not None
    feedback(case)
    assert case.state == "closed"

    membership_actions.end_membership(desk, member.id, "离职")
    assert entitlement_queries.held_keys(case.human_id) == set()


def test_nobody_joins_twice(app):
    desk, unit = officer(), factories.make_organisation()
    first = apply("joining", **RIDER)
    act(desk, first, "accept")
    act(desk, first, "step", organisation_id=unit.id)
    second = apply("joining", words="再来一次", **RIDER)
    second.human_id = first.human_id
    db.session.commit()
    act(desk, second, "accept")
    with pytest.raises(Conflict, match="already"):
        act(desk, second, "step", organisation_id=unit.id)


def test_of_5000_gig_workers_over_80_percent_have_joined(app):
    desk, unit = officer(), factories.make_organisation("新业态联合工会")
    membership_actions.set_goal(desk, unit.id, 5000)
    humans = [Human(name=f"骑手{n}") for n in range(4001)]
    db.session.add_all(humans)
    db.session.flush()
    db.session.add_all(
        Membership(human_id=one.id, organisation_id=unit.id, state="active", number=f"G{one.id}")
        for one in humans
    )
    db.session.commit()

    [share] = membership_queries.shares()
    assert (share.workers, share.members, share.per_mille) == (5000, 4001, 800)
    assert share.members * 100 > share.workers * 80
