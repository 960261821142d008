"""A document as an Excel workbook: one sheet a table, ready to print, with nothing that can run.

Numbers: a spreadsheet file holds every number as a binary float, so here, at the very edge, our
exact decimal text becomes one. No digit is lost: at most 15 significant digits go in as a number
(longer ones stay text), and the cell's shown format fixes the places, so that "9.50" is read as
9.50 and never as 9.5000000001.
"""

import io
import re

import xlsxwriter

from contest import clock
from contest.documents.cells import cell_text, day_of, fits_spreadsheet, number_text, places_of
from contest.documents.document import (
    Annex,
    Code,
    Facts,
    Heading,
    Signatures,
    Table,
    document_of,
)
from contest.documents.words import words_of

FONT = {"zh": "宋体", "en": "Times New Roman"}
HEAD_FONT = {"zh": "黑体", "en": "Times New Roman"}
CELL_MOST = 32_767  # The most characters Excel takes in one cell.
NAME_MOST = 31  # The most characters Excel takes in the name of a sheet.
NOT_IN_A_NAME = re.compile(r"[\[\]:*?/\\\x00-\x1f]")
A4 = 9  # Excel's number for the paper size.
SAFE = {
    "in_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
}


def as_xlsx(thing, titled=True, at=None):
    """A document or one table as a workbook's bytes; untitled, the header is the first row.

    at: the moment that the file names as its making (None: now); with it, the same bytes each time.

    Raises ValueError when there is no table to write, or a text is longer than a cell takes.
    """
    document = document_of(thing)
    if not document.tables:
        raise ValueError(f"document {document.title!r} has no table for a spreadsheet")
    file, names = io.BytesIO(), set()
    with xlsxwriter.Workbook(file, SAFE) as book:
        book.set_properties({
            "title": document.title, "author": ", ".join(document.issuers),
            "created": at or clock.now(),
        })
        looks = _Looks(book, document.language)
        tables, tail = _tables_of(document)
        for number, (table, before) in enumerate(tables, start=1):
            sheet = book.add_worksheet(_sheet_name(table.title, names))
            page = _Page(sheet, looks, document, table)
            page.set_print()
            if titled:
                page.write_head(before)
            page.write_table()
            if titled:
                page.write_foot(tail if number == len(tables) else ())
    return file.getvalue()


def _flat(document):
    """Every part in order; an annex becomes a heading with its parts behind it."""
    for part in document.parts:
        if isinstance(part, Annex):
            yield Heading(part.title)
            yield from part.parts
        else:
            yield part


def _tables_of(document):
    """([(table, what is said since the table before it), …], what is said after the last one).

    Lines to sign and codes stand under every table: each sheet may be printed by itself.
    """
    tables, said = [], []
    for part in _flat(document):
        if isinstance(part, Table):
            tables.append((part, [line for line in said if getattr(line, "text", "") != part.title]))
            said = []
        elif not isinstance(part, Signatures | Code):
            said.append(part)
    return tables, said


def _sheet_name(title, taken):
    """A name Excel takes: 31 characters at most, without its reserved signs, each name once."""
    plain = NOT_IN_A_NAME.sub(" ", title).strip().strip("'") or "1"
    name, count = plain[:NAME_MOST], 1
    while name.casefold() in taken or name.casefold() == "history":  # Excel keeps "History".
        count += 1
        ending = f" ({count})"
        name = plain[: NAME_MOST - len(ending)] + ending
    taken.add(name.casefold())
    return name


def _fitting(text):
    """The text, if Excel takes all of it; a part of it would be a loss nobody sees."""
    if len(text) > CELL_MOST:
        raise ValueError(f"a cell takes {CELL_MOST} characters, not {len(text)}: {text[:40]}…")
    return text


class _Looks:
    """The looks of cells, each made once for a workbook."""

    def __init__(self, book, language):
        self.book, self.language, self.made = book, language, {}

    def get(self, **look):
        """The format with this look."""
        key = tuple(sorted(look.items()))
        if key not in self.made:
            plain = {"font_name": FONT[self.language], "font_size": 11, "valign": "vcenter"}
            self.made[key] = self.book.add_format(plain | look)
        return self.made[key]

    def head(self, **look):
        """The format of titles and headers."""
        return self.get(font_name=HEAD_FONT[self.language], bold=self.language == "en", **look)


