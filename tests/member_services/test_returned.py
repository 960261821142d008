"""A transfer that came back: open again, with reason and day, and paid once more, never twice."""

from datetime import date

import pytest
from sqlalchemy import select

from contest.audit.models import TrailRow
from contest.db import db
from contest.errors import Conflict, Invalid, Missing, NotAllowed
from contest.member_services import (
    benefit_actions,
    benefit_queries,
    case_queries,
    payment_actions,
    payment_queries,
)
from contest.member_services.entitlement_models import BenefitPayment, BenefitReturn
from contest.registry import person_actions as register
from tests.member_services.test_benefits import allowed, due, pay
from tests.member_services.test_payments import DECEMBER, NOVEMBER, granted
from tests.member_services.walking import act, at, feedback, form, officer

BOTH = pytest.mark.parametrize("app", ["sqlite", "postgres"], indirect=True)
WHY = "账号已销户，银行退回"


def back(day="2026-12-05", reason=WHY):
    return form(reason=reason, came_back_on=day)


def payments():
    return [(row.voucher, row.after_id) for row in
            db.session.scalars(select(BenefitPayment).order_by(BenefitPayment.id))]


@pytest.fixture
def paid(app):
    """(cashier, person, payment) of a month that was paid on the second of December; it is the eighth."""
    desk = officer("出纳", "cashier")
    human, _ = allowed(desk)
    at("2026-12-02 10:00")
    pay(desk, "2026-12", {human: 50_000})
    at("2026-12-08 10:00")
    return desk, human, db.session.scalar(select(BenefitPayment)).id


@BOTH
def test_a_month_that_came_back_is_open_and_is_paid_once_more(paid):
    desk, human, payment_id = paid

    benefit_actions.note_return(desk, payment_id, back())

    assert due("2026-12") == {"钟一": 50_000}
    [month] = benefit_queries.months(benefit_queries.Due())
    assert (month.open_count, month.paid_count, month.paid_sum) == (1, 0, 0)
    [trail] = db.session.scalars(select(TrailRow).filter_by(did="service.benefit_back")).all()
    assert trail.facts == {"month": "2026-12", "human": human.id, "amount": "500.00", "on": "2026-12-05",
                           "voucher": "YH20261201-001", "reason": WHY}
    assert pay(desk, "2026-12", {human: 50_000}, "YH20261208-001") == 50_000

    assert due("2026-12") == {} and payments() == [("YH20261201-001", 0), ("YH20261208-001", payment_id)]
    with pytest.raises(Conflict, match="paid already"):
        pay(desk, "2026-12", {human: 50_000}, "YH20261208-002")
    first, second = benefit_queries.paid_of(date(2026, 12, 1))
    assert (first.came_back.reason, first.came_back.on, second.came_back) == (WHY, date(2026, 12, 5), None)


@BOTH
def test_what_came_back_twice_is_paid_a_third_time(paid):
    desk, human, payment_id = paid
    benefit_actions.note_return(desk, payment_id, back())
    pay(desk, "2026-12", {human: 50_000}, "YH20261208-001")
    second = db.session.scalar(select(BenefitPayment.id).filter_by(after_id=payment_id))
    benefit_actions.note_return(desk, second, back("2026-12-08"))
    pay(desk, "2026-12", {human: 50_000}, "YH20261208-002")
    assert payments()[2] == ("YH20261208-002", second) and due("2026-12") == {}


@BOTH
def test_a_transfer_comes_back_once(paid):
    desk, _, payment_id = paid
    benefit_actions.note_return(desk, payment_id, back())
    with pytest.raises(Conflict, match="already"):
        benefit_actions.note_return(desk, payment_id, back())
    with pytest.raises(Missing):
        benefit_actions.note_return(desk, payment_id + 1, back())
    assert len(db.session.scalars(select(BenefitReturn)).all()) == 1


@BOTH
def test_the_tables_themselves_let_nobody_pay_twice(paid):
    desk, human, payment_id = paid
    benefit_actions.note_return(desk, payment_id, back())
    pay(desk, "2026-12", {human: 50_000}, "YH20261208-001")
    for table, changes in ((BenefitPayment, {}), (BenefitPayment, {"after_id": payment_id}),
                           (BenefitReturn, {})):
        made = table.__table__
        row = db.session.execute(select(made).order_by(made.c.id)).mappings().first()
        values = {**{key: value for key, value in row.items() if key != "id"}, **changes}
        for statement in (made.insert().values(values), made.update().values(who="x"), made.delete()):
            with pytest.raises(Exception, match=r"(?i)unique|append-only"):
                db.session.execute(statement)
            db.session.rollback()


@pytest.mark.parametrize(("sent", "fields"), [
    ({"reason": " "}, {"reason"}), ({"reason": "x" * 201}, {"reason"}), ({"day": ""}, {"came_back_on"}),
    ({"day": "2026-12-01"}, {"came_back_on"}), ({"day": "2026-12-09"}, {"came_back_on"}),
    ({"reason": "", "day": "soon"}, {"reason", "came_back_on"}),
])
def test_a_return_says_why_and_a_day_that_can_be(paid, sent, fields):
    desk, _, payment_id = paid
    with pytest.raises(Invalid) as refused:
        benefit_actions.note_return(desk, payment_id, back(**sent))
    assert set(refused.value.fields) == fields
    assert due("2026-12") == {}


