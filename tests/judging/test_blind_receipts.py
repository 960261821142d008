"""Nobody reads a name and the raw marks of a blind module together before decoding."""

import pytest

from contest.results import receipt_queries
from tests.judging.panels import DRILL, RISK, make_panel, mark, open_codes

SENTENCE = "Their marks appear after decoding"


@pytest.fixture
def panel(app):
    panel = make_panel(entrants=2)
    for seat in (1, 2):
        mark(panel, RISK, seat=seat)
    mark(panel, DRILL, module="drill")
    return panel


def page_of(browser, panel, rest):
    page = browser.get(f"/contests/{panel.contest.id}/{rest.format(panel.entrants[0].id)}")
    assert page.status_code == 200
    return page.text


def mark_the_rest(panel):
    for seat in (1, 2):
        mark(panel, RISK, entrant=1, seat=seat)
    open_codes(panel.contest)


@pytest.mark.parametrize("role", ["organiser", "supervisor", "chief_judge"])
@pytest.mark.parametrize("rest", ["results/entrants/{}"])
def test_raw_marks_of_an_open_blind_module_stand_beside_no_name(as_role, panel, role, rest):
    browser = as_role(role, panel.contest)

    page = page_of(browser, panel, rest)
    assert "隐名0" in page and SENTENCE in page
    assert "A1 8.5" not in page and "A1 18.5" in page  # the drill, which is not blind, is told

    mark_the_rest(panel)
    page = page_of(browser, panel, rest)
    assert SENTENCE not in page
    assert "A1 8.5" in page


def test_what_was_recorded_of_the_module_waits_too(panel):
    (waiting,) = receipt_queries.receipt_of(panel.contest.id, panel.entrants[0].id).waiting

    assert waiting.key == "risk"
    mark_the_rest(panel)
    assert receipt_queries.receipt_of(panel.contest.id, panel.entrants[0].id).waiting == []
