"""One cell of a table: is it a number, a day or text, and how is it written?"""

from datetime import date, datetime
from decimal import Decimal

from contest.documents.document import CANONICAL

# Excel keeps 15 digits; a longer number (an identity card) stays text.
DIGITS_KEPT = 15


def number_text(value, kind):
    """The canonical decimal text of a cell in a number column; None when it is no number."""
    if kind != "number" or value is None:
        return None
    text = f"{value:f}" if isinstance(value, Decimal) else str(value)
    return text if CANONICAL.fullmatch(text) else None


def fits_spreadsheet(text):
    """True when a spreadsheet keeps every digit of this number."""
    digits = text.lstrip("-").replace(".", "").lstrip("0")
    return len(digits) <= DIGITS_KEPT


def places_of(text):
    """How many digits stand after the point."""
    return len(text.partition(".")[2])


def day_of(value, kind):
    """The day in a date column, from a date or an ISO text; None when it is not a day."""
    if kind != "date" or value is None:
        return None
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    try:
        return date.fromisoformat(value) if isinstance(value, str) else None
    except ValueError:
        return None  # A remark such as "unknown" in a column of days is shown as it was typed.


def cell_text(value, kind="text"):
    """The cell as a person reads it: numbers with their places, days as year-month-day."""
    if value is None:
        return ""
    if (day := day_of(value, kind)) is not None:
        return day.isoformat()
    if isinstance(value, datetime):
        return value.strftime("%Y-%m-%d %H:%M")
    number = number_text(value, "number") if isinstance(value, Decimal) else None
    return number if number is not None else str(value)
