"""Publishing in spite of what is missing never names people whose works are still under codes."""

import pytest

from contest.db import db
from contest.errors import Conflict, NotAllowed
from contest.judging.blind_queries import hidden_modules
from contest.results import exception_actions, exception_rules
from contest.results.models import ResultSheet
from contest.setup.proposal_queries import find_open
from tests import factories
from tests.judging.panels import RISK, make_panel, mark, open_codes


@pytest.fixture
def blind(app):
    """A panel whose blind module names nobody, past the step of decoding all the same.

    The table of steps leads nowhere like it; what is asked here is whether the rule holds by itself.
    """
    panel = make_panel(3)
    for entrant in range(3):
        for seat in (1, 2)[: 2 if entrant < 2 else 1]:
            mark(panel, RISK, entrant=entrant, seat=seat)
    panel.contest.state = "decoded"
    db.session.commit()
    assert hidden_modules(panel.contest.id)
    return panel


def official(panel, role):
    return factories.make_official(role, role, contest=panel.contest)


def test_it_cannot_even_be_proposed(blind):
    with pytest.raises(NotAllowed, match="still under codes"):
        exception_actions.propose_in_spite(official(blind, "organiser"), blind.contest.id, "hurry")

    assert find_open(blind.contest.id, "publish_in_spite") is None


def test_what_was_proposed_before_the_works_were_hidden_is_not_confirmed(blind, monkeypatch):
    organiser, supervisor, chief = (
        official(blind, role) for role in ("organiser", "supervisor", "chief_judge")
    )
    with monkeypatch.context() as before:
        before.setattr(exception_rules, "check_named", lambda hidden: None)
        exception_actions.propose_in_spite(organiser, blind.contest.id, "hurry")
        proposal = find_open(blind.contest.id, "publish_in_spite").id
        exception_actions.confirm_in_spite(supervisor, blind.contest.id, proposal)

    with pytest.raises(NotAllowed, match="still under codes"):
        exception_actions.confirm_in_spite(chief, blind.contest.id, proposal)

    assert db.session.query(ResultSheet).count() == 0


def test_the_button_is_there_only_when_names_are(blind, app):
    organiser = official(blind, "organiser")
    browser = factories.browser_of(app, db.session.get(factories.User, organiser.user_id))
    address = f"/contests/{blind.contest.id}/results"
    assert "/results/in-spite" not in browser.get(address).text

    open_codes(blind.contest)

    # The theory scores are missing still, so the emergency is what is left.
    assert "/results/in-spite" in browser.get(address).text


def test_an_emergency_needs_something_that_is_in_the_way():
    with pytest.raises(Conflict, match="usual manner"):
        exception_rules.check_needed([])
