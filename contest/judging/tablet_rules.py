"""What a tablet says of itself, what it is told, and what judges may report about a sheet."""

import hashlib
import json
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from contest.errors import Conflict, Invalid, Refusal
from contest.i18n import N_, two_names

# A clock that is wrong changes no result; it only makes the times on the tablet hard to read.
WARN_JUDGE_S = 30
WARN_CHIEF_S = 5 * 60
# A tablet that was not heard of for so long is not at work; it says something every 20 seconds.
AT_WORK = timedelta(seconds=90)
SILENT_AFTER = timedelta(minutes=5)
LOW_BATTERY = 15
LONGEST_FLAG = 500

PARTIAL = "known"
FLAG_REASONS = {
    "work": N_("The work is missing, damaged or mixed up"),
    "rule": N_("The rules do not say how to mark this"),
    "equipment": N_("Equipment or material failed during the task"),
    PARTIAL: N_("I may not be impartial here"),
    "mistake": N_("I made a mistake on a sheet that is closed"),
    "other": N_("Something else"),
}


def check_can_give(state):
    """Only an open sheet goes on from a report; state: None when it is with its judge no longer; Conflict."""
    if state is None:
        raise Conflict("This sheet is no longer with the judge who reported it.")
    if state == "excused":
        raise Conflict("This sheet is struck out: nobody marks it any more.")
    if state not in ("empty", "draft", "reopened"):
        raise Conflict(
            "This sheet is handed in. Reopen it on the contestant's page first; then it can be given to "
            "another judge from here."
        )


class SetBack(Refusal):
    """The server that a tablet knew may have been another: first it offers again what that one took.

    epoch: the start of the server that answers.
    """

    status = 412
    code = "set_back"

    def __init__(self, epoch):
        self.epoch = epoch
        super().__init__(
            N_("The server was started anew and may lack marks; the tablet first offers again what "
               "was accepted. Nothing was stored.")
        )


class Elsewhere(Refusal):
    """What a tablet made for another installation of this program, a rehearsal say, is not for this one."""

    status = 412
    code = "elsewhere"


@dataclass(frozen=True)
class Pulse:
    """What a tablet says of itself every 20 seconds. heads: (contest id, seq, hash) of chains it saw.

    numbers: as tablet_forms.pulse_from_json reads them; None when it tells nothing of its order numbers.
    """

    device_id: str
    name: str
    now: datetime
    version: str = ""
    battery: int | None = None
    is_charging: bool | None = None
    unsent: int = 0
    refused: int = 0
    clashing: int = 0
    made: int = 0
    keeps_pages: bool = False
    is_lasting: bool | None = None
    sheet: int | None = None
    heads: tuple = ()
    numbers: dict | None = None


@dataclass(frozen=True)
class Flag:
    """A judge's word about a sheet, as the tablet made it."""

    op_id: str
    reason: str
    text: str = ""
    device_id: str = ""
    device_seq: int | None = None
    entered_at: datetime | None = None
    prev: str = ""  # as of an Operation


@dataclass(frozen=True)
class PulseAnswer:
    """What the server tells a tablet: which start of the server it is, and where the sheets stand."""

    epoch: str
    offset_s: int
    revs: dict[int, int]
    over: tuple[int, ...]
    elsewhere: tuple[tuple[str, datetime], ...] = ()
    answers: tuple = ()


@dataclass(frozen=True)
class OperationsFile:
    """A tablet's operations, brought to the chief judge's desk as a file, in the tablet's order."""

    user_id: int
    device_id: str
    operations: tuple = field(default_factory=tuple)  # pairs (sheet id, Operation)
    flags: tuple = field(default_factory=tuple)  # pairs (sheet id, Flag)
    installation: str = ""  # for which it was made; "" in an old tablet's file
    document: dict = field(default_factory=dict)  # what of it is read, as it came: the bytes of each stand
    proofs: dict = field(default_factory=dict)  # {op_id: key_rules.Proof} of those that are signed
    key: tuple = ()  # (public, signature) of the key that signed them, as the tablet would show it


def flag_fingerprint(sheet_id, flag):
    """The hash of what was sent: the same op_id with another fingerprint is not a resend."""
    moment = flag.entered_at.isoformat() if flag.entered_at else ""
    text = json.dumps([sheet_id, flag.reason, flag.text, moment], ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()


def check_epoch(said, epoch):
    """A tablet's new marks are taken only from one that has met this start of the server; SetBack.

    said: the start that the tablet knows; None for one that does not say (an old one, a page's form,
    a file).
    """
    if said is not None and said != epoch:
        raise SetBack(epoch)


def check_installation(said, own):
    """Only what was made for this installation is taken; Elsewhere.

    said: which one the page is of; "" or None for one that does not say (an old script, a program).
    """
    if said and said != own:
        raise Elsewhere(
            N_("Another installation of this program, a rehearsal perhaps, is at this address now. This was "
               "not made for it, so nothing was stored; it stays on the tablet. Load the page anew to go "
               "on here.")
        )


def check_flag(flag):
    """A report has a reason of the list, and words where the list has none; Invalid."""
    if flag.reason not in FLAG_REASONS:
        raise Invalid("Choose what is wrong.", fields={"reason": Invalid("Choose what is wrong.")})
    if flag.reason == "other" and not flag.text.strip():
        why = Invalid("Say in a few words what is wrong.")
        raise Invalid(why.message, fields={"text": why})


def check_still_open(flag_answered_at):
    """A report is answered once; Conflict."""
    if flag_answered_at is not None:
        raise Conflict("Somebody has answered this meanwhile.")


def offset_of(told, now):
    """How many whole seconds a tablet's clock is ahead of ours."""
    return round((told - now).total_seconds())


def clock_sentence(offset_s):
    """What a judge is told of the tablet's clock: an Invalid to be said, or None when it is right."""
    if abs(offset_s) <= WARN_JUDGE_S:
        return None
    sentence = (
        N_("This tablet's clock is ahead by %(time)s. Times on it are wrong; the server's count.")
        if offset_s > 0 else
        N_("This tablet's clock is behind by %(time)s. Times on it are wrong; the server's count.")
    )
    return Invalid(sentence, time=span(abs(offset_s)))


def span(seconds):
    """A length of time in both languages: 42 s, 5 min, 23 h 40 min."""
    if seconds < 120:
        return two_names(f"{seconds} 秒", f"{seconds} s")
    hours, minutes = divmod(round(seconds / 60), 60)
    if hours:
        return two_names(f"{hours} 小时 {minutes} 分", f"{hours} h {minutes} min")
    return two_names(f"{minutes} 分", f"{minutes} min")
