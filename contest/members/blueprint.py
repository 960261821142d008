"""The name under which the pages of this area are known, who may open them, and who asks."""

from flask import Blueprint, g

from contest.audit.work import Actor
from contest.members import sending, union

bp = Blueprint("members", __name__)
# At this desk people are invited and get one-time codes; what is sensitive is for the keepers alone.
# Both roles are held for the whole installation only: an organiser of one contest is none of them.
DESK = ("service_officer", "curator")
KEEPERS = ("curator",)


def actor():
    """Who is signed in, as the trail knows them."""
    return Actor(g.person.user_id, g.person.name)



@bp.record
def read_settings(state):
    """Put the union's own sign-in into the setting UNION; BadSetting for a sender of codes that is none."""
    sending.sender_of(state.app.config["CODE_SENDER"])
    found = state.app.config["OIDC"]
    state.app.config["UNION"] = union.Union(**found) if found["issuer"] else None
