"""Who moves up when somebody leaves the list: the next by place, within the quota of the kind of unit."""

from dataclasses import dataclass, replace
from decimal import Decimal

from contest.errors import Conflict, Invalid
from contest.i18n import N_
from contest.selection.list_rules import CHOSEN, GONE, MOVED, NOT

WITHDREW, STRUCK_OFF, REVOKED = "withdrew", "struck_off", "revoked"
CAUSES = {
    WITHDREW: N_("withdrew"), STRUCK_OFF: N_("struck off"), REVOKED: N_("the honour was revoked"),
}
# Before the list is published; afterwards only a revoked honour frees a place.
CAUSES_BEFORE = (WITHDREW, STRUCK_OFF)
SAME_KIND = N_("Moves up from place %(place)s, the next of the kind “%(kind)s”.")
ANY_KIND = N_("Moves up from place %(place)s; no one of the kind that left the place free is next.")
NEXT = N_("Moves up from place %(place)s, the next of the category.")
TAKES_OVER = N_("Place %(place)s; stood on a place left free, and takes over one of the kind “%(kind)s”.")


@dataclass(frozen=True)
class Proposal:
    """What the rule proposes. ids: who moves up, or, with is_choice, of whom one does; none: () ."""

    ids: tuple
    outcome: str = CHOSEN
    message: str = ""
    params: dict | None = None
    is_choice: bool = False
    heir: int | None = None  # who is on the list already, and now stands on the place that was left

    @property
    def key(self):
        """What the form sends back, so that what is confirmed is what was shown."""
        return ",".join(map(str, self.ids))


def next_up(lines, entrant_id, has_shares, least):
    """The Proposal for the place that somebody leaves on a published list.

    lines: of the published document. A place that a kind of unit holds by its share stays with the kind
    as long as it has somebody; whoever of the kind stands on a place that had been left free takes it over,
    and that one goes to the best of all. So the list is the one that list_rules.choose makes without the
    one who left, as far as places tell, and nobody else leaves it.
    """
    gone = next(line for line in lines if line["entrant_id"] == entrant_id)
    category = [line for line in lines if line["category"] == gone["category"]]
    able = [line for line in category if line["outcome"] == NOT and _can(line, least)]
    if not has_shares:
        return _best(able, CHOSEN, NEXT)
    if gone["outcome"] == MOVED:
        return _best(able, MOVED, NEXT)
    on_free = [line for line in category if line["outcome"] == MOVED and line["kind"] == gone["kind"]]
    if on_free:
        return replace(_best(able, MOVED, NEXT), heir=min(on_free, key=_by_place)["entrant_id"])
    own = [line for line in able if line["kind"] == gone["kind"]]
    return _best(own, CHOSEN, SAME_KIND) if own else _best(able, MOVED, ANY_KIND)


def _by_place(line):
    return line["place"], line["entrant_id"]


def _can(line, least):
    return line["place"] is not None and line["total"] is not None and (
        not least or Decimal(line["total"]) >= Decimal(least)
    )


def _best(lines, outcome, message):
    if not lines:
        return Proposal(())
    first = min(line["place"] for line in lines)
    equals = [line for line in lines if line["place"] == first]
    params = {"place": first, "kind": equals[0]["kind"]} if message == SAME_KIND else {"place": first}
    return Proposal(
        tuple(line["entrant_id"] for line in equals), outcome, message, params, is_choice=len(equals) > 1,
    )


def revised(document, entrant_id, next_id, proposal):
    """The document of the list after a change, as its next revision; the list went out as revision 1."""
    def changed(line):
        if line["entrant_id"] == entrant_id:
            return {**line, "outcome": GONE}
        if line["entrant_id"] == next_id:
            return {**line, "outcome": proposal.outcome, "message": proposal.message,
                    "params": proposal.params}
        if line["entrant_id"] == proposal.heir:
            params = {"place": line["place"], "kind": line["kind"]}
            return {**line, "outcome": CHOSEN, "message": TAKES_OVER, "params": params}
        return line

    return {
        **document, "revision": document.get("revision", 1) + 1,
        "lines": [changed(line) for line in document["lines"]],
    }


def check_cause(cause, reason):
    """Who leaves, leaves for one of the causes, and somebody writes why; Invalid."""
    wrong = {}
    if cause not in CAUSES_BEFORE:
        wrong["cause"] = Invalid("Choose why the person leaves the list.")
    wrong |= _wrong_reason(reason)
    return wrong


def _wrong_reason(reason):
    if not 1 <= len(reason) <= 200:
        return {"reason": Invalid("Write the reason, 200 characters at most.")}
    return {}


def check_reason(reason):
    """The same of a change after publication, where the revoked honour is the cause."""
    return _wrong_reason(reason)


def chosen_next(proposal, confirmed, picked):
    """The one who moves up, or None where nobody is left; Conflict when the proposal has changed since."""
    if confirmed != proposal.key:
        raise Conflict("The proposal has changed since the page was opened; look at it again.")
    if not proposal.is_choice:
        return proposal.ids[0] if proposal.ids else None
    if picked not in map(str, proposal.ids):
        raise Invalid("Several share the next place: choose who of them moves up.")
    return int(picked)
