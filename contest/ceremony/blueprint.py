"""The ceremony's blueprint, on which its files of routes hang their pages."""

from zoneinfo import ZoneInfo

from flask import Blueprint, current_app, g

from contest.audit.work import Actor

bp = Blueprint("ceremony", __name__)

# Who stands beside the stage: makes screens and leads the reveal.
LEADERS = ("host", "organiser")


def actor():
    """Whoever is signed in, as the trail knows them."""
    return Actor(g.person.user_id, g.person.name)


def zone():
    """The time zone in which moments are typed."""
    return ZoneInfo(current_app.config["TIME_ZONE"])
