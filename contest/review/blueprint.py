"""The name under which the pages of this area are known, who opens which, what several forms read alike."""

from datetime import datetime

from flask import Blueprint, g, request

from contest.audit.work import Actor
from contest.clock import zone
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


def handed_in():
    """The moment that was typed, of here unless it says of where; the action says from when to when."""
    text = request.form.get("handed_in", "").strip()
    if not text:
        return None
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        moment = None
    if moment is None or ":" not in text:  # a day alone would be its first minute
        sentence = Invalid("Write the moment as year-month-day hour:minute.")
        raise Invalid(sentence.message, fields={"handed_in": sentence})
    return moment if moment.tzinfo else moment.replace(tzinfo=zone())


def sent_files():
    """The files that came with a form, as pairs (name, content)."""
    return [
        (file.filename, file.read(attached.MOST_BYTES + 1))
        for file in request.files.getlist("files")
    ]
