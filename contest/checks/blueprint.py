"""The name under which the pages of review and signing are known, and who reads them."""

from flask import Blueprint, g

from contest.audit.work import Actor

bp = Blueprint("checks", __name__)
READERS = ("supervisor", "chief_judge", "organiser")


def actor():
    """Who is signed in, as the trail knows them."""
    return Actor(g.person.user_id, g.person.name)
