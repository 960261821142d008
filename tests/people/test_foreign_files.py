"""Whatever is uploaded instead of a list gets one sentence, at every import, and is not kept."""

import io
import struct
import zipfile
import zlib

import pytest

from contest.db import db
from contest.people.models import PendingImport
from tests import factories


def png():
    """A picture of one pixel, as any program would write it."""
    def chunk(kind, body):
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    return (b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", 1, 1, 8, 2, 0, 0, 0))
            + chunk(b"IDAT", zlib.compress(b"\x00\xff\x00\x00")) + chunk(b"IEND", b""))


def zipped():
    """A packed folder, which somebody gave the name of a spreadsheet."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("list.txt", "参赛号,姓名")
    return file.getvalue()


PDF = (b"%PDF-1.4\n1 0 obj\n<< /Type /Catalog >>\nendobj\ntrailer\n<< /Root 1 0 R >>\n%%EOF\n")
NO_LIST = "is no list that can be read; send xlsx, xls, ods or csv."
FILES = [
    pytest.param("photo.png", png(), NO_LIST, id="a picture"),
    pytest.param("list.csv", png(), NO_LIST, id="a picture called csv"),
    pytest.param("list.pdf", PDF, NO_LIST, id="a paper"),
    pytest.param("list.xlsx", PDF, NO_LIST, id="a paper called xlsx"),
    pytest.param("list.csv", PDF + bytes(range(256)), NO_LIST, id="a paper with bytes"),
    pytest.param("list.xlsx", zipped(), NO_LIST, id="a packed folder"),
    pytest.param("list.xlsx", b"PK\x03\x04" + b"x" * 60, "The file is damaged", id="half a spreadsheet"),
    pytest.param("list.xlsx", b"", "The file is empty.", id="nothing"),
    pytest.param("list.csv", b" \r\n\r\n", "The file is empty.", id="only blanks"),
]
IMPORTS = ["entrants/import", "judges/import", "theory/paper/import"]


@pytest.mark.parametrize("place", IMPORTS)
@pytest.mark.parametrize(("name", "data", "sentence"), FILES)
def test_one_sentence_for_what_is_no_list(as_role, app, place, name, data, sentence):
    contest = factories.make_contest()
    factories.make_entrant(contest, number="A001")

    answer = as_role("organiser", contest).post(
        f"/contests/{contest.id}/{place}", data={"file": (io.BytesIO(data), name)}
    )

    assert answer.status_code == 422
    assert answer.text.count(sentence) == 1
    assert db.session.query(PendingImport).count() == 0


def test_a_plan_is_no_picture_and_no_paper(as_role, app):
    for data in (png(), PDF):
        answer = as_role("organiser").post(
            "/contests/new/file", data={"file": (io.BytesIO(data), "plan.toml")}
        )
        assert answer.status_code == 422
        assert "The file is not UTF-8 text, so it cannot be a plan." in answer.text
