"""Reading a list that was saved as text with commas, tabs or semicolons."""

import codecs
import csv
import io
import re

from contest.documents import guarded, unguarded
from contest.errors import Invalid
from contest.people.cells import HAN
from contest.people.workbook import (
    COLUMNS_MOST,
    HEADER_WITHIN,
    ROWS_MOST,
    Unreadable,
    find_header,
)

# How files begin that are pictures, papers, packed folders, programs, sound: never a list.
FOREIGN = (
    b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"RIFF", b"%PDF", b"%!PS", b"{\\rtf", b"Rar!", b"7z\xbc\xaf",
    b"\x1f\x8b", b"BZh", b"\xfd7zXZ", b"\x7fELF", b"SQLite format 3", b"ID3", b"OggS",
)
CONTROLS = {*range(32), 127} - {*b"\t\n\r\f\x1a\x1b"}
WEB_PAGE = ("<html", "<!doctype", "<table", "<?xml", "<meta")


def is_text(data):
    """False for a file that is no text at all, whatever its name says."""
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return True
    if data.startswith(FOREIGN):
        return False
    # Text of any coding holds no control characters; a file of bytes hardly ever begins without.
    return not set(data[:4096]) & CONTROLS


def decode(data):
    """Text of a csv file: UTF-8 or UTF-16 with their marks, plain UTF-8, else GB18030."""
    if data.startswith(codecs.BOM_UTF8):
        codings = ["utf-8-sig"]
    elif data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        codings = ["utf-16"]
    else:
        # Never GBK: it is a part of GB18030 and lacks characters that stand in real names.
        codings = ["utf-8", "gb18030"]
    for coding in codings:
        if coding == "gb18030":
            _refuse_two_codings(data)
        try:
            return data.decode(coding)
        except UnicodeDecodeError:
            continue
    raise Invalid("The text is neither UTF-8 nor GB18030; save the file as CSV UTF-8.")


def _refuse_two_codings(data):
    """Raise when some lines are UTF-8 and some are not: as GB18030 the former would be other names."""
    first = None
    for number, line in enumerate(data.splitlines(), start=1):
        if line.isascii():
            continue
        try:
            # A few names of GB18030 are UTF-8 too, as letters that no name is written in (联通 is jͨ).
            is_utf8 = re.search(HAN, line.decode("utf-8")) is not None
        except UnicodeDecodeError:
            is_utf8 = False
        first = is_utf8 if first is None else first
        if is_utf8 != first:
            raise Invalid(
                "Row %(row)s of the csv file is saved in another way than the rows above it, "
                "or a letter in it is cut off; save the whole file as CSV UTF-8.",
                row=number,
            )


def read_delimited(data, headers):
    """first_row (number of the header's row) and rows from the header on; raises Unreadable."""
    if not is_text(data):
        raise Unreadable("format")
    text = decode(data)
    if "\x00" in text:
        raise Unreadable("format")
    if text.lstrip()[:200].casefold().startswith(WEB_PAGE):
        raise Invalid(
            "This is a web page, not a list; open it in a spreadsheet and save it as xlsx."
        )
    rows, between = _lines(text)
    at = find_header(rows, headers)
    if at is None:
        raise Unreadable("headers")
    return {"first_row": at + 1, "rows": rows[at:], **_odd_cells(rows, at, between)}


def _odd_cells(rows, at, between):
    """Rows that are shorter than the header, and cells that swallowed a separator and a line's end.

    Either way what follows may stand in a column that is not its own.
    """
    width = len(rows[at])
    below = list(enumerate(rows[at + 1:], start=at + 2))
    return {
        "short": [number for number, row in below if len(row) < width and any(c.strip() for c in row)],
        "swallowed": [
            [number, column] for number, row in below for column, cell in enumerate(row)
            if between in cell and ("\n" in cell or "\r" in cell)
        ],
    }


def _lines(text):
    first = "\n".join(text[:10_000].splitlines()[:HEADER_WITHIN])
    between = max("\t;,", key=first.count)
    rows = []
    try:
        for line in csv.reader(io.StringIO(text, newline=""), delimiter=between, strict=True):
            rows.append([_as_typed(cell) for cell in line])
            if len(rows) > ROWS_MOST + HEADER_WITHIN:
                raise Unreadable("rows", most=ROWS_MOST)
            if len(line) > COLUMNS_MOST:
                raise Unreadable("columns", most=COLUMNS_MOST)
    except csv.Error as broken:
        raise Invalid(
            "Row %(row)s of the csv file is broken; look for a quotation mark that stays open.",
            row=len(rows) + 1,
        ) from broken
    return rows, between


def _as_typed(cell):
    """The cell without the apostrophe that our own exports put before what looks like a formula."""
    plain = unguarded(cell) if cell.startswith("'") else cell
    return plain if guarded(plain) == cell else cell
