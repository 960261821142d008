"""Nobody's account is erased while money that was granted is not paid."""

import pytest

from contest.errors import Conflict
from contest.members import erasing
from tests.member_services.test_benefits import allowed, pay
from tests.member_services.test_s02_hardship import FAMILY
from tests.member_services.walking import act, apply, at, officer, person, standard

WHY = "本人书面申请"


def granted(human):
    """A case of hardship that waits at the step that pays."""
    desk = officer("帮扶", "means_checker", "visitor", "cashier")
    case = apply("hardship", human, **{**FAMILY, "spending": "3000.01"})
    with standard():
        for _ in range(3):
            act(desk, case, "accept" if case.state == "applied" else "step", words="核对无误")
        act(desk, case, "decide", amount="3000", aid=["living"])
    return desk, case


def test_what_was_granted_is_paid_before_the_account_goes(app):
    human, keeper = person("李四"), officer("管理员", role="curator")
    desk, case = granted(human)
    assert case.step_key == "pay"

    with pytest.raises(Conflict, match=case.receipt):
        erasing.erase(keeper, human.id, human.name, WHY)
    assert case.answers

    act(desk, case, "step", voucher="YH20261123-001")
    erasing.erase(keeper, human.id, human.name, WHY)
    assert case.erased_at is not None and not case.answers


def test_months_that_are_due_are_paid_before_the_account_goes(app):
    desk, keeper = officer("出纳", "cashier"), officer("管理员", role="curator")
    human, case = allowed(officer("段专员"))
    at("2027-01-15 10:00")

    with pytest.raises(Conflict, match="2027-01, 2026-12"):
        erasing.erase(keeper, human.id, human.name, WHY)

    for month in ("2026-12", "2027-01"):
        pay(desk, month, {human: 50_000})
    erasing.erase(keeper, human.id, human.name, WHY)
    assert case.erased_at is not None
