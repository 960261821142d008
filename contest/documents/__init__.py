"""Paper and files: what is declared once as a document comes out as xlsx, csv, docx or pdf."""

from contest.documents.comma_file import as_csv, guarded, unguarded
from contest.documents.document import (
    Annex,
    Column,
    Document,
    Facts,
    Heading,
    Paragraph,
    Signatures,
    Table,
    joined,
)
from contest.documents.spreadsheet import as_xlsx

__all__ = [
    "Annex", "Column", "Document", "Facts", "Heading", "Paragraph", "Signatures", "Table",
    "as_csv", "as_xlsx", "guarded", "joined", "unguarded",
]
