"""A paper's number, who may type it in, what two clerks' figures come to, and who decides."""

import re
import unicodedata
from dataclasses import dataclass

from contest.errors import Conflict, Invalid, Missing, NotAllowed
from contest.i18n import N_
from contest.judging import rules as judging
from contest.numbers import LARGEST
from contest.scoring.marks import MarkError, canonical_mark, parse_count

# The remainder by 23 finds every wrong digit and every pair that changed places; no I, O or U, which
# are taken for 1, 0 and V.
CHECK_LETTERS = "TRWAGMYFPDXBNJZSQVHLCKE"
NUMBER = re.compile(r"(?:.*/)?([0-9]{1,10}) ?-? ?([A-Z])")
UNREADABLE = ("?", "？")
YES, NO = ("1", "y", "是", "√", "✓"), ("0", "n", "否", "×", "x")
STATES = {
    "first": N_("Waits for the first clerk"),
    "second": N_("Waits for the second clerk"),
    "mismatch": N_("The figures differ"),
    "overtaken": N_("A tablet came first"),
    "gone": N_("Its sheet was taken back"),
    "agreed": N_("Stored, both agreed"),
    "decided": N_("Stored as decided"),
    "withdrawn": N_("Taken back"),
}
UNSETTLED = ("first", "second", "mismatch", "overtaken", "gone")
DIFFERS = ("mismatch", "overtaken")
# The contest goes to none of these while a paper is not settled.
GATED = ("collected", "review", "decoded", "provisional", "notice", "final")


@dataclass(frozen=True)
class Version:
    """One reading of a sheet: who or what it is from, its marks, and the aspects nobody could read.

    source: first, second, or tablet: what the sheet holds itself, maybe not of every aspect.
    """

    source: str
    marks: dict
    unclear: tuple[str, ...] = ()


@dataclass(frozen=True)
class Choice:
    """What the third person takes for one aspect: a version's source or "typed", and why."""

    took: str
    reason: str
    mark: object = None


def number_of(sheet_id):
    """The number on the paper of a sheet, with its check letter.

    >>> number_of(1204)
    '1204-P'
    """
    return f"{sheet_id}-{CHECK_LETTERS[sheet_id % 23]}"


def read_number(text):
    """The id of the sheet whose number was typed, or scanned with its address; Invalid.

    >>> read_number("１２０４ｐ"), read_number("http://x/contests/1/paper/sheets/1204-P")
    (1204, 1204)
    """
    typed = unicodedata.normalize("NFKC", text or "").strip().upper()
    found = NUMBER.fullmatch(typed)
    if not found or int(found[1]) > LARGEST:
        raise _bad_number(N_(
            "“%(text)s” is not the number of a sheet: it is written below the square code, "
            "digits and one letter."
        ), text)
    sheet_id = int(found[1])
    if number_of(sheet_id)[-1] != found[2]:
        raise _bad_number(N_(
            "“%(text)s” cannot be right: its letter does not belong to its digits. Read it again."
        ), text)
    return sheet_id


def _bad_number(sentence, text):
    shown = (text or "").strip()[-30:]
    why = Invalid(sentence, text=shown)
    return Invalid(sentence, fields={"number": why}, text=shown)


def sheet_at(text):
    """The id of the sheet whose number stands in an address; Missing."""
    try:
        return read_number(text)
    except Invalid as error:
        raise Missing("There is no such sheet.") from error


def state_of(entries, outcome, base_rev, rev):
    """Where a paper stands: entries is how many clerks typed it in, outcome its kind or None.

    base_rev: the sheet's revision when the paper came in; rev: the one it has now, None when the
    sheet went to another judge before anybody had written on it.
    """
    if outcome is not None:
        return outcome
    if rev is None:
        return "gone"
    if entries < 2:
        return ("first", "second")[entries]
    return "mismatch" if rev == base_rev else "overtaken"


def check_clerk(user_id, judges, entered_by):
    """Two clerks, and neither is a judge of the module; NotAllowed.

    judges: user ids of those who mark in the module; entered_by: of whoever typed this paper in.
    """
    if user_id in judges:
        raise NotAllowed("You mark in this module yourself; somebody else types its sheets in.")
    if user_id in entered_by:
        raise NotAllowed(
            "You have typed this sheet in already; the second time it is somebody else's turn."
        )


def check_third(user_id, judges, entered_by, state, is_chief):
    """A third person decides, and against a tablet only the chief judge; NotAllowed, Conflict."""
    if state not in DIFFERS:
        raise Conflict("On this paper there is nothing to decide.")
    if user_id in entered_by:
        raise NotAllowed("You typed this sheet in; a third person decides.")
    if user_id in judges:
        raise NotAllowed("You mark in this module yourself; somebody else decides.")
    if state == "overtaken" and not is_chief:
        raise NotAllowed("A tablet sent marks for this sheet meanwhile; the chief judge decides.")


