"""S4: 50 yuan a year; the threshold fell from 3,000 to 1,000; every edge of the rule to the fen."""

import pytest

from contest.errors import Conflict, Invalid, NotAllowed
from contest.member_services import (
    amount_rules,
    case_actions,
    catalogue_queries,
    catalogue_rules,
    office_actions,
)
from contest.member_services.amount_rules import Had
from contest.member_services.catalogue_queries import get_service, shipped
from tests.member_services.walking import act, apply, at, feedback, officer, person

STAY = {
    "joined": "1", "left_hospital": "2026-11-02", "serious": "no", "bank": "云溪农商银行",
    "account": "6228 4800 0000 0000 017",
}


def paid(fen, serious="no", had=None):
    counted = amount_rules.count(shipped()["medical_aid"], {"own_payment": fen, "serious": serious}, had)
    return [one.paid for one in counted.lines], counted.total


@pytest.mark.parametrize(("fen", "ordinary"), [
    (0, 0), (99_999, 0), (100_000, 0),
    (100_001, 0),        # 40 % of one fen is no whole fen
    (100_002, 0), (100_003, 1), (100_100, 40),
    (999_999, 359_999),  # 40 % of 8,999.99
    (1_000_000, 360_000), (1_000_001, 360_000), (1_000_002, 360_001),
    (5_000_000, 2_360_000), (5_000_001, 2_360_000), (5_000_002, 2_360_001),
    (9_399_998, 4_999_998), (9_400_000, 5_000_000), (9_400_100, 5_000_000), (50_000_000, 5_000_000),
])
def test_the_hospital_aid_at_every_edge(fen, ordinary):
    assert paid(fen) == ([ordinary, 0], ordinary)


@pytest.mark.parametrize(("fen", "further"), [
    (500_000, 0), (500_001, 50_000), (1_000_000, 50_000), (1_000_001, 100_000),
    (2_000_000, 100_000), (2_000_001, 300_000), (5_000_000, 300_000), (5_000_001, 1_000_000),
    (10_000_000, 1_000_000), (10_000_001, 3_000_000), (20_000_000, 3_000_000), (20_000_001, 5_000_000),
])
def test_the_further_aid_for_a_serious_illness_from_500_to_50000(fen, further):
    assert paid(fen, "yes")[0][1] == further
    assert paid(fen, "no")[0][1] == 0


def test_a_part_that_hangs_on_one_of_several_answers_is_paid_to_whoever_gave_it():
    document = catalogue_queries.shipped_documents()["medical_aid"]
    fields = [{**one, "kind": "several"} if one["key"] == "serious" else one for one in document["fields"]]
    service = catalogue_rules.read_service({**document, "fields": fields})
    for chosen, further in ((["yes"], 50_000), (["no", "yes"], 50_000), (["no"], 0), ([], 0)):
        counted = amount_rules.count(service, {"own_payment": 500_001, "serious": chosen})
        assert counted.lines[1].paid == further


def test_at_most_100000_in_all():
    assert paid(30_000_000, "yes") == ([5_000_000, 5_000_000], 10_000_000)
    assert paid(30_000_000, "yes", Had(in_year=1)) == ([5_000_000, 4_999_999], 9_999_999)
    assert paid(30_000_000, "no", Had(in_year=9_999_950, parts_in_year=(("ordinary", 1),))) == ([50, 0], 50)
    assert paid(30_000_000, "yes", Had(in_year=10_000_000)) == ([0, 0], 0)


def test_the_cap_of_the_hospital_aid_counts_the_whole_year_and_the_further_aid_comes_once():
    had = Had(4_900_000, (("ordinary", 4_850_000), ("serious", 50_000)), frozenset({"ordinary", "serious"}))

    assert paid(5_000_000, "yes", had) == ([150_000, 0], 150_000)


def test_with_the_old_threshold_the_same_stay_earned_less(app):
    """An open case keeps the rule that it began with; the next one has the new rule."""
    desk = officer("互助", "aid_reviewer", "cashier")
    organiser = officer("组委会", role="organiser")
    document = dict(catalogue_queries.document_of("medical_aid"))
    text = (catalogue_queries.FOLDER / "s04_medical_aid.toml").read_text("utf-8")
    old_text = text.replace("above = 1000\n", "above = 3000\n", 1)
    with pytest.raises(NotAllowed, match="amount.parts.1.above"):
        office_actions.enter_version(desk, old_text)  # not who decides by it
    office_actions.enter_version(organiser, old_text)
    old = apply("medical_aid", person("老病号", member=True), own_payment="8000", **STAY)
    office_actions.enter_version(organiser, text)
    new = apply("medical_aid", person("新病号", member=True), own_payment="8000", **STAY)

    assert catalogue_rules.read_service(document).amount.parts[0].above == 100_000
    for case in (old, new):
        act(desk, case, "accept")
        act(desk, case, "decide")
    assert (old.amount, new.amount) == (200_000, 280_000)


def test_a_member_is_paid_and_the_second_stay_of_the_year_counts_the_first(app):
    desk = officer("互助", "aid_reviewer", "cashier")
    human = person("钟一", member=True)
    first = apply("medical_aid", human, own_payment="90,000", **{**STAY, "serious": "yes"})
    act(desk, first, "accept")
    counted = case_actions.count_for(first, get_service("medical_aid"))
    assert [one.paid for one in counted.lines] == [4_760_000, 1_000_000]
    act(desk, first, "decide")
    act(desk, first, "step", words="已转账", voucher="YH20261123-001")
    feedback(first)
    assert (first.state, first.amount) == ("closed", 5_760_000)

    second = apply("medical_aid", human, own_payment="90000.50", **{**STAY, "serious": "yes"})
    act(desk, second, "accept")
    act(desk, second, "decide")
    assert second.amount == 240_000  # what is left of 50,000, and nothing further
    third = apply("medical_aid", human, own_payment="50000.50", **STAY)
    act(desk, third, "accept")
    with pytest.raises(Conflict, match="nothing is due"):
        act(desk, third, "decide")
    at("2027-01-04 10:00")
    act(desk, third, "decide")
    assert third.amount == 2_360_030  # a new year


def test_who_has_not_paid_the_50_yuan_is_told_at_the_field(app):
    with pytest.raises(Invalid) as refused:
        apply("medical_aid", own_payment="8000", **{**STAY, "joined": ""})
    assert set(refused.value.fields) == {"joined"}
