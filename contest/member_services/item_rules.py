"""The life of a line in a register: open, answered, done; and what must be so before a list is closed."""

from contest.errors import Conflict, Invalid
from contest.i18n import N_

STATES = {
    "open": N_("Open"), "matched": N_("Matched"), "answered": N_("Answered"), "done": N_("Done"),
    "dropped": N_("Dropped, with the reason"),
}
BADGES = {"open": "active", "matched": "info", "answered": "info", "done": "good", "dropped": "idle"}
NEXT = {
    "open": ("matched", "answered", "done", "dropped"), "matched": ("done", "dropped"),
    "answered": ("done",), "done": (), "dropped": (),
}
OVER = ("done", "dropped")


def check_next(state, wanted, words, giver, rule):
    """Conflict or Invalid when an item cannot go there. rule: the Register of the service."""
    if wanted not in NEXT.get(state, ()) or (wanted == "matched" and not rule.giver):
        raise Conflict("The item is “%(state)s”; that does not follow.", state=STATES[state])
    if wanted in ("answered", "dropped") and not words:
        sentence = Invalid("Write the answer.")
        raise Invalid(sentence.message, fields={"words": sentence})
    if wanted == "matched" and not giver:
        sentence = Invalid("Say who grants it.")
        raise Invalid(sentence.message, fields={"giver": sentence})
    if rule.giver and state == "open" and wanted == "done":
        raise Conflict("A wish is matched with somebody before it is granted.")


def check_closable(unanswered):
    """A register is closed when every line has its answer (S18: 100 %)."""
    if unanswered:
        raise Conflict(
            "Not everything is answered: %(count)s left (%(numbers)s).", count=len(unanswered),
            numbers=", ".join(map(str, unanswered[:10])),
        )


def read_lines(text, groups):
    """(group, source, text) of each line of a pasted list; columns are apart by a tab or |."""
    found = []
    for number, line in enumerate((text or "").splitlines(), start=1):
        parts = [one.strip() for one in line.replace("|", "\t").split("\t") if one.strip()]
        if not parts:
            continue
        group = parts.pop(0) if len(parts) > 1 and parts[0] in groups else ""
        source = parts.pop(0) if len(parts) > 1 else ""
        words = " ".join(parts)
        if len(words) > 1000:
            raise Invalid(
                "Line %(number)s is too long: at most %(most)s characters.", number=number, most=1000
            )
        found.append((group, source, words))
    if not found:
        raise Invalid("Write at least one line.", fields={"lines": Invalid("Write at least one line.")})
    return found
