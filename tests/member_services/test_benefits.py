"""S19 in money: a month is due once while the entitlement holds, and is paid with a number, once."""

import io
from datetime import date

import pytest
from python_calamine import CalamineWorkbook
from sqlalchemy import select

from contest.audit.models import TrailRow
from contest.db import db
from contest.errors import Conflict, Invalid, Missing, NotAllowed
from contest.member_services import benefit_actions, benefit_queries, office_actions, person_actions  # noqa: F401
from contest.member_services.benefit_rules import month_back
from contest.member_services.catalogue_queries import document_of
from contest.member_services.catalogue_rules import read_service, write_toml
from contest.member_services.entitlement_models import BenefitPayment
from contest.people.personal_models import PersonalAccess
from contest.registry import actions as registry
from contest.registry import person_actions as register
from tests.member_services.test_s19_allowance import POST, told
from tests.member_services.test_s19_allowance import granted as honoured
from tests.member_services.walking import act, apply, at, officer, person

KEY = "skill_allowance"
ACCOUNT = {"bank": "云溪农商银行", "account": "6228480000000000017"}


def allowed(desk, name="钟一", level="技师", **values):
    """Somebody on a level whose application was granted; (person, case)."""
    human = person(name)
    told(human, "", level)
    return human, grant(desk, human, **values)


def grant(desk, human, **values):
    case = apply(KEY, human, **{**POST, **ACCOUNT, **values})
    for what in ("accept", "step", "decide"):
        act(desk, case, what)
    return case


def due(text):
    """{name: fen} of what is open for a month."""
    return {
        one.human.name: one.amount for one in benefit_queries.Due().open_of(date.fromisoformat(f"{text}-01"))
    }


def pay(actor, text, chosen, voucher="YH20261201-001", key=KEY):
    month = date.fromisoformat(f"{text}-01")
    return benefit_actions.pay_month(actor, key, month, {one.id: fen for one, fen in chosen.items()}, voucher)


@pytest.mark.parametrize(("month", "count", "expected"), [
    ("2027-01-31", 1, "2026-12-01"), ("2027-01-01", 12, "2026-01-01"), ("2026-12-01", 0, "2026-12-01"),
    ("2026-12-05", -1, "2027-01-01"), ("2026-11-01", 23, "2024-12-01"),
])
def test_months_are_counted_over_the_turn_of_the_year(month, count, expected):
    assert month_back(date.fromisoformat(month), count) == date.fromisoformat(expected)


def test_a_month_is_due_while_the_entitlement_holds_and_not_before_it_has_begun(app):
    desk = officer("段专员")
    allowed(desk)
    assert due("2026-11") == due("2026-12") == {}  # it holds from December, which has not begun
    at("2027-02-15 10:00")
    assert [due(month) for month in ("2026-11", "2026-12", "2027-01", "2027-02", "2027-03")] == [
        {}, {"钟一": 50_000}, {"钟一": 50_000}, {"钟一": 50_000}, {},
    ]


def test_nothing_is_due_before_an_application_was_granted(app):
    desk, human = officer("段专员"), person("钟一")
    told(human, "", "技师")
    at("2026-12-15 10:00")
    case = apply(KEY, human, **POST)
    act(desk, case, "accept")
    assert due("2026-12") == {}
    act(desk, case, "step")
    act(desk, case, "decide")
    assert due("2026-12") == {"钟一": 50_000}


def test_a_late_application_is_paid_for_a_year_back_and_no_longer(app):
    desk, human = officer("段专员"), person("钟一")
    told(human, "", "技师")
    at("2028-03-10 10:00")
    grant(desk, human)
    assert (due("2027-02"), due("2027-03")) == ({}, {"钟一": 50_000})


def test_a_month_is_paid_once(app):
    desk = officer("出纳", "cashier")
    human, _ = allowed(desk)
    at("2026-12-02 10:00")
    assert pay(desk, "2026-12", {human: 50_000}) == 50_000

    assert due("2026-12") == {}
    with pytest.raises(Conflict, match="paid already"):
        pay(desk, "2026-12", {human: 50_000}, "YH20261201-002")
    [row] = db.session.scalars(select(BenefitPayment)).all()
    assert (row.amount, row.voucher, row.human_id, row.who) == (50_000, "YH20261201-001", human.id, "出纳")
    [trail] = db.session.scalars(select(TrailRow).filter_by(did="service.benefits")).all()
    assert (trail.facts["amount"], trail.facts["count"], trail.facts["month"]) == ("500.00", 1, "2026-12")
    [month] = benefit_queries.months(benefit_queries.Due())
    assert (month.open_count, month.paid_count, month.paid_sum) == (0, 1, 50_000)


