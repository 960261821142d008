"""A table as a CSV file: opens right in Excel, and no contestant's name can become a formula.

The guard and its way back. Spreadsheet programs run a text that begins with one of = + - @ | (also
full-width, also after blanks) or with TAB or CR as a formula. So every line of a *text* cell that
begins so gets one apostrophe in front, and so does every line that already begins with an
apostrophe. Reading back is therefore certain: take one apostrophe from each line that begins with
one (`unguarded`). Numbers in a number column are never touched: -2.50 stays a number.
"""

import csv
import io
import re
import unicodedata

from contest.documents.cells import cell_text, day_of, number_text

STARTS_A_FORMULA = frozenset("=+-@|＝＋－＠｜\t\r")
LINE = re.compile(r"[^\r\n\v\f\x85\u2028\u2029]+|[\r\n\v\f\x85\u2028\u2029]")
ENDS_A_LINE = frozenset("\r\n\v\f\x85\u2028\u2029")


def as_csv(table):
    """The table as bytes: UTF-8 with its mark (for Chinese in Excel), RFC 4180, header first."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow([guarded(column.label) for column in table.columns])
    for row in table.rows:
        values = zip(table.cells(row), table.columns, strict=True)
        writer.writerow([_written(value, column.kind) for value, column in values])
    return text.getvalue().encode("utf-8-sig")


def _written(value, kind):
    number = number_text(value, kind)
    if number is not None:
        return number
    day = day_of(value, kind)
    return day.isoformat() if day is not None else guarded(cell_text(value, kind))


def guarded(text):
    """The text with an apostrophe before each line that a spreadsheet could take for a formula."""
    return "".join("'" + piece if _needs_guard(piece) else piece for piece in _lines(text))


def unguarded(text):
    """What `guarded` was given: one apostrophe less on each line that begins with one."""
    return "".join(piece[1:] if piece.startswith("'") else piece for piece in _lines(text))


def _lines(text):
    """The lines and their ends; an end keeps company with the line it closes."""
    pieces = []
    for piece in LINE.findall(text):
        closes = piece in ENDS_A_LINE and pieces and pieces[-1][-1] not in ENDS_A_LINE
        if closes:
            pieces[-1] += piece
        else:
            pieces.append(piece)
    return pieces


def _needs_guard(line):
    if line.startswith("'") or line[0] in STARTS_A_FORMULA:
        return True
    visible = next((sign for sign in line if not _is_blank(sign)), "")
    return visible in STARTS_A_FORMULA and visible != ""


def _is_blank(sign):
    # Spaces, and signs that are not shown (zero width, direction marks), hide the one behind them.
    return sign.isspace() or unicodedata.category(sign) in {"Cf", "Cc"}
