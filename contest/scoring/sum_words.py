"""Clause 1, continued. Sums written out, for refusals that show their arithmetic."""

from contest.scoring.units import text_of


def terms_of(things, attribute="weight") -> str:
    """The sum written out: "practical 70 + theory 20 = 90"."""
    terms = " + ".join(f"{thing.key} {text_of(getattr(thing, attribute))}" for thing in things)
    return f"{terms} = {text_of(sum(getattr(thing, attribute) for thing in things))}"
