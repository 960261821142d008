"""S12: members choose, the unit pays in one settlement; at least 70 % of its budget is for members."""

import pytest

from contest.db import db
from contest.errors import Conflict, Invalid
from contest.member_services import case_actions, case_queries, entitlement_actions, office_actions
from contest.member_services.membership_models import Membership
from tests import factories
from tests.member_services.walking import act, apply, feedback, form, officer, person


def budget(unit, total, for_members):
    office_actions.enter_budget(officer("组委会", role="organiser"), "welfare", form(
        organisation_id=unit.id, budget_year=2026, total=total, for_members=for_members
    ))


def member(unit, name):
    human = person(name, unit, member=True)
    entitlement_actions.refresh(human.id, "入会")
    db.session.commit()
    return human


@pytest.mark.parametrize(("total", "for_members", "is_taken"), [
    ("10000", "7000", True), ("10000", "6999.99", False), ("10000", "10000", True),
    ("10000", "10000.01", False), ("0.10", "0.07", True), ("0.10", "0.06", False),
])
def test_at_least_70_percent_goes_to_the_members(app, total, for_members, is_taken):
    unit = factories.make_organisation()
    if is_taken:
        budget(unit, total, for_members)
        assert case_queries.budget_of("welfare", unit.id, 2026) is not None
        return
    with pytest.raises(Invalid) as refused:
        budget(unit, total, for_members)
    assert "for_members" in refused.value.fields


def test_members_choose_and_the_unit_settles_together(app):
    desk, unit = officer(), factories.make_organisation("云溪水泥")
    budget(unit, "2000", "1400")
    chosen = (["books", "film"], ["produce"])
    people = (member(unit, "甲"), member(unit, "乙"))
    cases = [apply("welfare", one, items=items) for one, items in zip(people, chosen, strict=True)]
    for case in cases:
        act(desk, case, "accept")
        act(desk, case, "decide")
        act(desk, case, "step", words="已发放")
        feedback(case)
    assert [one.amount for one in cases] == [50_000, 39_850]
    assert case_queries.settlement("welfare", 2026) == {unit.id: (2, 89_850)}
    assert case_queries.budget_of("welfare", unit.id, 2026).left == 50_150
    third = apply("welfare", member(unit, "丙"), items=["health_check"])
    act(desk, third, "accept")
    with pytest.raises(Conflict, match="501.50"):
        act(desk, third, "decide")


def test_a_person_has_1500_a_year_and_only_members_choose(app):
    desk, unit = officer(), factories.make_organisation()
    budget(unit, "9000", "9000")
    human = member(unit, "甲")
    first = apply("welfare", human, items=["health_check", "gym"])
    act(desk, first, "accept")
    act(desk, first, "decide")
    second = apply("welfare", human, items=["film"])
    act(desk, second, "accept")
    act(desk, second, "decide")
    assert (first.amount, second.amount) == (140_000, 10_000)
    stranger = apply("welfare", person("路人", unit), items=["film"])
    act(desk, stranger, "accept")
    with pytest.raises(Conflict, match="No entitlement"):
        act(desk, stranger, "decide")


def test_what_a_unit_has_paid_stays_its_own_when_the_member_has_moved_on(app):
    desk, unit = officer(), factories.make_organisation("云溪水泥")
    other = factories.make_organisation("苍岭水泥")
    budget(unit, "2000", "1400")
    human = member(unit, "甲")
    case = apply("welfare", human, items=["film"])
    act(desk, case, "accept")
    act(desk, case, "decide")
    before = case_queries.settlement("welfare", 2026)
    db.session.query(Membership).one().organisation_id = other.id
    db.session.commit()

    case_actions.link_person(desk, case.id, case.revision, human.id)

    assert case_queries.settlement("welfare", 2026) == before and set(before) == {unit.id}
