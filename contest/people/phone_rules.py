"""Telephone numbers of people: what is one, how it is kept, and what of it a page may show."""

import re
import unicodedata

from contest.errors import Invalid

MOBILE = re.compile(r"(?:\+?86)?(1[3-9][0-9]{9})", re.ASCII)
# An area code (of two digits, or of three behind the 0) and seven or eight digits.
FIXED = re.compile(r"0(?:10|2[0-9])[0-9]{8}|0[3-9][0-9]{9,10}", re.ASCII)
# A number within a house stands behind the whole number.
WITHIN = re.compile(r"(.*[0-9]{7,8})\s*(?:[-‐-―#x转]|ext\.?)\s*([0-9]{1,5})", re.ASCII | re.IGNORECASE)
ABROAD = re.compile(r"\+[1-9][0-9]{6,14}", re.ASCII)
GROUPING = re.compile(r"[\s()\-‐-―]+")
WRONG = Invalid(
    "A telephone number is a mobile number of 11 digits, a number with its area code, or begins with + and "
    "the number of its country."
)


def read_phone(text):
    """A telephone number as it is kept, its digits without what groups them; Invalid otherwise.

    >>> read_phone("+86 138-0013-8000")
    '13800138000'
    """
    shown = unicodedata.normalize("NFKC", text or "").strip()
    plain = GROUPING.sub("", shown)
    if found := MOBILE.fullmatch(plain):
        return found[1]
    house = WITHIN.fullmatch(shown)
    main = GROUPING.sub("", house[1]) if house else plain
    if FIXED.fullmatch(main):
        return f"{main}x{house[2]}" if house else main
    if ABROAD.fullmatch(plain) and not plain.startswith("+86"):
        return plain
    raise Invalid(WRONG.message, fields={"phone": WRONG})


def masked(phone):
    """What a page shows of a number beside the name: its beginning and its end.

    >>> masked("13800138000")
    '138****8000'
    """
    return f"{phone[:3]}****{phone[-4:]}" if len(phone) >= 11 else f"{phone[:2]}****{phone[-2:]}"
