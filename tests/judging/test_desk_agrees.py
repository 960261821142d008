"""The organiser's desk says the same of missing sheets everywhere."""

import pytest

from contest.audit.work import Actor
from contest.judging import chief_actions
from contest.judging.desk_queries import progress
from tests import factories
from tests.judging.panels import RISK, make_panel, mark, open_codes

CHIEF = Actor(None, "Chief")


@pytest.fixture
def panel(app):
    """Everything is in."""
    panel = make_panel(entrants=2, document=factories.plan_document())
    for entrant in range(2):
        factories.make_theory(panel.contest, panel.entrants[entrant], str(70 + entrant))
        for seat in (1, 2):
            mark(panel, {**RISK, "A1": str(7 + entrant)}, entrant=entrant, seat=seat)
    open_codes(panel.contest)
    return panel


@pytest.fixture(autouse=True)
def no_second_module(monkeypatch):
    """The small plan has no drill, for which the panel would seat a judge."""
    make_seat = factories.make_seat
    monkeypatch.setattr(
        factories, "make_seat",
        lambda contest, judge, seat, module="risk":
            make_seat(contest, judge, seat, module) if module == "risk" else None,
    )


def pages(as_role, panel):
    organiser = as_role("organiser", panel.contest)
    desk = organiser.get(f"/contests/{panel.contest.id}").text
    results = organiser.get(f"/contests/{panel.contest.id}/results").text
    return desk, results


def test_all_is_in(as_role, panel):
    desk, results = pages(as_role, panel)

    assert "Sheets handed in: 4 of 4." in desk and "the codes can be decoded" in desk
    assert "Now missing" not in results


@pytest.mark.parametrize("state", ["normal", "not_finished"])
def test_a_reopened_sheet_is_missing_on_every_page(as_role, panel, state):
    if state != "normal":
        chief_actions.set_state(CHIEF, panel.contest.id, panel.entrants[0].id, state, "hurt")
    chief_actions.reopen_sheet(CHIEF, panel.contest.id, panel.sheet().id, "A slip")

    desk, results = pages(as_role, panel)

    assert "Sheets handed in: 3 of 4." in desk
    assert "Reopened sheets that were not handed in again: 1 (" in desk
    assert "the codes can be decoded" not in desk
    assert "Reopened sheets that were not handed in again: 1 (" in results
    assert "Now missing" in results
    assert [(line.done, line.count) for line in progress(panel.contest.id)] == [(3, 4)]


def test_a_sheet_that_will_not_count_is_missing_on_none(as_role, panel):
    chief_actions.reopen_sheet(CHIEF, panel.contest.id, panel.sheet().id, "A slip")
    chief_actions.set_state(CHIEF, panel.contest.id, panel.entrants[0].id, "withdrawn", "ill")

    desk, results = pages(as_role, panel)

    assert "Sheets handed in: 2 of 2." in desk and "the codes can be decoded" in desk
    assert "Reopened" not in desk
    assert "Now missing" not in results
