"""F16: a measured value far from what its judge measured of the others is asked, and stored all the same."""

import re
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contest.accounts.models import User
from contest.db import db
from contest.judging import desk_queries
from contest.judging.far_queries import with_far
from contest.judging.plausible_rules import far_from_others, others_of
from tests import factories
from tests.judging.panels import DRILL, make_panel, mark
from tests.judging.tablets import made, send


@pytest.mark.parametrize(("others", "mark", "far"), [
    (["9", "10", "11"], "121", "121"),
    (["9", "10", "11"], "1.1", "1.1"),
    (["9", "10", "11"], "15.5", ""), (["9", "10", "11"], "3.5", ""),
    (["310", "350", "380"], "35", "35"), (["310", "350", "380"], "550", ""),
    (["0.1", "0.4", "0.2"], "0.9", ""), (["0.1", "0.4", "0.2"], "4", "4"),
    (["10", "10", "10"], "14", ""), (["10", "10", "10"], "101", "101"),
    ([["5.87", "x", "6.02"], ["5.9"], "5.88"], ["6.1", None, "x", "60.1"], "60.1"),
    (["1", "1", "1"], "4", ""), (["1", "1", "1"], "0", ""), (["1", "1", "1"], "11", "11"),
    (["0.1", "0.1", "0.1"], "0.2", ""), (["0.1", "0.1", "0.1"], "1", "1"),
    (["9", "10", "11"], "x", ""), (["9", "10", "11"], None, ""), (["9", "10", "11"], "ten", ""),
])
def test_far_is_what_lies_far_beyond_the_others_and_is_no_ordinary_difference(others, mark, far):
    assert others_of(others).far(mark) == far


@pytest.mark.parametrize("others", [
    [], ["9", "11"], ["9", "x", None, "11"], ["0", "0", "0"], [["5.87", "6.02", "5.9"]],
])
def test_too_few_others_or_nothing_but_zeros_ask_nothing(others):
    assert others_of(others) is None


@pytest.fixture
def at_work(app):
    """The judge of the drill has timed three; the fourth is to be timed."""
    panel = make_panel(4)
    for entrant, time in enumerate(("340", "352", "365")):
        mark(panel, {"A5": time}, "draft", entrant, module="drill")
    client = factories.browser_of(app, db.session.get(User, panel.judges[0].user_id))
    return panel.sheet(3, module="drill").id, client


def words(client, path):
    return re.sub(r"\s+", " ", client.get(path).get_data(as_text=True))


QUESTION = "35 s is far outside 340–365, which you measured of the others. Is it right?"


def test_it_is_asked_on_the_sheet_and_before_handing_in_and_nothing_is_refused(at_work):
    sheet_id, client = at_work
    assert QUESTION not in words(client, f"/judging/sheets/{sheet_id}")

    assert send(client, sheet_id, made(1, marks={"A5": "35"})).status_code == 200

    assert QUESTION in words(client, f"/judging/sheets/{sheet_id}")
    assert QUESTION in words(client, f"/judging/sheets/{sheet_id}/summary")
    assert send(client, sheet_id, made(2, 1, marks={"A5": "355"})).status_code == 200
    assert "which you measured of the others. Is it right?</span>" not in words(
        client, f"/judging/sheets/{sheet_id}/summary"
    )


def test_what_another_judge_measured_is_not_told(app):
    panel = make_panel(4)
    for entrant, time in enumerate(("340", "352", "365")):
        mark(panel, {"A5": time}, "draft", entrant, module="drill")
    sheet = panel.sheet(3, module="drill")
    sheet.judge_id = panel.judges[1].id
    db.session.commit()
    client = factories.browser_of(app, db.session.get(User, panel.judges[1].user_id))

    page = words(client, f"/judging/sheets/{sheet.id}")

    assert 'data-note="far"' not in page


NUMBERS = st.one_of(
    st.integers(0, 30).map(str), st.decimals(0, 20, places=2).map(str), st.sampled_from(["x", None, "ten"])
)
MARKS = st.one_of(NUMBERS, st.lists(NUMBERS, max_size=3))


@given(st.dictionaries(st.integers(0, 30), MARKS, max_size=9))
def test_reading_each_mark_once_finds_what_asking_of_each_apart_finds(marks):
    apart = {}
    for name, own in marks.items():
        others = others_of([given for other, given in marks.items() if other != name])
        if others and (value := others.far(own)):
            apart[name] = value, others

    assert far_from_others(marks) == apart


@pytest.fixture
def handed_in(app):
    """The judge of the drill has timed four, the last one with a slip, and handed everything in."""
    panel = make_panel(5)
    for entrant, time in enumerate(("340", "352", "365", "35")):
        mark(panel, {**DRILL, "A5": time}, "submit", entrant, module="drill")
    return panel


FAR = "35 is far outside 340–365, which this judge measured of the others"


def test_the_chief_finds_whose_value_lies_far_and_reads_why(handed_in, as_role):
    chief = as_role("chief_judge", handed_in.contest)
    desk = f"/contests/{handed_in.contest.id}/chief?module=drill&kind=far"

    page = words(chief, desk)

    assert 'Unusual values <span class="count">1</span>' in page
    own, = re.findall(r'href="(/contests/\d+/chief/drill/[^"?]+)"', page)
    assert own.endswith(f"/{handed_in.entrants[3].number}") and FAR in words(chief, own)
    assert FAR not in words(chief, own.replace(own.rsplit("/", 1)[1], handed_in.entrants[0].number))


def test_where_nothing_is_measured_nobody_is_offered_unusual_values(handed_in, as_role):
    page = words(
        as_role("chief_judge", handed_in.contest), f"/contests/{handed_in.contest.id}/chief?module=risk"
    )

    assert "Unusual value" not in page


def test_what_is_hidden_from_the_reader_is_neither_shown_nor_compared(handed_in):
    found = desk_queries.matrix(handed_in.contest.id, "drill")
    assert [bool(row.cells[0].far) for row in found.rows] == [False, False, False, True, False]

    for hidden in (0, 3):  # without one of the three there is nothing to compare the slip with
        rows = [row.cells[0] for row in found.rows]
        rows[hidden] = replace(rows[hidden], is_hidden=True, far={})
        cells = {row.entrant_id: {1: replace(one, far={})} for row, one in zip(found.rows, rows, strict=True)}

        assert not any(by_seat[1].far for by_seat in with_far(found.module, cells).values())
