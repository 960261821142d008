"""What the desk's buttons and forms send."""

from dataclasses import dataclass

from contest.errors import Invalid
from contest.numbers import read_whole
from contest.quiz.rules import TYPES

LONGEST_ID = 64


@dataclass(frozen=True)
class Press:
    """One button of the desk. what: right, wrong, stake or add; value: of a stake, in units."""

    entrant_id: int
    what: str
    value: int = 0


def read_press(text):
    """The Press in a button's value, such as 12-right or 12-stake-200000; Invalid."""
    words = (text or "").split("-")
    entrant_id = read_whole(words[0])
    if entrant_id is not None and len(words) == 2 and words[1] in ("right", "wrong", "add"):
        return Press(entrant_id, words[1])
    value = read_whole(words[2]) if len(words) == 3 and words[1] == "stake" else None
    if entrant_id is None or value is None:
        raise Invalid("The page sent a button that is not known; reload it.")
    return Press(entrant_id, "stake", value)


def read_type(text):
    """Which kind of question the desk is set to; set questions where nothing is said."""
    return text if text in TYPES else TYPES[0]


def read_operation(form):
    """(number of the last entry seen, id of this press) of a form; Invalid without an id."""
    op_id = form.get("op_id", "")
    if not 8 <= len(op_id) <= LONGEST_ID:
        raise Invalid("The page is too old; reload it.")
    return read_whole(form.get("seen"), 0), op_id


def read_counts(form, count):
    """How often each fault happened, -1 for what is no number."""
    return [read_whole(form.get(f"fault-{n}") or "0", -1) for n in range(count)]
