"""The name under which the pages of this area are known, and who opens which of them."""

from zoneinfo import ZoneInfo

from flask import Blueprint, current_app, g

from contest.audit.work import Actor

bp = Blueprint("review", __name__)

READERS = ("organiser", "chief_judge", "supervisor", "clerk")
DECIDERS = ("organiser", "chief_judge", "supervisor")
ANNOUNCERS = ("organiser", "chief_judge")
# Objections carry the name and contact of whoever objects: those who answer them see these.
HANDLERS = ("organiser", "supervisor")
PUBLIC = Actor(None, "public form")


def actor():
    """Who is signed in, as the trail knows them."""
    return Actor(g.person.user_id, g.person.name)


def zone():
    """The time zone of this installation."""
    return ZoneInfo(current_app.config["TIME_ZONE"])
