"""The lines of a receipt, and what decided a tie, in words of one language."""

from flask_babel import gettext

from contest.i18n import TwoNames, pick_name
from contest.results import rules


def decider_words(label, plan, language):
    """What separated a row from the one above, in words; "" where it was the total."""
    kind, piece = rules.decider(plan, label)
    if kind == "piece":
        return pick_name(piece, language)
    if kind == "attempt":
        return gettext("the best attempt at “%(name)s”", name=pick_name(piece, language))
    if kind == "sum":
        return " + ".join(pick_name(each, language) for each in piece)
    if kind == "data":
        return _datum(piece)
    words = {
        "ruling": gettext("the chief judge's ruling"),
        "untrimmed": gettext("the mean of all judges"),
        "better_places": gettext("the places in the modules"),
        "void": gettext("a valid mark in every module"),
        "finished": gettext("how many modules are finished"),
    }
    return words.get(kind, "")


def _datum(key):
    known = {
        "birth_date": gettext("the birth date"),
        "draw": gettext("the number drawn"),
        "time": gettext("the time"),
    }
    return known.get(key) or gettext("the recorded number “%(key)s”", key=key)


def waiting_sentence(modules, language):
    """Why the steps of these blind modules are not on a receipt yet."""
    names = gettext(", ").join(pick_name(each, language) for each in modules)
    return gettext(
        "Still under codes: %(modules)s. Their marks appear after decoding; everything here leaves them out.",
        modules=names,
    )


def step_words(step, plan, language, names=None):
    """The sentence of one step. names: what to call the entrants, by id."""
    params = {
        key: value.english if language == "en" and isinstance(value, TwoNames) else value
        for key, value in step.params.items()
    }
    if "key" in params:
        params["key"] = decider_words(params["key"], plan, language) or params["key"]
    if "entrant" in params:
        params["entrant"] = (names or {}).get(params["entrant"], params["entrant"])
    return gettext(step.label, **params)
