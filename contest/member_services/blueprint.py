"""The name under which the pages of this area are known, and who asks."""

from flask import Blueprint, g

from contest.audit.work import Actor

bp = Blueprint("member_services", __name__)
# Held for the whole installation: an organiser of one contest has nothing to do with anybody's application.
OFFICE = ("service_officer", "organiser")
PUBLIC = Actor(None, "public form")



def actor():
    """Who is signed in, as the trail knows them; the public form for a guest."""
    return Actor(g.person.user_id, g.person.name) if g.person else PUBLIC


def is_office():
    """True when whoever asks works at the service desk."""
    return g.person is not None and any(g.person.has_role(role) for role in OFFICE)
