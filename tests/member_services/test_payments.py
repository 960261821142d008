"""S4 is paid online: what was granted waits on a list with its account, and is paid with a number."""

import io
from datetime import date

import pytest
from python_calamine import CalamineWorkbook
from sqlalchemy import select

from contest.audit.models import TrailRow
from contest.db import db
from contest.errors import Conflict, Invalid, NotAllowed
from contest.member_services import (
    case_actions,
    case_queries,
    look_actions,
    membership_actions,
    office_actions,
    payment_queries,
)
from contest.member_services.catalogue_queries import document_of
from contest.member_services.catalogue_rules import read_service, write_toml
from contest.member_services.membership_models import Membership
from contest.people.personal_models import PersonalAccess
from tests.member_services.test_s04_medical_aid import STAY
from tests.member_services.walking import act, apply, at, officer, person

NOVEMBER, DECEMBER = date(2026, 11, 23), date(2026, 12, 1)


def granted(desk, name="钟一", **values):
    case = apply("medical_aid", person(name, member=True), own_payment="8000", **{**STAY, **values})
    act(desk, case, "accept")
    act(desk, case, "decide")
    return case


def test_what_was_granted_waits_to_be_paid_and_is_paid_with_the_number_of_the_transfer(app):
    desk = officer("互助", "aid_reviewer", "cashier")
    case, other = granted(desk), granted(desk, "钟二")
    waits = payment_queries.due()
    assert [one.case.name for one in waits] == ["钟一", "钟二"]
    assert payment_queries.total(waits) == 560_000  # 40 % of 7,000, twice

    with pytest.raises(Invalid) as refused:
        act(desk, case, "step", voucher="已转")
    assert set(refused.value.fields) == {"voucher"}
    assert case.state == "decided"
    act(desk, case, "step", voucher="YH20261123-001")

    assert case.state == "done"
    assert [one.case.id for one in payment_queries.due()] == [other.id]
    [paid] = payment_queries.paid(NOVEMBER)
    assert (paid.case.id, paid.event.facts["voucher"]) == (case.id, "YH20261123-001")
    assert payment_queries.total([paid]) == 280_000
    assert payment_queries.paid(DECEMBER) == []
    told = [one.words for one in case_queries.history(case, for_office=False) if one.kind == "paid"]
    assert told == ["YH20261123-001"]


def test_who_gives_himself_a_case_does_not_write_down_that_it_was_paid(app):
    """Else the money is lost: it stands as paid, and nobody sent it."""
    cashier, other = officer("出纳", "cashier"), officer("段专员")
    case = granted(officer("互助", "aid_reviewer"))
    case_actions.assign_case(other, case.id, case.revision, other.user_id)
    with pytest.raises(NotAllowed, match="Cashier"):
        act(other, case, "step", voucher="YH20261123-001")
    assert [one.case.id for one in payment_queries.due()] == [case.id]
    act(cashier, case, "step", voucher="YH20261123-001")
    assert case.state == "done"


def test_nobody_is_asked_to_pay_what_can_only_be_ended(app):
    desk = officer("互助", "aid_reviewer", "cashier")
    case, other = granted(desk), granted(desk, "钟二")
    row = db.session.scalar(select(Membership).filter_by(human_id=case.human_id))
    membership_actions.end_membership(desk, row.id, "离职")

    assert [one.case.id for one in payment_queries.due()] == [other.id]
    with pytest.raises(Conflict, match="has ended"):
        act(desk, case, "step", voucher="YH20261123-001")


@pytest.mark.parametrize("app", ["sqlite", "postgres"], indirect=True)
def test_what_was_paid_counts_in_the_year_although_the_case_could_only_be_ended_then(app):
    """Else the cap of the year is there once more for somebody who had it."""
    desk, organiser = officer("互助", "aid_reviewer", "cashier"), officer("组委会", role="organiser")
    document = document_of("medical_aid")
    more = {"key": "call", "name": "回访", "name_en": "Called", "days": 2}
    office_actions.enter_version(organiser, write_toml({**document, "steps": [*document["steps"], more]}))
    case, unpaid = granted(desk), granted(desk, "钟二")
    act(desk, case, "step", voucher="YH20261123-001")
    for one in (case, unpaid):
        row = db.session.scalar(select(Membership).filter_by(human_id=one.human_id))
        membership_actions.end_membership(desk, row.id, "离职")
        act(desk, one, "refuse", words="会籍已终止")

    assert case_queries.had(case.human_id, "medical_aid", 2026).in_year == 280_000
    assert case_queries.had(unpaid.human_id, "medical_aid", 2026).in_year == 0


