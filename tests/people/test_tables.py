"""Reading lists: what is understood, what is refused, and that hostile files cost a refusal."""

import io
import struct
import zipfile
from datetime import date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contest.documents import guarded
from contest.errors import Invalid
from contest.people import tables, workbook
from contest.people.tables import Column, Problem, is_usable, read_table
from tests.people.spreadsheets import bomb, computed, lying_bomb, ods_of, rewritten, xls_of, xlsx_of

COLUMNS = (
    Column("organisation", "Organisation", ("单位", "单位名称", "organisation"), required=True),
    Column("name", "Name", ("姓名", "选手姓名", "name"), kind="name", required=True, most=50),
    Column("born_on", "Date of birth", ("出生日期", "birth date"), kind="date"),
    Column(
        "gender",
        "Gender",
        ("性别",),
        kind="choice",
        choices={"male": ("男", "male"), "female": ("女", "female")},
    ),
    Column("number", "Number", ("参赛号",), most=20),
    Column("score", "Score", ("成绩",), kind="number", top="100", places=2, scores=True),
    Column("specialities", "Specialities", ("专长",), kind="list"),
)
HEADERS = ["单位", "姓名", "出生日期", "性别", "参赛号", "成绩", "专长"]
GOOD = ["海螺水泥", "张三", "1990-01-02", "男", "A001", "85.5", "安全、设备"]


def read(*lines, headers=HEADERS, name="名单.xlsx", **more):
    return read_table(xlsx_of([headers, *lines], **more), name, COLUMNS)


def refusal(data, name="名单.xlsx"):
    with pytest.raises(Invalid) as caught:
        read_table(data, name, COLUMNS)
    return str(caught.value)


def told(problems, kind=None):
    return [(p.kind, p.row, p.column) for p in problems if kind in {None, p.kind}]


def test_a_good_row_comes_out_typed():
    rows, problems = read(GOOD)

    assert problems == []
    assert rows[0].number == 2
    assert rows[0].values == {
        "organisation": "海螺水泥",
        "name": "张三",
        "born_on": "1990-01-02",
        "gender": "male",
        "number": "A001",
        "score": "85.5",
        "specialities": ["安全", "设备"],
    }


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(xls_of([HEADERS, GOOD]), id="xls"),
        pytest.param(ods_of([HEADERS, GOOD]), id="ods"),
        pytest.param("\n".join([",".join(HEADERS), ",".join(GOOD)]).encode(), id="UTF-8"),
        pytest.param(
            "\r\n".join([",".join(HEADERS), ",".join(GOOD)]).encode("utf-8-sig"), id="BOM"
        ),
        pytest.param(
            "\n".join([",".join(HEADERS), ",".join(GOOD)]).encode("gb18030"), id="GB18030"
        ),
        pytest.param(
            "\n".join(["\t".join(HEADERS), "\t".join(GOOD)]).encode("utf-16"), id="UTF-16"
        ),
        pytest.param("\n".join([";".join(HEADERS), ";".join(GOOD)]).encode(), id="semicolons"),
    ],
)
def test_every_format_gives_the_same_row(data):
    rows, problems = read_table(data, "名单", COLUMNS)

    assert is_usable(problems)
    assert [row.values for row in rows] == [read(GOOD)[0][0].values]


def test_rare_characters_of_gb18030_survive():
    text = "单位,姓名\n厂,䶮㛃𬮠\n".encode("gb18030")

    assert read_table(text, "a.csv", COLUMNS)[0][0].values["name"] == "䶮㛃𬮠"


def test_headers_are_found_below_a_title_in_any_order_and_spelling():
    rows, _ = read_table(
        xlsx_of([["选手汇总表"], ["填表人", "王"], ["Name*", "单位（全称）"], ["Li Lei", "厂"]]),
        "a.xlsx",
        COLUMNS,
    )

    assert rows[0].number == 4
    assert (rows[0].values["name"], rows[0].values["organisation"]) == ("Li Lei", "厂")


def test_a_missing_column_is_named_with_what_was_found():
    text = refusal(xlsx_of([["姓名", "性别", "电话"], ["张三", "男", "1"]]))

    assert "Row 1 has no column 单位" in text and "电话" in text


def test_a_doubled_column_is_named_with_both_places():
    assert "姓名 stands twice, in B and D" in refusal(
        xlsx_of([["单位", "选手姓名", "性别", "姓名"], ["厂", "张三", "男", "李四"]])
    )


def test_a_file_without_known_headers_says_what_is_expected():
    text = refusal(xlsx_of([["foo", "bar"], ["1", "2"]]))

    assert "单位、姓名、出生日期" in text


