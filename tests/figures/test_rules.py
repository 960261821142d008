from decimal import Decimal

import pytest

from contest.errors import Invalid
from contest.figures import rules
from contest.figures.forms import read_table
from contest.figures.rules import Column
from contest.scoring.scheme_reading import plan_from
from tests import factories

DIVE = Column("difficulty", "risk", None, 10_000, 45_000, 1)


def plan(**changes):
    return plan_from(factories.plan_document(**changes))


@pytest.mark.parametrize(("typed", "units"), [
    ("1", 10_000), (" 3.5 ", 35_000), ("４．５", 45_000), ("", None), ("  ", None), (None, None),
])
def test_a_figure_is_read_as_typed(typed, units):
    assert rules.read_figure(typed, DIVE) == units


@pytest.mark.parametrize("typed", ["0.9", "4.6", "1.25", "2,5", "x", "-2", "1e1", "∞", "3.5.1"])
def test_a_figure_outside_the_plan_is_refused_with_the_range(typed):
    with pytest.raises(Invalid) as refused:
        rules.read_figure(typed, DIVE)

    assert "a number from 1 to 4.5 with at most 1 decimals" in str(refused.value)


def test_the_columns_are_what_the_plan_asks_for():
    document = factories.plan_document(ranking={"shared": True, "ties": [
        {"by": "data", "key": "draw", "order": "low"}, {"by": "data", "key": "birth_date"},
    ]})
    document["modules"][1]["difficulty"] = {"lowest": 1, "highest": Decimal("4.5"), "places": 1}

    found = rules.columns_of(plan_from(document))

    assert [(column.kind, column.key) for column in found] == [
        ("difficulty", "risk"), ("data", "draw"),
    ]
    assert rules.columns_of(plan()) == []


def test_the_key_of_who_goes_on_asks_for_data_too():
    document = factories.plan_document(stages=[
        {"key": "first", "name": "预赛", "advance": 2, "advance_line": "key",
         "advance_by": {"by": "data", "key": "time", "order": "low"}},
        {"key": "final", "name": "决赛"},
    ])
    for part in document["parts"]:
        part["stage"] = "first"
    document["parts"].append({"key": "last", "stage": "final", "name": "决", "weight": 100})
    document["modules"].append({
        "key": "end", "part": "last", "name": "终", "weight": 100, "max": 100, "entry": "scores",
    })

    assert rules.data_names(plan_from(document)) == ["time"]


@pytest.mark.parametrize("text", [
    "A001\t2.5\nA002\t3", "a001, 2.5\n\nA002;3\n", "Number Difficulty\nA001 2.5\nA002 张三 3",
])
def test_a_pasted_list_is_matched_line_by_line(text):
    assert rules.read_paste(text, ["A001", "A002", "A003"]) == {"A001": "2.5", "A002": "3"}


@pytest.mark.parametrize(("text", "why"), [
    ("A001 2\nB9 3", "Line 2: nobody is called B9 here."),
    ("A001 2\nA001 3", "Line 2: A001 stands in line 1 already."),
    ("", "Paste two columns: the code or entry number, and the figure."),
    ("A001", "Paste two columns: the code or entry number, and the figure."),
    ("9" * 100_001, "The list is too long to be pasted."),
])
def test_a_pasted_list_that_does_not_fit_is_refused(text, why):
    with pytest.raises(Invalid) as refused:
        rules.read_paste(text, ["A001", "A002"])

    assert str(refused.value.fields["paste"]) == why


def test_a_table_is_read_field_by_field():
    form = {"value-A1": " 2.5 ", "seen-A1": "7", "value-B": "", "seen-B": "x", "csrf_token": "t"}

    assert read_table(form) == {"A1": ("2.5", 7), "B": ("", 0)}


@pytest.mark.parametrize(("units", "text"), [(15_000, "+1.5"), (-5_000, "−0.5"), (0, "0")])
def test_an_adjustment_is_shown_with_its_sign(units, text):
    assert rules.signed_text(units) == text
