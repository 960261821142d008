"""The name under which the pages of this area are known, and who asks."""

from flask import Blueprint, g

from contest.audit.work import Actor
from contest.registry import day_rules

bp = Blueprint("registry", __name__)

bp.record(lambda state: day_rules.set_zone(state.app.config["TIME_ZONE"]))


def actor():
    """Who is signed in, as the trail knows them."""
    return Actor(g.person.user_id, g.person.name)
