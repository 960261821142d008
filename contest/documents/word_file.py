"""A document as a Word file, for the office that must still change a sentence before it is sent."""

import io
import re

import docx
from docx.enum.section import WD_ORIENT
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_TAB_ALIGNMENT
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, RGBColor

from contest.documents.cells import cell_text
from contest.documents.document import Annex, Facts, Heading, Signatures, Table, document_of
from contest.documents.words import words_of

LATIN = "Times New Roman"
SONG, HEI = "宋体", "黑体"  # Every Word in China has these two.
PLACES = {
    "left": WD_ALIGN_PARAGRAPH.LEFT,
    "center": WD_ALIGN_PARAGRAPH.CENTER,
    "right": WD_ALIGN_PARAGRAPH.RIGHT,
}
SOFT = RGBColor(0x5C, 0x61, 0x66)
RED = RGBColor(0xB3, 0x26, 0x1E)
PAGE = (Mm(210), Mm(297))
SIDE = Mm(22)
NOT_IN_XML = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


def as_docx(thing):
    """A document, or one table, as the bytes of a Word file that prints as it stands."""
    document = document_of(thing)
    letter = _Letter(document)
    letter.write_head()
    parts = [part for part in document.parts if not isinstance(part, Annex)]
    annexes = [part for part in document.parts if isinstance(part, Annex)]
    letter.write_parts(parts)
    if document.look == "list":
        letter.write_annex_list(annexes)
    letter.write_issuers()
    for number, annex in enumerate(annexes, start=1):
        letter.write_annex(annex, number)
    file = io.BytesIO()
    letter.file.save(file)
    return file.getvalue()