def test_who_does_not_pay_takes_nothing_back(paid):
    with pytest.raises(NotAllowed, match="Cashier"):
        benefit_actions.note_return(officer("段专员"), paid[2], back())


@BOTH
def test_rows_that_were_found_to_be_one_person_are_paid_once_more_as_one(paid):
    desk, gone, payment_id = paid
    keep, _ = allowed(desk, level="高级技师")
    register.merge_people(officer("馆员", role="curator"), keep.id, gone.id, "同一人")
    assert due("2026-12") == {}
    benefit_actions.note_return(desk, payment_id, back())
    [fen] = due("2026-12").values()
    pay(desk, "2026-12", {keep: fen}, "YH20261208-001")
    assert payments()[1] == ("YH20261208-001", payment_id) and due("2026-12") == {}


def test_the_page_of_the_months_takes_it_back(paid, as_role):
    _, human, payment_id = paid
    browser, address = as_role("organiser"), f"/service-desk/payments/monthly/{paid[2]}/returned"
    assert address in browser.get("/service-desk/payments/monthly?month=2026-12").text
    refused = browser.post(address, data={"month": "2026-12", "reason": WHY, "came_back_on": "2026-01-01"})
    assert refused.status_code == 422 and WHY in refused.text and "2026-12-02" in refused.text
    sent = {"month": "2026-12", "reason": WHY, "came_back_on": "2026-12-05"}
    assert browser.post(address, data=sent).status_code == 303
    assert browser.post(address, data=sent).status_code == 409
    page = browser.get("/service-desk/payments/monthly?month=2026-12").text
    assert WHY in page and f'value="{human.id}:50000"' in page and address not in page


@pytest.fixture
def case_paid(app):
    desk = officer("互助", "aid_reviewer", "cashier")
    case = granted(desk)
    act(desk, case, "step", voucher="YH20261123-001")
    at("2026-11-26 10:00")
    return desk, case


@BOTH
@pytest.mark.parametrize("later", ["done", "feedback", "closed"])
def test_a_case_whose_transfer_came_back_waits_to_be_paid_once_more(case_paid, later):
    desk, case = case_paid
    if later == "feedback":
        feedback(case, 1)
    elif later == "closed":
        act(desk, case, "close", words="电话里问过")
    assert case.state == later

    payment_actions.note_return(desk, case.id, case.revision, back("2026-11-25"))

    assert (case.state, case.step_key, case.done_at, case.over_at) == ("decided", "pay", None, None)
    assert [one.case.id for one in payment_queries.due()] == [case.id]
    [first] = payment_queries.paid(NOVEMBER)
    assert (first.came_back.words, payment_queries.total([first])) == (WHY, 0)
    [trail] = db.session.scalars(select(TrailRow).filter_by(did="service.came_back")).all()
    assert (trail.facts["reason"], trail.facts["on"], trail.facts["voucher"], trail.facts["amount"]) == (
        WHY, "2026-11-25", "YH20261123-001", "2,800.00")
    told = [one.kind for one in case_queries.history(case, for_office=False)]
    assert "came_back" in told

    at("2026-12-01 10:00")
    act(desk, case, "step", voucher="YH20261201-001")
    assert case.state == "done" and payment_queries.due() == []
    assert payment_queries.total(payment_queries.paid(DECEMBER)) == 280_000
    with pytest.raises(Conflict):
        act(desk, case, "step", voucher="YH20261201-002")
    payment_actions.note_return(desk, case.id, case.revision, back("2026-12-01"))
    assert [one.case.id for one in payment_queries.due()] == [case.id]


@BOTH
def test_of_a_case_only_a_standing_payment_comes_back_and_as_it_was_seen(case_paid):
    desk, case = case_paid
    with pytest.raises(Conflict, match="moved this case"):
        payment_actions.note_return(desk, case.id, case.revision - 1, back("2026-11-25"))
    with pytest.raises(Invalid):
        payment_actions.note_return(desk, case.id, case.revision, back("2026-11-25", ""))
    with pytest.raises(NotAllowed):
        payment_actions.note_return(officer("段专员"), case.id, case.revision, back("2026-11-25"))
    payment_actions.note_return(desk, case.id, case.revision, back("2026-11-25"))
    with pytest.raises(Conflict, match="Nothing was paid"):
        payment_actions.note_return(desk, case.id, case.revision, back("2026-11-25"))


def test_a_case_that_was_erased_is_not_opened_again(case_paid):
    from contest import clock

    desk, case = case_paid
    case.erased_at = clock.now()
    db.session.commit()
    with pytest.raises(Conflict, match="erased"):
        payment_actions.note_return(desk, case.id, case.revision, back("2026-11-25"))


def test_the_page_of_a_case_takes_its_transfer_back(case_paid, as_role):
    _, case = case_paid
    browser, address = as_role("organiser"), f"/service-desk/cases/{case.id}/returned"
    assert address in browser.get(f"/service-desk/cases/{case.id}").text
    sent = {"rev": case.revision, "reason": WHY, "came_back_on": "2026-11-25"}
    refused = browser.post(address, data={**sent, "came_back_on": ""})
    assert refused.status_code == 422 and WHY in refused.text
    stale = browser.post(address, data={**sent, "rev": 1})
    assert stale.status_code == 409 and WHY in stale.text
    assert browser.post(address, data=sent).status_code == 303
    page = browser.get(f"/service-desk/cases/{case.id}").text
    assert address not in page and WHY in page
    assert WHY in browser.get("/service-desk/payments?month=2026-11").text
