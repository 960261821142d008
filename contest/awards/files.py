"""The kinds of file in which a paper goes out."""

from dataclasses import replace

from flask_babel import gettext

from contest.documents import Annex, Column, Document, Table, as_csv, as_docx, as_pdf, as_xlsx


def paper_file(documents, form):
    """One document, or several of one kind, as the bytes of a file of this form."""
    if form == "pdf":
        return as_pdf(documents)
    several = isinstance(documents, list)
    if form == "docx":
        return as_docx(_bound(documents) if several else documents)
    if several or form == "csv":
        table = flat_table(documents if several else [documents])
        return as_csv(table) if form == "csv" else as_xlsx(table)
    return as_xlsx(documents)


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
