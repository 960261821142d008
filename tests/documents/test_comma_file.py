"""CSV files open right in Excel, and nothing in them can run."""

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contest.documents import Column, Table, as_csv, guarded, unguarded
from tests.documents.papers import make_names, make_table

FORMULAS = [
    "=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "|calc", "＝1+1", "＋1", "－1", "＠A1", "｜x",
    " =1", "\u00a0=1", "\u3000=1", "\u200b=1", "\ufeff=1", "\u202e=1", "'=1", "'",
    "=cmd|' /C calc'!A0", '=HYPERLINK("http://x.invalid")', "-2+3", "+8613800000000",
]
PLAIN = ["张三", "买买提·艾力", "A-1", "1,5", 'a "quoted" name', "9", "a=b", "第1名", ""]


def rows_of(table):
    data = as_csv(table)
    return list(csv.reader(io.StringIO(data.decode("utf-8-sig"), newline=""), strict=True))


@pytest.mark.parametrize("text", FORMULAS)
def test_a_text_that_could_run_gets_an_apostrophe_and_loses_it_again(text):
    [_, [name, mark]] = rows_of(make_names(text))

    assert name.startswith("'" + text[0])
    assert unguarded(name) == text
    assert mark == "1.00"


@pytest.mark.parametrize("text", PLAIN)
def test_a_plain_text_stays_as_it_is(text):
    [_, [name, _mark]] = rows_of(make_names(text))

    assert name == text


@pytest.mark.parametrize("end", ["\n", "\r", "\r\n", "\u2028"])
def test_a_formula_on_a_later_line_of_a_cell_is_guarded_too(end):
    assert guarded(f"note{end}=1+1") == f"note{end}'=1+1"


def test_a_header_is_guarded_as_well():
    table = Table("t", (Column("a", "=HEAD"),), ({"a": "x"},))

    assert rows_of(table)[0] == ["'=HEAD"]


@pytest.mark.parametrize("number", ["-2.50", "0.00", "95.50", "-7", "12345678901234567890.1234"])
def test_a_number_is_written_as_it_stands(number):
    table = Table("t", (Column("a", "A", "number"),), ({"a": number},))

    assert rows_of(table)[1] == [number]


@pytest.mark.parametrize("text", ["-1,5", "-", "+1", "=1", "-1e5", "-007"])
def test_what_is_no_number_in_a_number_column_is_guarded(text):
    table = Table("t", (Column("a", "A", "number"),), ({"a": text},))

    assert rows_of(table)[1] == ["'" + text]


def test_the_file_has_its_mark_its_line_ends_and_all_rows():
    data = as_csv(make_table(count=3))

    assert data.startswith(b"\xef\xbb\xbf\xe5\xba\x8f\xe5\x8f\xb7,")
    assert data.count(b"\r\n") == data.count(b"\n") == 4
    assert rows_of(make_table(count=3))[1] == [
        "1", "张1三", "云岭水泥集团曲靖有限责任公司", "94.50", "2026-11-20", "",
    ]


@given(st.text(alphabet=st.one_of(st.sampled_from("=+-@|'\t\r\n\v\f \u2028\x85a＝\u200b"),
                                  st.characters(codec="utf-8"))))
def test_every_text_comes_back_and_none_can_run(text):
    safe = guarded(text)

    assert unguarded(safe) == text
    assert safe.lstrip()[:1] not in {*"=+-@|＝＋－＠｜"}


@given(st.lists(st.text(alphabet=st.characters(codec="utf-8", exclude_characters="\0"))))
def test_every_table_of_names_is_read_back_whole(names):
    read = rows_of(make_names(*names))[1:]

    assert [unguarded(name) for name, _mark in read] == names
