"""Whether a contest may be hidden from the public or shown to it; later areas say why it may not."""

from contest import signals


def why_kept_public(contest_id):
    """The Refusal that keeps a contest from being hidden now, or None."""
    refusals = []
    signals.hiding_asked.send("hide", contest_id=contest_id, refusals=refusals)
    return refusals[0] if refusals else None


def check_may_turn(contest_id, is_public):
    """Raise why a contest must not be shown to the public now, or, for False, not be hidden from it."""
    refusals = []
    asked = signals.showing_asked if is_public else signals.hiding_asked
    asked.send("show" if is_public else "hide", contest_id=contest_id, refusals=refusals)
    if refusals:
        raise refusals[0]
