"""One document comes out in each form that is offered."""

import csv
import io

import pytest

from contest.documents import MIMETYPES, Code, Document, file_bytes
from tests.documents.papers import make_list, make_report, make_table

BEGINNINGS = {"xlsx": b"PK", "docx": b"PK", "pdf": b"%PDF", "csv": b"\xef\xbb\xbf"}


@pytest.mark.parametrize("form", MIMETYPES)
def test_a_document_is_written_in_each_form(form):
    assert file_bytes(make_report(), form).startswith(BEGINNINGS[form])
    assert file_bytes(make_table(), form).startswith(BEGINNINGS[form])


def test_a_csv_file_says_its_codes_in_a_column_so_that_it_stays_a_table():
    table = make_table(count=2)
    document = Document("t", (table, Code("for people", "slug 7:ab12")), language="en")

    header, *rows = csv.reader(io.StringIO(file_bytes(document, "csv").decode("utf-8-sig"), newline=""))

    assert header == [*(column.label for column in table.columns), "Head of the chain"]
    assert [row[-1] for row in rows] == ["slug 7:ab12"] * 2
    assert file_bytes(table, "csv").decode("utf-8-sig").splitlines()[0].split(",") == header[:-1]


def test_a_csv_file_refuses_to_hold_two_tables():
    with pytest.raises(ValueError, match="has 3"):
        file_bytes(make_list(), "csv")


def test_an_unknown_form_is_refused_by_name():
    with pytest.raises(ValueError, match="'odt'"):
        file_bytes(make_report(), "odt")
