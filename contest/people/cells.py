"""What stands in one cell of a list: turned into a value, or refused with one sentence."""

import re
import unicodedata
from datetime import date
from decimal import Decimal

from contest.errors import Invalid

TEXT_MOST = 32_767
# Direction marks, zero-width characters and soft hyphens: they change how a name is shown or
# compared without being seen.
UNSEEN = re.compile(
    "[\u00ad\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u206f\ufeff]"
)
CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")
BLANK = re.compile(r"[\s\u3000\u00a0]+")
HAN = "[\u2e80-\u2fff\u3005\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]"
DATE = re.compile(
    r"(\d{4})(?:-(\d{1,2})-(\d{1,2})|/(\d{1,2})/(\d{1,2})|\.(\d{1,2})\.(\d{1,2})"
    r"|年(\d{1,2})月(\d{1,2})日?|(\d{2})(\d{2}))(?: 0{1,2}:00(?::00)?)?",
    re.ASCII,
)
NUMBER = re.compile(r"[0-9]{1,9}(?:\.[0-9]{1,12})?", re.ASCII)
# What a spreadsheet writes into a text file for a long number: 3.20102E+17.
ROUNDED = re.compile(r"-?[0-9](?:[.,][0-9]+)?E\+[0-9]{2,3}", re.ASCII | re.IGNORECASE)
# Signs that stand in a list where a letter was lost in saving, or hidden for a public notice.
NO_LETTER = re.compile(r"[?？*＊□■▢〓�]")


def clean_text(text):
    """Text in one Unicode form without unseen characters or doubled blanks.

    Returns the text and True when unseen characters were taken out; raises Invalid when a
    character was lost before the file reached us.
    """
    if len(text) > TEXT_MOST:
        raise Invalid("The text is longer than a cell can be.")
    if "\ufffd" in text:
        raise Invalid(
            "A character was lost when the file was saved (it shows as %(sign)s).", sign="\ufffd"
        )
    if any("\ud800" <= letter <= "\udfff" for letter in text):
        raise Invalid("The text holds half a character; type it again.")
    seen = CONTROL.sub("", UNSEEN.sub("", text))
    shown = BLANK.sub(" ", unicodedata.normalize("NFC", seen)).strip()
    return shown, seen != text


def shown_text(cell):
    """What a person sees in a cell of any type, as text; raises Invalid when that is not sure."""
    if isinstance(cell, str):
        return cell
    kind, text = cell
    if kind == "number":
        if "e" in text or len(text.replace(".", "").lstrip("-")) > 15:
            raise _quantity()
        return text
    if kind == "date":
        raise Invalid(
            "The spreadsheet turned this into the date %(date)s; "
            "set the column to text and type it again.",
            date=text,
        )
    raise Invalid("This cell does not hold text.")


def _quantity():
    return Invalid(
        "This long number was stored as a quantity, so its last digits are lost; "
        "set the column to text and type it again."
    )


def read_text(cell, most):
    """Text of at most `most` characters, as it is shown."""
    text, stripped = clean_text(shown_text(cell))
    if ROUNDED.fullmatch(text):
        raise _quantity()
    check_length(text, most)
    return text, stripped


def check_length(text, most):
    """Refuse a text of more than `most` characters."""
    if len(text) > most:
        raise Invalid("This is longer than %(most)s characters.", most=most)


def read_name(cell, most):
    """A person's name: no blanks between Han characters, and one kind of middle dot."""
    text, stripped = read_text(cell, most)
    if lost := NO_LETTER.search(text):
        raise Invalid(
            "The name holds %(sign)s, where a letter was lost or hidden; type the whole name.", sign=lost[0]
        )
    text = re.sub(r"[•‧・･∙⋅.．](?=\S)", "·", text) if re.search(HAN, text) else text
    text = re.sub(f"(?<={HAN}) (?={HAN})", "", text)
    if text and not any(unicodedata.category(letter)[0] in "LC" for letter in text):
        raise Invalid("This is not a name.")
    return text, stripped


def read_date(cell):
    """A day as ISO text, from a date cell or from 1990-01-02, 1990/1/2, 1990.1.2, 1990年1月2日."""
    if not isinstance(cell, str) and cell[0] == "date":
        return _possible(date.fromisoformat(cell[1])), False
    plain = cell if isinstance(cell, str) else cell[1]
    text, stripped = clean_text(unicodedata.normalize("NFKC", plain))
    found = DATE.fullmatch(text)
    if found is None:
        raise Invalid("This is not a date; write it like 1990-01-02.")
    year, month, day = (int(part) for part in found.groups() if part is not None)
    try:
        return _possible(date(year, month, day)), stripped
    except ValueError as wrong:
        raise Invalid("There is no such day; write it like 1990-01-02.") from wrong


def _possible(day):
    if not 1900 <= day.year <= 2100:
        raise Invalid("The year must be between 1900 and 2100.")
    return day.isoformat()


def read_number(cell, least, top, places):
    """A canonical decimal string between `least` and `top`, with at most `places` decimals."""
    if not isinstance(cell, str) and cell[0] != "number":
        raise Invalid("This is not a number.")
    plain = cell if isinstance(cell, str) else cell[1]
    text, stripped = clean_text(unicodedata.normalize("NFKC", plain))
    if NUMBER.fullmatch(text) is None:
        raise Invalid(
            "This is not a number from %(least)s to %(top)s.", least=str(least), top=str(top)
        )
    number = Decimal(text)
    if not Decimal(least) <= number <= Decimal(top):
        raise Invalid(
            "The number must be between %(least)s and %(top)s.", least=str(least), top=str(top)
        )
    number = number.quantize(Decimal(1)) if number == number.to_integral() else number.normalize()
    if -number.as_tuple().exponent > places:
        raise Invalid("The number has more than %(places)s decimal places.", places=places)
    return str(number), stripped


def read_choice(cell, choices):
    """The key of the choice that the cell names; `choices` maps keys to all their names."""
    text, stripped = clean_text(shown_text(cell))
    plain = unicodedata.normalize("NFKC", text).casefold()
    for key, names in choices.items():
        if plain == key.casefold() or plain in {name.casefold() for name in names}:
            return key, stripped
    allowed = "、".join(names[0] for names in choices.values())
    raise Invalid(
        "%(value)s is not one of the choices: %(allowed)s.", value=text[:40], allowed=allowed
    )


def read_list(cell, most):
    """Several short texts in one cell, separated by 、 or a comma."""
    text, stripped = read_text(cell, TEXT_MOST)
    parts = [part.strip() for part in re.split(r"[、,，;；/|]", text) if part.strip()]
    for part in parts:
        check_length(part, most)
    return list(dict.fromkeys(parts)), stripped
