"""Judges' sheets on paper: every page tells which sheet it is of, whatever is on it."""

import pytest

from contest.documents import Box, MarkBlock, MarkLine, MarkSheet, mark_sheets_pdf
from tests.documents.paper_text import pages_of


def sheet(lines=1, **values):
    boxes = {
        "boxes": (Box("1", "9.5"), Box("2", "x")), "counts": (Box("漏项", "2"),),
        "ticks": (Box("0 Below", False), Box("1 Meets", True)), "answers": (Box("帽", "yes"),),
    }
    block = MarkBlock("A 演练", "20 分", tuple(
        MarkLine(f"A{n}", "讲解", "0–10", style, boxes[style])
        for n in range(lines) for style in boxes
    ))
    values = {
        "contest": "水泥比武", "title": "风险辨识", "code": "701", "number": "1204-P",
        "url": "http://venue.example/1204-P", "facts": (("裁判", "严裁判"),), "blocks": (block,),
        "signatures": ("裁判", "选手"), **values,
    }
    return MarkSheet(**values)


@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_page_carries_the_number_the_code_and_its_place(language):
    pages = pages_of(mark_sheets_pdf([sheet(lines=12)], language))
    assert len(pages) > 1
    for at, page in enumerate(pages, start=1):
        assert "1204-P·701·风险辨识" in page
        expected = {"zh": f"第{at}页共{len(pages)}页", "en": f"Page{at}of{len(pages)}"}
        assert expected[language] in page.replace("\u3000", "")
    whole = "".join(pages)
    for text in ("A11", "9.5", "漏项", "1Meets", "严裁判"):
        assert text in whole


def test_pages_are_counted_within_each_sheet_and_what_cannot_be_printed_is_named():
    pages = pages_of(mark_sheets_pdf([sheet(), sheet(name="王\U0003FFFD")]))
    assert len(pages) == 2 and all("第1页" in page for page in pages)
    assert "U+3FFFD" in pages[1] and "U+3FFFD" not in pages[0]


def test_no_sheet_and_too_many_and_a_strange_style_are_refused():
    for sheets in ([], [sheet()] * 251):
        with pytest.raises(ValueError, match="sheet"):
            mark_sheets_pdf(sheets)
    with pytest.raises(ValueError, match="style"):
        MarkLine("A1", "讲解", "", "stars", ())
