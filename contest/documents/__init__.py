"""Paper and files: what is declared once as a document comes out as xlsx, csv, docx or pdf."""

from contest.documents.cards import Card, cards_pdf, cards_pngs
from contest.documents.certificates import (
    CertificatePaper,
    certificates_pdf,
    certificates_pngs,
)
from contest.documents.comma_file import as_csv, guarded, unguarded
from contest.documents.document import (
    Annex,
    Code,
    Column,
    Document,
    Facts,
    Heading,
    Paragraph,
    Signatures,
    Table,
    document_of,
    joined,
    with_codes,
)
from contest.documents.fonts import missing_glyphs
from contest.documents.mark_sheets import (
    Box,
    MarkBlock,
    MarkLine,
    MarkSheet,
    mark_sheets_pdf,
    mark_sheets_pngs,
)
from contest.documents.print_file import MOST_TOGETHER, as_pdf, as_pngs
from contest.documents.qr import qr_svg
from contest.documents.spreadsheet import as_xlsx
from contest.documents.word_file import as_docx

MIMETYPES = {
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "csv": "text/csv",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "pdf": "application/pdf",
}

__all__ = [
    "Annex", "Box", "Card", "CertificatePaper", "Code", "Column", "Document", "Facts", "Heading",
    "MIMETYPES", "MOST_TOGETHER", "MarkBlock", "MarkLine", "MarkSheet", "Paragraph", "Signatures",
    "Table", "as_csv", "as_docx", "as_pdf", "as_pngs", "as_xlsx", "cards_pdf", "cards_pngs",
    "certificates_pdf", "certificates_pngs", "file_bytes", "guarded", "joined", "mark_sheets_pdf",
    "mark_sheets_pngs", "missing_glyphs", "qr_svg", "unguarded",
    "with_codes",
]


def file_bytes(document, form):
    """A document as the bytes of a file of one of MIMETYPES; as csv it must hold exactly one table.

    Tables of the same columns are made one with `joined` first. Raises ValueError for another form.
    """
    if form == "csv":
        document = document_of(document)
        tables = document.tables
        if len(tables) != 1:
            raise ValueError(f"a csv file holds one table, and this document has {len(tables)}")
        return as_csv(with_codes(tables[0], document))
    writers = {"xlsx": as_xlsx, "docx": as_docx, "pdf": as_pdf}
    if form not in writers:
        raise ValueError(f"{form!r} is not one of {', '.join(MIMETYPES)}")
    return writers[form](document)
