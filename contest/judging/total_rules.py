"""One short code over all that a judge handed in, reckoned alike by tablet and server (docs/protocol.md)."""

import hashlib
import json
import re
from dataclasses import dataclass
from decimal import Decimal

from contest.errors import Conflict, NotAllowed
from contest.judging.number_rules import OVER_STATES
from contest.scoring.marks import FULL_WIDTH, NUMBER, VOID_WORDS

SHEET_DOMAIN, TOTAL_DOMAIN = "contest-sheet-sum/1", "contest-total-code/1"
# No letter looks like another one or like a digit.
LETTERS = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"


@dataclass(frozen=True)
class Held:
    """One sheet as the ledger has it: its latest revision and, while it is handed in, what was handed in."""

    sheet_id: int
    latest: int
    rev: int = 0  # of the handing in that stands; 0: it is not handed in
    digest: str = ""
    counts: bool = True  # False: struck out, or another judge's by now


@dataclass(frozen=True)
class Told:
    """One sheet that a tablet handed in and saw accepted, by its own operation."""

    sheet_id: int
    rev: int
    digest: str


def plain_mark(value):
    """A mark as both sides write it, from what was sent or from what is stored; None: not marked."""
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, dict):
        counts = {int(key): count for key, count in value.items() if count}
        return [[key, counts[key]] for key in sorted(counts)]
    if isinstance(value, list):
        found = [plain_mark(one) for one in value]
        while found and found[-1] is None:
            found.pop()
        return found or None
    return _plain_text(str(value).strip().translate(FULL_WIDTH))


def _plain_text(text):
    if text.lower() in VOID_WORDS:
        return "x"
    if not NUMBER.fullmatch(text):
        return text or None
    number = format(Decimal(text), "f")
    number = number.rstrip("0").rstrip(".") if "." in number else number
    return "0" if number == "-0" else number


def sheet_digest(sheet_id, rev, op_id, marks):
    """SHA-256 over one sheet that was handed in as this revision, by this operation, with these marks.

    The operation's id is random and on no page: without it a code over few marks could be guessed back.
    """
    pairs = [[key, plain] for key in sorted(marks) if (plain := plain_mark(marks[key])) is not None]
    text = json.dumps([sheet_id, rev, op_id, pairs], ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(f"{SHEET_DOMAIN}\n{text}".encode()).hexdigest()


def total_digest(digests):
    """SHA-256 over the sheets that are handed in: {sheet id: digest}."""
    lines = [f"{sheet_id} {digests[sheet_id]}\n" for sheet_id in sorted(digests)]
    return hashlib.sha256("".join([f"{TOTAL_DOMAIN}\n", *lines]).encode()).hexdigest()


def code_of(digest):
    """The first 30 bits of a digest as people compare them.

    >>> code_of("0" * 64)
    '22-22-22'
    """
    number = int(digest[:8], 16) >> 2
    letters = "".join(LETTERS[number >> shift & 31] for shift in range(25, -1, -5))
    return re.sub("(..)(?=.)", r"\1-", letters)


@dataclass(frozen=True)
class Compared:
    """What a tablet tells beside what is held: ids of sheets. `elsewhere`: gone on without this tablet."""

    equal: tuple[int, ...]
    elsewhere: tuple[int, ...]
    missing: tuple[int, ...]
    differing: tuple[int, ...]
    untold: tuple[int, ...]  # handed in, and not by this tablet

    @property
    def is_alarm(self):
        """True when the server lacks what this tablet saw accepted, or holds other marks."""
        return bool(self.missing or self.differing)

    @property
    def is_whole(self):
        """True when everything that is handed in was told, and is the same."""
        return not (self.is_alarm or self.elsewhere or self.untold)


def compare(told, held):
    """Compared: Told rows against {sheet id: Held}."""
    found = {"equal": [], "elsewhere": [], "missing": [], "differing": []}
    for one in told:
        found[_outcome(one, held.get(one.sheet_id))].append(one.sheet_id)
    known = {one.sheet_id for one in told}
    untold = tuple(sorted(one.sheet_id for one in held.values() if one.rev and one.sheet_id not in known))
    return Compared(**{name: tuple(sorted(ids)) for name, ids in found.items()}, untold=untold)


def _outcome(told, held):
    if held is None or held.latest < told.rev:
        return "missing"
    if held.rev == told.rev:
        return "equal" if held.digest == told.digest else "differing"
    return "elsewhere"


def still_wrong(before, told, held, compared):
    """{sheet id as text: [revision told, digest told, digest held]} that does not agree by now.

    before: the same of the comparison before. A sheet leaves it by being told equal and by nothing else: a
    tablet that forgot it, or a sheet that has gone on elsewhere, agrees with nothing.
    """
    agreed = {str(sheet_id) for sheet_id in compared.equal}
    now = {*compared.missing, *compared.differing}
    return {key: value for key, value in before.items() if key not in agreed} | {
        str(one.sheet_id): [one.rev, one.digest, held[one.sheet_id].digest if one.sheet_id in held else ""]
        for one in told if one.sheet_id in now
    }


def left_open(wrong, ruled, agreed):
    """Those of `wrong` that no ruling (each a `wrong` of its day) names just so, and nobody told equal since.

    agreed: ids of sheets that the same judge's tablets told equal later.
    """
    return {
        key: value for key, value in wrong.items()
        if int(key) not in agreed and not any(each.get(key) == value for each in ruled)
    }


def seal(left):
    """What stands for exactly what the page showed as not agreeing."""
    return hashlib.sha256(json.dumps(left, sort_keys=True).encode()).hexdigest()[:32]


def check_rulable(state, left, seen, is_own):
    """The chief judge settles what was on the page, while it is open, before the results are final.

    is_own: the tablet was in the chief judge's own hands; NotAllowed. Conflict for the rest.
    """
    if is_own:
        raise NotAllowed("This tablet was in your own hands as a judge: another chief judge settles it.")
    if state in OVER_STATES:
        raise Conflict("The results are final: no total code is settled any more.")
    if not left:
        raise Conflict("Tablet and server agree by now, or this was settled: there is nothing to settle.")
    if seen != seal(left):
        raise Conflict("What does not agree has changed since the page was loaded: look at it again first.")
