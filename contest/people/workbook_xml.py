"""What a spreadsheet says beside its values: merged, hidden, computed and failed cells."""

import posixpath
import re
import zipfile
import zlib
from xml.parsers import expat

CHUNK = 1 << 16


def _walk(archive, name, refusal, *, start, end, text=None):
    """Read one XML entry piece by piece; documents that declare entities are refused."""
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.buffer_text = True
    parser.StartElementHandler = lambda tag, attributes: start(
        tag.rsplit(" ", 1)[-1], {k.rsplit(" ", 1)[-1]: v for k, v in attributes.items()}
    )
    parser.EndElementHandler = lambda tag: end(tag.rsplit(" ", 1)[-1])
    if text is not None:
        parser.CharacterDataHandler = text

    def refuse(*_):
        raise refusal("broken")

    parser.StartDoctypeDeclHandler = refuse
    try:
        with archive.open(name) as file:
            while piece := file.read(CHUNK):
                parser.Parse(piece)
            parser.Parse(b"", True)
    except (expat.ExpatError, zipfile.BadZipFile, zlib.error, EOFError, KeyError) as broken:
        raise refusal("broken") from broken


def _position(reference):
    """B5 is row 4, column 1."""
    found = re.fullmatch(r"([A-Z]{1,3})([0-9]{1,7})", reference)
    if found is None:
        return None
    column = 0
    for letter in found[1]:
        column = column * 26 + ord(letter) - 64
    return int(found[2]) - 1, column - 1


def scan_xlsx(archive, new_scan, refusal):
    """{sheet's name: what is odd in it} for every worksheet of an xlsx file."""
    sheets, targets, never_computed = [], {}, []

    def in_book(tag, attributes):
        if tag == "sheet":
            sheets.append((attributes.get("name", ""), attributes.get("id", "")))
        if tag == "calcPr" and attributes.get("fullCalcOnLoad") in {"1", "true"}:
            never_computed.append(True)

    def in_links(tag, attributes):
        if tag == "Relationship":
            path = posixpath.normpath(posixpath.join("xl", attributes.get("Target", "")))
            targets[attributes.get("Id", "")] = path.lstrip("/")

    _walk(archive, "xl/workbook.xml", refusal, start=in_book, end=lambda _tag: None)
    _walk(archive, "xl/_rels/workbook.xml.rels", refusal, start=in_links, end=lambda _tag: None)
    known, scans = set(archive.namelist()), {}
    looks = _looks(archive, refusal) if "xl/styles.xml" in known else {}
    for name, link in sheets:
        if targets.get(link) in known:
            scan = scans[name] = new_scan()
            scan.stale = bool(never_computed)
            reader = _XlsxSheet(scan, looks)
            _walk(archive, targets[link], refusal, start=reader.start, end=reader.end)
    return scans


def _looks(archive, refusal):
    """{number of a cell's style: "percent" or "padded"} of the styles that show another number."""
    codes, formats, inside = {9: "0%", 10: "0.00%"}, [], []

    def start(tag, attributes):
        if tag == "numFmt" and attributes.get("numFmtId", "").isdecimal():
            codes[int(attributes["numFmtId"])] = attributes.get("formatCode", "")
        elif tag == "cellXfs":
            inside.append(tag)
        elif tag == "xf" and inside:
            said = attributes.get("numFmtId", "0")
            formats.append(int(said) if said.isdecimal() else 0)

    def end(tag):
        if tag == "cellXfs":
            inside.clear()

    _walk(archive, "xl/styles.xml", refusal, start=start, end=end)
    return {
        str(style): look for style, number in enumerate(formats) if (look := _look_of(codes.get(number, "")))
    }


def _look_of(code):
    plain = re.sub(r'"[^"]*"|\\.|\[[^\]]*\]', "", code)
    if "%" in plain:
        return "percent"
    return "padded" if re.match(r"0{2,}(?![^;]*[ymdhs])", plain, re.IGNORECASE) else None


