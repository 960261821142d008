"""Identity numbers that a roster brings along: which of them may be kept, and whom they name."""

from collections import Counter
from dataclasses import dataclass

from contest.i18n import N_
from contest.people.tables import Problem

COLUMN = N_("Identity number")


@dataclass(frozen=True)
class Known:
    """What is on record about a row of a roster: ids of persons, None for nobody.

    holder: whose number it is; is_same_name: and the row says that person's name. own: whom the row
    means already; has_other: and another number is kept for that person. is_here: the holder is in this
    contest, as somebody else than the row means.
    """

    holder: int | None
    is_same_name: bool
    own: int | None
    has_other: bool
    is_here: bool


def split_off(documents):
    """{row: number} of the lines of a list; the numbers are taken out of the lines."""
    numbers = {document["row"]: document["values"].pop("id_number", None) for document in documents}
    return {row: number for row, number in numbers.items() if number}


def born_on_of(number):
    """The date of birth that an identity number holds, as ISO text."""
    return f"{number[6:10]}-{number[10:12]}-{number[12:14]}"


def number_problems(numbers, values, known):
    """Why numbers cannot be kept; none of the sentences tells a number, or whose it is.

    values: {row: the line's values}; known: {row: Known}.
    """
    often = Counter(numbers.values())
    for row, number in numbers.items():
        sentence = _wrong(known[row], often[number])
        if sentence is not None:
            yield Problem("bad", sentence, row=row, column=COLUMN)
        elif values[row].get("born_on") and values[row]["born_on"] != born_on_of(number):
            yield Problem(
                "warn", "The identity number holds another date of birth than its row.", row=row,
                column=COLUMN,
            )
    if numbers:
        yield Problem(
            "note", "Identity numbers in the file: %(count)s. They are kept sealed, and no list shows them.",
            count=len(numbers),
        )


def _wrong(known, times):
    if times > 1:
        return N_("This identity number stands in the file more than once.")
    if known.has_other:
        return N_("Another identity number is kept for this person. A curator compares both first.")
    if known.is_here:
        return N_("The person with this identity number is in this contest already.")
    is_found = known.holder in (None, known.own) or (known.own is None and known.is_same_name)
    if not is_found:
        return N_("This identity number is kept for another person: a digit or the name is wrong.")
    return None
