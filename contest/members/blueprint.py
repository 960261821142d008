"""The name under which the pages of this area are known, who may open them, and who asks."""

from importlib.util import find_spec

from flask import Blueprint, g

from contest.audit.work import Actor
from contest.config import BadSetting
from contest.members import union

bp = Blueprint("members", __name__)
# At this desk people are invited and get one-time codes; what is sensitive is for the keepers alone.
# Both roles are held for the whole installation only: an organiser of one contest is none of them.
DESK = ("service_officer", "curator")
KEEPERS = ("curator",)


def actor():
    """Who is signed in, as the trail knows them."""
    return Actor(g.person.user_id, g.person.name)



@bp.record
def set_union(state):
    """Put how the union's own sign-in is reached into UNION; BadSetting for one not to be trusted."""
    found = state.app.config["OIDC"]
    state.app.config["UNION"] = None
    if not found["issuer"]:
        return
    if not union.is_safe_issuer(found["issuer"]):
        raise BadSetting("CONTEST_OIDC_ISSUER must begin with https:// (http:// on this machine alone).")
    if find_spec("jwt") is None:
        raise BadSetting("CONTEST_OIDC_ISSUER needs the extra sso: pip install 'contest[sso]'.")
    state.app.config["UNION"] = union.Union(**found)
