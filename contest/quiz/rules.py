"""What an entry of the quiz ledger is worth, how entries add up, and what may be entered when."""

from dataclasses import dataclass

from contest.errors import Conflict, Invalid, Missing
from contest.i18n import N_
from contest.scoring.marks import MarkError, parse_number
from contest.scoring.units import text_of, units_of
from contest.theory.rules import Score

KINDS = {
    "base": N_("Base points"),
    "must": N_("Set question"),
    "buzz": N_("Buzzer question"),
    "stake": N_("Wager chosen"),
    "risk": N_("Wager question"),
    "other": N_("Other points"),
    "time": N_("Time"),
    "fault": N_("Time penalty"),
    "void": N_("Does not count"),
    "undo": N_("Undone"),
}
TYPES = ("must", "buzz", "risk", "other")  # what the desk of a quiz can be set to
POINTS = ("base", "must", "buzz", "risk", "other")  # these add up; of the others none is a point
LONGEST_QUESTION, LONGEST_NOTE = 40, 200
MOST_POINTS = 100_000 * 10_000


@dataclass(frozen=True)
class Entry:
    """One row of the ledger. amount: units of points, or milliseconds for time and fault.

    undoes: the id of the entry that it takes back; stake_id: the wager that a risk entry answers.
    """

    id: int
    seq: int
    entrant_id: int
    kind: str
    amount: int
    question: str = ""
    note: str = ""
    undoes: int | None = None
    stake_id: int | None = None
    by: str = ""
    at: object = None


@dataclass(frozen=True)
class Draft:
    """An entry that is to be written."""

    entrant_id: int
    kind: str
    amount: int = 0
    question: str = ""
    note: str = ""
    undoes: int | None = None
    stake_id: int | None = None


def standing(entries):
    """The entries that were not undone, without the undoing ones, in their order."""
    undone = {entry.undoes for entry in entries}
    return [entry for entry in entries if entry.kind != "undo" and entry.id not in undone]


def score_of(entries, is_timed):
    """What the entries of one entrant make as a Score; withdrawn where nothing stands.

    A quiz: the exact sum. Timed: seconds with every fault's seconds, or void.
    """
    there = standing(entries)
    if not is_timed:
        points = [entry.amount for entry in there if entry.kind in POINTS]
        return Score("scored", sum(points)) if points else Score("withdrawn")
    if any(entry.kind == "void" for entry in there):
        return Score("void")
    net = net_time(there)
    return Score("withdrawn") if net is None else Score("scored", net * 10)


def net_time(there):
    """Milliseconds of the standing time and every standing fault; None without a time."""
    times = [entry.amount for entry in there if entry.kind == "time"]
    if not times:
        return None
    return times[-1] + sum(entry.amount for entry in there if entry.kind == "fault")


def check_range(score, module, who):
    """The plan says how low and how high a module's score may be; Conflict names both ends."""
    if score.units is not None and not module.lowest <= score.units <= module.max:
        raise Conflict(
            "%(who)s would stand at %(total)s, and the plan lets this module go from %(lowest)s to "
            "%(highest)s. Nothing was entered.",
            who=who, total=text_of(score.units), lowest=text_of(module.lowest),
            highest=text_of(module.max),
        )


def open_stake(there):
    """The chosen wager that was not answered yet, or None."""
    answered = {entry.stake_id for entry in there if entry.kind == "risk"}
    return next((e for e in there if e.kind == "stake" and e.id not in answered), None)


def chances_left(there, chances):
    """How many wagers somebody may still choose."""
    return max(0, chances - sum(entry.kind == "stake" for entry in there))


def pick_order(totals, order):
    """Ids in the order in which wagers are chosen: by score, equals in the order given.

    totals: pairs (id, units or None) in the order of entry numbers; who has no score comes last.
    """
    sign = -1 if order == "high" else 1
    ranked = sorted(totals, key=lambda one: (one[1] is None, sign * (one[1] or 0)))
    return [who for who, _ in ranked]


def check_seen(seen, latest):
    """Whoever enters must have seen the last entry of the module; Conflict."""
    if seen != latest:
        raise Conflict(
            "Somebody else entered something meanwhile, so nothing was entered. The page shows it "
            "now: look, and press again."
        )


def check_same(entry, draft):
    """One press is one operation: what comes twice under its id must be the same; Conflict."""
    if (entry.entrant_id, entry.kind, entry.amount) != (draft.entrant_id, draft.kind, draft.amount):
        raise Conflict("Two buttons were pressed at once; only the first was entered.")


def check_can_undo(entry, entries):
    """An entry is undone once; an undo, and a wager that was answered, are not; Conflict, Missing."""
    if entry is None:
        raise Missing("There is no such entry.")
    if entry.kind == "undo":
        raise Conflict("An undo is not undone: enter the points again.")
    if any(other.undoes == entry.id for other in entries):
        raise Conflict("This entry was undone already.")
    if any(other.stake_id == entry.id for other in standing(entries)):
        raise Conflict("This wager was answered: undo the answer first.")


def check_competes(state):
    """Whoever is absent, withdrew or was disqualified gets no points; Conflict."""
    if state in ("absent", "withdrawn", "disqualified"):
        raise Conflict("Whoever is absent, withdrew or was disqualified gets no points.")


def check_sighted(module):
    """A quiz is held before everybody's eyes, so a blind module has none; Conflict."""
    if module.blind:
        raise Conflict(
            "%(module)s is marked blind: a quiz or a time is entered beside names.", module=module.name
        )


def check_no_list(is_typed):
    """Scores that were typed or came as a list are not added to; Conflict."""
    if is_typed:
        raise Conflict(
            "Scores of this module were typed or came in as a list. Clear them on the page of theory "
            "scores first."
        )


def read_points(typed):
    """Units in a typed number of points with its sign, never 0; Invalid at `amount`."""
    try:
        units = units_of(parse_number((typed or "").replace("−", "-")))
    except MarkError:
        units = None
    if not units or abs(units) > MOST_POINTS:
        raise at_field("amount", "Write points such as 5 or -2.5, with at most 4 decimals.")
    return units


def read_note(typed):
    """Why, in at most 200 characters; Invalid at `note` without a word."""
    words = clean(typed, LONGEST_NOTE)
    if not words:
        raise at_field("note", "Say in a few words what for.")
    return words


def clean(typed, most):
    """A typed text without idle blanks, cut to `most` characters."""
    return " ".join((typed or "").split())[:most]


def at_field(name, sentence, **params):
    """An Invalid that stands at one field."""
    return Invalid(sentence, fields={name: Invalid(sentence, **params)}, **params)


def signed(units):
    """Points as they are shown, with their sign: +10, −5, 0."""
    return f"{'+' if units > 0 else '−' if units < 0 else ''}{text_of(abs(units))}"


def plain(units):
    """Points without a plus: 10, −5, 0."""
    return text_of(units).replace("-", "−")
