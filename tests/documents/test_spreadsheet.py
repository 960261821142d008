"""Workbooks keep every digit, run nothing and print well."""

import io
import zipfile
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from python_calamine import CalamineWorkbook

from contest.documents import (
    Annex,
    Code,
    Column,
    Document,
    Facts,
    Paragraph,
    Signatures,
    Table,
    as_xlsx,
)
from tests.documents.papers import make_list, make_names, make_table
from tests.documents.test_comma_file import FORMULAS


def sheets_of(thing, **how):
    book = CalamineWorkbook.from_filelike(io.BytesIO(as_xlsx(thing, **how)))
    return {name: book.get_sheet_by_name(name).to_python() for name in book.sheet_names}


def parts_of(thing):
    with zipfile.ZipFile(io.BytesIO(as_xlsx(thing))) as file:
        return {name: file.read(name).decode() for name in file.namelist()}


@given(st.integers(-(10**9), 10**9), st.integers(0, 4))
def test_every_score_is_read_back_to_its_last_digit(units, places):
    shown = f"{Decimal(units).scaleb(-places):.{places}f}"
    table = Table("t", (Column("a", "A", "number"),), ({"a": shown},))

    [[_], [value]] = sheets_of(table, titled=False)["t"]

    assert isinstance(value, float)
    # +0.0: a spreadsheet knows no negative nought.
    assert f"{value + 0.0:.{places}f}" == f"{Decimal(shown) + 0:.{places}f}"


def test_codes_stand_under_every_table_and_what_follows_the_last_one_is_not_lost():
    code = Code("Chain: link 7\nKeep this paper.", "slug 7:ab12")
    document = Document("t", (make_table("一"), make_table("二"), Paragraph("Said at the end."), code))

    first, second = (
        ["".join(map(str, row)) for row in sheet] for sheet in sheets_of(document).values()
    )

    for sheet in (first, second):
        assert sheet[-3:] == ["Chain: link 7", "Keep this paper.", "slug 7:ab12"]
    assert "Said at the end." in second
    assert "Said at the end." not in first


def test_the_shown_format_keeps_the_places_of_a_number():
    table = Table("t", (Column("a", "A", "number"),), ({"a": "9.50"}, {"a": "9"}, {"a": "9.1234"}))

    styles = parts_of(table)["xl/styles.xml"]

    assert 'formatCode="0.0000"' in styles
    assert 'formatCode="0.00"' in styles
    assert 'numFmtId="1"' in styles  # Excel's own number for the format 0


@pytest.mark.parametrize(
    "text", ["110101199003078515", "1234567890123456", "0.1234567890123456", "007"]
)
def test_a_number_that_would_lose_digits_stays_text(text):
    table = Table("t", (Column("a", "A", "number"),), ({"a": text},))

    assert sheets_of(table, titled=False)["t"][1] == [text]


@pytest.mark.parametrize("text", FORMULAS)
def test_a_formula_in_a_name_is_only_text(text):
    sheet = parts_of(make_names(text))["xl/worksheets/sheet1.xml"]

    assert "<f>" not in sheet
    assert "hyperlink" not in sheet
    if "\r" not in text:  # XML readers turn a bare CR into LF.
        assert sheets_of(make_names(text), titled=False)["名单"][1][0] == text


def test_an_address_becomes_no_link():
    files = parts_of(make_names("https://example.invalid/x", "mailto:a@b.invalid", "file:///etc"))

    assert not any("hyperlink" in text for text in files.values())


def test_a_day_is_a_real_day_and_a_remark_stays_a_remark():
    rows = ({"on": "2026-11-20"}, {"on": date(2026, 11, 21)}, {"on": "未知"}, {"on": None})
    table = Table("t", (Column("on", "日期", "date"),), rows)

    read = [row[0] for row in sheets_of(table, titled=False)["t"][1:]]

    assert read == [date(2026, 11, 20), date(2026, 11, 21), "未知", ""]


def test_untitled_the_header_is_the_first_row_for_machines():
    read = sheets_of(make_table(count=1), titled=False)["一等奖"]

    assert read == [
        ["序号", "姓名", "工作单位", "总成绩", "日期", "备注"],
        [1.0, "张1三", "云岭水泥集团曲靖有限责任公司", 94.5, date(2026, 11, 20), ""],
    ]


def test_titled_the_facts_stand_above_and_the_signatures_below():
    parts = (Facts((("赛项", "水泥"),)), Paragraph("一\n二"), make_table(count=1, notes=("注",)),
             Signatures(("统分人",), seal="组委会"))
    document = Document("成绩汇总表", parts, number="7号", issuers=("工会",))

    first = [row[0] for row in sheets_of(document)["一等奖"]]

    assert first[:7] == ["成绩汇总表", "7号", "工会", "赛项：水泥", "一", "二", "一等奖"]
    assert first[7:10] == ["序号", 1.0, "注"]
    assert first[11].startswith("统分人：____")
    assert first[12] == "组委会 （盖章处）"


def test_the_header_is_frozen_and_repeated_and_nothing_is_merged():
    files = parts_of(make_table())

    assert 'state="frozen"' in files["xl/worksheets/sheet1.xml"]
    assert "_xlnm.Print_Titles" in files["xl/workbook.xml"]
    assert "mergeCell" not in files["xl/worksheets/sheet1.xml"]


def test_every_table_of_a_document_has_a_sheet_of_its_own():
    assert list(sheets_of(make_list())) == ["一等奖", "二等奖", "名单"]


def test_names_of_sheets_are_made_fit_and_differ():
    long = "很长" * 20
    tables = [make_table(title) for title in ("a/b", "a:b", "History", long, long, "A B", "''")]

    names = list(sheets_of(Document("t", tables)))

    assert names == ["a b", "a b (2)", "History (2)", long[:31], long[:27] + " (2)", "A B (3)", "1"]


def test_an_annex_gives_its_title_to_the_sheet():
    document = Document("名单", (Annex("附录甲", (make_table(count=0),)),))

    assert "附录甲" in [row[0] for row in sheets_of(document)["一等奖"]]


def test_a_document_without_a_table_is_refused():
    with pytest.raises(ValueError, match="no table"):
        as_xlsx(Document("t", (Paragraph("text"),)))


def test_a_text_longer_than_a_cell_is_refused_and_not_cut():
    with pytest.raises(ValueError, match="32767"):
        as_xlsx(make_names("长" * 32_768))


def test_a_wide_table_is_printed_across():
    wide = Table("t", tuple(Column(f"m{place}", "模块", width=20) for place in range(8)))

    assert 'orientation="landscape"' in parts_of(wide)["xl/worksheets/sheet1.xml"]
    assert 'orientation="landscape"' not in parts_of(make_table())["xl/worksheets/sheet1.xml"]


def test_chinese_is_set_in_a_chinese_font():
    assert "宋体" in parts_of(make_table())["xl/styles.xml"]
