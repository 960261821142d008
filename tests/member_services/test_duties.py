"""Nobody of the desk lets himself into what others decide, pay or read: duties are named from above."""

import pytest

from contest.accounts.models import User
from contest.audit.models import TrailRow
from contest.db import db
from contest.errors import Invalid, NotAllowed
from contest.member_services import (
    case_actions,
    catalogue_queries,
    duty_queries,
    entitlement_actions,
    entitlement_queries,
    office_actions,
)
from contest.member_services.models import ServiceDuty
from tests import factories
from tests.member_services.test_s02_hardship import FAMILY
from tests.member_services.test_s04_medical_aid import STAY
from tests.member_services.test_s09_stations import make_station
from tests.member_services.walking import act, apply, officer, person, standard

DECIDING = "aid_reviewer"


def duty_of(user_id, duty=DECIDING):
    return db.session.query(ServiceDuty).filter_by(user_id=user_id, duty=duty).one().id


def test_an_officer_names_nobody_and_ends_no_duty(app):
    desk, other = officer(), officer("互助", DECIDING)
    for named in (desk, other):
        with pytest.raises(NotAllowed, match="by an organiser or by the head"):
            office_actions.name_for_duty(desk, "cashier", named.user_id)
    with pytest.raises(NotAllowed, match="by an organiser or by the head"):
        office_actions.end_duty(desk, duty_of(other.user_id))
    assert (duty_queries.holders("cashier"), list(duty_queries.holders(DECIDING))) == ({}, [other.user_id])


def test_the_head_of_the_desk_names_others_and_never_himself(app):
    head, other = officer("班长", "desk_head"), officer()
    office_actions.name_for_duty(head, "cashier", other.user_id)
    with pytest.raises(NotAllowed, match="names himself"):
        office_actions.name_for_duty(head, DECIDING, head.user_id)
    office_actions.end_duty(head, duty_of(other.user_id, "cashier"))
    assert (duty_queries.holders("cashier"), duty_queries.holders(DECIDING)) == ({}, {})


@pytest.mark.parametrize(("duty", "says"), [
    ("desk_head", "names the head"), ("chair", "letters to the chair"),
])
def test_the_head_names_neither_another_head_nor_the_chairs_office(app, duty, says):
    head, other = officer("班长", "desk_head"), officer()
    with pytest.raises(NotAllowed, match=says):
        office_actions.name_for_duty(head, duty, other.user_id)
    with pytest.raises(NotAllowed, match="names the head"):
        office_actions.end_duty(head, duty_of(head.user_id, "desk_head"))


def test_nobody_passes_a_duty_by_through_the_catalogue(app):
    desk = officer()
    text = catalogue_queries.toml_of("medical_aid", catalogue_queries.document_of("medical_aid"))
    with pytest.raises(NotAllowed, match="Only an organiser changes what"):
        office_actions.enter_version(desk, text.replace('who = "aid_reviewer"', 'who = "service_officer"'))
    office_actions.enter_version(desk, text.replace("医疗互助", "医疗互助金", 1))


@pytest.mark.parametrize(("was", "wanted"), [
    ('monthly = {who = "cashier"', 'monthly = {who = "visitor"'), ("back = 12", "back = 60"),
    ('monthly = {who = "cashier", back = 12}', ""),
])
def test_who_pays_month_by_month_is_changed_by_an_organiser_alone(app, was, wanted):
    """Else nobody would hold the duty that is named then, and everybody at the desk could pay."""
    desk, organiser = officer(), officer("组委会", role="organiser")
    text = catalogue_queries.toml_of("skill_allowance", catalogue_queries.document_of("skill_allowance"))
    changed = text.replace(was, wanted, 1)
    assert changed != text
    with pytest.raises(NotAllowed, match="Only an organiser changes what"):
        office_actions.enter_version(desk, changed)
    office_actions.enter_version(desk, text.replace("权益保障部", "权益部").replace("days = 5", "days = 4"))
    office_actions.enter_version(organiser, changed)


def test_the_keeper_of_a_station_is_named_as_others_are_and_what_was_typed_stays(app):
    desk, namer = officer(), officer("组委会", role="organiser")
    with pytest.raises(Invalid) as refused:
        make_station(desk, keeper_id=desk.user_id)
    assert list(refused.value.fields) == ["keeper_id"]
    assert make_station(namer, keeper_id=desk.user_id).keeper_id == desk.user_id
    assert make_station(desk, "城南驿站").keeper_id is None


