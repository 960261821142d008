"""A sheet that holds marks is struck out by two people where the procedure asks for four eyes."""

import pytest

from contest.audit.models import TrailRow
from contest.db import db
from contest.errors import Conflict, NotAllowed
from contest.judging import chief_actions, striking_actions
from contest.results.gate_queries import rule_notes
from contest.setup.procedure_rules import SHORT, stored_form
from contest.setup.proposal_queries import find_open
from contest.setup.queries import plan_in_force
from tests import factories
from tests.judging.panels import RISK, make_panel, mark


@pytest.fixture
def panel(app):
    panel = make_panel()
    mark(panel, RISK)
    panel.contest.procedure = stored_form(factories.BY_WORD)
    db.session.commit()
    return panel


def official(panel, role, name=None):
    return factories.make_official(name or role, role, contest=panel.contest)


def test_the_chief_alone_strikes_out_an_empty_sheet_and_no_written_one(panel):
    chief = official(panel, "chief_judge")
    with pytest.raises(NotAllowed, match="second person"):
        chief_actions.excuse_seat(chief, panel.contest.id, panel.sheet(seat=1).id, "related")
    assert panel.sheet(seat=1).state == "submitted"

    chief_actions.excuse_seat(chief, panel.contest.id, panel.sheet(seat=2).id, "related")

    assert panel.sheet(seat=2).state == "excused"


def test_in_the_short_procedure_the_chief_strikes_out_alone(panel):
    panel.contest.procedure = stored_form(SHORT)
    db.session.commit()

    chief_actions.excuse_seat(
        official(panel, "chief_judge"), panel.contest.id, panel.sheet(seat=1).id, "related"
    )

    assert panel.sheet(seat=1).state == "excused"


def test_what_one_proposed_another_confirms_and_the_trail_names_both(panel):
    chief, contest_id = official(panel, "chief_judge"), panel.contest.id
    sheet = panel.sheet(seat=1)
    striking_actions.propose_striking(chief, contest_id, sheet.id, "related")
    proposal = find_open(contest_id, "excuse_sheet")
    said = proposal.details["words"]["params"]
    assert (said["name"]["en"], said["seat"]) == ("701 · Risk", 1)
    assert "strike a sheet out" in rule_notes(contest_id, plan_in_force(contest_id))[-1].text
    with pytest.raises(NotAllowed, match="second person"):
        striking_actions.confirm_striking(chief, contest_id, proposal.id)
    with pytest.raises(Conflict, match="proposed already"):
        striking_actions.propose_striking(chief, contest_id, sheet.id, "again")
    assert sheet.state == "submitted"

    supervisor = official(panel, "supervisor")
    striking_actions.confirm_striking(supervisor, contest_id, proposal.id)

    assert panel.sheet(seat=1).state == "excused"
    row = db.session.query(TrailRow).filter_by(did="sheet.excuse").one()
    assert (row.who, row.facts["proposed_by"]) == ("supervisor", "chief_judge")
    assert find_open(contest_id, "excuse_sheet") is None


def test_only_who_may_be_a_witness_confirms(panel):
    striking_actions.propose_striking(
        official(panel, "chief_judge"), panel.contest.id, panel.sheet(seat=1).id, "related"
    )
    with pytest.raises(NotAllowed, match="role"):
        striking_actions.confirm_striking(
            official(panel, "clerk"), panel.contest.id, find_open(panel.contest.id, "excuse_sheet").id
        )


def test_on_the_pages_it_is_proposed_and_then_confirmed(as_role, panel):
    path = f"/contests/{panel.contest.id}/chief/risk/701/sheets/{panel.sheet(seat=1).id}/excuse"
    chief = as_role("chief_judge", panel.contest)
    asked = chief.post(path, data={"reason": "related", "word": factories.WORD})
    assert "struck out when a second person confirms it" in chief.get(asked.location).text
    assert panel.sheet(seat=1).state == "submitted"

    number = find_open(panel.contest.id, "excuse_sheet").id
    supervisor = as_role("supervisor", panel.contest)
    page = supervisor.get(f"/contests/{panel.contest.id}/proposals").text
    assert "701 · Risk" in page and "Strike a sheet out" in page
    supervisor.post(
        f"/contests/{panel.contest.id}/chief/striking/{number}", data={"word": factories.WORD}
    )

    assert panel.sheet(seat=1).state == "excused"
    history = chief.get(f"/contests/{panel.contest.id}/chief/risk/701").text
    assert "struck out the sheet of seat 1 (proposed by " in history


def test_the_proposal_leads_officials_to_the_marks_and_a_coding_judge_nowhere(as_role, panel):
    striking_actions.propose_striking(
        official(panel, "chief_judge"), panel.contest.id, panel.sheet(seat=1).id, "related"
    )
    path, marks = f"/contests/{panel.contest.id}/proposals", "/chief/risk/701"

    assert marks in as_role("supervisor", panel.contest).get(path).text
    assert marks not in as_role("coding_judge", panel.contest).get(path).text
