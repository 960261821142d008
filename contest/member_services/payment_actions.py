"""A sum that was paid came back from the bank: the case waits at the step that pays once more."""

from contest import clock
from contest.errors import Conflict
from contest.member_services import case_rules, payment_queries
from contest.member_services.catalogue_queries import service_of
from contest.member_services.money_rules import read_return, yuan
from contest.member_services.moving_actions import begin_step, check_answers, get_open_case, log, moving, put


def note_return(actor, case_id, revision, form):
    """Write down that the transfer of a case came back; returns the case, which is to be paid once more.

    Missing, Invalid without a reason and a day that can be, NotAllowed when somebody else pays, Conflict
    when nothing was paid that has not come back, or the case was moved or erased meanwhile.
    """
    case = get_open_case(actor, case_id)
    service = service_of(case.version)
    case_rules.check_revision(case, revision)
    paid = payment_queries.standing(case.id)
    if paid is None:
        raise Conflict("Nothing was paid in this case that could have come back.")
    if case.erased_at is not None:
        raise Conflict("The account was erased with what was told in this case; it takes a new application.")
    check_answers(actor, case, service.step(paid.step_key), for_assignee=False)
    today = clock.today()
    reason, day = read_return(form, clock.day_of(paid.at), today)
    amount, voucher = paid.facts["amount"], paid.facts["voucher"]
    with moving(
        actor, case, "service.came_back", revision, amount=yuan(amount), voucher=voucher,
        on=day.isoformat(), reason=reason,
    ):
        log(case, actor, "came_back", was=case.state, now="decided", words=reason, facts={
            "paid": paid.id, "amount": amount, "voucher": voucher, "on": day.isoformat(),
        })
        case.done_at, case.over_at = None, None
        put(case, "decided")
        begin_step(case, service, paid.step_key)
    return case
