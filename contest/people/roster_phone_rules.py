"""Telephone numbers that a roster brings along: taken out of its lines, and what is doubted about them."""

from contest.i18n import N_
from contest.people.tables import Problem

COLUMN = N_("Telephone number")


def split_off(documents):
    """{row: number} of the lines of a list; the numbers are taken out of the lines."""
    phones = {document["row"]: document["values"].pop("phone", None) for document in documents}
    return {row: phone for row, phone in phones.items() if phone}


def phone_problems(phones, replaced):
    """What to look at before the numbers are kept; none of the sentences tells a number.

    replaced: the rows whose person has another number already.
    """
    first_of = {}
    for row, phone in phones.items():
        first = first_of.setdefault(phone, row)
        if first != row:
            yield Problem(
                "warn", "Row %(first)s has the same telephone number; is it the person's own?", row=row,
                column=COLUMN, first=first,
            )
        if row in replaced:
            yield Problem(
                "warn", "Another telephone number is kept for this person; that of the file takes its place.",
                row=row, column=COLUMN,
            )
    if phones:
        yield Problem(
            "note", "Telephone numbers in the file: %(count)s. They are kept sealed, and no list shows them.",
            count=len(phones),
        )
