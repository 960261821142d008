"""Who may mark a sheet, when it is open, and what a complete sheet is."""

import hashlib
import json
from dataclasses import dataclass, field, replace
from datetime import datetime
from fractions import Fraction

import numpy as np

from contest.errors import Conflict, Invalid, NotAllowed
from contest.i18n import N_, both_names
from contest.people.rules import seat_beside
from contest.scoring.exact import Exact
from contest.scoring.marks import MarkError, canonical_mark, sheet_points
from contest.scoring.rounding import divide, settle
from contest.setup.rules import SCORES_COUNT_IN

SHEET_STATES = {
    "empty": N_("Not started"),
    "draft": N_("In progress"),
    "submitted": N_("Handed in"),
    "reopened": N_("Reopened"),
    "resubmitted": N_("Handed in again"),
    "excused": N_("Struck out"),
}
# What keeps results from being published: not handed in again, not confirmed since.
REOPENED_SENTENCES = (
    N_("Reopened sheets that were not handed in again: %(count)s (%(sheets)s)."),
    N_("Sheets handed in again that the chief judge has to confirm: %(count)s (%(sheets)s)."),
)
# A judge may write in these; the others are closed.
OPEN_STATES = ("empty", "draft", "reopened")
# These may still change what a standing says; a sheet handed in again counts once it is confirmed.
UNSETTLED_STATES = (*OPEN_STATES, "resubmitted")
# From the first sheet to the final results; whether marks are taken is Contest.takes_marks.
MARKING_STATES = SCORES_COUNT_IN
LONGEST_REASON = 500


class Closed(Conflict):
    """The sheet takes no marks now (423); 409 is for one that somebody else has changed."""

    status = 423
    code = "closed"


class ChangedMeanwhile(Conflict):
    """Somebody stored another revision since this page was loaded."""

    def __init__(self):
        super().__init__(
            N_("This sheet was changed on another tablet meanwhile. "
               "Nothing was overwritten: choose.")
        )


@dataclass(frozen=True)
class Operation:
    """One thing that a tablet asks for: these marks, on top of the revision it was looking at."""

    op_id: str
    base_rev: int
    kind: str  # draft, submit
    marks: dict
    device: str = ""  # the tablet's name, as people read it
    entered_at: datetime | None = None
    # Which tablet, and its how manieth operation; an old tablet says neither.
    device_id: str = ""
    device_seq: int | None = None
    rules: str = ""  # sheet_rules.form_hash of the form it was typed into; old tablets do not say
    prev: str = ""  # SHA-256 of the bytes of the one before it on the tablet; "" when it does not say


@dataclass(frozen=True)
class SheetAnswer:
    """What the server holds after an operation; total and points are decimal strings as shown.

    notes: {aspect: what is to be said of it}: stands, void and counting of several attempts, lost
    when a reason took all of it, missed for a key item. is_lost: a key item took the whole sheet.
    """

    rev: int
    state: str
    marks: dict
    total: str
    missing: tuple[str, ...]
    points: dict[str, str]
    notes: dict[str, dict] = field(default_factory=dict)
    is_lost: bool = False
    at: datetime | None = None
    replayed: bool = False


@dataclass(frozen=True)
class Clash:
    """Somebody else's revision stands in the way: nothing was stored, and the judge must choose."""

    rev: int
    state: str
    marks: dict
    device: str
    at: datetime | None
    by: str


