"""S8 gives six sessions a year; a holder of a title has one health check a year (S19)."""

import pytest

from contest.db import db
from contest.errors import Conflict, Invalid
from contest.member_services import (
    apply_actions,
    case_actions,
    case_queries,
    case_rules,
    catalogue_rules,
    office_actions,
    place_actions,
    place_queries,
)
from contest.member_services.catalogue_queries import document_of, every_service, shipped
from contest.member_services.catalogue_rules import read_service
from tests.member_services.test_s08_counselling import TALK, slot
from tests.member_services.test_s19_allowance import granted
from tests.member_services.walking import GUEST, WHO, act, apply, at, form, officer, person


def book(desk, human, hours=24, accept=True):
    case = apply("counselling", human, slot_id=slot(desk, None, hours=hours).id, **TALK)
    if accept:
        act(desk, case, "accept")
    return case


def test_the_entry_says_six_a_year_and_the_page_too(app):
    assert [one.most for one in shipped()["counselling"].limits] == [6]
    browser = app.test_client()
    with browser.session_transaction() as session:
        session["language"] = "en"
    assert "At most 6 a year" in browser.get("/services/counselling").text
    assert "At most 1 a year: Health check" in browser.get("/services/standing_benefits").text


def test_six_sessions_are_given_in_a_year_and_the_seventh_is_refused_at_the_form(app):
    desk, human = officer("咨询师", "counsellor"), person(member=True)
    cases = [book(desk, human, hours) for hours in range(24, 30)]

    with pytest.raises(Conflict, match="At most 6 a year.*booked 6 for 2026"):
        book(desk, human)

    assert len(case_queries.cases_of(human.id)) == 6
    act(desk, cases[0], "refuse", words="咨询师生病")
    assert book(desk, human).state == "accepted"
    assert book(desk, person("王五", member=True)).state == "accepted"


def test_one_that_was_taken_back_does_not_count_and_another_year_is_another_year(app):
    desk, human = officer("咨询师", "counsellor"), person(member=True)
    for hours in range(24, 29):
        book(desk, human, hours)
    gone = book(desk, human, 40, accept=False)
    apply_actions.withdraw_case(GUEST, gone.receipt)
    book(desk, human, 41)

    at("2026-12-28 10:00")
    assert book(desk, human, 24 * 6).state == "accepted"  # a time in January
    with pytest.raises(Conflict):
        book(desk, human, 24)


def test_who_applied_without_being_known_is_counted_when_the_case_is_taken_on(app):
    desk, human = officer("咨询师", "counsellor"), person(member=True)
    strangers = [apply("counselling", name=human.name, slot_id=slot(desk, None).id, **TALK) for _ in range(7)]
    with pytest.raises(Conflict, match="whose case it is"):
        act(desk, strangers[0], "accept")
    for case in strangers:
        case_actions.link_person(desk, case.id, case.revision, human.id)
    for case in strangers[:6]:
        act(desk, case, "accept")

    with pytest.raises(Conflict, match="At most 6 a year"):
        act(desk, strangers[6], "accept")

    db.session.refresh(strangers[6])
    assert strangers[6].state == "applied"


def test_one_health_check_a_year_and_other_benefits_beside_it(app):
    desk = officer()
    _, human = granted(is_title=True)
    first = apply("standing_benefits", human, benefit="check_up")
    act(desk, first, "accept")
    with pytest.raises(Conflict, match="At most 1 a year"):
        apply("standing_benefits", human, benefit="check_up", words="再来一次")
    assert apply("standing_benefits", human, benefit="rest").state == "applied"
    at("2027-01-04 10:00")
    assert apply("standing_benefits", human, benefit="check_up").state == "applied"


def test_a_limit_names_a_field_of_the_entry(app):
    document = {**document_of("counselling"), "limits": [{"most": 2, "when": ["nothing", "x"]}]}
    with pytest.raises(Invalid, match="no field nothing"):
        read_service(document)


def test_the_green_lane_is_in_every_entry_that_promises_it(app):
    """S13 gives the entitled priority in 61 matters, S17 in courses, S19 among standing benefits."""
    promised = {
        "green_lane", "training_course", "skill_allowance", "standing_benefits",  # they say so themselves
        "legal_aid", "hardship", "medical_aid",  # among the 61 matters: m44, m50, m51
    }
    has = {key for key, one in every_service().items() if "green_lane" in one.priority.entitlements}
    assert has == promised
    _, human = granted(is_title=True)
    words = {"employer": "苍岭水泥", "matter": "pay", "words": "拖欠工资"}
    assert apply("legal_aid", human, **words).is_first
    assert not apply("legal_aid", person("王五"), **words).is_first
    assert apply("standing_benefits", human, benefit="rest").is_first
    assert case_rules.goes_first(shipped()["hardship"], {"cause": "disaster"}, "online", set())


