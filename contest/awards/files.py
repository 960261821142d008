"""The kinds of file in which a paper goes out."""

import io
import zipfile
from dataclasses import replace

from flask_babel import gettext

from contest.documents import (
    MOST_TOGETHER,
    Annex,
    Column,
    Document,
    Table,
    as_csv,
    as_docx,
    as_pdf,
    as_xlsx,
    with_codes,
)
from contest.errors import Conflict


def paper_file(documents, form):
    """One document, or several of one kind, as a file: (its bytes, its form).

    The form is another one, zip, where PDFs are more than fit into one file. Conflict when there is
    nobody to write of, or no table for a form that holds nothing else.
    """
    several = isinstance(documents, list)
    if several and not documents:
        raise Conflict("Nobody stands in the results of this stage: there is no report to write.")
    if form == "pdf":
        is_pile = several and len(documents) > MOST_TOGETHER
        return (_pile(documents), "zip") if is_pile else (as_pdf(documents), form)
    if form == "docx":
        return as_docx(_bound(documents) if several else documents), form
    if not several and not documents.tables:
        raise Conflict("This paper holds no table: take it as PDF or DOCX.")
    if several or form == "csv":
        documents = documents if several else [documents]
        table = with_codes(flat_table(documents), documents[0])
        return (as_csv(table) if form == "csv" else as_xlsx(table)), form
    return as_xlsx(documents), form


def _pile(documents):
    """The bytes of a zip file with as many PDFs as it takes, each named after which of them it holds."""
    made, digits = io.BytesIO(), len(str(len(documents)))
    with zipfile.ZipFile(made, "w") as pile:
        for first in range(0, len(documents), MOST_TOGETHER):
            some = documents[first : first + MOST_TOGETHER]
            name = f"{first + 1:0{digits}}-{first + len(some):0{digits}}.pdf"
            pile.writestr(name, as_pdf(some))
    return made.getvalue()


def _bound(documents):
    """Several documents as one, each an annex with its own title."""
    first = documents[0]
    annexes = tuple(
        Annex(" ".join(value for _, value in document.parts[0].pairs[:2]), document.parts)
        for document in documents
    )
    return replace(first, parts=annexes)


def flat_table(documents):
    """Every table of the documents as one, for programs: what a document is about stands in each row.

    Tables differ in their columns; the flat one has them all, in the order in which they appear.
    """
    columns, rows = {"list": Column("list", gettext("Table"), width=20)}, []
    for document in documents:
        labels = _labels(document)
        for key, (label, _) in labels.items():
            columns.setdefault(key, Column(key, label, width=16))
        for table in document.tables:
            for column in table.columns:
                columns.setdefault(column.key, column)
            about = {key: value for key, (_, value) in labels.items()}
            rows += [{"list": table.title, **about, **row} for row in table.rows]
    return Table(title=documents[0].title, columns=tuple(columns.values()), rows=tuple(rows))


def _labels(document: Document):
    """The first two facts of a report (name and number), so that its rows can be told apart."""
    for part in document.parts:
        if hasattr(part, "pairs"):
            return {f"fact{i}": pair for i, pair in enumerate(part.pairs[:2], start=1)}
    return {}
