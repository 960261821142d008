"""To whom an organiser's message goes, and what it must say."""

from contest.errors import Invalid
from contest.i18n import N_

AUDIENCES = {
    "everybody": N_("Everybody who takes part"), "contestants": N_("Contestants"),
    "contacts": N_("Contacts of units"), "judges": N_("Judges"),
}
LONGEST_TITLE, LONGEST_WORDS = 80, 2000


def reaches(audience, reader):
    """True when a message to an audience is for this kind of reader."""
    return audience in ("everybody", reader)


def read_message(typed):
    """{audience, title, words} as typed; Invalid names each field that cannot be taken."""
    values, wrong = {"audience": typed.get("audience") or ""}, {}
    if values["audience"] not in AUDIENCES:
        wrong["audience"] = Invalid("Choose to whom it goes.")
    values["title"] = " ".join((typed.get("title") or "").split())
    values["words"] = (typed.get("words") or "").strip()
    for name, most in (("title", LONGEST_TITLE), ("words", LONGEST_WORDS)):
        if not 1 <= len(values[name]) <= most:
            wrong[name] = Invalid("Write 1 to %(most)s characters.", most=most)
    if wrong:
        raise Invalid("Some of the fields cannot be taken; nothing was sent.", fields=wrong)
    return values