def test_a_list_without_rows_is_refused():
    assert "no row below" in refusal(xlsx_of([HEADERS]))


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        (datetime(1990, 1, 2), "1990-01-02"),
        (date(1990, 1, 2), "1990-01-02"),
        ("1990-01-02", "1990-01-02"),
        ("1990/1/2", "1990-01-02"),
        ("1990.1.2", "1990-01-02"),
        ("1990年1月2日", "1990-01-02"),
        ("１９９０年１月２日", "1990-01-02"),
        (19900102, "1990-01-02"),
        (" 1990-1-2 00:00:00", "1990-01-02"),
        ("", None),
    ],
)
def test_a_date_is_read_as_people_write_it(cell, expected):
    rows, problems = read(["厂", "张三", cell])

    assert problems == []
    assert rows[0].values["born_on"] == expected


@pytest.mark.parametrize(
    "cell", ["1990-02-30", "02/01/1990", "1990", "九零年", 33000, "1990-01/02", "0190-01-01", 1.5]
)
def test_what_is_no_date_is_named_by_row_and_column(cell):
    _, problems = read(GOOD, ["厂", "张三", cell])

    assert told(problems) == [("bad", 3, "Date of birth")]


@pytest.mark.parametrize(
    ("cell", "expected"),
    [(1.0, "1"), (17, "17"), ("007", "007"), (123456789012345, "123456789012345"), (1.5, "1.5")],
)
def test_a_number_in_a_text_column_is_taken_as_it_is_shown(cell, expected):
    rows, problems = read(["厂", "张三", "", "", cell])

    assert problems == []
    assert rows[0].values["number"] == expected


@pytest.mark.parametrize("cell", [320102199001021234, 1e16, datetime(2026, 1, 2), True])
def test_a_text_that_the_spreadsheet_spoiled_is_refused_not_repaired(cell):
    _, problems = read(["厂", "张三", "", "", cell])

    assert told(problems) == [("bad", 2, "Number")]


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        ("9.5", "9.5"),
        ("９．５", "9.5"),
        (9.5, "9.5"),
        (100, "100"),
        ("85.50", "85.5"),
        (0, "0"),
        (85.35, "85.35"),
        ("007", "7"),
    ],
)
def test_a_number_is_canonical(cell, expected):
    assert read(["厂", "张三", "", "", "", cell])[0][0].values["score"] == expected


@pytest.mark.parametrize(
    "cell",
    ["NaN", "1,5", "1e1", "-1", -1, "100.01", 100.5, "9.123", "缺考", "٣", "9.", ".5", "1 2"],
)
def test_what_is_no_number_in_range_is_refused(cell):
    _, problems = read(["厂", "张三", "", "", "", cell])

    assert told(problems) == [("bad", 2, "Score")]


def test_an_unknown_choice_is_refused_with_the_choices():
    _, problems = read(["厂", "张三", "", "不详"])

    assert str(problems[0]) == "不详 is not one of the choices: 男、女."


def test_an_empty_required_cell_is_named_and_blank_rows_are_not():
    rows, problems = read(GOOD, ["", "", ""], ["厂", " "], [" "], [None])

    assert told(problems) == [("bad", 4, "Name")]
    assert len(rows) == 2


def test_unseen_characters_are_taken_out_and_told():
    rows, problems = read(["厂\u200b", "张\u202e三\ufeff"])

    assert rows[0].values["name"] == "张三"
    assert told(problems) == [("note", 2, "Organisation"), ("note", 2, "Name")]


def test_a_lost_character_is_refused():
    assert told(read(["厂", "张\ufffd"])[1]) == [("bad", 2, "Name")]


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("张　三", "张三"),
        ("买买提•吐尔逊", "买买提·吐尔逊"),
        ("阿卜杜拉．艾山", "阿卜杜拉·艾山"),
        ("Li  Lei", "Li Lei"),
        ("Jose\u0301", "José"),
    ],
)
def test_a_name_has_one_spelling(typed, name):
    assert read(["厂", typed])[0][0].values["name"] == name


@pytest.mark.parametrize("name", ["=1+1甲", "-甲", "'t Hooft", "'=甲", "＝甲"])
def test_what_our_own_export_wrote_comes_back_as_it_was(name):
    data = f"单位,姓名\n厂,{guarded(name)}\n".encode()

    assert read_table(data, "a.csv", COLUMNS)[0][0].values["name"] == name


def test_merged_cells_in_the_list_are_refused_with_their_place():
    data = xlsx_of([HEADERS, GOOD, GOOD], lambda book, page: page.merge_range("A2:A3", "厂"))

    assert "A2:A3" in refusal(data)


