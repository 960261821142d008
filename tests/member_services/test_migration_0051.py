"""0051: months that were paid stay paid, erasures know no names from elsewhere; and all the way back."""

import pytest
from flask_migrate import downgrade, upgrade
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from contest.db import db
from contest.member_services import benefit_actions
from contest.member_services.entitlement_models import BenefitPayment
from tests.member_services.test_benefits import allowed, due, pay
from tests.member_services.test_returned import BOTH, back
from tests.member_services.walking import at, officer

BEFORE = "0050_records"


@pytest.fixture
def paid(app):
    """(cashier, person) of a month that was paid; the payment's number is in the database."""
    desk = officer("出纳", "cashier")
    human, _ = allowed(desk)
    at("2026-12-02 10:00")
    pay(desk, "2026-12", {human: 50_000})
    at("2026-12-08 10:00")
    return desk, human


def vouchers():
    rows = db.session.execute(text("SELECT voucher FROM benefit_payment ORDER BY id")).scalars().all()
    db.session.remove()
    return rows


def refused(statement):
    with pytest.raises(DBAPIError, match="append-only"):
        db.session.execute(text(statement))
    db.session.rollback()


@BOTH
def test_what_was_paid_stays_paid_and_unchangeable_and_can_come_back(paid):
    desk, _ = paid
    db.session.remove()
    downgrade(revision=BEFORE)
    refused("UPDATE benefit_payment SET who = 'x'")
    refused("DELETE FROM benefit_payment")

    upgrade()

    assert due("2026-12") == {} and vouchers() == ["YH20261201-001"]
    for table in ("benefit_payment", "personal_erasure"):
        db.session.execute(text(f"SELECT * FROM {table}"))
    refused("UPDATE benefit_payment SET who = 'x'")
    refused("DELETE FROM benefit_payment")
    benefit_actions.note_return(desk, db.session.scalar(db.select(BenefitPayment.id)), back())
    assert due("2026-12") == {"钟一": 50_000}
    refused("UPDATE benefit_return SET who = 'x'")
    refused("DELETE FROM benefit_return")


@BOTH
def test_back_again_the_last_transfer_of_a_month_is_the_one_that_counts(paid):
    desk, human = paid
    benefit_actions.note_return(desk, db.session.scalar(db.select(BenefitPayment.id)), back())
    pay(desk, "2026-12", {human: 50_000}, "YH20261208-001")
    db.session.remove()

    downgrade(revision=BEFORE)

    assert vouchers() == ["YH20261208-001"]
    refused("DELETE FROM benefit_payment")
    upgrade()
