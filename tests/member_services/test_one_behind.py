"""Of two who do the same on PostgreSQL the second waits, sees what the first did, and it is done once."""

import pytest

from contest import clock
from contest.db import db
from contest.errors import Conflict, Invalid
from contest.member_services import (
    entitlement_actions,
    entitlement_queries,
    item_actions,
    item_queries,
    membership_actions,
    membership_queries,
)
from contest.member_services.entitlement_models import Entitlement
from contest.member_services.item_models import ItemRegister
from contest.member_services.membership_models import Membership
from contest.member_services.models import Case
from contest.people.models import Human
from tests import factories
from tests.member_services.test_lines import RIDER
from tests.member_services.walking import act, apply, form, officer, one_behind_the_other, person

pytestmark = pytest.mark.parametrize("app", ["postgres"], indirect=True)
NUMBER = "11010519491231002X"


def joining(desk, human=None, **values):
    """An application to join that is to be placed in a unit; its number."""
    case = apply("joining", human, **{**RIDER, **values})
    act(desk, case, "accept")
    return case.id


def placing(desk, case_id, unit_id):
    """The act that places the applicant in a unit."""
    return lambda: act(desk, db.session.get(Case, case_id), "step", organisation_id=unit_id).id


def test_one_person_whom_two_cases_place_is_a_member_once(app):
    desk, human = officer(), person("李四")
    units = [factories.make_organisation(name).id for name in ("甲工会", "乙工会")]
    cases = [joining(desk, human, words=words) for words in ("一次", "再次")]
    human_id = human.id

    first, second = one_behind_the_other(app, *map(placing, [desk] * 2, cases, units))

    assert (first, type(second)) == (cases[0], Conflict) and "member already" in str(second)
    assert membership_queries.membership_of(human_id).organisation_id == units[0]
    assert db.session.get(Case, cases[1]).state == "accepted"


def test_somebody_new_whom_two_cases_place_becomes_one_person(app):
    """Without a number the second officer is asked, as by any namesake."""
    desk, unit_id = officer(), factories.make_organisation("甲工会").id
    cases = [joining(desk, words=words) for words in ("一次", "再次")]

    first, second = one_behind_the_other(app, *(placing(desk, one, unit_id) for one in cases))

    assert (first, type(second)) == (cases[0], Invalid) and "is_another" in second.fields
    assert db.session.query(Human).filter_by(name="李四").count() == 1
    assert db.session.query(Membership).count() == 1


def test_somebody_new_with_one_number_in_two_cases_becomes_one_person(app):
    desk, unit_id = officer(), factories.make_organisation("甲工会").id
    cases = [joining(desk, words=words, id_number=NUMBER) for words in ("一次", "再次")]

    first, second = one_behind_the_other(app, *(placing(desk, one, unit_id) for one in cases))

    assert (first, type(second)) == (cases[0], Conflict) and "member already" in str(second)
    assert db.session.query(Human).filter_by(name="李四").count() == 1


def test_two_cases_that_open_the_same_register_stand_in_one(app):
    desk = officer("郑秘书", "council_secretary")
    cases = [apply("council", words=words, **{"class": "canteen"}).id for words in ("饭凉", "汤凉")]

    def accepting(case_id):
        return lambda: act(desk, db.session.get(Case, case_id), "accept").id

    assert one_behind_the_other(app, *map(accepting, cases)) == cases

    [register] = db.session.query(ItemRegister).all()
    assert [one.case_id for one in item_queries.items_of(register.id)] == cases
    assert [one.number for one in item_queries.items_of(register.id)] == [1, 2]


def test_a_membership_that_two_end_at_once_is_ended_once(app):
    desk, human = officer(), person("钟一", member=True)
    entitlement_actions.refresh(human.id, "入会")
    db.session.commit()
    row_id = membership_queries.membership_of(human.id).id

    first, second = one_behind_the_other(app, *(
        lambda reason=reason: membership_actions.end_membership(desk, row_id, reason).id
        for reason in ("调离", "除名")
    ))

    assert (first, type(second)) == (row_id, Conflict) and "not in force" in str(second)
    assert db.session.get(Membership, row_id).reason == "调离"


def test_a_file_that_one_ends_is_not_continued_by_another_at_that_moment(app):
    desk, human = officer(), person("李四")
    row = Entitlement(
        human_id=human.id, service_key="hardship", ground="need", start_on=clock.today(),
        review_on=clock.today(), opened_at=clock.now(),
    )
    db.session.add(row)
    db.session.commit()
    row_id = row.id

    first, second = one_behind_the_other(app, *(
        lambda continues=continues: entitlement_actions.review_file(desk, row_id, continues, "已核对").id
        for continues in (False, True)
    ))

    assert (first, type(second)) == (row_id, Conflict) and "not open" in str(second)
    kinds = [one.kind for one in entitlement_queries.history_of(row_id)]
    assert kinds == ["review_ended"]


def test_a_line_that_comes_while_a_register_is_closed_opens_the_next(app):
    desk = officer("郑秘书", "council_secretary")
    register_id = item_actions.open_register(desk, "council", form(title="第三季度议事会")).id
    case_id = apply("council", words="饭凉", **{"class": "canteen"}).id

    first, second = one_behind_the_other(
        app, lambda: item_actions.close_register(desk, register_id).id,
        lambda: act(desk, db.session.get(Case, case_id), "accept").id,
    )

    assert (first, second) == (register_id, case_id)
    [line] = item_queries.lines_of_case(case_id)
    assert line.register_id != register_id and line.register.closed_at is None


@pytest.mark.parametrize("add", [
    lambda desk, register_id, case_id: act(desk, db.session.get(Case, case_id), "accept").id,
    lambda desk, register_id, case_id: item_actions.add_lines(desk, register_id, "饭凉"),
])
def test_a_register_into_which_a_line_comes_just_now_is_not_closed(app, add):
    desk = officer("郑秘书", "council_secretary")
    register_id = item_actions.open_register(desk, "council", form(title="第三季度议事会")).id
    case_id = apply("council", words="饭凉", **{"class": "canteen"}).id

    first, second = one_behind_the_other(
        app, lambda: add(desk, register_id, case_id),
        lambda: item_actions.close_register(desk, register_id).id,
    )

    assert (type(first), type(second)) == (int, Conflict) and "1 left" in str(second)
    assert db.session.get(ItemRegister, register_id).closed_at is None


def test_two_refreshes_of_one_person_open_each_right_once(app):
    human_id = person("钟一", member=True).id

    def refresh():
        entitlement_actions.refresh(human_id, "入会")
        db.session.commit()
        return human_id

    assert one_behind_the_other(app, refresh, refresh) == [human_id] * 2

    rows = db.session.query(Entitlement).filter_by(human_id=human_id).all()
    assert {one.service_key for one in rows} == entitlement_queries.held_keys(human_id) != set()
    assert len(rows) == len({one.service_key for one in rows})