def test_a_guest_who_names_somebody_is_not_told_what_that_person_had(app):
    desk = officer()
    honour, human = granted(is_title=True)
    act(desk, apply("standing_benefits", human, benefit="check_up"), "accept")

    case = apply("standing_benefits", name=human.name, honour_id=honour.id, benefit="check_up")

    assert case.state == "applied"
    with pytest.raises(Conflict, match="At most 1 a year"):
        act(desk, case, "accept")


def test_an_answer_that_changes_after_acceptance_does_not_pass_a_limit(app):
    desk = officer()
    _, human = granted(is_title=True)
    act(desk, apply("standing_benefits", human, benefit="check_up"), "accept")
    case = apply("standing_benefits", human, benefit="rest")
    act(desk, case, "accept")
    act(desk, case, "return", words="去哪里疗养？")

    with pytest.raises(Conflict, match="At most 1 a year"):
        apply_actions.complete_case(GUEST, case.receipt, form(**WHO, benefit="check_up"))

    db.session.refresh(case)
    assert (case.state, case.answers["benefit"]) == ("returned", "rest")
    apply_actions.complete_case(GUEST, case.receipt, form(**WHO, benefit="housing"))
    assert case.state == "accepted"


def test_another_time_in_another_year_is_asked_for_in_that_year(app):
    desk, human = officer("咨询师", "counsellor"), person(member=True)
    at("2026-12-28 10:00")
    for hours in range(24, 30):
        book(desk, human, hours)
    january = book(desk, human, 24 * 6)
    place_actions.cancel_slot(desk, january.slot_id, "停电")
    december, later = slot(desk, None, hours=31), slot(desk, None, hours=24 * 7)

    with pytest.raises(Conflict, match="booked 6 for 2026"):
        place_actions.book_again(GUEST, january.receipt, str(december.id))

    db.session.refresh(january)
    assert place_queries.called_off(january) is not None
    place_actions.book_again(GUEST, january.receipt, str(later.id))
    assert january.slot_id == later.id


def test_what_accepting_asked_for_is_asked_again_of_another_person(app):
    desk, other = officer(), person("王五")
    _, human = granted(is_title=True)
    case, first = (apply("standing_benefits", human, benefit=one) for one in ("rest", "check_up"))
    for one in (case, first):
        act(desk, one, "accept")
    with pytest.raises(Conflict, match="No entitlement"):
        case_actions.link_person(desk, case.id, case.revision, other.id)
    act(desk, case, "return", words="去哪里疗养？")
    with pytest.raises(Conflict, match="No entitlement"):
        case_actions.link_person(desk, case.id, case.revision, other.id)
    db.session.refresh(case)
    assert case.human_id == human.id

    counsel = officer("咨询师", "counsellor")
    member, another = (person(name, member=True) for name in ("赵六", "钱七"))
    for hours in range(24, 30):
        book(counsel, member, hours)
    more = book(counsel, another, 40)
    with pytest.raises(Conflict, match="At most 6 a year"):
        case_actions.link_person(counsel, more.id, more.revision, member.id)
    db.session.refresh(more)
    assert more.human_id == another.id


def limited(document, *limits):
    """The entry of the standing benefits, or another, with these limits."""
    document = {**document, "limits": [dict(one) for one in limits]}
    office_actions.enter_version(officer("组委会", role="organiser"), catalogue_rules.write_toml(document))


def test_each_limit_that_fits_holds_not_the_tightest_alone(app):
    limited(
        document_of("standing_benefits"), {"most": 2}, {"most": 1, "when": ["benefit", "check_up"]}
    )
    desk, (_, human) = officer(), granted(is_title=True)
    for one in ("rest", "housing"):
        act(desk, apply("standing_benefits", human, benefit=one), "accept")

    with pytest.raises(Conflict, match="At most 2 a year"):
        apply("standing_benefits", human, benefit="check_up")
    stranger = apply("standing_benefits", name=human.name, benefit="check_up")
    case_actions.link_person(desk, stranger.id, stranger.revision, human.id)
    with pytest.raises(Conflict, match="At most 2 a year"):
        act(desk, stranger, "accept")


def test_a_limit_on_one_of_several_answers_counts_whoever_gave_it(app):
    document = document_of("standing_benefits")
    fields = [{**document["fields"][0], "kind": "several"}]
    limited({**document, "fields": fields}, {"most": 1, "when": ["benefit", "check_up"]})
    desk, (_, human) = officer(), granted(is_title=True)
    act(desk, apply("standing_benefits", human, benefit=["rest", "check_up"]), "accept")

    with pytest.raises(Conflict, match="At most 1 a year"):
        apply("standing_benefits", human, benefit=["check_up"])
    assert apply("standing_benefits", human, benefit=["rest"]).state == "applied"