def test_a_payment_counts_in_the_month_in_which_it_was_made(app):
    desk = officer("互助", "aid_reviewer", "cashier")
    case = granted(desk)
    at("2026-12-01 00:30")  # still November in London
    act(desk, case, "step", voucher="YH20261201-001")
    assert payment_queries.paid(NOVEMBER) == []
    assert [one.paid_on for one in payment_queries.paid(DECEMBER)] == [DECEMBER]


def test_an_account_is_digits_and_is_asked_for(app):
    for typed in ("", "农行卡", "1234567", "1" * 33):
        with pytest.raises(Invalid) as refused:
            apply("medical_aid", own_payment="8000", **{**STAY, "account": typed})
        assert set(refused.value.fields) == {"account"}
    case = apply("medical_aid", own_payment="8000", **{**STAY, "account": "６２２８-4800 0000 017"})
    assert case.answers["account"] == "622848000000017"


def test_the_list_is_taken_as_a_file_with_the_accounts_and_everybody_on_it_can_read_who_took_it(app, as_role):
    desk = officer("互助", "aid_reviewer", "cashier")
    case = granted(desk)
    browser = as_role("service_officer")

    page = browser.get("/service-desk/payments").text
    assert "2,800.00" in page and "62284800" not in page
    answer = browser.get("/service-desk/payments.xlsx")

    rows = CalamineWorkbook.from_filelike(io.BytesIO(answer.data)).get_sheet_by_index(0).to_python()
    [line] = [row for row in rows if case.receipt in row]
    assert line[2] == "钟一" and line[6] == 2800 and line[7:9] == ["云溪农商银行", "6228480000000000017"]
    [look] = db.session.scalars(select(PersonalAccess).filter_by(human_id=case.human_id)).all()
    assert (look.kind, look.fields, look.reason) == ("open", ["case_answers"], case.receipt)
    [row] = db.session.scalars(select(TrailRow).filter_by(did="service.payments")).all()
    assert row.facts["count"] == 1
    act(desk, case, "step", voucher="YH20261123-001")
    assert browser.get("/service-desk/payments.xlsx").status_code == 409
    assert "YH20261123-001" in browser.get("/service-desk/payments").text
    assert "YH20261123-001" not in browser.get("/service-desk/payments?month=2026-12").text
    for month in ("13", "0001-01", "1999-12", "2101-01", "9999-12"):
        assert browser.get(f"/service-desk/payments?month={month}").status_code == 422, month


def test_who_comes_on_the_list_while_it_is_taken_is_on_the_next_one(app, as_role, monkeypatch):
    """In the file stands nobody whose log does not say that it was taken."""
    desk = officer("互助", "aid_reviewer", "cashier")
    first, later = granted(desk), []
    note = look_actions.note_payments

    def then_another(*what):
        note(*what)
        later.append(granted(desk, "钟二").receipt)

    monkeypatch.setattr(look_actions, "note_payments", then_another)
    answer = as_role("service_officer").get("/service-desk/payments.xlsx")

    rows = CalamineWorkbook.from_filelike(io.BytesIO(answer.data)).get_sheet_by_index(0).to_python()
    assert [row[1] for row in rows if row[1] in (first.receipt, *later)] == [first.receipt]
    assert len(later) == 1


def test_the_page_of_a_case_asks_for_the_number(app, as_role):
    desk = officer("互助", "aid_reviewer")
    case = granted(desk)
    browser = as_role("service_officer")
    assert 'name="voucher"' in browser.get(f"/service-desk/cases/{case.id}").text
    answer = browser.post(f"/service-desk/cases/{case.id}", data={
        "rev": case.revision, "act": "step", "voucher": "x", "words": "请查收",
    })
    assert (answer.status_code, "请查收" in answer.text) == (422, True)


def test_an_entry_that_pays_says_how_much(app):
    document = {**document_of("letterbox")}
    document["steps"] = [{**document["steps"][0], "does": "pay"}]
    with pytest.raises(Invalid, match="needs an amount"):
        read_service(document)


def test_what_was_granted_by_an_older_entry_still_waits(app):
    desk = officer("互助", "aid_reviewer", "cashier")
    case = granted(desk)
    document = dict(document_of("medical_aid"))
    document["steps"] = [one for one in document["steps"] if one.get("does") != "pay"]
    office_actions.enter_version(officer("组委会", role="organiser"), write_toml(document))
    assert [one.case.id for one in payment_queries.due()] == [case.id]