def check_waits_for_clerk(state):
    """A paper is typed in twice, and no third time; Conflict."""
    if state in DIFFERS:
        raise Conflict("Two clerks have typed this sheet in; now a third person decides.")


def check_unsettled(state):
    """What has ended is not withdrawn or decided again; Conflict."""
    if state not in UNSETTLED:
        raise Conflict("This paper is settled already.")


def check_seen(seen, rev):
    """Who decides has looked at what the sheet holds now; Conflict."""
    if seen != rev:
        raise Conflict("A tablet sent marks for this sheet meanwhile. Look again.")


def read_typed(module, typed):
    """What a clerk typed as (marks, keys that cannot be read); Invalid names each bad field.

    module: as on the sheet's seat; typed: {aspect: as forms.typed_from_form gives it}. Nothing is
    guessed: an empty field is refused, and “?” says that the paper cannot be read.
    """
    unclear = tuple(aspect.key for aspect in module.aspects if _is_unclear(typed.get(aspect.key)))
    sent = {
        aspect.key: as_sent(aspect, typed.get(aspect.key))
        for aspect in module.aspects if aspect.key not in unclear
    }
    marks, refused = _taken(module, sent)
    given = judging.points_by_aspect(module, marks)
    refused |= {
        key: Invalid("Type the mark; where the paper cannot be read, type ?.")
        for key in sent if key not in given and key not in refused
    }
    if refused:
        raise Invalid("Some fields cannot be taken; each says why.", fields=refused)
    return marks, unclear


def _taken(module, sent):
    """The marks that can be taken, and {aspect: why} of those that cannot."""
    try:
        return judging.read_marks(module, sent), {}
    except Invalid as error:
        good = {key: value for key, value in sent.items() if key not in error.fields}
        return judging.read_marks(module, good), dict(error.fields)


def as_sent(aspect, typed):
    """One aspect's fields (a list of texts) as a tablet would send them; None when all are empty."""
    texts = [text.strip() for text in typed or ()]
    if not any(texts):
        return None
    if aspect.kind == "deductions":
        counts = {str(at): _count(text) for at, text in enumerate(texts) if text}
        return {at: count for at, count in counts.items() if count != 0}
    if aspect.kind == "checklist":
        return [_answer(sign) for sign in texts[0].lower().replace(" ", "")]
    if aspect.attempts > 1:
        return [text or None for text in texts]
    return texts[0]


def _is_unclear(typed):
    return any(text.strip() in UNREADABLE for text in typed or ())


def _count(text):
    count = parse_count(text)
    return -1 if count is None else count  # no count is -1: refused with the range


def _answer(sign):
    if sign in YES:
        return True
    return False if sign in NO else sign  # refused: neither yes nor no


def differing(module, versions):
    """The keys on which not all versions say one and the same, in the order of the sheet."""
    return tuple(
        aspect.key for aspect in module.aspects
        if any(aspect.key in version.unclear for version in versions)
        or any(_says_otherwise(aspect, version, versions[0]) for version in versions)
    )


def _says_otherwise(aspect, version, first):
    mark = _mark(aspect, version)
    if version.source == "tablet" and mark is None:
        return False  # not marked there: the paper covers nothing
    return mark != _mark(aspect, first)


def _mark(aspect, version):
    """A mark as the plan in force reads it: it may have changed since it was typed."""
    try:
        return canonical_mark(aspect, version.marks.get(aspect.key))
    except MarkError:
        return None


def decide(module, versions, choices):
    """The marks of a sheet after a third person's choices ({aspect: Choice}); Invalid names each gap."""
    sources = {version.source: version for version in versions}
    open_keys = differing(module, versions)
    sent, refused = {}, {}
    for aspect in module.aspects:
        key, choice = aspect.key, choices.get(aspect.key)
        if key not in open_keys:
            sent[key] = versions[0].marks.get(key)
        elif choice is None or choice.took not in (*sources, "typed"):
            refused[key] = Invalid("Choose which figure stands on the paper.")
        elif not choice.reason.strip():
            refused[key] = Invalid("Write why; it stays with the sheet.")
        elif choice.took != "typed" and key in sources[choice.took].unclear:
            refused[key] = Invalid("This one could not be read; choose another or type the mark.")
        else:
            sent[key] = choice.mark if choice.took == "typed" else sources[choice.took].marks.get(key)
    marks, bad = _taken(module, sent)
    given = judging.points_by_aspect(module, marks)
    refused |= bad
    refused |= {
        key: Invalid("Not yet marked.") for key in sent if key not in given and key not in refused
    }
    if refused:
        raise Invalid("Not everything is decided; each field says what is missing.", fields=refused)
    return marks
