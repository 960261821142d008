"""The life of a line in a register: open, answered, done; and what must be so before a list is closed."""

from contest.errors import Conflict, Invalid
from contest.i18n import N_, joined

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
_CASE_WITH = {
    "matched": ("matched", ""), "answered": ("answered", ""), "done": ("settled", "done"),
    "dropped": ("refused", "refused"),
}


def case_with(state, rule):
    """What a line's state does to the case behind it: (kind of the event, state of the case), each or "".

    rule: the service's Register; where an answer ends a line it ends the case too.
    """
    ends = state == "answered" and rule is not None and rule.ends == "answered"
    return _CASE_WITH.get("done" if ends else state, ("", ""))


def state_with(case_state, state, has_words, giver, rule):
    """Where a line goes when its case has gone to a state; None when it stays. rule: the service's Register.
    """
    if state in OVER:
        return None
    if case_state in ("refused", "withdrawn"):
        return "dropped"
    if case_state in ("done", "feedback", "closed"):
        return "done"
    if giver or (rule is not None and rule.giver):
        return "matched" if giver and state == "open" else None
    return "answered" if has_words and state in ("open", "answered") else None


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


def is_closed(item, rule):
    """True when nothing is left to do about a line; in some registers an answer is enough (S18)."""
    return item.state in OVER or (rule.ends == "answered" and item.state == "answered" and bool(item.answer))


def check_closable(topics, lines, receipts):
    """A register is closed when nothing of it is left to do; Conflict names what is.

    topics, lines: the numbers of those that are open; receipts: of the cases behind lines, under way.
    """
    count = len(topics) + len(lines)
    if count:
        raise Conflict(
            "Not everything is done: %(count)s left. Topics: %(topics)s. Lines: %(numbers)s.", count=count,
            topics=_some(topics), numbers=_some(lines),
        )
    if receipts:
        raise Conflict(
            "Not everything is done: %(count)s cases behind the lines are under way (%(receipts)s).",
            count=len(receipts), receipts=_some(receipts),
        )


def _some(found):
    return joined(list(map(str, found)), 10) or "–"


def read_lines(text, groups, read_cost=None):
    """(group, source, text, cost) of each line of a pasted list; columns are apart by a tab or |.

    read_cost: reads what the last column says that the line costs, in fen, by the rule of its field; none:
    lines of this register cost nothing.
    """
    found = []
    for number, line in enumerate((text or "").splitlines(), start=1):
        parts = [one.strip() for one in line.replace("|", "\t").split("\t") if one.strip()]
        if not parts:
            continue
        cost = _cost_of(number, parts, read_cost) if read_cost else None
        group = parts.pop(0) if len(parts) > 1 and parts[0] in groups else ""
        source = parts.pop(0) if len(parts) > 1 else ""
        words = " ".join(parts)
        if len(words) > 1000:
            raise Invalid(
                "Line %(number)s is too long: at most %(most)s characters.", number=number, most=1000
            )
        found.append((group, source, words, cost))
    if not found:
        raise Invalid("Write at least one line.", fields={"lines": Invalid("Write at least one line.")})
    return found


def _cost_of(number, parts, read_cost):
    try:
        return read_cost(parts.pop() if len(parts) > 1 else "")
    except Invalid as refused:
        said = Invalid("Line %(number)s does not end with what it costs.", number=number)
        said.also, said.fields = (refused,), {"lines": refused}
        raise said from refused