class _Page:
    """One sheet of the workbook and the row that is written next."""

    def __init__(self, sheet, looks, document, table):
        self.sheet, self.looks, self.document, self.table = sheet, looks, document, table
        self.words, self.row = words_of(document.language), 0

    def set_print(self):
        page = self.words["page"] % {"page": "&P", "pages": "&N"}
        self.sheet.set_paper(A4)
        if self.document.is_wide:
            self.sheet.set_landscape()
        self.sheet.fit_to_pages(1, 0)
        self.sheet.set_margins(left=0.6, right=0.6, top=0.7, bottom=0.8)
        self.sheet.set_footer(f"&L{self.document.footer[:100].replace('&', '&&')}&R{page}")
        for place, column in enumerate(self.table.columns):
            self.sheet.set_column(place, place, min(column.width + 2, 80))

    def write_head(self, before):
        """Title, number and facts, unmerged so that sorting and reading by machine still work."""
        document = self.document
        self._write_across(document.title, 28, self.looks.head(font_size=16, align="center_across"))
        middle = self.looks.get(align="center_across")
        for line in (document.subtitle, document.number, "　".join(document.issuers)):
            if line:
                self._write_across(line, 18, middle)
        for part in before:
            for line in self._lines_of(part):
                self._write_line(line)
        if self.table.title != document.title:
            subtitle = self.looks.head(font_size=12, align="center_across")
            self._write_across(self.table.title, 22, subtitle)

    def write_table(self):
        """The header, frozen and repeated on each printed page, and the rows."""
        header = self.looks.head(border=1, align="center", text_wrap=True, bg_color="#E9ECEF")
        first = self.row
        for place, column in enumerate(self.table.columns):
            self.sheet.write_string(first, place, column.label, header)
        self.sheet.repeat_rows(first)
        self.sheet.freeze_panes(first + 1, 0)
        for line in self.table.rows:
            self.row += 1
            for place, column in enumerate(self.table.columns):
                self._write_cell(place, line.get(column.key), column)
        self.sheet.autofilter(first, 0, self.row, len(self.table.columns) - 1)
        self.row += 1

    def write_foot(self, tail):
        """Notes under the table, the tail of the document, the lines to sign, then its codes."""
        for note in self.table.notes:
            self._write_line(note, font_size=10, font_color="#555555")
        for line in (line for part in tail for line in self._lines_of(part)):
            self._write_line(line)
        colon, date_line = self.words["colon"], self.words["date_line"]
        for part in (part for part in _flat(self.document) if isinstance(part, Signatures)):
            self.row += 1
            for label in part.labels:
                self._write_line(f"{label}{colon}________________    {date_line}")
            if part.seal:
                self._write_line(f"{part.seal} {self.words['seal']}")
        for part in self.document.codes:
            self.row += 1
            for line in (*part.text.splitlines(), part.code):
                self._write_line(line, font_size=10, font_color="#555555")

    def _lines_of(self, part):
        if isinstance(part, Facts):
            return [f"{label}{self.words['colon']}{value}" for label, value in part.pairs]
        return part.text.splitlines()

    def _write_line(self, text, **look):
        self.sheet.write_string(self.row, 0, _fitting(text), self.looks.get(**look))
        self.row += 1

    def _write_across(self, text, height, look):
        self.sheet.set_row(self.row, height)
        self.sheet.write_string(self.row, 0, _fitting(text), look)
        for place in range(1, len(self.table.columns)):
            self.sheet.write_blank(self.row, place, None, look)
        self.row += 1

    def _write_cell(self, place, value, column):
        look = {"border": 1, "align": column.align}
        number = number_text(value, column.kind)
        day = day_of(value, column.kind)
        if number is not None and fits_spreadsheet(number):
            places = places_of(number)
            shown = self.looks.get(**look, num_format="0." + "0" * places if places else "0")
            self.sheet.write_number(self.row, place, float(number), shown)
        elif day is not None:
            shown = self.looks.get(**look, num_format="yyyy-mm-dd")
            self.sheet.write_datetime(self.row, place, day, shown)
        else:
            # "@" keeps the cell text even when somebody edits it: an identity number stays whole.
            shown = self.looks.get(**look, num_format="@", text_wrap=True)
            text = _fitting(cell_text(value, column.kind))
            self.sheet.write_string(self.row, place, text, shown)
