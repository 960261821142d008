"""What one person may pass over who publishes alone: it is told, and the reason is asked and kept."""

import hashlib
import json
from typing import NamedTuple

from contest.errors import Conflict, Invalid
from contest.i18n import stored_params

LONGEST_REASON = 500


class PassedOver(NamedTuple):
    """What somebody saw (seen: seal() of the list that the page showed) and why it is passed over."""

    seen: str
    reason: str


def doubts(notes):
    """Those of a step's Notes that may be passed over."""
    return [note for note in notes if note.kind == "confirm"]


def stored(found):
    """Doubts as the trail and the published sheet keep them."""
    return [{"message": note.text, "params": stored_params(note.params)} for note in found]


def seal(found):
    """What stands for exactly this list, "" for an empty one."""
    if not found:
        return ""
    text = json.dumps(stored(found), sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()[:32]


def check_passed_over(found, passed_over):
    """(what is passed over as stored, the reason): nothing is passed over that nobody was told of.

    found: the doubts now. Conflict that tells each of them when they were not confirmed, or are others
    than were shown; Invalid without a reason.
    """
    if not found:
        return [], ""
    seen, reason = passed_over or PassedOver("", "")
    if seen != seal(found):
        first = Conflict(
            "This is still open. You may publish all the same: look at the list on the results page, "
            "confirm it there and say why."
        )
        first.also = tuple(Conflict(note.text, **note.params) for note in found)
        raise first
    words = (reason or "").strip()
    if not words or len(words) > LONGEST_REASON:
        sentence = Invalid(
            "Write down why it is published all the same, in at most %(most)s characters.",
            most=LONGEST_REASON,
        )
        raise Invalid(sentence.message, fields={"why": sentence}, **sentence.params)
    return stored(found), words
