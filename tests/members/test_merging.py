"""Number, address, invitation and account follow when two rows are found to be one person, and go back."""

import pytest
from sqlalchemy import select

from contest import clock
from contest.db import db
from contest.errors import Conflict
from contest.members import entry_actions, own_queries, personal_actions
from contest.members import personal_queries as queries
from contest.members.models import CodeAddress, MemberInvitation
from contest.people.models import PersonAccount
from contest.registry import person_actions
from tests import factories
from tests.members.conftest import NUMBER, OTHER
from tests.members.test_erasing import BOTH, WHY


@pytest.fixture
def pair(app, keeper):
    """Two rows of one person; everything personal stands with the one that goes."""
    keep, gone = factories.make_person("钟一"), factories.make_person("钟一")
    personal_actions.enter_number(keeper, gone.id, NUMBER, WHY)
    personal_actions.set_address(keeper, gone.id, "zhong@example.org", WHY)
    return keep.id, gone.id


def addresses():
    db.session.expire_all()
    return {row.human_id: row.address for row in db.session.scalars(select(CodeAddress))}


@BOTH
def test_number_and_address_are_with_the_row_that_is_kept_and_go_back(app, keeper, pair):
    keep_id, gone_id = pair
    merge = person_actions.merge_people(keeper, keep_id, gone_id, WHY)
    assert queries.number_of(keep_id) == NUMBER
    assert queries.find_by_number(NUMBER).human_id == keep_id
    assert addresses() == {keep_id: "zhong@example.org"}

    person_actions.split_people(keeper, merge.id, WHY)

    assert queries.number_of(gone_id) == NUMBER and queries.find_number(keep_id) is None
    assert addresses() == {gone_id: "zhong@example.org"}


@BOTH
def test_what_was_replaced_since_stays(app, keeper, pair):
    keep_id, gone_id = pair
    merge = person_actions.merge_people(keeper, keep_id, gone_id, WHY)
    clock.stand_still(clock.now().replace(hour=23))
    personal_actions.enter_number(keeper, keep_id, OTHER, WHY)
    personal_actions.set_address(keeper, keep_id, "new@example.org", WHY)

    person_actions.split_people(keeper, merge.id, WHY)

    assert queries.number_of(keep_id) == OTHER and queries.find_number(gone_id) is None
    assert addresses() == {keep_id: "new@example.org"}


def test_of_two_addresses_each_row_keeps_its_own(app, keeper, pair):
    keep_id, gone_id = pair
    personal_actions.set_address(keeper, keep_id, "keep@example.org", WHY)
    merge = person_actions.merge_people(keeper, keep_id, gone_id, WHY)
    both = {keep_id: "keep@example.org", gone_id: "zhong@example.org"}
    assert addresses() == both
    person_actions.split_people(keeper, merge.id, WHY)
    assert addresses() == both


@BOTH
def test_two_numbers_are_two_people_until_the_wrong_one_is_taken_away(app, keeper, pair):
    keep_id, gone_id = pair
    personal_actions.enter_number(keeper, keep_id, OTHER, WHY)
    with pytest.raises(Conflict, match="two differ"):
        person_actions.merge_people(keeper, keep_id, gone_id, WHY)
    assert queries.number_of(gone_id) == NUMBER

    personal_actions.enter_number(keeper, keep_id, "", WHY)
    person_actions.merge_people(keeper, keep_id, gone_id, WHY)

    assert queries.number_of(keep_id) == NUMBER
    assert [row.kind for row in queries.accesses_of(keep_id)] == ["take_away", "enter", "address", "enter"]


@BOTH
def test_an_invitation_opens_the_page_of_the_row_that_is_kept(app, keeper, pair):
    keep_id, gone_id = pair
    token = entry_actions.invite(keeper, gone_id)
    merge = person_actions.merge_people(keeper, keep_id, gone_id, WHY)
    assert entry_actions.get_invitation(token).human_id == keep_id
    user = factories.make_user("钟一")
    entry_actions.join_as(factories.person_of(user), token)
    assert own_queries.own_page(user.id).human.id == keep_id

    person_actions.split_people(keeper, merge.id, WHY)

    assert db.session.scalar(select(MemberInvitation.human_id)) == gone_id


@BOTH
def test_of_two_invitations_one_works(app, keeper, pair):
    keep_id, gone_id = pair
    mine, other = entry_actions.invite(keeper, keep_id), entry_actions.invite(keeper, gone_id)
    person_actions.merge_people(keeper, keep_id, gone_id, WHY)
    assert entry_actions.get_invitation(mine).human_id == keep_id
    with pytest.raises(Conflict, match="used or replaced"):
        entry_actions.get_invitation(other)


@BOTH
def test_the_account_opens_the_page_of_the_row_that_is_kept_and_goes_back(app, keeper, pair):
    keep_id, gone_id = pair
    user = factories.make_user("钟一")
    db.session.add(PersonAccount(user_id=user.id, human_id=gone_id, linked_at=clock.now()))
    db.session.commit()
    merge = person_actions.merge_people(keeper, keep_id, gone_id, WHY)
    found = own_queries.own_page(user.id)
    assert found.human.id == keep_id
    assert {row.kind for row in found.accesses} == {"enter", "address"}  # of the other row, before

    person_actions.split_people(keeper, merge.id, WHY)

    assert own_queries.own_page(user.id).human.id == gone_id


def test_the_page_of_a_merged_row_leads_to_the_person(app, keeper, pair):
    keep_id, gone_id = pair
    person_actions.merge_people(keeper, keep_id, gone_id, WHY)
    desk = factories.browser_of(app, _curator())
    assert desk.get(f"/people/{gone_id}").location == f"/people/{keep_id}"
    assert f"/people/{gone_id}" not in desk.get("/people?text=钟一").get_data(as_text=True)
    assert desk.post(f"/people/{gone_id}/invitation").status_code == 409


def test_a_request_of_the_merged_row_waits_for_the_person(app, keeper, pair):
    from contest.members import erasing, own_actions

    keep_id, gone_id = pair
    own_actions.ask_for_erasure(keeper, gone_id, WHY)
    person_actions.merge_people(keeper, keep_id, gone_id, WHY)
    assert queries.asked_at(keep_id) == clock.now()
    erasing.erase(keeper, keep_id, "钟一", WHY)
    assert queries.waiting_requests() == []


def _curator():
    user = factories.make_user()
    factories.make_grant(user, "curator")
    return user