class _XlsxSheet:
    """Follows the elements of one worksheet."""

    def __init__(self, scan, looks):
        self.scan, self.looks, self.look = scan, looks, None
        self.row = self.column = -1
        self.has_formula = self.has_value = self.has_failed = False

    def start(self, tag, attributes):
        if tag == "c":
            at = _position(attributes.get("r", "")) or (self.row, self.column + 1)
            self.column = at[1]
            self.has_formula = self.has_value = False
            self.has_failed = attributes.get("t") == "e"
            # A text keeps its look whatever the style says.
            self.look = self.looks.get(attributes.get("s")) if attributes.get("t", "n") == "n" else None
        elif tag in {"v", "is"}:
            self.has_value = True
        elif tag == "f":
            self.has_formula = True
        elif tag == "row":
            said = attributes.get("r", "")
            self.row = int(said) - 1 if said.isdecimal() else self.row + 1
            self.column = -1
            if attributes.get("hidden") in {"1", "true"}:
                self.scan.hidden_rows.add(self.row)
        elif tag == "col" and attributes.get("hidden") in {"1", "true"}:
            first, last = int(attributes.get("min", "1")), int(attributes.get("max", "1"))
            self.scan.hidden_columns |= set(range(first - 1, min(last, 256)))
        elif tag == "mergeCell":
            ends = [_position(end) for end in attributes.get("ref", "").split(":")]
            if len(ends) == 2 and None not in ends:
                self.scan.merged.append(tuple(ends))

    def end(self, tag):
        if tag != "c":
            return
        at = (self.row, self.column)
        if self.has_formula:
            self.scan.formulas.append(at)
        if self.has_failed or (self.has_formula and (not self.has_value or self.scan.stale)):
            self.scan.errors.add(at)
        if self.has_formula or self.has_value:
            self.scan.saw_value(*at)
        if self.look and self.has_value:
            getattr(self.scan, self.look).add(at)


def scan_ods(archive, new_scan, refusal):
    """{sheet's name: what is odd in it} for every table of an ods file."""
    reader = _OdsSheets(new_scan)
    _walk(archive, "content.xml", refusal, start=reader.start, end=reader.end, text=reader.text)
    return reader.scans


class _OdsSheets:
    """Follows the elements of an OpenDocument table, where rows and cells may be repeated."""

    def __init__(self, new_scan):
        self.new_scan, self.scans, self.scan = new_scan, {}, None
        self.row = self.column = 0
        self.row_times = self.times = 1
        self.cell = None
        self.has_text = self.is_hidden = False

    def start(self, tag, attributes):
        if tag == "table":
            self.scan = self.scans[attributes.get("name", "")] = self.new_scan()
            self.row = 0
        elif tag == "table-row":
            self.column = 0
            self.row_times = _times(attributes, "number-rows-repeated")
            self.is_hidden = attributes.get("visibility", "visible") != "visible"
        elif tag in {"table-cell", "covered-table-cell"}:
            self.cell = attributes
            self.times = _times(attributes, "number-columns-repeated")
            self.has_text = any(
                key in attributes for key in ("value", "date-value", "string-value")
            )

    def text(self, text):
        if self.cell is not None and text.strip():
            self.has_text = True

    def end(self, tag):
        if tag in {"table-cell", "covered-table-cell"} and self.cell is not None:
            self._end_cell()
        elif tag == "table-row" and self.scan is not None:
            # Only the rows that can hold data matter; a file may hide the million below them.
            if self.is_hidden:
                self.scan.hidden_rows |= set(
                    range(self.row, self.row + min(self.row_times, 20_100))
                )
            self.row += self.row_times

    def _end_cell(self):
        at = (self.row, self.column)
        if self.has_text or "formula" in self.cell:
            self.scan.saw_value(self.row + self.row_times - 1, self.column + self.times - 1)
        if self.cell.get("value-type") == "percentage":
            self.scan.percent.add(at)
        if "formula" in self.cell:
            self.scan.formulas.append(at)
            if not self.has_text:
                self.scan.errors.add(at)
        wide = _times(self.cell, "number-columns-spanned")
        high = _times(self.cell, "number-rows-spanned")
        if wide > 1 or high > 1:
            self.scan.merged.append((at, (self.row + high - 1, self.column + wide - 1)))
        self.column += self.times
        self.cell = None


def _times(attributes, name):
    said = attributes.get(name, "1")
    return int(said) if said.isdecimal() and len(said) < 9 else 1