SUMS = {
    "figures": {"region": "云溪区", "amount": "800", "since": "2026-01-01"},
    "budgets": {"budget_year": "2026", "total": "1000", "for_members": "700"},
}


@pytest.mark.parametrize("part", sorted(SUMS))
def test_sums_by_which_officers_decide_are_entered_above_them(app, as_role, part):
    """The line of hardship, and what a unit has for its members."""
    sent = {**SUMS[part], "organisation_id": factories.make_organisation().id}
    says, at = "entered by an organiser or by the head", "/service-desk/settings"
    decides = in_english(as_role("service_officer", user=named("means_checker")))
    page = decides.get(at).text
    assert says in page and f'action="{at}/{part}"' not in page
    refused = decides.post(f"{at}/{part}", data=sent)
    assert refused.status_code == 403 and says in refused.text
    for one in (as_role("service_officer", user=named("desk_head")), as_role("organiser")):
        browser = in_english(one)
        page = browser.get(at).text
        assert says not in page and f'action="{at}/{part}"' in page
        assert browser.post(f"{at}/{part}", data=sent).status_code == 303


def in_english(browser):
    browser.environ_base["HTTP_ACCEPT_LANGUAGE"] = "en"
    return browser


def named(duty):
    """The account of an officer who holds a duty."""
    return db.session.get(User, officer(duty, duty).user_id)


def test_the_page_offers_duties_to_whoever_names_them(app, as_role):
    page = as_role("service_officer").get("/service-desk/settings").text
    assert "Duties are named by an organiser" in page and 'name="duty"' not in page
    assert '<option value="mediator"' in as_role("organiser").get("/service-desk/settings").text


def test_the_trail_names_the_person_of_a_case_by_no_name(app):
    desk, human, case = officer(), person("李四"), apply("six_services", kind="health", words="通风不好")
    case_actions.link_person(desk, case.id, case.revision, human.id)
    row = db.session.query(TrailRow).filter_by(did="service.link").one()
    assert row.facts["person"].startswith("person ") and "李四" not in f"{row.subject}{row.facts}"
    assert case.human_id == human.id


def on_file(human, desk):
    """Bring somebody on the hardship file; its entitlement's id."""
    with standard():
        case = apply("hardship", human, **{**FAMILY, "spending": "3500"})
        for what in ("accept", "step", "step"):
            act(desk, case, what)
        act(desk, case, "decide", amount="0", aid=["law"])
    [held] = entitlement_queries.open_of(human.id, "hardship")
    return held.id


def test_to_say_no_at_the_step_that_decides_is_the_same_decision(app):
    desk, reviewer = officer(), officer("互助", DECIDING)
    case = apply("medical_aid", person(member=True), own_payment="8000", **STAY)
    act(desk, case, "accept")
    case_actions.assign_case(reviewer, case.id, case.revision, desk.user_id)  # having it is not enough
    with pytest.raises(NotAllowed, match="answered for by"):
        act(desk, case, "refuse", words="材料不实")
    act(desk, case, "return", words="请补结算单")  # what is missing anybody of the desk may say
    other = apply("medical_aid", person("钟一", member=True), own_payment="8000", **STAY)
    act(desk, other, "accept")
    act(reviewer, other, "refuse", words="材料不实")
    assert (case.state, other.state) == ("returned", "refused")
    third = apply("medical_aid", person("王二", member=True), own_payment="8000", **STAY)
    act(desk, third, "refuse", words="重复申请")  # before it has come to the step that decides
    assert third.state == "refused"


def test_nobody_takes_a_household_off_the_file_but_who_is_named_for_checking_it(app):
    checker, desk = officer("核对", "means_checker", "visitor"), officer()
    human = person("李四")
    file_id = on_file(human, checker)
    change = {key: value for key, value in FAMILY.items() if key not in ("cause", "consent")}
    report = apply("hardship_review", human, **{**change, "change": "就业"})
    act(desk, report, "accept")
    with pytest.raises(NotAllowed, match="answered for by"):
        act(desk, report, "refuse", words="退出档案")
    for continues in (True, False):
        with pytest.raises(NotAllowed, match="answered for by"):
            entitlement_actions.review_file(desk, file_id, continues, "收入已超标准")
    assert entitlement_queries.find_open(human.id, "hardship").id == file_id
    entitlement_actions.review_file(checker, file_id, False, "收入已超标准")
    assert entitlement_queries.find_open(human.id, "hardship") is None
