"""Who is entitled, says each entry; nothing is granted past that, past a year's limit, past who decides."""

import pytest

from contest.db import Unstorable, db
from contest.errors import Conflict, Invalid, NotAllowed
from contest.member_services import (
    case_actions,
    catalogue_queries,
    catalogue_rules,
    effect_actions,
    entitlement_actions,
    membership_actions,
    membership_queries,
    office_actions,
)
from contest.registry import person_actions
from tests.member_services.test_s04_medical_aid import STAY
from tests.member_services.test_s08_counselling import TALK, slot
from tests.member_services.test_s09_stations import make_station
from tests.member_services.test_s19_allowance import granted
from tests.member_services.walking import act, apply, officer, person

BOTH = pytest.mark.parametrize("app", ["sqlite", "postgres"], indirect=True)


def stay(human=None, **values):
    return apply("medical_aid", human, own_payment="600000", **{**STAY, "serious": "yes", **values})


@BOTH
def test_a_guest_without_membership_gets_no_medical_aid(app):
    desk = officer("互助", "aid_reviewer")
    case = stay()
    act(desk, case, "accept")

    with pytest.raises(Conflict, match="No entitlement"):
        act(desk, case, "decide")
    stranger = person("路人")
    case_actions.link_person(desk, case.id, case.revision, stranger.id)
    with pytest.raises(Conflict, match="No entitlement"):
        act(desk, case, "decide")

    db.session.refresh(case)
    assert (case.state, case.amount) == ("accepted", None)


def test_three_applications_of_a_guest_do_not_go_round_the_cap_of_100000(app):
    desk, human = officer("互助", "aid_reviewer"), person("钟一", member=True)
    cases = [stay(name="钟一", phone=f"1380013800{n}") for n in range(3)]
    for case in cases:
        act(desk, case, "accept")
        case_actions.link_person(desk, case.id, case.revision, human.id)
    act(desk, cases[0], "decide")
    for case in cases[1:]:
        with pytest.raises(Conflict, match="nothing is due"):
            act(desk, case, "decide")
    assert cases[0].amount == 10_000_000


def test_what_was_granted_stays_with_the_person_whose_cap_it_counts_in(app):
    desk, human = officer("互助", "aid_reviewer"), person("钟一", member=True)
    case = stay(human)
    act(desk, case, "accept")
    act(desk, case, "decide")
    with pytest.raises(Conflict, match="somebody else"):
        case_actions.link_person(desk, case.id, case.revision, person("王五", member=True).id)
    assert case.human_id == human.id


def test_a_case_is_linked_to_the_row_that_is_kept_of_a_merged_person(app):
    desk = officer("互助", "aid_reviewer")
    keep, gone = person("钟一", member=True), person("钟一")
    person_actions.merge_people(desk, keep.id, gone.id, "同一人")
    case = stay(name="钟一")
    case_actions.link_person(desk, case.id, case.revision, gone.id)
    assert case.human_id == keep.id


def test_linking_somebody_else_leaves_the_entitlement_of_the_first(app):
    desk, holder = officer(), granted(is_title=True)[1]
    case = apply("skill_allowance", holder, unit="云溪水泥", since="2019-05")
    assert case.entitlement_id is not None
    other = person("王五")
    case_actions.link_person(desk, case.id, case.revision, other.id)
    assert case.entitlement_id is None


@BOTH
def test_counselling_is_confirmed_to_members_and_holders_of_titles_alone(app):
    desk = officer("咨询师", "counsellor")
    one = slot(desk, make_station(desk), capacity=3)
    guest = apply("counselling", slot_id=one.id, **TALK)
    stranger = apply("counselling", person("路人"), slot_id=one.id, **TALK)
    for case in (guest, stranger):
        with pytest.raises(Conflict, match="No entitlement"):
            act(desk, case, "accept")
        db.session.refresh(case)
        assert case.state == "applied"
    member = apply("counselling", person("钟一", member=True), slot_id=one.id, **TALK)
    act(desk, member, "accept")
    assert member.state == "accepted" and member.entitlement_id is not None


def test_standing_benefits_are_arranged_for_holders_of_titles_alone(app):
    desk, (honour, human) = officer(), granted(is_title=True)
    member = apply("standing_benefits", person("会员", member=True), benefit="rest")
    with pytest.raises(Conflict, match="No entitlement"):
        act(desk, member, "accept")
    holder = apply("standing_benefits", human, honour_id=honour.id, benefit="rest")
    act(desk, holder, "accept")
    assert holder.state == "accepted"


def test_a_right_that_ended_meanwhile_is_no_right(app):
    desk, human = officer("互助", "aid_reviewer"), person("钟一", member=True)
    entitlement_actions.refresh(human.id, "入会")
    db.session.commit()
    case = stay(human)
    act(desk, case, "accept")
    membership_actions.end_membership(desk, membership_queries.membership_of(human.id).id, "调离")
    with pytest.raises(Conflict, match="ended"):
        act(desk, case, "decide")


def test_every_service_that_is_not_for_everybody_asks_for_the_right(app):
    restricted = {key for key, one in catalogue_queries.shipped().items() if one.is_restricted}
    assert restricted == {
        "medical_aid", "counselling", "standing_benefits", "reward", "hardship_review", "welfare",
        "skill_allowance",
    }


def test_only_who_holds_the_duty_decides_also_where_nobody_does(app):
    clerk = officer("段专员")
    case = stay(person("钟一", member=True))
    act(clerk, case, "accept")
    for name in (None, "审核员"):  # nobody is named; then somebody else
        if name:
            officer(name, "aid_reviewer")
        case_actions.assign_case(clerk, case.id, case.revision, clerk.user_id)
        with pytest.raises(NotAllowed, match="answered for by"):
            act(clerk, case, "decide")
    act(officer("组委会", role="organiser"), case, "decide")
    assert case.amount == 10_000_000


