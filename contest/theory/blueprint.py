"""The name under which the pages of this area are known, who reads and writes, and who asks."""

from flask import Blueprint, g

from contest.audit.work import Actor

bp = Blueprint("theory", __name__)
READERS = ("clerk", "organiser", "chief_judge", "supervisor")
WRITERS = ("clerk", "organiser")


def actor():
    """Who is signed in, as the trail knows them."""
    return Actor(g.person.user_id, g.person.name)
