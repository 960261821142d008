"""What the fields of a refused form are called when it is shown again.

A text that a person typed is always shown. A choice is shown in words or not at all: what stands in
the form behind it ("coding_judge", "17") means nothing to anybody.
"""

import re

from contest.i18n import N_

# Name of a field in which a person types, and its label; "name-…" is the same field of one row.
TYPED = {
    "adjustment": N_("Points, up or down"), "answer": N_("Words for the applicant"),
    "authority": N_("Authority"), "batch": N_("People in a batch"), "born_on": N_("Date of birth"),
    "confirmed_name": N_("Type the name to confirm"), "contact": N_("Telephone or e-mail"),
    "crew": N_("Crew"), "days": N_("Further working days"), "deeds": N_("Deeds"),
    "decided_on": N_("Decided on"), "decision": N_("Reason"),
    "document_number": N_("Document number"), "ends_on": N_("Last day"), "first": N_("First day"),
    "granted_on": N_("Granted on"), "handed_in": N_("Handed in at"),
    "head": N_("Head on the paper"), "host": N_("Host"), "last": N_("Last day"),
    "late": N_("Came too late"), "login": N_("Login"), "minutes": N_("Minutes"),
    "moment": N_("Moment"), "name": N_("Name"),
    "name_en": N_("Name in English"), "note": N_("Remarks"), "number": N_("Entry number"),
    "numbers": N_("Numbers of the sheets"), "organisation": N_("Organisation"),
    "papers": N_("Prepared papers, one on each line"),
    "paste": N_("Two columns copied from a spreadsheet"), "phone": N_("Telephone"),
    "place": N_("Venue"), "points": N_("Points"), "public": N_("Public part"), "reason": N_("Reason"),
    "receipt": N_("Receipt code"), "relation": N_("Relation"), "reserves": N_("Reserves a panel"),
    "room": N_("Room"), "score": N_("New score"), "second": N_("Login of the second person"),
    "seed": N_("Seed"), "slug": N_("Short name in addresses"), "source": N_("Announced by"),
    "specialities": N_("Specialities"), "starts_on": N_("First day"),
    "stations": N_("Stations in a batch"), "text": N_("Text"), "titles": N_("Titles held"),
    "trade": N_("Trade"), "words": N_("Text"),
}
# Areas say here what a choice is called: name of the field: (label, {value: words}).
CHOICES = {}
MARK = re.compile(r"mark-([A-Za-z]+\d+)")
# What a program calls something: one word of small letters, or a number.
TECHNICAL = re.compile(r"[a-z0-9_.:-]*")


def lines_of(typed):
    """(label, text, whether the text is ours to translate) for each pair of name and text to be shown."""
    return [line for name, text in typed if (line := _line(name, text.strip())) is not None]


def has_choice(typed):
    """True when something was chosen, not typed."""
    return any(
        name in CHOICES or _label(name) is None and TECHNICAL.fullmatch(text.strip())
        for name, text in typed
    )


def _line(name, text):
    if name in CHOICES:
        label, words = CHOICES[name]
        return (label, words[text], True) if text in words else None
    label = _label(name)
    if label is None:
        return None if TECHNICAL.fullmatch(text) else (N_("Text"), text, False)
    return label, text, False


def _label(name):
    """The label of a field in which somebody types; None for any other."""
    if mark := MARK.match(name):
        return mark[1]
    return TYPED.get(name) or TYPED.get(name.partition("-")[0])