def test_the_table_itself_refuses_a_second_payment_and_a_change(app):
    desk = officer("出纳", "cashier")
    human, _ = allowed(desk)
    at("2026-12-02 10:00")
    pay(desk, "2026-12", {human: 50_000})
    row = db.session.scalar(select(BenefitPayment))
    values = {key.name: getattr(row, key.name) for key in BenefitPayment.__table__.c if key.name != "id"}
    for statement in (BenefitPayment.__table__.insert().values(values),
                      BenefitPayment.__table__.update().values(amount=1)):
        with pytest.raises(Exception, match=r"(?i)unique|append-only"):
            db.session.execute(statement)
        db.session.rollback()


@pytest.mark.parametrize(("chosen", "refused"), [
    ({}, "at least one"), ({"钟一": 60_000}, "has changed from 600.00 to 500.00"),
    ({"王五": 50_000}, "not due"),
])
def test_only_what_is_due_as_it_was_seen_is_paid(app, chosen, refused):
    desk = officer("出纳", "cashier")
    people = {"钟一": allowed(desk)[0], "王五": person("王五")}
    at("2026-12-02 10:00")
    with pytest.raises(Conflict, match=refused):
        pay(desk, "2026-12", {people[name]: fen for name, fen in chosen.items()})
    assert db.session.scalars(select(BenefitPayment)).all() == []


def test_a_payment_names_its_transfer_a_month_that_has_begun_and_an_entry_that_pays(app):
    desk = officer("出纳", "cashier")
    human, _ = allowed(desk)
    with pytest.raises(Invalid, match="has begun"):
        pay(desk, "2026-12", {human: 50_000})
    at("2026-12-02 10:00")
    with pytest.raises(Invalid) as refused:
        pay(desk, "2026-12", {human: 50_000}, "已转")
    assert set(refused.value.fields) == {"voucher"}
    with pytest.raises(Missing):
        pay(desk, "2026-12", {human: 50_000}, key="hardship")


def test_only_who_is_named_pays(app):
    desk, cashier = officer("段专员"), officer("出纳", "cashier")
    human, _ = allowed(desk)
    at("2026-12-02 10:00")
    with pytest.raises(NotAllowed, match="Cashier"):
        pay(desk, "2026-12", {human: 50_000})
    pay(cashier, "2026-12", {human: 50_000})


def test_another_level_is_another_amount_from_the_next_month_without_a_new_application(app):
    desk = officer("段专员")
    human, _ = allowed(desk)
    at("2027-03-10 10:00")
    told(human, "技师", "首席技师")
    at("2027-05-10 10:00")
    assert [due(f"2027-0{n}").get("钟一") for n in (3, 4, 5)] == [50_000, 600_000, 600_000]


def test_what_was_earned_before_the_end_stays_due_and_nothing_after_it(app):
    desk = officer("段专员")
    human, _ = allowed(desk)
    at("2027-02-20 10:00")
    told(human, "技师", "")
    at("2027-05-10 10:00")
    assert [due(month).get("钟一") for month in ("2027-01", "2027-02", "2027-03")] == [50_000, 50_000, None]
    told(human, "", "技师")  # again, after a gap: that is applied for anew
    at("2027-07-10 10:00")
    assert due("2027-07") == {}
    grant(desk, human)
    assert due("2027-07") == {"钟一": 50_000}
    assert due("2027-04") == {}


def test_a_revoked_honour_ends_it_at_once(app):
    desk = officer("段专员")
    honour, human = honoured(is_title=True, level="技能大师")
    grant(desk, human)
    at("2026-12-02 10:00")
    assert due("2026-12") == {human.name: 50_000}
    at("2026-12-20 10:00")
    registry.revoke_honour(desk, honour.id, "成绩无效")
    at("2027-01-02 10:00")
    assert (due("2026-12"), due("2027-01")) == ({human.name: 50_000}, {})


def test_two_rows_that_are_one_person_are_not_paid_twice(app):
    desk, curator = officer("出纳", "cashier"), officer("馆员", role="curator")
    gone, _ = allowed(desk)
    keep, _ = allowed(desk, level="高级技师")
    at("2026-12-02 10:00")
    pay(desk, "2026-12", {gone: 50_000})

    register.merge_people(curator, keep.id, gone.id, "同一人")

    assert due("2026-12") == {}
    at("2027-01-02 10:00")
    assert due("2027-01") == {"钟一": 150_000}


