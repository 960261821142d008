"""Opening a spreadsheet file that may be broken or hostile, in a process of its own.

The server starts this file as a script, so that a file which eats memory or time ends this
process and nothing else. It knows the standard library and the spreadsheet reader only.
"""

import io
import json
import re
import sys
import unicodedata
import zipfile
import zlib
from datetime import date, datetime, time, timedelta

MEMORY_MOST = 768 * 1024 * 1024
SECONDS_MOST = 20
UNZIPPED_MOST = 200 * 1024 * 1024
ENTRIES_MOST = 1000
RATIO_MOST = 100
RATIO_FROM = 1024 * 1024  # Small entries may be very regular; they cannot hurt.
ROWS_MOST = 20_000
COLUMNS_MOST = 256
OLE_MARK = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
HEADER_WITHIN = 10  # A title and a line of notes often stand above the headers.


class Unreadable(Exception):
    """The file cannot be taken: a word for the reason, and its parameters."""

    def __init__(self, reason, **params):
        self.reason, self.params = reason, params
        super().__init__(reason)


def plain_header(text):
    """A header without case, width, blanks, brackets and stars, for comparing."""
    text = unicodedata.normalize("NFKC", str(text)).casefold()
    text = re.sub(r"\([^()]{0,80}\)|\[[^\[\]]{0,80}\]", "", text)
    return re.sub(r"[\s*:_\-./、,#\u200b\ufeff]+", "", text)


def find_header(rows, headers):
    """Index of the first row that names the most of `headers` (plain), or None when none names two.

    One is enough when only one header is known at all.
    """
    enough = min(2, len(headers))
    best, found = None, enough - 1
    for index, row in enumerate(rows[:HEADER_WITHIN]):
        hits = len({plain_header(cell) for cell in row if isinstance(cell, str)} & headers)
        if hits > found:
            best, found = index, hits
    return best


def check_archive(data):
    """Walk through every entry as it really unpacks; declared sizes may lie."""
    try:
        archive = zipfile.ZipFile(io.BytesIO(data))
        entries = archive.infolist()
    except (zipfile.BadZipFile, ValueError, NotImplementedError, OverflowError) as broken:
        raise Unreadable("broken") from broken
    if len(entries) > ENTRIES_MOST:
        raise Unreadable("bomb")
    if sum(entry.file_size for entry in entries) > UNZIPPED_MOST:
        raise Unreadable("bomb")
    whole = 0
    for entry in entries:
        _check_ratio(entry.file_size, entry.compress_size)
    for entry in entries:
        size = _unpacked_size(data, entry, UNZIPPED_MOST - whole)
        if size != entry.file_size:
            raise Unreadable("bomb" if size > entry.file_size else "broken")
        whole += size
    return archive


def _check_ratio(size, packed):
    if size > RATIO_FROM and size > packed * RATIO_MOST:
        raise Unreadable("bomb")


def _unpacked_size(data, entry, most):
    """What an entry really unpacks to, counted without keeping it; raises above `most` bytes."""
    if entry.flag_bits & 1:
        raise Unreadable("password")
    start = entry.header_offset
    if data[start : start + 4] != b"PK\x03\x04":
        raise Unreadable("broken")
    start += 30 + sum(
        int.from_bytes(data[start + at : start + at + 2], "little") for at in (26, 28)
    )
    packed = data[start : start + entry.compress_size]
    if entry.compress_type == zipfile.ZIP_STORED:
        return len(packed)
    if entry.compress_type != zipfile.ZIP_DEFLATED:
        raise Unreadable("broken")
    unpack, size, rest = zlib.decompressobj(-15), 0, packed
    try:
        while rest and not unpack.eof:
            size += len(unpack.decompress(rest, 1 << 20))
            rest = unpack.unconsumed_tail
            if size > most:
                raise Unreadable("bomb")
            _check_ratio(size, entry.compress_size)
        size += len(unpack.flush())
    except zlib.error as broken:
        raise Unreadable("broken") from broken
    return size


def kind_of(data):
    """xlsx, ods, xls or another word for what the bytes are."""
    if data[:4] == b"PK\x03\x04":
        names = set(check_archive(data).namelist())
        if "xl/workbook.xml" in names:
            return "xlsx"
        return "ods" if "content.xml" in names else "zip"
    return "xls" if data[:8] == OLE_MARK else "text"


def read_workbook(data, headers):
    """The table in the first visible sheet whose headers are known, with what is odd about it.

    Returns a dict for JSON: sheet, other_sheets, first_row (number of the header's row), rows
    (header first; cells are strings, or pairs of kind and text), merged, hidden_rows,
    hidden_columns, formulas, errors, unseen (True when the format hides what is hidden).
    """
    from python_calamine import CalamineError, CalamineWorkbook, PasswordError, SheetVisibleEnum

    kind = kind_of(data)
    if kind not in {"xlsx", "ods", "xls"}:
        raise Unreadable("format")
    scans = SCANNERS[kind](data)
    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(data))
        visible = [s.name for s in book.sheets_metadata if s.visible == SheetVisibleEnum.Visible]
        tables = _tables(book, visible, scans, headers)
    except PasswordError as locked:
        raise Unreadable("password") from locked
    except CalamineError as broken:
        word = str(broken).lower()
        raise Unreadable(
            "password" if "password" in word or "encrypt" in word else "broken"
        ) from broken
    if not tables:
        raise Unreadable("headers")
    return {**tables[0], "other_sheets": [t["sheet"] for t in tables[1:]], "unseen": kind == "xls"}


