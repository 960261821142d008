"""Numbers of identity cards: what is one, and what of it may be seen."""

import re
import unicodedata
from datetime import date

from contest.errors import Invalid

# GB 11643-1999, by ISO 7064 MOD 11-2: the weights of the first 17 digits, the last sign by the rest.
WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
LAST = "10X98765432"
FORM = re.compile(r"[1-9]\d{5}(\d{4})(\d{2})(\d{2})\d{3}[\dX]", re.ASCII)
REASON_LEAST = 5
REASON_MOST = 200


def check_sign(digits):
    """The last sign that belongs to the first 17 digits.

    >>> check_sign("11010519491231002")
    'X'
    """
    return LAST[sum(int(one) * weight for one, weight in zip(digits, WEIGHTS, strict=True)) % 11]


def read_id_number(text):
    """An identity number as it is kept: 18 signs that agree with each other; Invalid otherwise."""
    plain = unicodedata.normalize("NFKC", text or "").upper()
    plain = "".join(plain.split()).replace("-", "")
    found = FORM.fullmatch(plain)
    if found is None:
        raise _at(Invalid("An identity number has 17 digits and a last sign that is a digit or X."))
    try:
        date(*map(int, found.groups()))
    except ValueError:
        raise _at(Invalid("The date of birth in this identity number is no day.")) from None
    if check_sign(plain[:17]) != plain[17]:
        raise _at(Invalid("The last sign does not agree with the others: a digit is wrong."))
    return plain


def _at(sentence):
    return Invalid(sentence.message, fields={"id_number": sentence})


def read_reason(text):
    """The reason for an act on personal data, 5 to 200 characters; Invalid otherwise."""
    reason = " ".join((text or "").split())
    if not REASON_LEAST <= len(reason) <= REASON_MOST:
        sentence = Invalid(
            "Write down the reason in 5 to 200 characters: the person concerned can read it."
        )
        raise Invalid(sentence.message, fields={"reason": sentence})
    return reason
