"""What a later revision changed, and until when which kind of error is still corrected."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from contest.errors import Conflict, Invalid, NotAllowed
from contest.i18n import N_

KINDS = {
    "arithmetic": N_("Error of arithmetic or entry"),
    "identity": N_("Error of identity: who stands behind a result"),
}
# By what the moment of the ceremony is known: the program saw it, or somebody says that it is now.
MOMENTS = {
    "reveal_ended": N_("When the reveal ended"),
    "reveal_began": N_("When the reveal began"),
    "now": N_("Now"),
}
# By what the deadlines are counted, in words for the page; the moment itself stands beside it.
COUNTED = {
    "stated": N_("Counted from when the ceremony was, as stated: %(moment)s."),
    "reveal_ended": N_(
        "Nobody has stated when the ceremony was: counted from the end of the reveal, %(moment)s."
    ),
    "published": N_(
        "Nobody has stated when the ceremony was, and no reveal has ended: counted from %(moment)s, "
        "thirty days after the first publication."
    ),
}
# A ceremony follows its results within a month. Who never says when it was keeps no deadline away for ever.
UNSTATED = timedelta(days=30)
SIGNATURES = 3
CORRECTED_IN = ("provisional", "notice", "final")
MOST_WORDS = 500


@dataclass(frozen=True)
class Change:
    """One contestant of two revisions. old, new: {place, total, name, organisation} or None."""

    number: str
    old: dict | None
    new: dict | None

    def differs(self, key):
        """True where this figure is another one in the later revision."""
        return (self.old or {}).get(key) != (self.new or {}).get(key)


_TOLD = ("place", "total", "name", "organisation", "state")


def changes_between(old, new):
    """The Changes from one result document to a later one, in the order of the later one.

    Contestants are known by their id; who is only in one of the two is added or gone.
    """
    before = {row["entrant_id"]: row for row in old["rows"]}
    after = {row["entrant_id"]: row for row in new["rows"]}
    found = [(before.get(one), row) for one, row in after.items()]
    found += [(row, None) for one, row in before.items() if one not in after]
    return [
        Change((b or a)["number"], *(row and {key: row[key] for key in _TOLD} for row in (a, b)))
        for a, b in found
        if a is None or b is None or any(a[key] != b[key] for key in (*_TOLD, "number"))
    ]


# What of a row others can change: a place lost to somebody is no correction of one's own figures.
_OF_OTHERS = ("place", "place_overall", "decided_by", "advances")


def own_figures(document, entrant_id):
    """What a result document says of one contestant alone; None where it has no such row."""
    row = next((row for row in document["rows"] if row["entrant_id"] == entrant_id), None)
    return row and {key: value for key, value in row.items() if key not in _OF_OTHERS}


_WHO = ("name", "organisation", "number")


def other_people(old, new):
    """The entry numbers of those behind whose results stands somebody else in the later document.

    Also whoever came to it or is gone from it.
    """
    before, after = ({row["entrant_id"]: row for row in one["rows"]} for one in (old, new))
    return sorted(
        (before.get(one) or after[one])["number"] for one in {*before, *after}
        if one not in before or one not in after
        or any(before[one][key] != after[one][key] for key in _WHO)
    )


@dataclass(frozen=True)
class CountedFrom:
    """From when the deadlines are counted. key: of COUNTED."""

    key: str
    at: datetime

    def is_held(self, state, now):
        """True once nothing changes any more but by a correction; provisional results wait for a ceremony."""
        return self.key != "published" or (state == "final" and self.at <= now)


def counted_from(stated_at, reveal_ended_at, published_at):
    """The CountedFrom of these moments (None each: there was none); None while nothing is published."""
    if stated_at is not None:
        return CountedFrom("stated", stated_at)
    if reveal_ended_at is not None:
        return CountedFrom("reveal_ended", reveal_ended_at)
    return CountedFrom("published", published_at + UNSTATED) if published_at is not None else None


def deadline(kind, ceremony_at, arithmetic_hours, identity_hours):
    """Until when an error of a kind is corrected; None before there is a moment to count from."""
    if ceremony_at is None:
        return None
    hours = arithmetic_hours if kind == "arithmetic" else identity_hours
    return ceremony_at + timedelta(hours=hours)


def moment_of(key, offered, now):
    """The moment that was chosen: one of those offered ({key: moment}), or now; Invalid for any other."""
    known = {**offered, "now": now}
    if key not in known:
        sentence = Invalid("Choose one of the moments that are offered.")
        raise Invalid(sentence.message, fields={"moment": sentence})
    return known[key]


def read_correction(kind, words):
    """The kind and the words of a request to correct, or Invalid."""
    text, fields = words.strip(), {}
    if kind not in KINDS:
        fields["kind"] = Invalid("Choose what kind of error it is.")
    if not text or len(text) > MOST_WORDS:
        fields["words"] = Invalid(
            "Write down what is wrong, in at most %(most)s characters.", most=MOST_WORDS
        )
    if fields:
        raise Invalid("Please check the marked fields.", fields=fields)
    return kind, text


def check_in_time(kind, until, now, is_override):
    """Conflict with the sentence when the deadline is over and nobody asks for the three signatures."""
    if until is None or now < until or is_override:
        return
    if kind == "identity":
        raise Conflict(
            "Errors of identity could be corrected until %(moment)s. After that only three people "
            "together, in writing, can have it corrected.", moment=until,
        )
    raise Conflict(
        "Errors of arithmetic could be corrected until %(moment)s. After that only three people "
        "together, in writing, can have it corrected.", moment=until,
    )


def check_signature(correction, signers, actor, words):
    """Each of the three signs once, with words of his own; tidied."""
    if not correction.is_late:
        raise Conflict("This correction is in time; it needs no signatures.")
    if actor.user_id in signers:
        raise NotAllowed("You have signed this already; another person signs.")
    if len(signers) >= SIGNATURES:
        raise Conflict("Three people have signed already.")
    text = words.strip()
    if not text or len(text) > MOST_WORDS:
        sentence = Invalid("Write why you agree, in at most %(most)s characters.", most=MOST_WORDS)
        raise Invalid(sentence.message, fields={"words": sentence})
    return text


def is_admitted(is_late, signatures):
    """True when results may be opened for it: in time, or signed by three."""
    return not is_late or signatures >= SIGNATURES
