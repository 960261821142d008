"""Until which moment marks are public, and what a switch of the board may do."""

from datetime import datetime, timedelta

from contest.errors import Conflict, Invalid
from contest.setup.rules import UNPUBLISHED_IN

MOVEMENT_MINUTES = 10
NEWEST_SHOWN = 6


def public_cutoff(now, freeze_from, revealed_at):
    """The moment up to which marks are public; None when all of them are."""
    frozen = freeze_from is not None and freeze_from <= now
    revealed = revealed_at is not None and revealed_at <= now
    return freeze_from if frozen and not revealed else None


def last_round(keys, changed_at, waiting):
    """(module, moment) of the last round that is over while another goes on, or None.

    A round is a module of these keys; it is over with its last mark. When all are over the last one
    is what places have moved by, so the one before it is meant. changed_at: {(module, anybody): when
    a mark came in}; waiting: the modules in which somebody still waits.
    """
    ends = {}
    for (key, _), at in changed_at.items():
        if key in keys and key not in waiting:
            ends[key] = max(at, ends.get(key, at))
    over = sorted(ends.items(), key=lambda end: end[1])
    if len(over) == len(keys):
        over = over[:-1]
    return over[-1] if over else None


def movement_moment(now, cutoff):
    """The moment with which places are compared before a round is over: ten minutes ago."""
    # By whole minutes, so that a board is computed again once a minute at most.
    seen = cutoff or now.replace(second=0, microsecond=0)
    return seen - timedelta(minutes=MOVEMENT_MINUTES)


def movement(place, place_before):
    """Places gained (positive) or lost since then; None when there was none."""
    if place is None or place_before is None:
        return None
    return place_before - place


def board_state(contest_state, cutoff, published):
    """What the public is told: scoring, provisional, final, or correction.

    published: the kind of the revision that is shown, None while marks are shown as they come in.
    While the board is frozen only what had been published by the cut-off counts: the word "final"
    over frozen numbers would be a lie, and would tell that something happened since. correction:
    published results that officials have taken back; the next revision is still to come.
    """
    if cutoff is not None:
        return published or "scoring"
    if published is not None:
        return "correction" if contest_state in UNPUBLISHED_IN else published
    if contest_state in {"final", "archived"}:
        return "final"
    return "scoring" if contest_state in UNPUBLISHED_IN else "provisional"


def public_person_state(state):
    """How the public is told of a state: a disqualified person is "not ranked", no more."""
    return "unranked" if state in {"withdrawn", "disqualified"} else state


def read_moment(text, zone):
    """A typed local moment (2026-11-23T15:30) as UTC-aware; Invalid for anything else."""
    try:
        local = datetime.strptime((text or "").strip(), "%Y-%m-%dT%H:%M")
    except ValueError as wrong:
        sentence = Invalid("Write the moment like 2026-11-23T15:30.")
        raise Invalid(sentence.message, fields={"moment": sentence}) from wrong
    return local.replace(tzinfo=zone)


def check_freeze_after(module_key, known, closed_at):
    """A freeze waits for the last mark of a module of this stage that is still being marked."""
    if module_key not in known:
        sentence = Invalid("Choose a module of this stage.")
        raise Invalid(sentence.message, fields={"after_module": sentence})
    if closed_at is not None:
        sentence = Invalid("The last mark of this module is in already: freeze now or at a moment.")
        raise Invalid(sentence.message, fields={"after_module": sentence})


def freeze_moment(moment, now, cutoff):
    """When a freeze begins that was asked for: now or later, never while the board is frozen already."""
    if cutoff is not None:
        raise Conflict("The board is frozen already.")
    if moment < now - timedelta(minutes=1):
        # What the public has seen cannot be unseen; a freeze in the past would take marks back.
        sentence = Invalid("A freeze begins now or later: what has been seen stays seen.")
        raise Invalid(sentence.message, fields={"moment": sentence})
    # Who types this very minute means now: the marks of its first seconds have been seen.
    return max(moment, now)
