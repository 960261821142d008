"""How many sheets are compared with their paper, and which: by lot from a seed, and all that touch a line.

A sheet is compared by people: what the paper says against what was counted.
"""

import hashlib
from decimal import Decimal, InvalidOperation
from fractions import Fraction
from math import comb

from contest.checks.review_rules import LONGEST_NOTE
from contest.errors import Conflict, Invalid
from contest.i18n import N_
from contest.numbers import read_whole

CONFIDENCE = (50, 99)  # percent
DEFAULT = {"confidence": "95", "bad": "5", "margin": "0.5", "seed": ""}
LONGEST_SEED = 200
LONGEST_FIGURE = 60
# From the closing of the scoring, or in a procedure that does not close it from the scoring.
COMPARED_IN = ("collected", "review", "decoded", "provisional", "notice", "final")


def sample_size(sheets, bad_percent, confidence):
    """The fewest sheets that meet at least one bad one with this confidence (in percent).

    bad_percent: of the sheets, a Fraction or whole number; of a part of a sheet nothing is counted,
    but at least one sheet is bad. Exact: hypergeometric, in whole numbers.

    >>> [sample_size(n, p, 95) for p in (5, 1) for n in (300, 1000)]
    [54, 57, 189, 258]
    """
    if sheets <= 0:
        return 0
    bad = max(1, int(sheets * Fraction(bad_percent) / 100))
    good = sheets - bad
    low, high = 1, good + 1  # with one more than all good ones a bad one is among them for certain
    while low < high:
        middle = (low + high) // 2
        if comb(good, middle) * 100 <= (100 - confidence) * comb(sheets, middle):
            high = middle
        else:
            low = middle + 1
    return low


def draw(labels, count, seed):
    """The labels that the lot falls on, in its order: those with the lowest SHA-256 of seed and label.

    Anybody can do it again: sha256(f"{seed}\\n{label}") in hexadecimal, sorted.
    """
    return sorted(labels, key=lambda label: hashlib.sha256(f"{seed}\n{label}".encode()).hexdigest())[:count]


def at_a_line(entrants, margin):
    """{code: [what is at stake]} of those next to a line between winning something and not.

    entrants: rows of an answer (code, place, total, awards, goes_on). margin: points within which a
    total lies next to the line; whoever stands directly at it always does.
    """
    placed = [row for row in entrants if row["place"] and row["total"] is not None]
    prizes = {prize for row in placed for prize in row["awards"]}
    found = {}
    for prize in sorted(prizes):
        _note_line(found, prize, placed, [row for row in placed if prize in row["awards"]], margin)
    _note_line(found, "advance", placed, [row for row in placed if row["goes_on"]], margin)
    return found


def _note_line(found, prize, placed, winners, margin):
    others = [row for row in placed if row not in winners]
    if not winners:
        return
    last = max(row["place"] for row in winners)
    edges = [row for row in winners if row["place"] == last]
    if others:
        after = [row["place"] for row in others if row["place"] >= last]
        first = min(after) if after else max(row["place"] for row in others)
        edges += [row for row in others if row["place"] == first]
    elif len(edges) == 1:
        return  # everybody wins; of equals on the last place one might still win at the others' cost
    totals = [Decimal(row["total"]) for row in edges]
    for row in placed:
        if row in edges or any(abs(Decimal(row["total"]) - total) <= margin for total in totals):
            found.setdefault(row["code"], []).append(prize)


def read_wishes(form):
    """(confidence, bad percent, margin, seed) that was typed; Invalid with its fields."""
    typed = {name: (form.get(name) or "").strip() or value for name, value in DEFAULT.items()}
    wrong = {}
    confidence, (least, most) = read_whole(typed["confidence"]), CONFIDENCE
    if confidence is None or not least <= confidence <= most:
        wrong["confidence"] = Invalid(
            "A whole number from %(least)s to %(most)s.", least=least, most=most
        )
    bad = _number(typed["bad"], Decimal("0.1"), 50)
    if bad is None:
        wrong["bad"] = Invalid(N_("A share from 0.1 to 50 percent."))
    margin = _number(typed["margin"], 0, 1000)
    if margin is None:
        wrong["margin"] = Invalid(N_("Points from 0 to 1000."))
    if len(typed["seed"]) > LONGEST_SEED:
        wrong["seed"] = Invalid(N_("At most 200 characters."))
    if wrong:
        raise Invalid("Please check the marked fields.", fields=wrong)
    return confidence, bad, margin, typed["seed"]


def _number(text, least, most):
    try:
        number = Decimal(text)
    except InvalidOperation:
        return None
    return number if number.is_finite() and least <= number <= most else None


def check_seed(seed):
    """A lot needs a public part, beside the secret one that the program has sealed; Invalid."""
    if not seed:
        sentence = Invalid("Write the public part of the seed: figures thrown in front of witnesses.")
        raise Invalid(sentence.message, fields={"seed": sentence})


def read_public(text):
    """The public part of a review's seed, trimmed; Invalid (field "seed") without one, or when too long."""
    public = (text or "").strip()
    check_seed(public)
    if len(public) > LONGEST_SEED:
        why = Invalid(N_("At most 200 characters."))
        raise Invalid(why.message, fields={"seed": why})
    return public


def at_least(wishes, procedure):
    """The wishes (confidence, bad, margin, seed), as strict as a procedure that demands the check asks."""
    confidence, bad, margin, seed = wishes
    if procedure.paper_check:
        confidence, bad = max(confidence, procedure.paper_confidence), min(bad, procedure.paper_bad)
    return confidence, bad, margin, seed


def check_drawn_in(state, holds_closing):
    """Sheets are drawn when they can no longer change by a judge's own hand; Conflict.

    holds_closing: the scoring of this contest is closed before anything is published.
    """
    if state == "scoring" and holds_closing:
        raise Conflict("The sheets are drawn when all of them are in and the scoring is closed.")
    if state not in (*COMPARED_IN, "scoring"):
        raise Conflict("Sheets are compared with their paper from the scoring until the contest is archived.")


def check_not_drawn(found):
    """Nobody draws until he likes it: the sheets of a stage are drawn once; Conflict."""
    if found is not None:
        raise Conflict("The sheets have been drawn already.")


def check_chosen(is_chosen):
    """Only what was drawn is compared here; Conflict."""
    if not is_chosen:
        raise Conflict("This sheet is not among those that are compared with their paper.")


def read_difference(agrees, aspect_key, figure, note, known):
    """(aspect, paper's figure, explanation) of what was found; three empty texts where it agrees.

    known: keys of the module's aspects; "" is the sheet as a whole. Invalid with its fields.
    """
    if agrees:
        return "", "", ""
    figure, note = (figure or "").strip(), (note or "").strip()
    wrong = {}
    if aspect_key not in ("", *known):
        wrong["aspect"] = Invalid("Choose what differs.")
    if not figure or len(figure) > LONGEST_FIGURE:
        wrong["figure"] = Invalid(
            "Write what stands on the paper, in at most %(most)s characters.", most=LONGEST_FIGURE
        )
    if not note or len(note) > LONGEST_NOTE:
        wrong["note"] = Invalid("Write how the difference came about, in at most %(most)s characters.",
                                most=LONGEST_NOTE)
    if wrong:
        raise Invalid("Please check the marked fields.", fields=wrong)
    return aspect_key, figure, note
