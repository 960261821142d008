"""Once the results are final no page calls anybody to what can no longer be done."""

import pytest

from contest.db import db
from tests import factories
from tests.judging.panels import RISK, make_panel, mark

CALLS = {
    "chief": ["Hand out sheets"],
    "chief/risk/701": ["Reopen", "Strike out", "Take points off", "Change the state"],
    "theory": ["Enter scores", "Import a list of scores"],
    "entrants": ["Add one", "Import a list"],
    "judges": ["Add one", "Import a list"],
}


@pytest.fixture
def panel(app):
    panel = make_panel(entrants=1)
    mark(panel, RISK)
    mark(panel, RISK, seat=2)
    return panel


@pytest.mark.parametrize("place", CALLS)
def test_calls_end_with_the_contest(app, panel, place):
    user = factories.make_user()
    for role in ("chief_judge", "organiser"):
        factories.make_grant(user, role, panel.contest)
    browser = factories.browser_of(app, user)
    address = f"/contests/{panel.contest.id}/{place}"

    during = browser.get(address).text
    assert [call for call in CALLS[place] if call not in during] == []

    panel.contest.state = "final"
    db.session.commit()
    after = browser.get(address)
    assert after.status_code == 200
    assert [call for call in CALLS[place] if call in after.text] == []


def test_a_judges_home_offers_no_marking_then(as_role, panel):
    browser = as_role("judge", panel.contest)
    assert "/judging" in browser.get("/").text

    panel.contest.state = "final"
    db.session.commit()

    assert 'href="/judging"' not in browser.get("/").text
