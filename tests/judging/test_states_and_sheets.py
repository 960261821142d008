"""An organiser who changes a contestant's state learns first which sheets would stop counting."""

import pytest

from contest.people.queries import entrant_states
from tests.judging.panels import RISK, make_panel, mark


@pytest.fixture
def panel(app):
    return make_panel(entrants=2)


def address(panel, entrant=0):
    return f"/contests/{panel.contest.id}/entrants/{panel.entrants[entrant].id}/state"


@pytest.mark.parametrize("state", ["absent", "withdrawn", "disqualified"])
def test_an_organiser_is_asked_before_sheets_stop_counting(as_role, panel, state):
    mark(panel, RISK)
    mark(panel, RISK, seat=2)
    organiser = as_role("organiser", panel.contest)
    form = {"state": state, "module_key": "", "reason": "went home"}

    asked = organiser.post(address(panel), data=form)

    assert asked.status_code == 422
    assert "Sheets handed in for this contestant: 2. Their marks will not count." in asked.text
    assert 'name="sure"' in asked.text and 'value="went home"' in asked.text
    assert f'<option value="{state}" selected' in asked.text
    assert entrant_states(panel.contest.id) == {}

    assert organiser.post(address(panel), data={**form, "sure": "1"}).status_code == 303
    assert entrant_states(panel.contest.id)[(panel.entrants[0].id, "")] == state


@pytest.mark.parametrize(("entrant", "state"), [(1, "absent"), (0, "not_finished")])
def test_nobody_is_asked_when_nothing_stops_counting(as_role, panel, entrant, state):
    mark(panel, RISK)
    mark(panel, RISK, "draft", entrant=1)

    answer = as_role("organiser", panel.contest).post(
        address(panel, entrant), data={"state": state, "reason": "hurt"}
    )

    assert answer.status_code == 303


def test_who_is_out_already_loses_nothing_by_another_word(as_role, panel):
    mark(panel, RISK)
    organiser = as_role("organiser", panel.contest)
    organiser.post(address(panel), data={"state": "absent", "reason": "gone", "sure": "1"})

    answer = organiser.post(address(panel), data={"state": "withdrawn", "reason": "says the unit"})

    assert answer.status_code == 303
