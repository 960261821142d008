"""How often a year somebody may have a service: six sessions, one health check."""

from contest.errors import Conflict


def limit_of(service, answers):
    """The Limit that counts for an application, or None: the tightest of those that fit its answers."""
    fitting = [
        one for one in service.limits
        if one.when is None or (answers or {}).get(one.when[0]) == one.when[1]
    ]
    return min(fitting, key=lambda one: one.most, default=None)


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
