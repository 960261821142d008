"""The name under which the pages of this area are known, who opens which, what several forms read alike."""

from datetime import datetime
from zoneinfo import ZoneInfo

from flask import Blueprint, current_app, g, request

from contest.audit.work import Actor
from contest.documents import attached
from contest.errors import Invalid

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


def handed_in():
    """When a paper was handed in, as a clerk typed it; None for nothing typed."""
    text = request.form.get("handed_in", "").strip()
    if not text:
        return None
    try:
        return datetime.fromisoformat(text).replace(tzinfo=zone())
    except ValueError as wrong:
        sentence = Invalid("Write the moment as year-month-day hour:minute.")
        raise Invalid(sentence.message, fields={"handed_in": sentence}) from wrong


def sent_files():
    """The files that came with a form, as pairs (name, content)."""
    return [
        (file.filename, file.read(attached.MOST_BYTES + 1))
        for file in request.files.getlist("files")
    ]
