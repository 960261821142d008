"""Papers of results without rows: each form is a page, or one sentence says why there is none."""

import io
import itertools
import zipfile

import pytest

from contest.awards import files, rules
from tests.awards.test_routes import AWARDS
from tests.documents.paper_text import pages_of
from tests.documents.papers import make_report
from tests.without_rows import empty, withdrawn

NOBODY = "Nobody stands in the results of this stage: there is no report to write."
NO_TABLE = "This paper holds no table: take it as PDF or DOCX."
STARTS = {"pdf": b"%PDF", "xlsx": b"PK", "docx": b"PK", "csv": b"\xef\xbb\xbf"}


@pytest.mark.parametrize("awards", [AWARDS, []], ids=["awards", "no awards"])
@pytest.mark.parametrize("make", [empty, withdrawn])
def test_each_paper_is_a_page_or_one_sentence(app, as_role, make, awards):
    contest, client = make(awards), as_role("organiser")

    for paper, form in itertools.product(rules.PAPERS, rules.FORMATS):
        answer = client.get(f"/contests/{contest.id}/papers/{paper}.{form}")
        if paper == "reports" and make is empty:
            assert answer.status_code == 409 and NOBODY in answer.text, form
        elif paper == "awards" and form in ("xlsx", "csv") and not awards:
            assert answer.status_code == 409 and NO_TABLE in answer.text, form
        else:
            assert answer.status_code == 200 and answer.data.startswith(STARTS[form]), (paper, form)


def test_more_reports_than_one_pdf_takes_come_as_several(monkeypatch):
    monkeypatch.setattr(files, "MOST_TOGETHER", 2)

    data, form = files.paper_file([make_report(f"王{place}") for place in range(5)], "pdf")

    assert form == "zip"
    with zipfile.ZipFile(io.BytesIO(data)) as pile:
        assert pile.namelist() == ["1-2.pdf", "3-4.pdf", "5-5.pdf"]
        assert ["王4" in page for page in pages_of(pile.read("5-5.pdf"))] == [True]
    assert files.paper_file([make_report(), make_report()], "pdf")[1] == "pdf"
