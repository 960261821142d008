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

With several layers of codes (entry code, station, work code) each is drawn so from the codes of the
layer before it, by another coding judge; stations are the numbers 1, 2, … instead of letters. Before
a draw SHA-256(secret seed) is shown; the seed is then the secret seed, and where a public part was
typed at the draw (dice, a lottery's number), a slash and that. The fingerprint of a map is the
SHA-256 of its salt on a line, and below it "outer inner" lines sorted as text, each ended by a line
feed. With two layers the stations can be those of the starting order instead of a draw of their own.
Starting order, stations and papers: contest/draw/order_rules.py. `contest draw check FILE`
does all of it again.
"""

import hashlib
import re

from contest.errors import Conflict, Invalid, Missing, NotAllowed
from contest.i18n import N_

# No 0 O Q, 1 I L, 2 Z, 5 S, 6 G, 8 B, U V: alike on paper or in handwriting. (6 stays, G goes.)
LETTERS = "ACDEFHJKMNPRTWXY"
DIGITS = "34679"
SEED_LEAST, SEED_MOST = 6, 100
LONGEST_REASON = 500
MOST_LAYERS = 3
# So few newcomers hide nobody: whoever sees new names and new codes appear can tell them together.
FEW = 3
# What the layers are called, by how many there are, from the outermost to the one judges see.
LAYER_NAMES = {
    0: (), 1: ("work",), 2: ("station", "work"), 3: ("entry", "station", "work"),
}
LAYER_WORDS = {"entry": N_("Entry code"), "station": N_("Station"), "work": N_("Work code")}


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


def station_numbers(count, taken):
    """The stations 1, 2, … that are free, as many as are asked for, written alike."""
    width = max(2, len(str(count + len(taken))))
    return [
        text for n in range(1, count + len(taken) + 1)
        if (text := str(n).zfill(width)) not in taken
    ][:count]


def draw(numbers, seed, taken=frozenset(), behind=0, numbered=False):
    """{entry number: (blind code, place in starting order)} for distinct entry numbers.

    Places begin after `behind`; codes in `taken` are left out. Twice as many codes are possible
    as are drawn, so none can be found by leaving others out. numbered: stations instead of codes.
    """
    if len(set(numbers)) != len(numbers):
        raise ValueError("entry numbers must differ")
    order = shuffled(sorted(numbers), seed)
    possible = (
        station_numbers(len(order), taken) if numbered else possible_codes(len(order) + len(taken))
    )
    codes = shuffled(possible, f"{seed}/codes")
    free = (code for code in codes if code not in taken)
    return {
        number: (code, place)
        for place, (number, code) in enumerate(zip(order, free, strict=False), start=behind + 1)
    }


def commitment(secret):
    """The fingerprint of a secret seed, shown before the draw."""
    return hashlib.sha256(secret.encode()).hexdigest()


def whole_seed(secret, public):
    """The seed that a draw uses."""
    return f"{secret}/{public}" if public else secret


def map_hash(salt, codes):
    """The fingerprint of a layer's map {outer: inner}, shown before the judging; see above."""
    lines = "".join(f"{outer} {inner}\n" for outer, inner in sorted(codes.items()))
    return hashlib.sha256(f"{salt}\n{lines}".encode()).hexdigest()


def check_layers(layers, is_blind, drawn):
    """There are 0 to 3 layers; none only where nothing is judged blind.

    drawn: how many there were when codes were drawn, or None; their number does not change then.
    """
    if not 0 <= layers <= MOST_LAYERS:
        raise Invalid("There are at most %(most)s layers of codes.", most=MOST_LAYERS)
    if drawn is not None and layers != drawn:
        raise Conflict("Codes have been drawn; the number of layers can no longer change.")
    if is_blind and not layers:
        raise Invalid("The plan has blind modules: they need at least one layer of codes.")


def check_layer(layer, layers, outer_drawn):
    """A layer is drawn once the one outside it is; Conflict."""
    if not 1 <= layer <= layers:
        raise Missing("This contest has no such layer of codes.")
    if not outer_drawn:
        raise Conflict("The layer before this one has not been drawn yet.")


def check_keeper(user_id, keeper_id, layers):
    """Only the coding judge of a layer draws it and sees its map; NotAllowed.

    In a contest with one layer and no keeper named, every coding judge may.
    """
    if keeper_id is None and layers > 1:
        raise Conflict("The organiser has still to name the coding judge of this layer.")
    if keeper_id is not None and user_id is not None and user_id != keeper_id:
        raise NotAllowed("Another coding judge keeps this layer of codes.")


def check_gives_no_marks(marking_roles):
    """Who gives marks, or enters them, reads no map and draws no codes; NotAllowed."""
    if marking_roles:
        raise NotAllowed(
            "You hold a role by which marks are given or entered in this contest, so its codes are "
            "closed to you. An organiser has to take one of the two roles from you."
        )


def check_named_after(is_late):
    """Who became coding judge after the draw reads no map before being named its keeper; NotAllowed."""
    if is_late:
        raise NotAllowed(
            "You became coding judge after this layer was drawn. An organiser who did not give you "
            "the role has to name you as the keeper of its codes first."
        )


def check_keepers_named(actor_id, named):
    """After the draw a keeper is named by a second person; NotAllowed.

    named: pairs (user id of a new keeper, ids of those who made a coding judge of that person since).
    """
    for user_id, hands in named:
        if actor_id is not None and actor_id in (user_id, *hands):
            raise NotAllowed(
                "After the draw two people make a new keeper of codes: one gives the role, and "
                "another organiser names the keeper."
            )


def check_still_watched(state):
    """A witness signs for what was just seen: never after the scoring was closed; Conflict."""
    if state not in ("setup", "registration", "scoring"):
        raise Conflict("The scoring is closed: nobody signs any more for having watched a draw.")


def check_seed(seed):
    """A seed has 6 to 100 characters, none of them a blank or unseen."""
    if not SEED_LEAST <= len(seed) <= SEED_MOST or re.search(r"[\s\x00-\x1f\x7f]", seed):
        sentence = Invalid(
            "The seed must have %(least)s to %(most)s characters and no blanks.",
            least=SEED_LEAST,
            most=SEED_MOST,
        )
        raise Invalid(sentence.message, fields={"seed": sentence}, **sentence.params)


def check_may_be_unsealed(four_eyes):
    """Where four eyes are asked for, a seed is sealed before the draw; Conflict."""
    if four_eyes:
        raise Conflict("In this contest's procedure a seed is sealed before the draw: seal one, then draw.")


def check_sealed(is_typed):
    """Nobody types a whole seed of codes: what is typed is added to one sealed before; Invalid."""
    if is_typed:
        why = Invalid("Seal a secret seed first: what is typed is then added to it.")
        raise Invalid(why.message, fields={"seed": why})


def check_public(public):
    """The public part of a seed has at most 100 characters and no blanks."""
    if len(public) > SEED_MOST or re.search(r"[\s\x00-\x1f\x7f]", public):
        sentence = Invalid(
            "The public part must have at most %(most)s characters and no blanks.", most=SEED_MOST
        )
        raise Invalid(sentence.message, fields={"seed": sentence}, **sentence.params)


def check_reason(reason, names=()):
    """Drawing again needs a reason in words; returns it trimmed, Invalid without.

    names: the contestants'. The reason is published with the draw, so none of them stands in it.
    """
    text = reason.strip()
    if not text:
        why = Invalid("Write why the draw is held again: the trail will show it.")
        raise Invalid(why.message, fields={"reason": why})
    if len(text) > LONGEST_REASON:
        why = Invalid("The reason may have at most %(most)s characters.", most=LONGEST_REASON)
        raise Invalid(why.message, fields={"reason": why}, **why.params)
    if any(len(name) > 1 and name in text for name in names):
        why = Invalid("The reason is published with the draw: write entry numbers in it, no names.")
        raise Invalid(why.message, fields={"reason": why})
    return text


def no_second():
    """What is said when what stood already is drawn again by one person where four eyes are asked for."""
    why = Invalid(
        "What was drawn is drawn again by two people: the second one types login and password or PIN here."
    )
    return Invalid(why.message, fields={"second": why})


def check_may_draw(state, entrants, is_marked):
    """The draw needs entrants, and stands as soon as marks were entered under its codes."""
    if state in {"provisional", "notice", "final", "archived"}:
        raise Conflict("Results have been published; the draw can no longer change.")
    if state not in {"setup", "registration", "scoring"}:
        raise Conflict("The scoring is closed; the draw can no longer change.")
    if not entrants:
        raise Conflict("There are no entrants to draw for yet.")
    if is_marked:
        raise Conflict("Marks have been entered under these codes; the draw can no longer change.")
