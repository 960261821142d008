"""S15: apply by phone, be placed in a unit, be confirmed, welcomed; 5,000 gig workers, over 80 % joined."""

import pytest
from sqlalchemy import select, text

from contest.db import db
from contest.errors import Conflict, Invalid
from contest.member_services import (
    apply_actions,
    case_actions,
    case_queries,
    entitlement_queries,
    membership_actions,
    membership_queries,
)
from contest.member_services.membership_models import Membership
from contest.members import personal_actions
from contest.people import number_queries
from contest.people.models import Human
from contest.people.personal_models import PersonalAccess
from contest.registry import person_actions
from tests import factories
from tests.member_services.walking import GUEST, act, apply, feedback, form, officer, person

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


def test_a_case_that_placed_somebody_is_not_made_anothers(app):
    """Else the first stays placed for good and can never join, and the other is confirmed by this case."""
    desk, unit, other = officer(), factories.make_organisation(), person("王五")
    case = apply("joining", **RIDER)
    act(desk, case, "accept")
    act(desk, case, "step", organisation_id=unit.id)
    human_id = case.human_id
    with pytest.raises(Conflict, match="placed somebody"):
        case_actions.link_person(desk, case.id, case.revision, other.id)
    act(desk, case, "refuse", words="填错了人")
    assert membership_queries.membership_of(human_id) is None


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


def test_who_joins_is_not_doubled_when_the_name_is_known(app, as_role):
    """Never one person by the name alone: the officer says who it is, or that it is somebody else."""
    unit, known = factories.make_organisation("新业态联合工会"), person("李四")
    desk, case = officer(), apply("joining", **RIDER)
    act(desk, case, "accept")
    with pytest.raises(Invalid, match="known already") as refused:
        act(desk, case, "step", organisation_id=unit.id)
    assert list(refused.value.fields) == ["is_another"]
    db.session.refresh(case)
    at, browser = f"/service-desk/cases/{case.id}", as_role("service_officer")
    sent = {"rev": case.revision, "act": "step", "organisation_id": unit.id, "words": "欢迎"}
    page = browser.post(at, data=sent)
    assert page.status_code == 422 and 'name="is_another"' in page.text and "欢迎" in page.text
    assert db.session.query(Human).count() == 1

    db.session.refresh(case)
    case_actions.link_person(desk, case.id, case.revision, known.id)
    act(desk, case, "step", organisation_id=unit.id)

    assert membership_queries.membership_of(known.id).state == "placed"
    assert db.session.query(Human).count() == 1


def test_a_namesake_joins_as_somebody_else_once_that_is_said(app):
    unit, known = factories.make_organisation("新业态联合工会"), person("李四")
    desk, case = officer(), apply("joining", **RIDER)
    act(desk, case, "accept")
    act(desk, case, "step", organisation_id=unit.id, is_another="1")
    assert case.human_id not in (None, known.id)


def test_the_person_whom_a_row_of_the_name_was_found_to_be_is_offered(app):
    keep, gone = person("李思"), person("李四")
    person_actions.merge_people(officer("顾一", role="curator"), keep.id, gone.id, "同一人")
    assert [human.id for human, _ in case_queries.find_people("李四")] == [keep.id]


NUMBER = "11010519491231002X"
OTHER_NUMBER = "440524188001010014"


def joining(desk, name="李四", number=NUMBER, **values):
    """An application with an identity number, accepted."""
    case = apply("joining", name=name, **{**RIDER, "id_number": number, **values})
    act(desk, case, "accept")
    return case


def numbered(desk, name="李四", number=NUMBER):
    """Somebody known, with an identity number on record."""
    human = person(name)
    personal_actions.enter_number(desk, human.id, number, "本人出示身份证")
    return human


def test_an_identity_number_may_be_left_out_and_a_wrong_one_is_told_at_its_field(app):
    assert apply("joining", **RIDER).answers["id_number"] == ""
    with pytest.raises(Invalid) as refused:
        apply("joining", **{**RIDER, "id_number": "110105194912310021"})
    assert set(refused.value.fields) == {"id_number"}


def test_the_number_is_sealed_with_the_application_and_goes_to_the_person_who_is_placed(app):
    desk, unit = officer(), factories.make_organisation()
    case = joining(desk, number="11010519491231002x")
    raw = db.session.execute(text("SELECT sealed_answers FROM service_case")).scalar()
    assert raw.startswith("personal:") and NUMBER not in raw

    act(desk, case, "step", organisation_id=unit.id)

    assert number_queries.find_human(NUMBER).id == case.human_id
    assert "id_number" not in case.answers
    [row] = db.session.scalars(select(PersonalAccess).filter_by(human_id=case.human_id, kind="enter"))
    assert (row.fields, row.reason, row.user_id) == (["id_number"], case.receipt, desk.user_id)


def test_who_is_known_by_number_and_name_is_found_though_others_have_the_name(app):
    desk, unit = officer(), factories.make_organisation()
    known, _namesake = numbered(desk), person("李四")
    case = joining(desk)
    act(desk, case, "step", organisation_id=unit.id)
    assert case.human_id == known.id
    assert db.session.query(Human).count() == 2


def test_somebody_elses_number_with_another_name_makes_nobody_one(app):
    desk, unit = officer(), factories.make_organisation()
    known = numbered(desk, "王五")
    case = joining(desk)
    with pytest.raises(Conflict, match="Another person has this identity number"):
        act(desk, case, "step", organisation_id=unit.id, is_another="1")
    db.session.refresh(case)
    assert (case.human_id, db.session.query(Human).count()) == (None, 1)
    assert membership_queries.membership_of(known.id) is None


def test_namesakes_with_another_number_are_somebody_else_without_being_asked(app):
    desk, unit = officer(), factories.make_organisation()
    known = numbered(desk, number=OTHER_NUMBER)
    case = joining(desk)
    act(desk, case, "step", organisation_id=unit.id)
    assert case.human_id != known.id

    person("赵六")  # without a number it may be the same person, so somebody has to say
    other = joining(desk, "赵六", number="", words="我也来")
    with pytest.raises(Invalid) as refused:
        act(desk, other, "step", organisation_id=unit.id)
    assert "is_another" in refused.value.fields


def test_a_case_linked_to_a_person_with_another_number_is_not_placed(app):
    desk, unit = officer(), factories.make_organisation()
    known = numbered(desk, number=OTHER_NUMBER)
    case = joining(desk)
    case_actions.link_person(desk, case.id, case.revision, known.id)
    with pytest.raises(Conflict, match="Another identity number"):
        act(desk, case, "step", organisation_id=unit.id)


def test_the_number_is_shown_on_no_page_and_stays_when_the_form_is_completed(app, as_role):
    desk, browser = officer(), as_role("service_officer")
    numbered(desk)
    case = apply("joining", **{**RIDER, "id_number": NUMBER})
    for address in (f"/service-desk/cases/{case.id}", "/service-desk"):
        page = browser.get(address).text
        assert NUMBER not in page and NUMBER[-6:] not in page
    assert "placing the applicant finds this person" in browser.get(f"/service-desk/cases/{case.id}").text
    act(desk, case, "return", words="请补单位")
    page = app.test_client().get(f"/applications/{case.receipt}").text
    assert "某外卖平台" in page
    assert NUMBER not in page
    apply_actions.complete_case(GUEST, case.receipt, form(name="李四", phone="", **RIDER))
    db.session.refresh(case)
    assert case.answers["id_number"] == NUMBER
