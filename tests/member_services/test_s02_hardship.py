"""S2: six causes, a means test against the local minimum standard, a file, aid of five kinds."""

import pytest

from contest.errors import Conflict, Invalid, NotAllowed
from contest.member_services import case_actions, entitlement_queries, payment_queries
from contest.member_services.amount_rules import MeansTest
from contest.member_services.catalogue_queries import get_service, shipped
from tests.member_services.walking import act, apply, feedback, officer, person, standard

FAMILY = {
    "region": "云溪区", "cause": "illness", "consent": "1", "spending": "3000",
    "household-0-person": "李四", "household-0-relation": "本人", "household-0-income": "4200",
    "household-1-person": "王芳", "household-1-relation": "配偶", "household-1-income": "1200",
    "household-2-person": "李小", "household-2-relation": "子女", "household-2-income": "0",
}


@pytest.mark.parametrize(("income", "spending", "passes"), [
    (540_000, 300_000, False),  # 800.00 a head is not below 800.00
    (539_999, 300_000, True),   # one fen below for the three of them
    (240_000, 0, False), (239_999, 0, True), (100_000, 300_000, True),
])
def test_the_household_is_below_the_standard_or_not_to_the_fen(income, spending, passes):
    assert MeansTest(3, income, spending, 80_000).passes is passes


def test_the_six_causes_and_the_five_kinds_of_aid():
    service = shipped()["hardship"]

    assert [one.name for one in service.field("cause").options] == [
        "患重大疾病", "子女就学", "残疾", "失业", "自然灾害", "意外事故",
    ]
    assert [one.name for one in service.aids] == ["生活救助", "医疗救助", "助学救助", "就业帮扶", "法律援助"]


def test_a_household_in_hardship_comes_on_the_file(app):
    desk = officer("帮扶", "means_checker", "visitor")
    human = person("李四")
    case = apply("hardship", human, **{**FAMILY, "spending": "3000.01"})
    with standard():
        act(desk, case, "accept")
        act(desk, case, "step", words="核对无误")
        act(desk, case, "step", words="已入户")
        test = case_actions.means_of(case, get_service("hardship"))
        assert (test.income, test.left, test.per_head) == (540_000, 239_999, 79_999)
        with pytest.raises(Invalid, match="kind of aid"):
            act(desk, case, "decide", amount="3000")
        act(desk, case, "decide", amount="3000", aid=["medical", "living"])
    assert (case.amount, case.aids) == (300_000, ["living", "medical"])
    [held] = entitlement_queries.open_of(human.id, "hardship")
    assert (held.ground, held.aids) == ("need", ["living", "medical"])
    assert held.review_on.isoformat() == "2027-11-23"
    [waits] = payment_queries.due()
    assert (waits.case.id, waits.case.amount, [one.key for one in waits.aids]) == (
        case.id, 300_000, ["living", "medical"],
    )
    with pytest.raises(Invalid, match="number of the transfer"):
        act(desk, case, "step")
    act(desk, case, "step", voucher="YH20261123-007")
    assert (payment_queries.due(), case.step_key) == ([], "aid")
    act(desk, case, "step", words="已慰问")
    feedback(case, 4)
    assert case.state == "closed"
    assert "hardship_review" in entitlement_queries.opens_for(human.id)


def test_aid_that_is_no_money_is_given_without_a_payment(app):
    desk = officer("帮扶", "means_checker", "visitor")
    case = apply("hardship", person("李四"), **{**FAMILY, "spending": "3000.01"})
    with standard():
        for what in ("accept", "step", "step"):
            act(desk, case, what)
        act(desk, case, "decide", amount="0", aid=["law", "work"])
    assert (case.step_key, payment_queries.due()) == ("aid", [])


def test_only_the_cashier_pays_aid_once_one_is_named(app):
    desk, cashier = officer("帮扶", "means_checker", "visitor"), officer("出纳", "cashier")
    case = apply("hardship", person("李四"), **{**FAMILY, "spending": "3000.01"})
    with standard():
        for what in ("accept", "step", "step"):
            act(desk, case, what)
        act(desk, case, "decide", amount="3000", aid=["living"])
    with pytest.raises(NotAllowed, match="Cashier"):
        act(desk, case, "step", voucher="YH20261123-008")
    act(cashier, case, "step", voucher="YH20261123-008")
    assert case.step_key == "aid"


def test_who_is_not_below_the_standard_is_not_granted(app):
    desk = officer("帮扶", "means_checker", "visitor")
    case = apply("hardship", person("李四"), **FAMILY)
    for what in ("accept", "step", "step"):
        act(desk, case, what)
    with pytest.raises(Conflict, match="not set"):
        act(desk, case, "decide", amount="3000", aid=["living"])
    with standard(), pytest.raises(Conflict, match="not below"):
        act(desk, case, "decide", amount="3000", aid=["living"])
    act(desk, case, "refuse", words="人均 800 元，不低于标准")
    assert case.state == "refused"


@pytest.mark.parametrize(("change", "field"), [
    ({"consent": ""}, "consent"), ({"cause": "idleness"}, "cause"), ({"spending": "很多"}, "spending"),
    ({"household-1-income": "一千"}, "household-1-income"), ({"region": ""}, "region"),
])
def test_what_is_wrong_is_named_at_its_field(app, change, field):
    with pytest.raises(Invalid) as refused:
        apply("hardship", **{**FAMILY, **change})
    assert field in refused.value.fields


@pytest.mark.parametrize("region", ["云溪区", " 云溪 区", "云溪区　"])
def test_blanks_in_the_name_of_a_region_keep_nobody_from_the_test(app, region):
    case = apply("hardship", person("李四"), **{**FAMILY, "region": region})
    with standard():
        assert case_actions.means_of(case, get_service("hardship")).standard == 80_000


def test_a_region_that_is_not_set_is_named_with_those_that_are(app, client):
    desk = officer("帮扶", "means_checker", "visitor")
    case = apply("hardship", person("李四"), **{**FAMILY, "region": "云溪县"})
    for what in ("accept", "step", "step"):
        act(desk, case, what)
    with standard("云溪区"), standard("苍岭县"):
        with pytest.raises(Conflict, match="of “云溪县” is not set .set are: 云溪区, 苍岭县"):
            act(desk, case, "decide", amount="3000", aid=["living"])
        page = client.get("/services/hardship").text
    assert 'list="known-region"' in page and '<option value="云溪区">' in page
    act(desk, case, "return", words="请按名单写地区")
    assert '<option value="苍岭县">' in client.get(f"/applications/{case.receipt}").text
