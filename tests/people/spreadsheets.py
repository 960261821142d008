"""Files of lists, good and bad, made in memory."""

import io
import struct
import zipfile
from xml.sax.saxutils import escape

import xlsxwriter


def xlsx_of(rows, prepare=None, sheet="名单"):
    """An xlsx file; `prepare(workbook, worksheet)` may add what a test is about."""
    file = io.BytesIO()
    book = xlsxwriter.Workbook(
        file, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    )
    page = book.add_worksheet(sheet)
    day = book.add_format({"num_format": "yyyy-mm-dd"})
    for number, row in enumerate(rows):
        for column, value in enumerate(row):
            if hasattr(value, "year"):
                page.write_datetime(number, column, value, day)
            elif value is not None:
                page.write(number, column, value)
    if prepare:
        prepare(book, page)
    book.close()
    return file.getvalue()


def rewritten(data, name, change):
    """The same archive with one entry's text changed."""
    old, file = zipfile.ZipFile(io.BytesIO(data)), io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as new:
        for entry in old.infolist():
            text = old.read(entry)
            new.writestr(entry.filename, change(text.decode()) if entry.filename == name else text)
    return file.getvalue()


def computed(data):
    """As if a spreadsheet had opened, computed and saved the file."""
    return rewritten(data, "xl/workbook.xml", lambda text: text.replace(' fullCalcOnLoad="1"', ""))


def ods_of(rows, row_attributes=None, cell_attributes=None):
    """An ods file of texts; attributes may be given by row number, or by (row, column)."""
    lines = []
    for number, row in enumerate(rows):
        cells = "".join(
            f'<table:table-cell office:value-type="string" '
            f"{(cell_attributes or {}).get((number, column), '')}>"
            f"<text:p>{escape(value)}</text:p></table:table-cell>"
            for column, value in enumerate(row)
        )
        lines.append(
            f"<table:table-row {(row_attributes or {}).get(number, '')}>{cells}</table:table-row>"
        )
    names = "".join(
        f' xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"'
        for name in ("office", "table", "text")
    )
    content = (
        f'<?xml version="1.0" encoding="UTF-8"?><office:document-content{names}><office:body>'
        f'<office:spreadsheet><table:table table:name="名单">{"".join(lines)}</table:table>'
        "</office:spreadsheet></office:body></office:document-content>"
    )
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(
            "mimetype", "application/vnd.oasis.opendocument.spreadsheet", zipfile.ZIP_STORED
        )
        archive.writestr("META-INF/manifest.xml", "<manifest/>")
        archive.writestr("content.xml", content)
    return file.getvalue()


def xls_of(rows):
    """An Excel 97 file of texts and numbers: records in one stream of a compound file."""

    def record(kind, data):
        return struct.pack("<HH", kind, len(data)) + data

    def start(kind):
        return record(0x0809, struct.pack("<HHHHII", 0x0600, kind, 0, 1996, 0, 6))

    end, name = record(0x000A, b""), "名单".encode("utf-16-le")
    body = start(0x0010)
    body += record(0x0200, struct.pack("<IIHHH", 0, len(rows), 0, max(map(len, rows)), 0))
    for number, row in enumerate(rows):
        for column, value in enumerate(row):
            if isinstance(value, str):
                letters = value.encode("utf-16-le")
                text = struct.pack("<HB", len(letters) // 2, 1) + letters
                body += record(0x0204, struct.pack("<HHH", number, column, 0) + text)
            else:
                body += record(0x0203, struct.pack("<HHHd", number, column, 0, value))
    codepage = record(0x0042, struct.pack("<H", 1200))
    sheet_record = struct.pack("<IHBB", 0, 0, len(name) // 2, 1) + name
    before = len(start(5)) + len(codepage) + len(record(0x0085, sheet_record)) + len(end)
    sheet_record = struct.pack("<I", before) + sheet_record[4:]
    return _compound(start(5) + codepage + record(0x0085, sheet_record) + end + body + end)


def _compound(stream):
    """A compound file with one stream named Workbook, in sectors of 512 bytes."""
    stream = stream.ljust(max(4096, -(-len(stream) // 512) * 512), b"\0")
    sectors = len(stream) // 512
    free, last, table = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD
    # Sector 0: allocation table; 1: directory; from 2 on: the stream.
    chain = [table, last, *range(3, 2 + sectors), last]
    if len(chain) > 128:
        raise ValueError("too long for one sector of the allocation table")
    fat = struct.pack("<128I", *chain, *[free] * (128 - len(chain)))
    head = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16)
    head += struct.pack("<HHHHH", 0x3E, 3, 0xFFFE, 9, 6) + bytes(6)
    head += struct.pack("<IIIIIIIII", 0, 1, 1, 0, 4096, last, 0, last, 0)
    head += struct.pack("<109I", 0, *[free] * 108)

    def entry(name, kind, child, first, size):
        text = name.encode("utf-16-le") + b"\0\0" if name else b""
        return (
            text.ljust(64, b"\0")
            + struct.pack("<HBBIII", len(text), kind, 1, free, free, child)
            + bytes(36)
            + struct.pack("<IQ", first, size)
        )

    folder = entry("Root Entry", 5, 1, last, 0) + entry("Workbook", 2, free, 2, len(stream))
    folder += entry("", 0, free, 0, 0) * 2
    return head + fat + folder + stream


def bomb(megabytes=200):
    """About a kilobyte for each megabyte that it unpacks to."""
    good = zipfile.ZipFile(io.BytesIO(xlsx_of([["姓名", "单位"], ["甲", "乙"]])))
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for entry in good.infolist():
            if entry.filename == "xl/worksheets/sheet1.xml":
                with archive.open(entry.filename, "w") as out:
                    for _ in range(megabytes):
                        out.write(b" " * (1 << 20))
            else:
                archive.writestr(entry.filename, good.read(entry))
    return file.getvalue()


def lying_bomb(megabytes=50):
    """A bomb whose directory says that every entry is small."""
    data = bytearray(bomb(megabytes))
    whole = struct.pack("<I", megabytes << 20)
    at = data.find(whole)
    while at >= 0:
        data[at : at + 4] = struct.pack("<I", 900)
        at = data.find(whole, at + 4)
    return bytes(data)