class _Letter:
    """The Word file while it is written."""

    def __init__(self, document):
        self.document, self.words = document, words_of(document.language)
        self.file = docx.Document()
        self.file.core_properties.title = document.title
        self.file.core_properties.author = ", ".join(document.issuers)
        self.file.core_properties.comments = ""
        style = self.file.styles["Normal"]
        style.font.name, style.font.size = LATIN, Pt(10.5)
        _fonts_of(style.element).set(qn("w:eastAsia"), SONG)
        self._set_page()

    def _set_page(self):
        section = self.file.sections[0]
        width, height = PAGE
        if self.document.is_wide:
            section.orientation, (width, height) = WD_ORIENT.LANDSCAPE, (height, width)
        section.page_width, section.page_height = width, height
        section.left_margin = section.right_margin = SIDE
        section.top_margin = section.bottom_margin = Mm(22)
        self.room = width - 2 * SIDE
        foot = section.footer.paragraphs[0]
        foot.paragraph_format.tab_stops.clear_all()
        foot.paragraph_format.tab_stops.add_tab_stop(self.room, WD_TAB_ALIGNMENT.RIGHT)
        self._say(foot, self.document.footer + "\t", size=8.5, color=SOFT)
        for piece in re.split(r"(%\(pages?\)s)", self.words["page"]):
            run = self._say(foot, "" if piece.startswith("%") else piece, size=8.5, color=SOFT)
            if piece.startswith("%"):
                _add_field(run, "NUMPAGES" if "pages" in piece else "PAGE")

    def write_head(self):
        """Issuing bodies, number and title; a notice carries the bodies in red above a red line."""
        document, notice = self.document, self.document.look == "list"
        for body in document.issuers:
            look = {"size": 22, "bold": True, "color": RED} if notice else {"color": SOFT}
            self._line(body, "center", **look)
        if document.number:
            line = self._line(document.number, "center", size=12 if notice else 9.5, after=6)
            if notice:
                _underline(line)
        self._line(document.title, "center", size=18, bold=True, font=HEI, before=10, after=8)
        if document.subtitle:
            self._line(document.subtitle, "center", size=12, after=6)
        if document.issued_on and not (notice or document.issuers or document.sealed):
            self._line(document.issued_on, "center", size=9.5, color=SOFT)

    def write_parts(self, parts):
        """The parts one after the other."""
        for part in parts:
            if isinstance(part, Table):
                self._write_table(part)
            elif isinstance(part, Facts):
                self._write_facts(part)
            elif isinstance(part, Signatures):
                self._write_signatures(part)
            elif isinstance(part, Heading):
                self._line(part.text, size=12, bold=True, font=HEI, before=10, keep=True)
            else:
                self._write_paragraph(part)

    def write_annex_list(self, annexes):
        """What is annexed, under the text of a notice."""
        for number, annex in enumerate(annexes, start=1):
            item = self.words["annex_item"] % {"number": number, "title": annex.title}
            self._line(item, size=12, before=12 if number == 1 else 0)

    def write_issuers(self):
        """Who issues it and when, at the right, with the place for the stamp."""
        document = self.document
        lines = list(document.issuers) if document.look == "list" or document.sealed else []
        lines += [document.issued_on] if document.issued_on and (lines or document.sealed) else []
        for place, text in enumerate(lines):
            self._line(text, "right", size=12, before=28 if place == 0 else 0, keep=True)
        if document.sealed:
            self._line(self.words["seal"], "right", size=9, color=SOFT, after=50)

    def write_annex(self, annex, number):
        """An annex on a page of its own."""
        mark = self._line(self.words["annex_mark"] % {"number": number}, size=12, bold=True)
        mark.paragraph_format.page_break_before = True
        self._line(annex.title, "center", size=16, bold=True, font=HEI, before=6, after=6)
        self.write_parts(annex.parts)

    def _write_paragraph(self, part):
        notice = self.document.look == "list"
        for place, text in enumerate(part.text.splitlines()):
            line = self._line(text, size=12 if notice else 10.5)
            greets = place == 0 and text.endswith(("：", ":"))
            if notice and self.document.language == "zh" and not greets:
                line.paragraph_format.first_line_indent = Pt(24)

    def _write_table(self, part):
        if part.title and part.title != self.document.title:
            self._line(part.title, size=11, bold=True, font=HEI, before=8, after=3, keep=True)
        table = self._grid(len(part.columns), [column.width for column in part.columns])
        for column, cell in zip(part.columns, self._row(table, header=True), strict=True):
            self._fill(cell, column.label, "center", bold=True, font=HEI)
            _shade(cell)
        for row in part.rows:
            cells = zip(part.columns, part.cells(row), self._row(table), strict=True)
            for column, value, cell in cells:
                self._fill(cell, cell_text(value, column.kind), column.align)
        if not part.rows:
            self._fill(self._row(table)[0], self.words["rows_none"], "center")
        for note in part.notes:
            self._line(note, size=9, color=SOFT, before=3)

    def _write_facts(self, part):
        table = self._grid(2 * part.columns, [10, 30] * part.columns)
        for first in range(0, len(part.pairs), part.columns):
            cells = self._row(table)
            for place, (label, value) in enumerate(part.pairs[first : first + part.columns]):
                self._fill(cells[2 * place], label, "right", color=SOFT)
                _shade(cells[2 * place])
                self._fill(cells[2 * place + 1], value, "left")
        self._line("", size=4)

    def _write_signatures(self, part):
        for place, label in enumerate(part.labels):
            text = f"{label}{self.words['colon']}____________________    {self.words['date_line']}"
            last = place == len(part.labels) - 1 and not part.seal
            self._line(text, before=14, keep=not last)
        if part.seal:
            self._line(part.seal, "right", before=20, keep=True)
            self._line(self.words["seal"], "right", size=9, color=SOFT, after=50)

    def _grid(self, count, widths):
        table = self.file.add_table(rows=0, cols=count, style="Table Grid")
        table.alignment, table.autofit = WD_TABLE_ALIGNMENT.CENTER, False
        for column, width in zip(table.columns, widths, strict=True):
            column.width = int(self.room * width / sum(widths))
        self.widths = [column.width for column in table.columns]
        return table

    def _row(self, table, header=False):
        row = table.add_row()
        properties = row._tr.get_or_add_trPr()
        properties.append(OxmlElement("w:cantSplit"))
        if header:
            properties.append(OxmlElement("w:tblHeader"))
        cells = row.cells
        for cell, width in zip(cells, self.widths, strict=True):
            cell.width = width
        return cells

    def _fill(self, cell, text, align, **look):
        line = cell.paragraphs[0]
        line.alignment = PLACES[align]
        line.paragraph_format.space_before = line.paragraph_format.space_after = Pt(2)
        self._say(line, text, **look)

    def _line(self, text, align="left", *, before=0, after=2, keep=False, **look):
        line = self.file.add_paragraph()
        line.alignment = PLACES[align]
        shape = line.paragraph_format
        shape.space_before, shape.space_after, shape.keep_with_next = Pt(before), Pt(after), keep
        self._say(line, text, **look)
        return line

    def _say(self, line, text, *, size=None, bold=None, font=None, color=None):
        # Signs that XML cannot hold become the sign for "something was here", never nothing.
        run = line.add_run(NOT_IN_XML.sub("\ufffd", text))
        run.bold = bold
        if size:
            run.font.size = Pt(size)
        if color is not None:
            run.font.color.rgb = color
        _fonts_of(run._r).set(qn("w:eastAsia"), font or SONG)
        return run


def _fonts_of(element):
    # Word picks a font of its own for Chinese unless the east-asian one is named as well.
    return element.get_or_add_rPr().get_or_add_rFonts()


def _add_field(run, name):
    for kind, text in (("begin", None), (None, name), ("end", None)):
        piece = OxmlElement("w:instrText" if text else "w:fldChar")
        if text:
            piece.set(qn("xml:space"), "preserve")
            piece.text = f" {text} "
        else:
            piece.set(qn("w:fldCharType"), kind)
        run._r.append(piece)


def _shade(cell):
    shade = OxmlElement("w:shd")
    shade.set(qn("w:val"), "clear")
    shade.set(qn("w:fill"), "F3F1EC")
    cell._tc.get_or_add_tcPr().append(shade)


def _underline(line):
    borders, bottom = OxmlElement("w:pBdr"), OxmlElement("w:bottom")
    for name, value in (("val", "single"), ("sz", "12"), ("space", "6"), ("color", "B3261E")):
        bottom.set(qn(f"w:{name}"), value)
    borders.append(bottom)
    line._p.get_or_add_pPr().insert_element_before(
        borders, "w:shd", "w:tabs", "w:suppressAutoHyphens", "w:spacing", "w:ind", "w:jc"
    )
