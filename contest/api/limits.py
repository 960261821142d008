"""How much one caller may ask for in a minute: the API by token, exports by person, registers by address.

What judges' tablets send and fetch (the area `judging`, and photographs of paper) is never counted here: a
mark that waits for its turn on a tablet comes in however often it has to be tried. Counted in each process
alone, as in guess_limit.py.
"""

from flask import g, make_response, request

from contest.api import rules
from contest.guess_limit import GuessLimit
from contest.i18n import N_
from contest.pages import show_refusal

WINDOW = 60  # seconds
MOST_BY_TOKEN = 300
MOST_BY_GUEST = 120  # of the API's open operations, by address
MOST_EXPORTS = 60
MOST_PAGES = 600  # of the register, the points and the selections; a whole hall may share one address
UNCOUNTED = {"judging", "paper", None}
REGISTERS = {"registry", "points", "selection"}

MOST = {"token": MOST_BY_TOKEN, "guest": MOST_BY_GUEST, "export": MOST_EXPORTS, "page": MOST_PAGES}


def new_limits(figures=MOST):
    """A GuessLimit for each kind, with nothing counted yet."""
    return {kind: GuessLimit(most, WINDOW) for kind, most in figures.items()}


LIMITS = new_limits()


class TooMany(rules.Refusal):
    """This caller asked for so much that others would wait."""

    status = 429
    code = "too_many"


def check_rate():
    """Refuse what is one too many: 429, with Retry-After and one sentence; None lets it through."""
    kind, caller = _counted()
    if kind is None or LIMITS[kind].may_ask(caller):
        return None
    seconds = LIMITS[kind].wait(caller)
    told = TooMany(N_("Too much was asked for at once. Try again in %(seconds)s seconds."), seconds=seconds)
    answer = make_response(show_refusal(told))
    answer.headers["Retry-After"] = str(seconds)
    return answer


def _counted():
    """(kind of limit, who is counted); (None, "") where nothing is."""
    address = request.remote_addr or ""
    if request.blueprint in UNCOUNTED:
        return None, ""
    if g.get("api_token") is not None:
        return "token", g.api_token
    person = g.get("person")
    if request.blueprint == "api":
        return ("guest", address) if person is None else ("token", f"person {person.user_id}")
    if _is_export():
        return "export", address if person is None else f"person {person.user_id}"
    if request.blueprint in REGISTERS and person is None:
        return "page", address
    return None, ""


def _is_export():
    if request.method != "GET":
        return False
    name = request.endpoint.rsplit(".", 1)[-1]
    return name.startswith(("download_", "print_")) or name.endswith("_template")
