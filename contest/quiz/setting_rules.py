"""What a question is worth and what a fault costs, as a host sets it for one module."""

from dataclasses import asdict, dataclass

from contest.errors import Invalid
from contest.i18n import N_
from contest.quiz.rules import MOST_POINTS, at_field, clean
from contest.scoring.marks import MarkError, parse_count, parse_number
from contest.scoring.units import text_of, units_of

ORDERS = {"high": N_("The highest score chooses first"), "low": N_("The lowest score chooses first")}
AMOUNTS = ("base", "must_right", "must_wrong", "buzz_right", "buzz_wrong")
MOST_STAKES, MOST_KINDS, MOST_CHANCES = 6, 12, 20
POINT = 10_000


@dataclass(frozen=True)
class Settings:
    """Units of points, what is taken off with its sign. stakes: the wagers to choose from; chances:
    how many of them one may choose; order: who chooses first.

    faults: pairs (name, milliseconds) of a timed event. players: ids of the entrants on the stage,
    empty for everybody.
    """

    base: int = 0
    must_right: int = 10 * POINT
    must_wrong: int = 0
    buzz_right: int = 10 * POINT
    buzz_wrong: int = -10 * POINT
    stakes: tuple = (10 * POINT, 20 * POINT, 30 * POINT)
    chances: int = 1
    order: str = "high"
    faults: tuple = ()
    players: tuple = ()

    def worth(self, kind, is_right):
        """What an answer to a set or buzzer question is worth."""
        return getattr(self, f"{kind}_{'right' if is_right else 'wrong'}")


def to_document(settings):
    """Settings as JSON keeps them."""
    return asdict(settings)


def from_document(document):
    """Settings as they were stored; None gives the usual ones."""
    if document is None:
        return Settings()
    tuples = {key: tuple(document[key]) for key in ("stakes", "players")}
    faults = tuple((name, ms) for name, ms in document["faults"])
    return Settings(**{**document, **tuples, "faults": faults})


def typed_form(settings):
    """The texts of the form that would make these settings."""
    return {
        **{key: text_of(getattr(settings, key)) for key in AMOUNTS},
        "stakes": " ".join(map(text_of, settings.stakes)), "chances": str(settings.chances),
        "order": settings.order,
        "faults": "\n".join(f"{name} {seconds_text(ms)}" for name, ms in settings.faults),
    }


def seconds_text(ms):
    """Milliseconds as plain seconds: 5, 2.5."""
    return text_of(ms * 10)


def read_settings(form, players, known):
    """Settings from typed texts; Invalid names every field. players: ids chosen, of `known`."""
    wrong, found = {}, {}
    readers = {
        **dict.fromkeys(AMOUNTS, _points), "stakes": _stakes, "chances": _chances,
        "order": _order, "faults": _faults,
    }
    for name, read in readers.items():
        try:
            found[name] = read(name, form.get(name) or "")
        except Invalid as refused:
            wrong |= refused.fields
    if wrong:
        raise Invalid("The values were not stored; each says why.", fields=wrong)
    chosen = tuple(one for one in known if one in set(players))
    return Settings(**found, players=() if len(chosen) == len(known) else chosen)


def _points(name, typed):
    try:
        units = units_of(parse_number(typed.replace("−", "-")))
    except MarkError:
        units = None
    if units is None or abs(units) > MOST_POINTS:
        raise at_field(name, "Write points such as 10 or -10.")
    return units


def _stakes(name, typed):
    found = [_points(name, word) for word in typed.replace("，", " ").replace(",", " ").split()]
    if not 1 <= len(found) <= MOST_STAKES or min(found) <= 0 or len(set(found)) < len(found):
        raise at_field(name, "Write one to six different wagers, such as 10 20 30.")
    return tuple(sorted(found))


def _chances(name, typed):
    count = parse_count(typed)
    if count is None or not 1 <= count <= MOST_CHANCES:
        raise at_field(name, "Write a whole number from 1 to 20.")
    return count


def _order(name, typed):
    if typed not in ORDERS:
        raise at_field(name, "Choose who chooses first.")
    return typed


def _faults(name, typed):
    found = []
    for row in filter(None, map(str.strip, typed.splitlines())):
        words, _, last = row.rpartition(" ")
        seconds = _seconds(last)
        if not clean(words, 40) or seconds is None:
            raise at_field(name, "“%(row)s”: write a fault and its seconds, such as: false start 5",
                           row=row[:40])
        found.append((clean(words, 40), seconds))
    if len(found) > MOST_KINDS or len({word for word, _ in found}) < len(found):
        raise at_field(name, "Write at most twelve kinds of faults, each once.")
    return tuple(found)


def _seconds(text):
    try:
        units = units_of(parse_number(text))
    except MarkError:
        return None
    if units is None or not 0 < units <= 3600 * POINT or units % 10:
        return None
    return units // 10