def test_two_people_who_are_parted_again_are_not_paid_twice(app):
    desk, curator = officer("出纳", "cashier"), officer("馆员", role="curator")
    gone, _ = allowed(desk)
    keep = person("钟一")
    at("2026-12-02 10:00")
    merge = register.merge_people(curator, keep.id, gone.id, "同一人")
    pay(desk, "2026-12", {keep: 50_000})

    register.split_people(curator, merge.id, "不是同一人")

    assert due("2026-12") == {}


def test_an_entry_that_pays_monthly_follows_a_level_and_another_entry_may_pay_too(app):
    document = {**document_of("standing_benefits"), "monthly": {"who": "cashier"}}
    with pytest.raises(Invalid, match="monthly needs"):
        read_service(document)
    desk = officer("段专员", role="organiser")
    document = {**document_of(KEY), "key": "housing_money", "name": "安家补贴", "name_en": "Housing money"}
    office_actions.enter_version(desk, write_toml(document))
    human, _ = allowed(desk)
    case = apply("housing_money", human, **POST)
    for what in ("accept", "step", "decide"):
        act(desk, case, what)
    at("2026-12-02 10:00")
    waits = benefit_queries.Due().open_of(date(2026, 12, 1))
    assert {one.service.key for one in waits} == {KEY, "housing_money"}
    pay(desk, "2026-12", {human: 50_000}, key="housing_money")
    assert [one.service.key for one in benefit_queries.Due().open_of(date(2026, 12, 1))] == [KEY]


def test_what_organisers_pay_monthly_nobody_else_of_the_desk_pays(app):
    """For a role nobody is named, and that is not the same as a duty for which nobody is named yet."""
    cashier, organiser = officer("出纳", "cashier"), officer("组委会", role="organiser")
    human, _ = allowed(officer(role="organiser"))
    document = {**document_of(KEY), "monthly": {"who": "organiser", "back": 12}}
    office_actions.enter_version(organiser, write_toml(document))
    at("2026-12-02 10:00")
    for actor in (cashier, officer()):
        with pytest.raises(NotAllowed, match="Organiser"):
            pay(actor, "2026-12", {human: 50_000})
    assert due("2026-12") == {"钟一": 50_000}
    pay(organiser, "2026-12", {human: 50_000})
    assert due("2026-12") == {}


def test_the_page_pays_those_that_are_chosen_and_the_list_is_taken_as_a_file(app, as_role):
    desk = officer("段专员")
    (one, case), (two, _) = allowed(desk), allowed(desk, "钟二", "首席技师")
    at("2026-12-02 10:00")
    browser = as_role("service_officer")
    address = "/service-desk/payments/monthly"
    page = browser.get(address).text
    assert "6,500.00" in page and "62284800" not in page and f'value="{one.id}:50000"' in page
    rows = CalamineWorkbook.from_filelike(
        io.BytesIO(browser.get(f"{address}.xlsx?month=2026-12").data)
    ).get_sheet_by_index(0).to_python()
    [line] = [row for row in rows if case.receipt in row]
    assert line[2] == "钟一" and line[5:] == ["2026-12", 500, "云溪农商银行", "6228480000000000017"]
    looks = db.session.scalars(select(PersonalAccess).filter_by(human_id=one.id)).all()
    assert [(look.kind, look.reason) for look in looks] == [("open", case.receipt)]

    sent = {"month": "2026-12", "service": KEY, "chosen": f"{two.id}:600000", "voucher": "x"}
    refused = browser.post(address, data=sent)
    assert refused.status_code == 422 and 'value="x"' in refused.text
    assert refused.text.count(" checked") == 1  # what was chosen stays chosen
    assert browser.post(address, data={**sent, "voucher": "YH20261202-001"}).status_code == 303
    assert due("2026-12") == {"钟一": 50_000}
    assert browser.post(address, data={**sent, "voucher": "YH20261202-002"}).status_code == 409
    assert "YH20261202-001" in browser.get(f"{address}?month=2026-12").text
    assert "YH20261202-001" not in browser.get(f"{address}?month=2026-11").text
    assert browser.get(f"{address}?month=13").status_code == 422
    assert browser.get(f"{address}.xlsx?month=2026-11").status_code == 409