def test_a_merged_title_above_the_headers_does_not_matter():
    data = xlsx_of(
        [["表"], ["单位", "姓名"], ["厂", "张三"]],
        lambda book, page: page.merge_range("A1:B1", "报名表"),
    )

    assert len(read_table(data, "a.xlsx", COLUMNS)[0]) == 1


def test_merged_cells_of_ods_are_refused():
    data = ods_of([HEADERS, GOOD], cell_attributes={(1, 0): 'table:number-rows-spanned="2"'})

    assert "A2:A3" in refusal(data)


def test_hidden_rows_and_columns_are_counted_and_read():
    def hide(book, page):
        page.set_row(2, None, None, {"hidden": True})
        page.set_column(3, 3, None, None, {"hidden": True})

    rows, problems = read(GOOD, GOOD, GOOD, prepare=hide)

    assert len(rows) == 3
    assert [str(p) for p in problems] == [
        "Hidden rows that were read too: 1.",
        "This column is hidden and was read too.",
    ]
    assert is_usable(problems)


def test_hidden_rows_of_ods_are_counted():
    data = ods_of([HEADERS, GOOD, GOOD], row_attributes={1: 'table:visibility="filter"'})

    assert told(read_table(data, "a.ods", COLUMNS)[1]) == [("warn", None, "")]


def test_a_formula_gives_the_value_that_it_shows():
    data = computed(
        xlsx_of([HEADERS, GOOD], lambda b, page: page.write_formula("F2", "=1+1", None, 2))
    )
    rows, problems = read_table(data, "a.xlsx", COLUMNS)

    assert rows[0].values["score"] == "2"
    assert told(problems) == [("warn", None, "")]


def test_a_formula_that_nobody_computed_is_refused():
    data = xlsx_of([HEADERS, GOOD], lambda b, page: page.write_formula("F2", "=1+1"))

    assert told(read_table(data, "a.xlsx", COLUMNS)[1], "bad") == [("bad", 2, "Score")]


def test_a_formula_without_a_value_or_with_an_error_is_refused():
    data = xlsx_of(
        [HEADERS, GOOD], lambda b, page: page.write_formula("B2", "=1/0", None, "#DIV/0!")
    )

    _, problems = read_table(computed(data), "a.xlsx", COLUMNS)
    assert told(problems, "bad") == [("bad", 2, "Name")]


def test_a_second_list_in_the_file_is_told_and_a_sheet_of_notes_is_not():
    def more(book, page):
        book.add_worksheet("说明").write(0, 0, "请填写姓名")
        second = book.add_worksheet("第二")
        second.write_row(0, 0, HEADERS)

    _, problems = read(GOOD, prepare=more)

    assert [str(p) for p in problems] == [
        "The sheet 第二 holds a list too, but only 名单 was read."
    ]


def test_a_hidden_sheet_is_not_read():
    def more(book, page):
        second = book.add_worksheet("真")
        second.write_row(0, 0, HEADERS)
        second.write_row(1, 0, ["厂", "李四"])
        second.activate()
        page.hide()

    rows, _ = read(GOOD, prepare=more)

    assert rows[0].values["name"] == "李四"


def test_a_column_of_places_is_doubted():
    lines = [["厂", "张三", "", "", "", score] for score in (3, 1, 2)]

    assert told(read(*lines)[1]) == [("warn", None, "Score")]
    assert told(read(*lines, ["厂", "张三", "", "", "", 2])[1]) == []


def test_a_column_that_is_not_used_is_told():
    _, problems = read_table(xlsx_of([[*HEADERS, "备注"], GOOD]), "a.xlsx", COLUMNS)

    assert [str(p) for p in problems] == ["The column 备注 is not used."]


def test_a_problem_survives_the_database():
    problem = Problem(
        "bad",
        "The number has more than %(places)s decimal places.",
        row=3,
        column="Score",
        places=2,
    )

    again = Problem.from_document(problem.to_document())
    assert (again.kind, again.row, again.column, str(again)) == ("bad", 3, "Score", str(problem))


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(bomb(), id="200 MB from 200 KB"),
        pytest.param(lying_bomb(), id="directory lies"),
        pytest.param(bomb(250), id="over 200 MB"),
    ],
)
def test_a_bomb_is_refused(data):
    assert len(data) < 300_000
    assert "unpacks to far more" in refusal(data)


def test_too_many_entries_are_refused():
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        for number in range(1001):
            archive.writestr(f"{number}.xml", "")

    assert "unpacks to far more" in refusal(file.getvalue())


