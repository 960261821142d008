"""The organiser tells those who take part something."""

from contest import clock
from contest.audit.work import work
from contest.db import db
from contest.errors import Conflict
from contest.people import message_rules, trail_words  # noqa: F401  (names deeds)
from contest.people.message_models import ParticipantMessage
from contest.setup.queries import get_contest


def send_message(actor, contest_id, typed):
    """Write a message that everybody of its audience reads from now on; Invalid names the fields."""
    if get_contest(contest_id).state == "archived":
        raise Conflict("The contest is archived; nobody is told anything in it any more.")
    values = message_rules.read_message(typed)
    with work(
        actor, "message.send", contest_id=contest_id, subject=values["title"], audience=values["audience"]
    ):
        message = ParticipantMessage(contest_id=contest_id, by_id=actor.user_id, at=clock.now(), **values)
        db.session.add(message)
    return message