def fingerprint(sheet_id, operation):
    """The hash of what was sent: the same op_id with another fingerprint is not a resend."""
    moment = operation.entered_at.isoformat() if operation.entered_at else ""
    content = [sheet_id, operation.base_rev, operation.kind, operation.marks, moment]
    if operation.device_id:
        content += [operation.device_id, operation.device_seq]
    if operation.rules:
        content.append({"rules": operation.rules})
    if operation.prev:
        content.append({"prev": operation.prev})
    text = json.dumps(content, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def check_own_sheet(user_id, owner_id):
    """Only the judge to whom a sheet was given may write on it; NotAllowed."""
    if user_id != owner_id:
        raise NotAllowed("This sheet belongs to another judge.")


def check_of_contest(contest_id, here):
    """What a file brings belongs to the contest at whose desk it is brought; NotAllowed."""
    if contest_id != here:
        raise NotAllowed("This sheet belongs to another contest.")


def check_neutral(is_neutral):
    """Nobody marks people of the own organisation, also when that came out later; NotAllowed.

    The sentence does not say why: it would tell who is behind a code.
    """
    if not is_neutral:
        raise NotAllowed(
            "You may not mark this contestant; the chief judge gives this sheet to another judge."
        )


def check_is_judge(has_role):
    """A judge whose role in this contest was taken away may no longer mark; NotAllowed."""
    if not has_role:
        raise NotAllowed("You are no longer a judge of this contest.")


def check_same_operation(known_fingerprint, sent_fingerprint):
    """An op_id stands for one content for ever; Invalid when it comes back with another."""
    if known_fingerprint != sent_fingerprint:
        raise Invalid("This operation was already sent with other marks. Reload the sheet.")


def check_contest_open(contest):
    """Marks are taken while the contest is being judged; Closed otherwise."""
    if not contest.takes_marks:
        raise Closed(N_("Marks are taken only while the contest is being judged."))


def check_open(state):
    """A handed-in or struck-out sheet takes no marks; Closed."""
    if state == "submitted":
        raise Closed(N_("This sheet has been handed in. Ask the chief judge to reopen it."))
    if state == "resubmitted":
        raise Closed(N_("This sheet was handed in again and waits for the chief judge."))
    if state == "excused":
        raise Closed(N_("The chief judge has struck out this sheet; it no longer counts."))


def check_reason(reason):
    """An act of the chief judge needs a reason in words; returns it trimmed, Invalid without."""
    text = (reason or "").strip()
    if not text:
        why = Invalid("Write the reason: the judge and the trail will show it.")
        raise Invalid("Write the reason: the judge and the trail will show it.",
                      fields={"reason": why})
    if len(text) > LONGEST_REASON:
        why = Invalid("The reason may have at most %(most)s characters.", most=LONGEST_REASON)
        raise Invalid(why.message, fields={"reason": why}, **why.params)
    return text


def on_seat(module, seat):
    """The module as the judge in a seat (1, 2, …) marks it: one panel, and only what is its own.

    Everything that reads a sheet is given this, so that no other panel's aspect can be asked for,
    counted as missing or taken in.
    """
    seat = seat_beside(seat)
    if not module.panels or not 1 <= seat <= module.seats:
        return module
    criteria = module.criteria_at(seat - 1)
    top = sum(criterion.max for criterion in criteria)
    return replace(
        module, criteria=criteria, panel=module.panel_at(seat - 1), panels=(), max=top
    )


def read_marks(module, sent):
    """The marks of a sheet in the one form in which they are stored; Invalid names each bad one.

    A mark that is not given is left out: nothing here ever becomes zero.
    """
    known = {aspect.key: aspect for aspect in module.aspects}
    marks, refused = {}, {}
    for key, value in sent.items():
        if key not in known:
            raise Invalid("“%(key)s” is not on this sheet. Reload the sheet.", key=str(key)[:20])
        try:
            mark = canonical_mark(known[key], value)
        except MarkError as error:
            refused[key] = Invalid(error.message, **error.params)
            continue
        if mark is not None:
            marks[key] = mark
    if refused:
        raise Invalid("Some marks cannot be taken; each says why.", fields=refused)
    return marks


def points_by_aspect(module, marks):
    """Units earned by each aspect, exactly: {key: Fraction}; what is not marked is left out."""
    points = sheet_points(module, marks)
    pairs = zip(module.aspects, points, strict=True)
    return {aspect.key: value for aspect, value in pairs if value is not None}


def missing_aspects(module, points):
    """The keys of the aspects that are not yet marked, in the order of the sheet."""
    return tuple(aspect.key for aspect in module.aspects if aspect.key not in points)


def check_complete(module, points):
    """A sheet is handed in whole; Invalid names every aspect that is not yet marked."""
    missing = missing_aspects(module, points)
    if missing:
        raise Invalid(
            "Not yet marked: %(count)s. The sheet can be handed in when every mark is given.",
            fields={key: Invalid("Not yet marked.") for key in missing},
            count=len(missing),
        )


def missed_key_items(module, points):
    """The keys of the key items that earn nothing on this sheet."""
    return tuple(a.key for a in module.aspects if a.key_item and points.get(a.key) == 0)


def is_lost(module, points):
    """True when a missed key item takes the whole sheet with it."""
    missed = missed_key_items(module, points)
    return any(module.aspect(key).key_item == "sheet" for key in missed)


def sheet_sum(module, rounding, points):
    """What a sheet adds up to, in units, as a Fraction: the very number that the panel combines."""
    if is_lost(module, points):
        return Fraction(0)
    total = sum(points.values(), Fraction(0))
    if module.panel is not None and module.panel.level == "sheet":
        column = Exact(np.array([total.numerator], dtype=np.int64), total.denominator)
        return settle(column, rounding, "sheet").value(0)
    return total


def whole_units(exact):
    """An exact sum in units as whole units, halves away from zero; thirds of a point need it."""
    return int(divide(np.array([exact.numerator], dtype=np.int64), exact.denominator)[0])


def changed_marks(old, new):
    """What an operation changes, for the trail: {aspect: [old, new]}; None is "not marked"."""
    keys = sorted({*old, *new})
    return {key: [old.get(key), new.get(key)] for key in keys if old.get(key) != new.get(key)}


def next_state(state, kind):
    """The state of a sheet after an operation; a reopened one stays so until handed in again."""
    if kind == "draft":
        return "reopened" if state == "reopened" else "draft"
    return {
        "submit": "submitted", "resubmit": "resubmitted", "confirm": "submitted",
        "reopen": "reopened", "excuse": "excused",
    }[kind]


def ledger_kind(state, kind):
    """What an operation on a sheet in this state is called in the ledger.

    Handing in a sheet that the chief judge had opened again changes no standing by itself.
    """
    return "resubmit" if (state, kind) == ("reopened", "submit") else kind


def merge_choices(stored, mine, choices):
    """Marks after a clash: for each differing aspect the judge's choice, "mine" or "stored".

    Invalid when an aspect that differs was not decided.
    """
    merged = {}
    undecided = {}
    for key in sorted({*stored, *mine}):
        choice = choices.get(key)
        if stored.get(key) == mine.get(key):
            choice = "stored"
        elif choice not in ("mine", "stored"):
            undecided[key] = Invalid("Choose one of the two marks.")
            continue
        value = (mine if choice == "mine" else stored).get(key)
        if value is not None:
            merged[key] = value
    if undecided:
        raise Invalid("Choose for every mark that differs.", fields=undecided)
    return merged


def check_seats_held(module, seats):
    """Every seat of every panel is held before sheets are handed out; Conflict names the panel."""
    for panel in module.panels:
        wanted = module.seats_of(panel)
        held = sum(seat + 1 in seats for seat in wanted)
        if held < len(wanted):
            raise Conflict(
                "%(module)s, %(panel)s: the panel needs %(size)s judges and has %(count)s.",
                module=both_names(module), panel=both_names(panel), size=len(wanted), count=held,
            )


def check_draw_held(codes, blind_modules):
    """Blind modules are judged under codes, so the draw comes before the sheets; Conflict."""
    if blind_modules and not codes:
        raise Conflict("Hold the draw first: %(module)s is judged under blind codes.",
                       module=both_names(blind_modules[0]))


def check_none_begun(has_begun):
    """New codes cannot replace those under which judges have begun to write; Conflict."""
    if has_begun:
        raise Conflict("Judges have begun to mark under these codes; the draw can no longer change.")


def keep_begun(wanted, begun):
    """Judges of the seats 1, 2, … when some sheets are begun: {seat: judge} of those stay.

    The other seats get the wanted judges in order, each judge once.
    """
    free = [judge for judge in wanted if judge not in begun.values()]
    # A seat keeps the judge it should have where it can, so that a second run changes nothing.
    kept = {
        seat: judge for seat, judge in enumerate(wanted, start=1)
        if seat not in begun and judge in free
    }
    rest = iter([judge for judge in free if judge not in kept.values()])
    return [
        begun.get(seat) or kept.get(seat) or next(rest) for seat in range(1, len(wanted) + 1)
    ]


def check_may_know_names(hides_names):
    """What names people beside their marks waits until the blind modules are decoded."""
    if hides_names:
        raise NotAllowed(
            "This names the contestants: it is given out when the blind modules are decoded."
        )
