"""Whether a contest may be hidden from the public; later areas say why it must stay readable."""

from contest import signals


def why_kept_public(contest_id):
    """The Refusal that keeps a contest from being hidden now, or None."""
    refusals = []
    signals.hiding_asked.send("hide", contest_id=contest_id, refusals=refusals)
    return refusals[0] if refusals else None


def check_may_hide(contest_id):
    """Raise what why_kept_public says."""
    if (why := why_kept_public(contest_id)) is not None:
        raise why
