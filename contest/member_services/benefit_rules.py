"""Which months of an entitlement to money are due: the first day decides, and what was applied for."""

from contest.errors import Conflict
from contest.member_services.money_rules import yuan


def month_back(month, count):
    """The first day of the month so many months before (or after, when negative) the one of a day.

    >>> from datetime import date
    >>> month_back(date(2027, 1, 31), 12), month_back(date(2026, 12, 1), -1)
    (datetime.date(2026, 1, 1), datetime.date(2027, 1, 1))
    """
    place = month.year * 12 + month.month - 1 - count
    return month.replace(year=place // 12, month=place % 12 + 1, day=1)


def is_due(entitlement, applied_on, month, back):
    """True when a month (its first day) is due by this entitlement, which was applied for on a day."""
    if not entitlement.amount or entitlement.start_on > month:
        return False
    if entitlement.end_on is not None and entitlement.end_on < month:
        return False
    return month >= month_back(applied_on, back)


def check_seen(due, chosen):
    """Only what is due and still as it was seen is paid; Conflict otherwise. Both: {person's id: fen}."""
    if not chosen:
        raise Conflict("Choose at least one person whose month was paid.")
    for human_id, fen in chosen.items():
        if human_id not in due:
            raise Conflict("One of these months is not due, or is paid already. Look at the list again.")
        if due[human_id] != fen:
            raise Conflict(
                "An amount has changed from %(was)s to %(now)s yuan meanwhile. Look at the list again.",
                was=yuan(fen), now=yuan(due[human_id]),
            )
