"""How often a year somebody may have a service: six sessions, one health check."""

from contest.errors import Conflict
from contest.member_services.entry_rules import is_answer


def limits_of(service, answers):
    """The Limits that count for an application, each of them: those that fit its answers."""
    return [one for one in service.limits if fits(one, answers)]


def fits(limit, answers):
    """True when a Limit counts applications with these answers; of several answers one is enough."""
    if limit.when is None:
        return True
    return is_answer((answers or {}).get(limit.when[0]), limit.when[1])


def check_known(human_id):
    """What is counted for a person is given to somebody who is known; Conflict."""
    if human_id is None:
        raise Conflict("This service is counted for each person and year. Say first whose case it is.")


def check_left(limit, times, year):
    """Conflict when a person has had what a year gives. times: those that count already."""
    if times >= limit.most:
        raise Conflict(
            "At most %(most)s a year: this person has had or booked %(count)s for %(year)s.",
            most=limit.most, count=times, year=year,
        )
