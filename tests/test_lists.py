"""A list in a sentence is joined as its language joins it, in one place."""

import re
from pathlib import Path

import pytest
from flask import g

from contest.errors import Conflict
from contest.i18n import joined, listed, two_names
from contest.pages import say, sentence

ROOT = Path(__file__).resolve().parent.parent
# A comma of one language between the things of a list.
JOINED = re.compile(r"""join\((['"])(?:, |、)\1\)""")


@pytest.mark.parametrize(("language", "said"), [
    ("zh", "A1、A2、A3 … +1"), ("en", "Without a station in the starting order: A1, A2, A3 … +1."),
])
def test_a_sentence_takes_the_list_of_its_language(app, language, said):
    refused = Conflict(
        "Without a station in the starting order: %(numbers)s. Draw the order again first.",
        numbers=joined(["A1", "A2", "A3", "A4"], 3),
    )
    with app.test_request_context(headers={"Accept-Language": language}):
        g.person = None
        text = say(refused)

    assert said in text


def test_names_in_a_list_are_those_of_its_language(app):
    names = listed([two_names("风险辨识", "Risk"), two_names("应急演练", "Drill")])

    assert (str(names), names.english) == ("风险辨识、应急演练", "Risk, Drill")
    with app.test_request_context(headers={"Accept-Language": "en"}):
        g.person = None
        assert sentence({"message": "%(names)s", "params": {"names": names}}) == "Risk, Drill"


def test_no_page_joins_a_list_by_a_comma_of_its_own():
    pages = {path.name: path.read_text("utf-8") for path in (ROOT / "contest/templates").rglob("*.html")}
    scripts = {path.name: path.read_text("utf-8") for path in (ROOT / "static").glob("*.js")}

    assert [name for name, text in {**pages, **scripts}.items() if JOINED.search(text)] == []
    assert JOINED.search("names|join(', ')") and not JOINED.search('names|join(_(", "))')
