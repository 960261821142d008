"""What may stand in a public list: nothing by which a person is looked up."""

import re
import unicodedata

from contest.errors import Invalid

# Numbers of identity cards have 18 places (the last may be X), old ones 15; telephones 11, or an
# area code and 7 or 8. They are also found with blanks or hyphens between the digits.
_ID = re.compile(r"(?<!\d)(?:\d{17}[\dXx]|\d{15})(?!\d)")
_MOBILE = re.compile(r"(?<!\d)(?:\+?86)?1[3-9]\d{9}(?!\d)")
_LANDLINE = re.compile(r"(?<!\d)0\d{2,3}-\d{7,8}(?!\d)")
_BETWEEN = re.compile(r"(?<=\d)[ \-–.]+(?=[\dXx])")
# A fingerprint is no person's number, though it may hold many digits in a row.
_FINGERPRINT = re.compile(r"\b(?=[0-9a-f]*[a-f])[0-9a-f]{32,64}\b")


def personal_numbers(text):
    """Everything in a text that looks like an identity card's or a telephone's number."""
    plain = _FINGERPRINT.sub("", unicodedata.normalize("NFKC", text))
    joined = _BETWEEN.sub("", plain)
    found = [*_ID.findall(joined), *_MOBILE.findall(joined), *_LANDLINE.findall(plain)]
    return list(dict.fromkeys(found))


def public_words(text):
    """A text for the public, with stars for whatever such number it holds."""
    plain = text
    for pattern in (_ID, _MOBILE, _LANDLINE):
        plain = pattern.sub("***", plain)
    # Numbers written with blanks or in full-width digits are not found where they stand.
    return "***" if personal_numbers(plain) else plain


def check_public_words(field, text):
    """Words that the public will read hold no such number; Invalid at this field."""
    if personal_numbers(text):
        sentence = Invalid(
            "Leave out identity card and telephone numbers: the public reads this."
        )
        raise Invalid(sentence.message, fields={field: sentence})


def check_public_list(rows):
    """Invalid naming the first line of a public list that holds such a number."""
    for row in rows:
        for value in row.values():
            values = value if isinstance(value, list) else [value]
            if any(isinstance(one, str) and personal_numbers(one) for one in values):
                raise Invalid(
                    "The line of entry number %(number)s holds what looks like an identity card or "
                    "telephone number. Correct the roster first: the public would read it.",
                    number=row.get("number") or "–",
                )
