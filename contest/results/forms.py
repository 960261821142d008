"""What a ruling on a tie looks like when it is typed."""

from contest.errors import Invalid
from contest.numbers import read_whole
from contest.results import rules

PREFIX = "place-"


def read_ruling(form):
    """(about, ids best first, reason) from a form with place-<id> fields; Invalid."""
    about = form.get("about", "")
    if about not in {"entrants", "teams"}:
        raise Invalid("Say whether the ruling is about entrants or teams.")
    places = {}
    for name, text in form.items():
        if name.startswith(PREFIX) and (one := read_whole(name.removeprefix(PREFIX))) is not None:
            places[one] = text.strip()
    if len(places) < 2:
        raise Invalid("A ruling is about two or more.")
    return about, rules.read_order(places), form.get("reason", "")
