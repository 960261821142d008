"""Amounts of money: whole fen inside, yuan where people read and write."""

import re
import unicodedata
from decimal import Decimal

from contest.errors import Invalid
from contest.registry.rules import read_day

MOST_FEN = 10**11  # a thousand million yuan: more is a slip of the finger
VOUCHER = re.compile(r"[0-9A-Za-z-]{4,40}", re.ASCII)
YUAN = re.compile(r"[0-9]{1,10}(?:\.[0-9]{1,2})?", re.ASCII)


def read_yuan(text):
    """An amount typed in yuan as fen; Invalid for anything that is no amount to the fen.

    >>> read_yuan("3,000.5"), read_yuan("￥５０")
    (300050, 5000)
    """
    plain = unicodedata.normalize("NFKC", "" if text is None else str(text)).strip()
    plain = plain.removeprefix("¥").removesuffix("元")
    plain = re.sub(r"(?<=[0-9]),(?=[0-9]{3}(?:[,.]|$))", "", plain.strip()).strip()
    if not YUAN.fullmatch(plain):
        raise Invalid("Write an amount in yuan with at most two decimals, for example 3000 or 3000.50.")
    fen = int(Decimal(plain) * 100)
    if fen > MOST_FEN:
        raise Invalid("This amount is too large.")
    return fen


def yuan(fen):
    """Fen as yuan, to the fen, with commas; a dash for none.

    >>> yuan(300050), yuan(5000), yuan(-50), yuan(None)
    ('3,000.50', '50.00', '-0.50', '–')
    """
    if fen is None:
        return "–"
    sign = "-" if fen < 0 else ""
    return f"{sign}{abs(fen) // 100:,}.{abs(fen) % 100:02d}"


def fen_of(value):
    """An amount in yuan, as a catalogue file writes it (3000 or "3000.50"), as fen; ValueError otherwise."""
    if isinstance(value, bool) or not isinstance(value, int | str):
        raise ValueError("an amount is a whole number of yuan or a text with at most two decimals")
    try:
        return read_yuan(value)
    except Invalid as refused:
        raise ValueError(str(refused)) from refused


def read_voucher(text):
    """The number of a transfer as it was typed; Invalid names the field."""
    voucher = (text or "").strip()
    if not VOUCHER.fullmatch(voucher):
        sentence = Invalid("Write the number of the transfer: 4 to 40 letters, digits or hyphens.")
        raise Invalid(sentence.message, fields={"voucher": sentence})
    return voucher


def read_return(form, paid_on, today):
    """(reason, day) of a transfer that came back; Invalid names what is missing or cannot be."""
    wrong, day = {}, None
    reason = (form.get("reason") or "").strip()
    if not 1 <= len(reason) <= 200:
        wrong["reason"] = Invalid("Say why it came back, in 1 to 200 characters.")
    try:
        day = read_day(form.get("came_back_on"))
        if not paid_on <= day <= today:
            wrong["came_back_on"] = Invalid(
                "It came back between the day on which it was paid, %(paid)s, and today, %(today)s.",
                paid=paid_on.isoformat(), today=today.isoformat(),
            )
    except Invalid as refused:
        wrong["came_back_on"] = refused
    if wrong:
        raise Invalid("Some fields are missing or wrong; nothing was stored.", fields=wrong)
    return reason, day
