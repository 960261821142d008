"""One document comes out in each form that is offered."""

import pytest

from contest.documents import MIMETYPES, file_bytes
from tests.documents.papers import make_list, make_report, make_table

BEGINNINGS = {"xlsx": b"PK", "docx": b"PK", "pdf": b"%PDF", "csv": b"\xef\xbb\xbf"}


@pytest.mark.parametrize("form", MIMETYPES)
def test_a_document_is_written_in_each_form(form):
    assert file_bytes(make_report(), form).startswith(BEGINNINGS[form])
    assert file_bytes(make_table(), form).startswith(BEGINNINGS[form])


def test_a_csv_file_refuses_to_hold_two_tables():
    with pytest.raises(ValueError, match="has 3"):
        file_bytes(make_list(), "csv")


def test_an_unknown_form_is_refused_by_name():
    with pytest.raises(ValueError, match="'odt'"):
        file_bytes(make_report(), "odt")
