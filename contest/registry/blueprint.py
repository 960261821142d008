"""The name under which the pages of this area are known, and who asks."""

from flask import Blueprint, g

from contest.audit.work import Actor

bp = Blueprint("registry", __name__)



def actor():
    """Who is signed in, as the trail knows them."""
    return Actor(g.person.user_id, g.person.name)
