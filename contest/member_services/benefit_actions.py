"""Months of a right to money are paid: each once, by whoever answers for paying, with a number.

A transfer that came back from the bank opens its month again, for one more.
"""

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from contest import clock
from contest.audit.work import work
from contest.db import db
from contest.errors import Conflict, Invalid
from contest.member_services import benefit_queries as queries
from contest.member_services import (
    benefit_rules,
    trail_words,  # noqa: F401  (names deeds)
)
from contest.member_services.entitlement_models import BenefitPayment, BenefitReturn
from contest.member_services.money_rules import read_return, read_voucher, yuan
from contest.member_services.moving_actions import check_duty
from contest.people.models import Human


def pay_month(actor, service_key, month, chosen, voucher):
    """Write down that a month was paid to some people; returns how many fen.

    chosen: {person's id: fen as it was seen}. Missing, Invalid for a number that is none or a month to
    come, NotAllowed when somebody else pays, Conflict when one of them is not due as it was seen.
    """
    service = queries.get_paying(service_key)
    if month is None or month > queries.this_month():
        raise Invalid("Choose a month that has begun.")
    check_duty(actor, service.monthly.who)
    voucher = read_voucher(voucher)
    try:
        with work(
            actor, "service.benefits", subject=f"{service_key} {month:%Y-%m}", month=f"{month:%Y-%m}",
            count=len(chosen), voucher=voucher,
        ) as facts:
            # In one order, so that two who pay at the same moment wait for each other.
            for human_id in sorted(chosen):
                db.session.execute(select(Human.id).filter_by(id=human_id).with_for_update())
            due = {
                one.human.id: one for one in queries.Due().open_of(month) if one.service.key == service_key
            }
            benefit_rules.check_seen({key: one.amount for key, one in due.items()}, chosen)
            before = queries.came_back_of(service_key, month)
            db.session.add_all(
                _row(actor, due[human_id], voucher, before.get(human_id, 0)) for human_id in sorted(chosen)
            )
            facts["amount"] = yuan(sum(chosen.values()))
    except IntegrityError:
        raise Conflict(
            "One of these months is not due, or is paid already. Look at the list again."
        ) from None
    return sum(chosen.values())


def note_return(actor, payment_id, form):
    """Write down that the transfer of a month came back: the month is open again, for one more payment.

    Missing, Invalid without a reason and a day that can be, NotAllowed when somebody else pays, Conflict
    when it was written down already.
    """
    row = queries.get_payment(payment_id)
    check_duty(actor, queries.get_paying(row.service_key).monthly.who)
    today = clock.today()
    reason, day = read_return(form, clock.day_of(row.at), today)
    try:
        with work(
            actor, "service.benefit_back", subject=f"{row.service_key} {row.month:%Y-%m}",
            month=f"{row.month:%Y-%m}", human=row.human_id, amount=yuan(row.amount), voucher=row.voucher,
            on=day.isoformat(), reason=reason,
        ):
            db.session.add(BenefitReturn(
                payment_id=row.id, on=day, reason=reason, who=actor.name, by_id=actor.user_id, at=clock.now(),
            ))
    except IntegrityError:
        raise Conflict("That this transfer came back is written down already.") from None
    return row


def _row(actor, one, voucher, after_id):
    return BenefitPayment(
        service_key=one.service.key, month=one.month, human_id=one.human.id, amount=one.amount,
        entitlement_id=one.entitlement_id, voucher=voucher, after_id=after_id, who=actor.name,
        by_id=actor.user_id, at=clock.now(),
    )
