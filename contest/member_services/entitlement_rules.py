"""Which grounds open which services, what they are worth, and from which day."""

from dataclasses import dataclass
from datetime import date, timedelta

from contest.member_services.catalogue_rules import level_ground, opens_for_honour
from contest.member_services.deadline_rules import first_of_next_month

GROUNDS = ("honour", "level", "membership", "need")


@dataclass(frozen=True)
class Ground:
    """Something that a person has, as it opens one service. amount: a month, in fen."""

    kind: str
    since: date
    honour_id: int | None = None
    membership_id: int | None = None
    ladder: str = ""
    level: str = ""
    amount: int | None = None
    authority: str = ""
    facts: tuple = ()  # (is_title, level, place) of an honour

    @property
    def mark(self):
        """What tells one ground from another; with the amount, as another amount is another entitlement."""
        return (self.kind, self.honour_id, self.membership_id, self.ladder, self.level, self.amount)


def mark(row):
    """The same of an entitlement that is open."""
    return (row.ground, row.honour_id, row.membership_id, row.ladder, row.level, row.amount)


def grounds_of(honours, levels, membership):
    """Everything of a person that may open something. Rows as the tables have them."""
    found = [
        Ground("honour", one.granted_on, honour_id=one.id, level=one.level, authority=one.authority,
               facts=(one.is_title, one.level, one.place))
        for one in honours
    ]
    found += [Ground("level", one.since, ladder=one.ladder, level=one.level) for one in levels]
    if membership is not None:
        found.append(Ground("membership", membership.since, membership_id=membership.id))
    return found


def wanted(service, grounds):
    """The grounds that open a service, each with its amount; of a single service the best one alone."""
    found = [opened for one in grounds if (opened := _opens(service, one)) is not None]
    if service.entitled.single and found:
        return [max(found, key=_worth)]
    return found


def _worth(ground):
    """More money first, then honours before levels before memberships, then the older honour."""
    return (ground.amount or 0, -GROUNDS.index(ground.kind), -(ground.honour_id or 0))


def _opens(service, ground):
    entitled = service.entitled
    if ground.kind == "membership":
        return ground if entitled.members else None
    if ground.kind == "level":
        rung = level_ground(service, ground.level)
        return _with(ground, rung.amount) if rung else None
    rung = opens_for_honour(service, *ground.facts)
    if rung is None:
        return None
    return _with(ground, entitled.title_amount if rung is True else rung.amount)


def _with(ground, amount):
    return Ground(**{**ground.__dict__, "amount": amount})


def start_on(service, since, changed_on=None):
    """From when an entitlement holds: its ground's day, or the first of the month after it.

    changed_on: the day on which another amount follows; never earlier than that.
    """
    since = max(since, changed_on) if changed_on else since
    return first_of_next_month(since) if service.entitled.starts == "next_month" else since


def day_before(day):
    """The day before."""
    return day - timedelta(days=1)


def days_after(day, count):
    """So many calendar days later."""
    return day + timedelta(days=count)