def test_a_million_rows_are_refused_with_the_limit():
    lines = "".join(
        f'<row r="{n}"><c r="A{n}" t="str"><v>{n}厂</v></c></row>' for n in range(3, 1_000_001)
    )
    data = rewritten(
        xlsx_of([HEADERS, GOOD]),
        "xl/worksheets/sheet1.xml",
        lambda text: text.replace("</sheetData>", f"{lines}</sheetData>"),
    )

    assert "longer than 20000 rows" in refusal(data)


def test_one_value_a_million_rows_below_is_refused_without_reading_them():
    assert "longer than 20000 rows" in refusal(
        xlsx_of([HEADERS, GOOD], lambda book, page: page.write(1_048_575, 0, "x"))
    )


def test_too_many_columns_are_refused_with_the_limit():
    assert "wider than 256 columns" in refusal(xlsx_of([HEADERS + ["x"] * 300, GOOD]))


def test_repeated_rows_of_ods_are_refused_before_they_are_unpacked():
    data = ods_of([HEADERS, GOOD], row_attributes={1: 'table:number-rows-repeated="1000000"'})

    assert "longer than 20000 rows" in refusal(data)


def test_a_long_csv_is_refused_with_the_limit():
    data = ("单位,姓名\n" + "厂,张三\n" * 20_100).encode()

    assert "longer than 20000 rows" in refusal(data)


def test_exactly_the_limit_is_read():
    data = ("单位,姓名\n" + "厂,张三\n" * 20_000).encode()

    assert len(read_table(data, "a.csv", COLUMNS)[0]) == 20_000


def test_a_document_that_declares_entities_is_refused():
    data = rewritten(
        xlsx_of([HEADERS, GOOD]),
        "xl/worksheets/sheet1.xml",
        lambda text: text.replace("?>", '?><!DOCTYPE a [<!ENTITY b "c">]>', 1),
    )

    assert "damaged" in refusal(data)


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(b"", id="nothing"),
        pytest.param(b"PK\x03\x04" + b"x" * 500, id="no archive"),
        pytest.param(xlsx_of([HEADERS, GOOD])[:3000], id="cut off"),
        pytest.param(workbook.OLE_MARK + b"\xff" * 5000, id="no workbook"),
        pytest.param("单位,姓名\n厂,张\n".encode("gb18030") + b"\xff\xff", id="mixed bytes"),
        pytest.param(b"<html><table><tr><td>x</td></tr></table></html>", id="web page"),
        pytest.param('单位,姓名\n"厂,张三\n'.encode(), id="open quotation"),
        pytest.param(b"%PDF-1.7\x00\x01", id="PDF"),
        pytest.param("单位,姓名\n".encode() + b"x" * (20 << 20), id="over 20 MB"),
    ],
)
def test_what_is_no_list_gets_one_sentence(data):
    text = refusal(data)

    assert text.endswith(".") and "Traceback" not in text


def test_a_reader_that_needs_too_much_memory_ends_alone(monkeypatch, tmp_path):
    greedy = tmp_path / "greedy.py"
    greedy.write_text(
        "import os, resource\nresource.setrlimit(resource.RLIMIT_AS, (2**28, 2**28))\n"
        "try:\n    bytearray(2**30)\nexcept MemoryError:\n    os.abort()\n"
    )
    monkeypatch.setattr(tables, "READER", greedy)

    assert "too much memory or time" in refusal(xlsx_of([HEADERS, GOOD]))


@given(st.binary(max_size=400), st.sampled_from([b"", b"PK\x03\x04", "单位,姓名\n".encode()]))
def test_no_bytes_break_the_csv_reader(tail, head):
    data = head + tail
    if data[:4] == b"PK\x03\x04":
        with pytest.raises(workbook.Unreadable):
            workbook.check_archive(data)
        return
    try:
        rows, problems = read_table(data, "a.csv", COLUMNS)
    except Invalid as refused:
        assert str(refused)
    else:
        assert all(str(problem) for problem in problems) and rows


@given(st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=30))
def test_a_name_that_was_read_is_read_the_same_again(name):
    from contest.people.cells import read_name

    try:
        once, _ = read_name(name, 50)
    except Invalid:
        return
    if once:
        assert read_name(once, 50) == (once, False)


def test_the_declared_size_of_an_entry_is_not_believed():
    data = bytearray(xlsx_of([HEADERS, GOOD]))
    at = data.find(b"PK\x01\x02")
    size = struct.unpack("<I", data[at + 24 : at + 28])[0]
    data[at + 24 : at + 28] = struct.pack("<I", size - 1)

    with pytest.raises(workbook.Unreadable):
        workbook.check_archive(bytes(data))
