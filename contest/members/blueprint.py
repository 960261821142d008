"""The name under which the pages of this area are known, who may open them, and who asks."""

from flask import Blueprint, g

from contest.audit.work import Actor

bp = Blueprint("members", __name__)
# At this desk people are invited and get one-time codes; what is sensitive is for the keepers alone.
DESK = ("service_officer", "curator", "organiser")
KEEPERS = ("curator", "organiser")


def actor():
    """Who is signed in, as the trail knows them."""
    return Actor(g.person.user_id, g.person.name)

