"""A declared document says at once when it is wrong."""

from datetime import date
from decimal import Decimal

import pytest

from contest.documents import Annex, Column, Document, Facts, Paragraph, Table, joined
from tests.documents.papers import make_list, make_names, make_table


def test_a_float_in_a_row_is_refused_with_its_place():
    with pytest.raises(TypeError, match=r"row 2, mark: float"):
        Table("t", (Column("mark", "Mark", "number"),), ({"mark": "1.5"}, {"mark": 1.5}))


@pytest.mark.parametrize("value", ["9.50", 3, Decimal("1.20"), date(2026, 11, 23), None])
def test_text_whole_numbers_decimals_and_days_are_taken(value):
    table = Table("t", (Column("mark", "Mark"),), ({"mark": value},))

    assert table.cells(table.rows[0]) == [value]


def test_true_is_not_a_number():
    with pytest.raises(TypeError, match="bool"):
        Table("t", (Column("mark", "Mark"),), ({"mark": True},))


def test_a_row_with_an_undeclared_column_is_refused():
    with pytest.raises(ValueError, match="no such column: phone"):
        Table("t", (Column("name", "Name"),), ({"phone": "1"},))


def test_columns_with_the_same_key_are_refused():
    with pytest.raises(ValueError, match="must be there and differ"):
        Table("t", (Column("a", "A"), Column("a", "B")))


def test_a_table_without_columns_is_refused():
    with pytest.raises(ValueError, match="must be there"):
        Table("t", ())


@pytest.mark.parametrize(
    "wrong", [{"kind": "money"}, {"align": "middle"}, {"width": 0}], ids=["kind", "align", "width"]
)
def test_a_wrong_column_is_refused(wrong):
    with pytest.raises(ValueError, match="'a'"):
        Column("a", "A", **wrong)


@pytest.mark.parametrize(
    "kind, align", [("text", "left"), ("number", "right"), ("date", "center")]
)
def test_a_column_stands_by_its_kind(kind, align):
    assert Column("a", "A", kind).align == align


def test_a_document_refuses_a_look_a_language_and_a_part_it_does_not_know():
    with pytest.raises(ValueError, match="look"):
        Document("t", look="poster")
    with pytest.raises(ValueError, match="language"):
        Document("t", language="fr")
    with pytest.raises(TypeError, match="str is not a part"):
        Document("t", ("text",))


def test_an_annex_holds_no_annex():
    with pytest.raises(TypeError, match="outer"):
        Document("t", (Annex("outer", (Annex("inner", ()),)),))


def test_facts_are_at_least_one_a_line():
    with pytest.raises(ValueError, match="one pair"):
        Facts((("a", "b"),), columns=0)


def test_the_tables_of_annexes_are_tables_of_the_document():
    assert [table.title for table in make_list().tables] == ["一等奖", "二等奖", "名单"]


def test_a_document_is_wide_when_a_table_is():
    narrow = Document("t", (make_table(),))
    columns = tuple(Column(f"m{place}", "模块", "number", 10) for place in range(12))

    assert not narrow.is_wide
    assert Document("t", (Table("t", columns),)).is_wide


def test_joined_tables_tell_which_list_a_row_is_from():
    both = joined([make_table("一等奖", 1), make_table("二等奖", 2)], "奖项")

    assert both.columns[0].label == "奖项"
    assert [row["list"] for row in both.rows] == ["一等奖", "二等奖", "二等奖"]


def test_tables_with_other_columns_are_not_joined():
    with pytest.raises(ValueError, match="same columns"):
        joined([make_table(), make_names("a")], "List")


def test_a_paragraph_alone_makes_no_table():
    assert Document("t", (Paragraph("text"),)).tables == ()
