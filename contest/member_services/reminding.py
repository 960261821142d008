"""What the server tells by itself each hour: escalation must not hang on a timer that somebody forgot."""

from contest.audit.work import Actor
from contest.db import writing
from contest.member_services import case_actions

TIMER = Actor(None, "timer")


def remind():
    """Remind of cases that are due within a day, tell of late ones, close what nobody answered."""
    with writing():
        case_actions.remind(TIMER)
