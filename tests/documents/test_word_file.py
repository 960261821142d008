"""Word files open with Chinese fonts, repeated headers and everything that was said."""

import io

import docx
import pytest
from docx.enum.section import WD_ORIENT
from docx.oxml.ns import qn

from contest.documents import Column, Document, Signatures, Table, as_docx
from contest.documents.document import LOOKS
from tests.documents.papers import make_list, make_names, make_report, make_table


def read(thing):
    return docx.Document(io.BytesIO(as_docx(thing)))


def lines_of(file):
    return [line.text for line in file.paragraphs]


def cells_of(table):
    return [[cell.text for cell in row.cells] for row in table.rows]


@pytest.mark.parametrize("look", LOOKS)
def test_a_table_is_read_back_whole(look):
    file = read(Document("名单", (make_table(count=2),), look=look))

    assert cells_of(file.tables[0]) == [
        ["序号", "姓名", "工作单位", "总成绩", "日期", "备注"],
        ["1", "张1三", "云岭水泥集团曲靖有限责任公司", "94.50", "2026-11-20", ""],
        ["2", "张2三", "云岭水泥集团曲靖有限责任公司", "93.50", "2026-11-20", ""],
    ]


def test_the_header_is_repeated_and_no_row_is_split():
    rows = read(make_table(count=2)).tables[0].rows

    marks = [[mark.tag for mark in row._tr.trPr] for row in rows]

    assert marks == [[qn("w:cantSplit"), qn("w:tblHeader")], [qn("w:cantSplit")],
                     [qn("w:cantSplit")]]


def test_every_run_names_a_chinese_font():
    runs = [run for line in read(make_list()).paragraphs for run in line.runs]
    fonts = {run._r.rPr.rFonts.get(qn("w:eastAsia")) for run in runs}

    assert fonts == {"宋体", "黑体"}


def test_a_notice_says_everything_in_its_order():
    lines = lines_of(read(make_list()))

    wanted = [
        "云南省建材行业工会", "竞赛组织委员会", "云建材赛〔2026〕7号",
        "关于公布班组长综合管理技能竞赛获奖名单的通知", "各参赛单位：",
        "经评审，现将获奖名单予以公布。", "附件 1：职工组获奖名单", "附件 2：优秀组织奖",
        "云南省建材行业工会", "竞赛组织委员会", "2026年11月23日", "（盖章处）", "附件 1",
        "职工组获奖名单", "一等奖", "二等奖", "附件 2", "优秀组织奖", "经组委会表决产生。", "名单",
    ]
    assert [line for line in lines if line] == wanted


def test_each_annex_begins_on_a_page_of_its_own():
    breaks = [line.text for line in read(make_list()).paragraphs
              if line.paragraph_format.page_break_before]

    assert breaks == ["附件 1", "附件 2"]


def test_facts_and_lines_to_sign_are_there():
    file = read(make_report("李四"))

    assert cells_of(file.tables[0])[0] == ["姓名", "李四", "参赛编号", "A017"]
    assert any(line.startswith("统分人：____") for line in lines_of(file))
    assert "竞赛组委会" in lines_of(file)


def test_pages_are_numbered_by_word_itself():
    foot = read(make_report(footer="第3版")).sections[0].footer.paragraphs[0]

    fields = [piece.text.strip() for piece in foot._p.iter(qn("w:instrText"))]
    assert fields == ["PAGE", "NUMPAGES"]
    assert foot.text.startswith("第3版\t第 ")


def test_a_wide_table_turns_the_page():
    wide = Table("t", tuple(Column(f"m{place}", "模块", width=12) for place in range(12)))

    assert read(wide).sections[0].orientation == WD_ORIENT.LANDSCAPE
    assert read(make_table()).sections[0].orientation == WD_ORIENT.PORTRAIT


def test_a_sign_that_word_cannot_hold_leaves_a_mark_and_no_fault():
    file = read(make_names("张\x01三", "=1+1"))

    assert [row[0] for row in cells_of(file.tables[0])[1:]] == ["张\ufffd三", "=1+1"]


def test_an_empty_table_says_so_in_the_language_of_the_paper():
    file = read(Document("List", (make_table(count=0), Signatures(("Judge",))), language="en"))

    assert cells_of(file.tables[0])[1][0] == "(none)"
    assert any(line.startswith("Judge: ____") for line in lines_of(file))
