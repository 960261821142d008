import ast
from pathlib import Path

import pytest

from contest.audit.rules import FACT_NAMES, Change, changes_of
from contest.audit.sentence_rules import DETAILS, NUMBERS

ROOT = Path(__file__).parent.parent.parent


@pytest.mark.parametrize(
    ("facts", "changes"),
    [
        pytest.param({}, [], id="nothing"),
        pytest.param(None, [], id="no facts"),
        pytest.param({"old": 1, "new": 2}, [Change("", old="1", new="2")], id="one value"),
        pytest.param(
            {"old": {"a": 1, "b": 2}, "new": {"a": 1, "b": 3, "c": 4}},
            [Change("b", old="2", new="3"), Change("c", old="–", new="4")], id="only what changed",
        ),
        pytest.param(
            {"weight": {"old": "30", "new": "40"}}, [Change("weight", old="30", new="40")],
            id="a pair by name",
        ),
        pytest.param(
            {"corrected": {"A001": {"old": {"team": "红队"}, "new": {"team": "蓝队"}}}},
            [Change("A001", old="team: 红队", new="team: 蓝队")], id="what a list corrected",
        ),
        pytest.param(
            {"new": ["judge", "clerk"]}, [Change("", old="–", new="judge, clerk")], id="new"
        ),
        pytest.param({"marks": {"A1": "9.5"}}, [Change("marks", "A1: 9.5")], id="nested"),
        pytest.param({"old": True, "new": False}, [Change("", old="✓", new="✗")], id="yes and no"),
        pytest.param(
            {"old": None, "new": {"a": 1}}, [Change("a", old="–", new="1")], id="first value"
        ),
        pytest.param({"reason": ""}, [Change("reason", "–")], id="empty"),
        pytest.param({"units": 0}, [Change("units", "0")], id="zero is a value"),
    ],
)
def test_facts_are_read_as_changes(facts, changes):
    assert changes_of(facts) == changes


def test_reading_facts_does_not_change_them():
    facts = {"old": 1, "new": 2, "reason": "x"}
    changes_of(facts)

    assert facts == {"old": 1, "new": 2, "reason": "x"}


def test_every_fact_that_an_act_writes_has_a_name_in_words(app):  # (app: every area adds its names)
    named = FACT_NAMES.keys() | set(DETAILS) | set(NUMBERS) | {"old", "new"}
    written = {
        word.arg
        for path in ROOT.joinpath("contest").rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "work"
        for word in node.keywords if word.arg
    }

    assert written > {"reason", "tell"}
    assert written - named - {"contest_id", "subject", "tell"} == set()