def _tables(book, names, scans, headers):
    tables = []
    for name in names:
        scan = scans.get(name) or Scan()
        scan.check_size()
        sheet = book.get_sheet_by_name(name)
        if sheet.total_width > COLUMNS_MOST:
            raise Unreadable("columns", most=COLUMNS_MOST)
        # The header counts as a row and a title may stand above it.
        if sheet.total_height > ROWS_MOST + HEADER_WITHIN:
            raise Unreadable("rows", most=ROWS_MOST)
        rows = sheet.to_python(skip_empty_area=False)
        at = find_header(rows, headers)
        if at is None:
            continue
        merged = sheet.merged_cell_ranges
        tables.append(_table(name, rows, at, scan, merged if merged is not None else scan.merged))
    return tables


def _table(name, rows, at, scan, merged):
    data_rows = {n for n, row in enumerate(rows) if n > at and any(c != "" for c in row)}
    if len(data_rows) > ROWS_MOST:
        raise Unreadable("rows", most=ROWS_MOST)
    return {
        "sheet": name,
        "first_row": at + 1,
        "rows": [[_told(cell) for cell in row] for row in rows[at:]],
        "merged": [_range_name(*ends) for ends in merged if ends[1][0] >= at],
        "hidden_rows": len(scan.hidden_rows & data_rows),
        "hidden_columns": sorted(scan.hidden_columns),
        "formulas": sum(row > at for row, _ in scan.formulas),
        "stale": scan.stale,
        "errors": _below(scan.errors, at),
        "percent": _below(scan.percent, at),
        "padded": _below(scan.padded, at),
    }


def _below(cells, at):
    """Cells below the header as pairs of the row's number and the column."""
    return [[row + 1, column] for row, column in sorted(cells) if row > at]


def _told(cell):
    """A cell for JSON: text as it is, anything else as a pair of kind and text."""
    if isinstance(cell, str):
        return cell
    if isinstance(cell, bool):
        return ["yes-no", str(cell)]
    if isinstance(cell, int | float):
        # A spreadsheet shows at most 15 digits; the rest of a float is not what anybody typed.
        return ["number", str(int(cell)) if cell == int(cell) else format(cell, ".15g")]
    if isinstance(cell, datetime):
        return ["date", cell.date().isoformat()]
    if isinstance(cell, date):
        return ["date", cell.isoformat()]
    if isinstance(cell, time | timedelta):
        return ["time", str(cell)]
    return ["odd", str(cell)]


def column_name(index):
    """0 is A, 25 is Z, 26 is AA."""
    name = ""
    index += 1
    while index:
        index, letter = divmod(index - 1, 26)
        name = chr(65 + letter) + name
    return name


def _range_name(start, end):
    return f"{column_name(start[1])}{start[0] + 1}:{column_name(end[1])}{end[0] + 1}"


class Scan:
    """What the values alone do not tell about one sheet; rows and columns count from 0."""

    def __init__(self):
        self.merged, self.formulas, self.stale = [], [], False
        self.hidden_rows, self.hidden_columns, self.errors = set(), set(), set()
        # Cells shown as a percentage, or with zeros before the number, which their value does not tell.
        self.percent, self.padded = set(), set()
        self.last_row = self.last_column = -1

    def saw_value(self, row, column):
        """Remember how far the sheet reaches, and stop reading at once when that is too far."""
        self.last_row, self.last_column = max(self.last_row, row), max(self.last_column, column)
        self.check_size()

    def check_size(self):
        """Raise when a value stands beyond the limits."""
        if self.last_row >= ROWS_MOST + HEADER_WITHIN:
            raise Unreadable("rows", most=ROWS_MOST)
        if self.last_column >= COLUMNS_MOST:
            raise Unreadable("columns", most=COLUMNS_MOST)


def _scan_xlsx(data):
    from workbook_xml import scan_xlsx

    return scan_xlsx(check_archive(data), Scan, Unreadable)


def _scan_ods(data):
    from workbook_xml import scan_ods

    return scan_ods(check_archive(data), Scan, Unreadable)


SCANNERS = {"xlsx": _scan_xlsx, "ods": _scan_ods, "xls": lambda _data: {}}


def main():
    """Read headers (a JSON line) and a file from standard input; answer with JSON."""
    import resource
    from pathlib import Path

    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_MOST, MEMORY_MOST))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS_MOST, SECONDS_MOST + 1))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    sys.path.append(str(Path(__file__).parent))
    headers, data = sys.stdin.buffer.read().split(b"\n", 1)
    try:
        answer = read_workbook(data, set(json.loads(headers)))
    except Unreadable as refused:
        answer = {"refused": refused.reason, "params": refused.params}
    except MemoryError:
        answer = {"refused": "effort", "params": {}}
    sys.stdout.write(json.dumps(answer))


if __name__ == "__main__":
    main()
