"""What a tablet or a plain form sends, turned into an operation."""

import json

import pytest
from werkzeug.datastructures import MultiDict

from contest.errors import Invalid
from contest.judging import forms
from contest.scoring.scheme_reading import plan_from
from tests.judging.every_rule import every_rule
from tests.judging.panels import DRILL, two_modules

OP_ID = "0b2f9a52-6a3e-4f3e-9d43-0f7c0c1d2e3f"


def body(**changes):
    document = {"op_id": OP_ID, "base_rev": 0, "kind": "draft", "marks": DRILL}
    return json.dumps(document | changes).encode()


@pytest.fixture(scope="module")
def drill():
    return plan_from(two_modules()).module("drill")


def test_an_operation_is_read_with_every_kind_of_mark():
    operation = forms.operation_from_json(
        body(device="7F3K", entered_at="2026-11-23T12:00:00+08:00")
    )

    assert operation.marks == DRILL
    assert operation.device == "7F3K"
    assert operation.entered_at.utcoffset().total_seconds() == 8 * 3600


@pytest.mark.parametrize(
    "sent",
    [
        pytest.param(b"{", id="broken"),
        pytest.param(b"[]", id="no object"),
        pytest.param(body(op_id="1"), id="no uuid"),
        pytest.param(body(base_rev=-1), id="negative revision"),
        pytest.param(body(base_rev="0"), id="revision as text"),
        pytest.param(body(kind="reopen"), id="not for judges"),
        pytest.param(body(marks={"A1": 9.5}), id="a float has lost its digits"),
        pytest.param(body(marks={"A1": "9" * 41}), id="too long"),
        pytest.param(body(marks={f"A{n}": "1" for n in range(301)}), id="too many"),
        pytest.param(body(total="99"), id="unknown field"),
        pytest.param(body(entered_at="2026-11-23T12:00:00"), id="moment without time zone"),
    ],
)
def test_what_is_not_as_agreed_is_refused(sent):
    with pytest.raises(Invalid, match="cannot be read"):
        forms.operation_from_json(sent)


def test_a_plain_form_holds_the_same_marks(drill):
    form = MultiDict({
        "mark-A1": "18.5", "mark-A2-0": "1", "mark-A2-1": "１", "mark-A3-0": "yes",
        "mark-A3-1": "no", "mark-A4": "2", "mark-A5": "350",
    })

    marks = forms.marks_from_form(form, drill)

    assert marks == DRILL | {"A4": "2"}


def test_an_empty_form_marks_nothing(drill):
    form = MultiDict({"mark-A1": " ", "mark-A2-0": "0", "mark-A2-1": "", "mark-A5": ""})

    assert forms.marks_from_form(form, drill) == {}


def test_nothing_to_deduct_is_said_by_its_box(drill):
    assert forms.marks_from_form(MultiDict({"mark-A2-none": "1"}), drill) == {"A2": {}}


@pytest.mark.parametrize("typed", ["x", "1.5", "-3", "1e9"])
def test_a_count_that_is_none_is_left_for_the_rule_to_refuse(drill, typed):
    assert forms.marks_from_form(MultiDict({"mark-A2-0": typed}), drill)["A2"]["0"] < 0


def test_a_form_with_a_spoilt_hidden_field_is_refused():
    with pytest.raises(Invalid, match="Reload"):
        forms.operation_from_form(MultiDict({"op_id": OP_ID, "base_rev": "x"}), "draft", {})


@pytest.mark.parametrize("mine", ["[" * 100_000, "", "{", "[]", "3"])
def test_a_spoilt_copy_of_this_tablets_marks_is_refused(mine):
    with pytest.raises(Invalid, match="Reload"):
        forms.mine_from_form(MultiDict({"mine": mine}))


def test_a_plain_form_holds_attempts_grades_and_what_failed():
    jump = plan_from(every_rule()).module("jump")
    form = MultiDict({
        "mark-A1-0": "5.87", "mark-A1-1": "", "mark-A1-1-void": "1", "mark-A1-2": " 6.02 ",
        "mark-A3": "B", "mark-B2": "9", "mark-B2-void": "1",
    })

    marks = forms.marks_from_form(form, jump)

    # What is called failed has no value, whatever else was typed there.
    assert marks == {"A1": ["5.87", "x", "6.02"], "A3": "B", "B2": "x"}


def test_a_tablet_sends_attempts_as_a_list():
    marks = {"A1": ["5.87", "x", None], "A3": "B", "R1": "3"}

    assert forms.operation_from_json(body(marks=marks)).marks == marks
    with pytest.raises(Invalid, match="cannot be read"):
        forms.operation_from_json(body(marks={"A1": [5.87]}))
