"""Reading the trail; and noting refused requests in it."""

from flask import Blueprint, g

from contest import signals
from contest.audit.work import Actor, work

bp = Blueprint("audit", __name__)


@signals.request_refused.connect
def note_refusal(_app, status, path, method, sentence):
    """Write into the trail that somebody signed in asked for what is not theirs."""
    with work(
        Actor(g.person.user_id, g.person.name), "request.refused",
        subject=path[:200], status=status, method=method, sentence=sentence,
    ):
        pass
