"""Judges' sheets on paper: a box for every mark, a number to type it in by, lines to sign."""

from dataclasses import dataclass

from contest.documents.document import LANGUAGES
from contest.documents.print_file import MOST_TOGETHER, in_our_letters, missing_note, typeset
from contest.documents.qr import qr_svg
from contest.documents.words import words_of

STYLES = ("boxes", "counts", "ticks", "answers")


@dataclass(frozen=True)
class Box:
    """One place to write or tick: what stands beside it, and what was given, if the sheet is a copy.

    value: a text in a box to write in, True or False for a tick, "yes" or "no" for an answer.
    """

    label: str = ""
    value: object = ""


@dataclass(frozen=True)
class MarkLine:
    """One aspect: its key, name, what may be written, and its boxes in one of STYLES.

    boxes stand side by side, counts one below the other, ticks are chosen from, answers are yes or no.
    """

    key: str
    name: str
    allowed: str
    style: str
    boxes: tuple[Box, ...]

    def __post_init__(self):
        if self.style not in STYLES:
            raise ValueError(f"style {self.style!r} is not one of {STYLES}")


@dataclass(frozen=True)
class MarkBlock:
    """One criterion with its lines."""

    title: str
    top: str
    lines: tuple[MarkLine, ...]


@dataclass(frozen=True)
class MarkSheet:
    """One sheet as it is printed; `code` is all that says who is marked, unless `name` is given."""

    contest: str
    title: str
    code: str
    number: str
    url: str
    facts: tuple[tuple[str, str], ...]
    blocks: tuple[MarkBlock, ...]
    signatures: tuple[str, ...]
    name: str = ""
    note: str = ""
    sum: str = ""
    total: str = ""


def mark_sheets_pdf(sheets, language="zh"):
    """Sheets as a PDF on A4, each with page numbers of its own.

    Raises ValueError for none and for more than MOST_TOGETHER.
    """
    sheets = tuple(sheets)
    return typeset("mark_sheet", _facts(sheets, language), "pdf", pdf_tags=len(sheets) == 1)


def mark_sheets_pngs(sheets, language="zh", dots_per_inch=72):
    """The same pages as pictures: a list of PNG bytes, one for each page."""
    pages = typeset("mark_sheet", _facts(tuple(sheets), language), "png", ppi=dots_per_inch)
    return pages if isinstance(pages, list) else [pages]


def _facts(sheets, language):
    if not sheets:
        raise ValueError("there is no sheet to print")
    if len(sheets) > MOST_TOGETHER:
        raise ValueError(f"at most {MOST_TOGETHER} sheets in a file, not {len(sheets)}")
    if language not in LANGUAGES:
        raise ValueError(f"sheets are in {LANGUAGES}, not {language!r}")
    return {
        "language": language,
        "words": words_of(language),
        "documents": [_sheet_facts(sheet, language) for sheet in sheets],
    }


def _sheet_facts(sheet, language):
    plain = {
        "contest": sheet.contest, "title": sheet.title, "code": sheet.code, "name": sheet.name,
        "number": sheet.number, "note": sheet.note, "sum": sheet.sum, "total": sheet.total,
        "facts": [[str(label), str(value)] for label, value in sheet.facts],
        "signatures": list(sheet.signatures),
        "blocks": [_block_facts(block) for block in sheet.blocks],
        # On every page, so that a page that got lost is known.
        "footer": f"{sheet.number} · {sheet.code} · {sheet.title}",
    }
    return in_our_letters(plain) | {
        "qr": qr_svg(sheet.url, border=2), "wide": False, "missing": missing_note(plain, language),
    }


def _block_facts(block):
    return {
        "title": block.title,
        "top": block.top,
        "lines": [
            {
                "key": line.key, "name": line.name, "allowed": line.allowed, "style": line.style,
                "boxes": [{"label": box.label, "value": box.value} for box in line.boxes],
            }
            for line in block.lines
        ],
    }
