"""The draw: an order that anybody can work out again from the seed, and codes that nobody misreads.

How to redo it with paper and any SHA-256 program. Write the entrants' entry numbers in a row,
sorted as text by their Unicode code points. For i = n − 1, n − 2, … 1 (places counted from 0):
take the SHA-256 of the text "seed:i:0" (UTF-8), read its 64 hex digits as one whole number h. If
h ≥ 2^256 − (2^256 mod (i + 1)), take "seed:i:1", and so on: so every place is equally likely.
Swap the numbers in places i and h mod (i + 1). The row now stands in starting order.

The blind codes are drawn likewise: the possible codes in order, shuffled with the seed
"seed/codes"; the first in starting order gets the first code, and so on. So a code tells neither
the starting order nor the entry number. For people who join later a new seed is drawn in the same
way; they start behind the others, and codes that are taken are passed over.
"""

import hashlib
import re

from contest.errors import Conflict, Invalid

# No 0 O Q, 1 I L, 2 Z, 5 S, 6 G, 8 B, U V: alike on paper or in handwriting. (6 stays, G goes.)
LETTERS = "ACDEFHJKMNPRTWXY"
DIGITS = "34679"
SEED_LEAST, SEED_MOST = 6, 100
LONGEST_REASON = 500


def shuffled(items, seed):
    """The items in the order that `seed` gives, as the first paragraphs above say."""
    row = list(items)
    for i in range(len(row) - 1, 0, -1):
        j = _number(seed, i, i + 1)
        row[i], row[j] = row[j], row[i]
    return row


def _number(seed, i, below):
    """A number from 0 up to but not including `below`, equally likely each."""
    attempt, top = 0, 2**256 - 2**256 % below
    while True:
        found = int(hashlib.sha256(f"{seed}:{i}:{attempt}".encode()).hexdigest(), 16)
        if found < top:
            return found % below
        attempt += 1


def possible_codes(count):
    """Every code of one letter and two digits (or more of them, for larger contests), in order."""
    codes = [f"{letter}{a}{b}" for letter in LETTERS for a in DIGITS for b in DIGITS]
    while len(codes) < 2 * count:
        codes = [f"{code}{digit}" for code in codes for digit in DIGITS]
    return codes


def draw(numbers, seed, taken=frozenset(), behind=0):
    """{entry number: (blind code, place in starting order)} for distinct entry numbers.

    Places begin after `behind`; codes in `taken` are left out. Twice as many codes are possible
    as are drawn, so none can be found by leaving others out.
    """
    if len(set(numbers)) != len(numbers):
        raise ValueError("entry numbers must differ")
    order = shuffled(sorted(numbers), seed)
    codes = shuffled(possible_codes(len(order) + len(taken)), f"{seed}/codes")
    free = (code for code in codes if code not in taken)
    return {
        number: (code, place)
        for place, (number, code) in enumerate(zip(order, free, strict=False), start=behind + 1)
    }


def check_seed(seed):
    """A seed has 6 to 100 characters, none of them a blank or unseen."""
    if not SEED_LEAST <= len(seed) <= SEED_MOST or re.search(r"[\s\x00-\x1f\x7f]", seed):
        sentence = Invalid(
            "The seed must have %(least)s to %(most)s characters and no blanks.",
            least=SEED_LEAST,
            most=SEED_MOST,
        )
        raise Invalid(sentence.message, fields={"seed": sentence}, **sentence.params)


def check_reason(reason):
    """Drawing again needs a reason in words; returns it trimmed, Invalid without."""
    text = reason.strip()
    if not text:
        why = Invalid("Write why the draw is held again: the trail will show it.")
        raise Invalid(why.message, fields={"reason": why})
    if len(text) > LONGEST_REASON:
        why = Invalid("The reason may have at most %(most)s characters.", most=LONGEST_REASON)
        raise Invalid(why.message, fields={"reason": why}, **why.params)
    return text


def check_may_draw(state, entrants, is_marked):
    """The draw needs entrants, and stands as soon as marks were entered under its codes."""
    if state in {"provisional", "final", "archived"}:
        raise Conflict("Results have been published; the draw can no longer change.")
    if not entrants:
        raise Conflict("There are no entrants to draw for yet.")
    if is_marked:
        raise Conflict("Marks have been entered under these codes; the draw can no longer change.")