LIMITED = """
key = "meals"
name = "餐补"
name_en = "Meals"
summary = "每年"
summary_en = "A year"
worth = "100 元"
worth_en = "100 yuan"
authority = "工会"
authority_en = "Union"
channels = ["online"]
entitled = {everyone = true}
steps = [
  {key = "check", name = "受理", name_en = "Taken", days = 2},
  {key = "grant", name = "批准", name_en = "Granted", days = 2, kind = "decide"},
]
fields = [{key = "spent", name = "花费", name_en = "Spent", kind = "money"}]

[amount]
most = 100
per_year = true

[[amount.parts]]
key = "all"
name = "餐补"
name_en = "Meals"
of = "spent"
brackets = [{percent = 100}]
"""


def test_a_limit_of_a_year_needs_somebody_who_is_known_even_where_it_is_for_everybody(app):
    desk = officer()
    office_actions.enter_version(officer("组委会", role="organiser"), LIMITED)
    case = apply("meals", spent="80")
    act(desk, case, "accept")
    with pytest.raises(Conflict, match="Say first whose case"):
        act(desk, case, "decide")
    case_actions.link_person(desk, case.id, case.revision, person("李四").id)
    act(desk, case, "decide")
    assert case.amount == 8_000


@pytest.mark.parametrize(("old", "new", "words"), [
    ("days = 2},", 'days = 2, who = "treasurer"},', "“check” is for “treasurer”, a duty that nobody can"),
    ('kind = "decide"', 'kind = "decide", who = "boss"', "“grant” is for “boss”"),
    ("days = 2},", 'days = 2, who = "station_keeper"},', "“check” is for the person in charge of a station"),
    ("days = 2},", 'days = 2, does = "payy"},', "“check” does “payy”, which is nothing known"),
])
def test_an_entry_names_duties_that_somebody_can_hold_and_deeds_that_are_known(app, old, new, words):
    changed = LIMITED.replace(old, new, 1)
    assert changed != LIMITED
    with pytest.raises(Invalid, match=words):
        office_actions.enter_version(officer("组委会", role="organiser"), changed)
    assert "meals" not in catalogue_queries.every_service()


def test_what_is_due_monthly_is_paid_by_a_duty_that_somebody_can_hold(app):
    text = catalogue_queries.toml_of("skill_allowance", catalogue_queries.document_of("skill_allowance"))
    with pytest.raises(Invalid, match="monthly is paid by “treasurer”, a duty that nobody can hold"):
        office_actions.enter_version(
            officer("组委会", role="organiser"), text.replace('{who = "cashier"', '{who = "treasurer"')
        )


def test_every_entry_that_comes_along_could_be_entered_and_every_effect_is_known():
    assert set(effect_actions.EFFECTS) == set(catalogue_rules.EFFECTS)
    for service in catalogue_queries.shipped().values():
        catalogue_rules.check_deciding(service)
        catalogue_rules.check_answered(service)
        catalogue_rules.check_conditions(service)


@pytest.mark.parametrize("condition", ["serious = yess", "seriouss = yes", "bank = yes"])
def test_an_entry_with_a_condition_that_never_comes_true_is_told_so(app, condition):
    text = catalogue_queries.toml_of("medical_aid", catalogue_queries.document_of("medical_aid"))
    field, _, answer = condition.partition(" = ")
    changed = text.replace('when = ["serious", "yes"]', f'when = ["{field}", "{answer}"]')
    assert changed != text
    with pytest.raises(Invalid, match=f"“{condition}” never comes true"):
        office_actions.enter_version(officer("组委会", role="organiser"), changed)


def test_a_question_is_asked_behind_the_one_that_it_hangs_on(app):
    document = catalogue_queries.document_of("legal_aid")
    first, second = document["fields"][:2]
    asks = {**first, "when": ["matter", ["pay"]]}
    for fields, is_taken in (([second, asks], True), ([asks, second], False)):
        text = catalogue_rules.write_toml({**document, "fields": fields})
        if is_taken:
            office_actions.enter_version(officer("组委会", role="organiser"), text)
            continue
        with pytest.raises(Invalid, match="“matter = pay” never comes true"):
            office_actions.enter_version(officer("组委会", role="organiser"), text)


@pytest.mark.parametrize(("old", "new"), [
    ('"每年"', '"每\\u0000年"'), ("[amount]", '"\\u0000" = 1\n[amount]'),
    ("[amount]", '[amount]\n"most\\u0000" = 1'),
])
def test_an_entry_with_a_character_that_nothing_keeps_is_told_so_and_nothing_else(app, old, new):
    """In a value or in the name of a key, which the sentence would have repeated."""
    changed = LIMITED.replace(old, new, 1)
    assert changed != LIMITED
    with pytest.raises(Unstorable, match="cannot be stored"):
        office_actions.enter_version(officer("组委会", role="organiser"), changed)
    assert "meals" not in catalogue_queries.every_service()


@pytest.mark.parametrize(("old", "new", "words"), [
    (', kind = "decide"', "", "must decide"),
    ("days = 2},", 'days = 2, kind = "decide"},', "first step"),
    ("days = 2},", "days = 2, settles = true},", "can settle"),
])
def test_an_entry_in_which_something_passes_the_decision_is_not_taken(app, old, new, words):
    text = LIMITED.replace("everyone = true", "members = true, proven = true").replace(old, new, 1)
    text = text[:text.index("[amount]")]
    if "first" in words:
        text = text.replace('days = 2, kind = "decide"},\n]', "days = 2},\n]")
    with pytest.raises(Invalid, match=words):
        office_actions.enter_version(officer(), text)
