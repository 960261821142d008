"""Whoever may act on a code or on a name cannot find by it who is behind which code."""

import re

import pytest

from contest.accounts.models import User
from contest.db import db
from contest.judging import chief_actions
from contest.judging.penalty_queries import penalties
from contest.people.models import StateEvent
from contest.setup.procedure_rules import FORMAL, Procedure, stored_form
from tests import factories
from tests.judging.panels import DRILL, RISK, make_panel, mark, open_codes


@pytest.fixture(params=[Procedure(), FORMAL], ids=["short", "formal"])
def panel(app, request):
    panel = make_panel(entrants=3)
    panel.contest.procedure = stored_form(request.param)
    db.session.commit()
    for entrant in range(3):
        mark(panel, DRILL, entrant=entrant, module="drill")
    return panel


def address(panel, rest):
    return f"/contests/{panel.contest.id}/{rest}"


def drill_page(panel, entrant=0):
    return f"chief/drill/{panel.entrants[entrant].number}"


@pytest.mark.parametrize("scope", ["drill", "practical", "theory", "final"])
def test_a_penalty_from_a_codes_page_lands_in_its_own_module_only(as_role, panel, scope):
    chief = as_role("chief_judge", panel.contest)
    page = address(panel, "chief/risk/702")

    assert re.findall(r'<option value="(\w+)"', chief.get(page).text.split("Taken from")[1])[0] == "risk"
    refused = chief.post(f"{page}/penalties", data={"scope": scope, "points": "1", "reason": "x"})

    assert refused.status_code == 404
    assert penalties(panel.contest.id) == []
    taken = chief.post(f"{page}/penalties", data={"scope": "risk", "points": "1", "reason": "x"})
    assert taken.status_code == 303


def test_a_penalty_by_name_does_not_land_beside_a_code(as_role, panel):
    chief = as_role("chief_judge", panel.contest)
    coded = address(panel, "results")
    before = chief.get(coded).text
    data = {"points": "1", "reason": "late"}

    into_blind = chief.post(address(panel, drill_page(panel) + "/penalties"), data={**data, "scope": "risk"})
    assert into_blind.status_code == 404
    # Of the stage it is taken by name, and neither seen nor lifted under a code.
    chief.post(address(panel, drill_page(panel) + "/penalties"), data={**data, "scope": "final"})
    [penalty] = penalties(panel.contest.id)
    for code in ("701", "702", "703"):
        page = address(panel, f"chief/risk/{code}")
        assert "No penalty stands." in chief.get(page).text
        lifted = chief.post(f"{page}/penalties/{penalty.id}/lift", data={"reason": "probe"})
        assert lifted.status_code == 404
    after = chief.get(coded).text
    cells = re.compile(r"<td.*?</td>", re.S)
    assert cells.findall(after) == cells.findall(before)


@pytest.mark.parametrize("rest", ["chief/risk/702", "by name", "list"])
def test_the_chief_says_of_nobody_in_the_whole_contest_while_names_are_hidden(as_role, panel, rest):
    chief = as_role("chief_judge", panel.contest)
    form = {"state": "not_finished", "reason": "probe", "sure": "1"}
    if rest == "list":
        page = address(panel, f"entrants/{panel.entrants[1].id}/state")
    else:
        page = address(panel, (drill_page(panel, 1) if rest == "by name" else rest) + "/state")

    refused = chief.post(page, data={**form, "where": "contest"})

    assert refused.status_code == 422 and "set by the organiser" in refused.text
    assert db.session.query(StateEvent).count() == 0


def test_what_the_organiser_says_by_name_is_seen_under_no_code(app, as_role, panel):
    organiser, chief = (as_role(role, panel.contest) for role in ("organiser", "chief_judge"))
    judge = factories.browser_of(app, db.session.get(User, panel.judges[0].user_id))
    pages = [(chief, address(panel, f"chief/risk/{n}")) for n in ("701", "702", "703")]
    pages += [(chief, address(panel, "chief?module=risk")), (judge, f"/judging/sheets/{panel.sheet(1).id}")]
    before = [browser.get(page).text.count("badge-bad") for browser, page in pages]

    said = organiser.post(address(panel, f"entrants/{panel.entrants[1].id}/state"), data={
        "state": "not_finished", "reason": "fell ill", "module_key": "", "sure": "1",
    })

    assert said.status_code == 303
    assert [browser.get(page).text.count("badge-bad") for browser, page in pages] == before
    assert not any("Not finished</" in b.get(p).text.split("<form")[0] for b, p in pages)
    listed = judge.get("/judging").text
    assert "Not finished" not in listed and listed.count("Does not count") == 1  # by name, in the drill
    open_codes(panel.contest)
    assert judge.get("/judging").text.count("Not finished") == 2  # in both modules now


def test_what_the_chief_says_under_a_code_is_seen_beside_no_name(as_role, panel):
    organiser, chief = (as_role(role, panel.contest) for role in ("organiser", "chief_judge"))
    for seat in (1, 2):
        mark(panel, RISK, seat=seat)
    said = chief.post(address(panel, "chief/risk/702/state"), data={
        "state": "absent", "reason": "UNIQUE", "where": "module", "sure": "1",
    })
    assert said.status_code == 303

    for entrant in panel.entrants:
        page = organiser.get(address(panel, f"entrants/{entrant.id}")).text
        assert "UNIQUE" not in page and 'value="risk"' not in page
    refused = organiser.post(address(panel, f"entrants/{panel.entrants[0].id}/state"), data={
        "state": "absent", "reason": "probe", "module_key": "risk",
    })
    assert refused.status_code == 422 and "under the code" in refused.text
    open_codes(panel.contest)
    assert "UNIQUE" in organiser.get(address(panel, f"entrants/{panel.entrants[1].id}")).text


def test_after_decoding_the_chief_says_it_of_the_whole_contest(as_role, panel):
    open_codes(panel.contest)
    chief = as_role("chief_judge", panel.contest)
    page = address(panel, "chief/risk/702")
    assert "The whole contest" in chief.get(page).text

    said = chief.post(f"{page}/state", data={
        "state": "withdrawn", "reason": "left", "where": "contest", "sure": "1",
    })

    assert said.status_code == 303
    assert chief_actions.state_queries.state_of(panel.contest.id, panel.entrants[1].id) == "withdrawn"
