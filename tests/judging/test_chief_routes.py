"""The chief judge's pages."""

import pytest
from sqlalchemy import select

from contest.accounts.models import User
from contest.audit.models import TrailRow
from contest.audit.work import Actor
from contest.db import db
from contest.judging import actions, penalty_queries
from contest.judging.models import Sheet
from contest.people.queries import entrant_states
from tests import factories
from tests.judging.panels import RISK, Panel, hold_draw, make_panel, mark, open_codes, two_modules


@pytest.fixture
def panel(app):
    return make_panel()


@pytest.fixture
def chief(as_role, panel):
    return as_role("chief_judge", panel.contest)


def desk(panel, rest=""):
    return f"/contests/{panel.contest.id}/chief{rest}"


def contestant(panel, rest="", entrant=0, module="risk"):
    """The address under the code; in the open module, drill, under the entry number."""
    label = 701 + entrant if module == "risk" else panel.entrants[entrant].number
    return desk(panel, f"/{module}/{label}{rest}")


def test_the_desk_shows_panels_by_contestants_under_codes(chief, panel):
    mark(panel, RISK)

    page = chief.get(desk(panel))

    assert page.status_code == 200
    assert "701" in page.text
    assert "16.50" in page.text
    assert "Not started" in page.text
    assert "隐名" not in page.text


def test_the_page_holds_its_own_piece(chief, panel):
    page = chief.get(desk(panel, "?module=risk&kind=missing"))
    piece = chief.get(desk(panel, "?module=risk&kind=missing"), headers={"HX-Request": "true"})

    assert piece.text.strip() in page.text
    assert "<html" not in piece.text
    assert 'id="chief-matrix"' in piece.text


@pytest.mark.parametrize(("kind", "codes"), [
    ("all", ["701", "702", "703"]), ("missing", ["702", "703"]), ("odd", []),
    ("nonsense", ["701", "702", "703"]),
])
def test_the_filter_shows_what_it_says(chief, panel, kind, codes):
    mark(panel, RISK)
    mark(panel, RISK, seat=2)

    page = chief.get(desk(panel, f"?module=risk&kind={kind}")).text

    assert [code for code in ("701", "702", "703") if f">{code}</a>" in page] == codes


def test_sheets_are_handed_out_from_the_desk(as_role, app):
    panel = make_panel(hand_out=False)
    chief = as_role("chief_judge", panel.contest)

    answer = chief.post(desk(panel, "/hand-out"))

    assert answer.status_code == 303
    assert db.session.query(Sheet).count() == 9
    assert "Sheets handed out: 9." in chief.get(answer.location).text


@pytest.mark.parametrize(("state", "is_named"), [("registration", True), ("scoring", False)])
def test_before_the_scoring_the_desk_says_who_begins_it(as_role, app, state, is_named):
    panel = make_panel(hand_out=False)
    panel.contest.state = state
    db.session.commit()

    page = as_role("chief_judge", panel.contest).get(desk(panel, "?module=risk")).text

    assert ("the organiser has to begin the scoring" in page) is is_named
    assert ("hand out the sheets." in page) is not is_named


def test_all_sheets_of_a_contestant_stand_side_by_side(chief, panel):
    mark(panel, RISK)

    page = chief.get(contestant(panel)).text

    assert panel.judges[0].name in page
    assert panel.judges[1].name in page
    assert "16.50" in page
    assert "隐名" not in page
    assert "隐名0" in chief.get(contestant(panel, module="drill")).text


def test_a_sheet_is_reopened_with_its_reason(chief, panel):
    mark(panel, RISK)

    answer = chief.post(
        contestant(panel, f"/sheets/{panel.sheet().id}/reopen"),
        data={"reason": "mistyped", "word": factories.WORD},
    )

    assert answer.status_code == 303
    assert panel.sheet().state == "reopened"
    assert "mistyped" in chief.get(answer.location).text


@pytest.mark.parametrize("act", ["reopen", "excuse"])
def test_without_a_reason_nothing_happens(chief, panel, act):
    mark(panel, RISK)

    answer = chief.post(
        contestant(panel, f"/sheets/{panel.sheet().id}/{act}"), data={"reason": " "}
    )

    assert answer.status_code == 422
    assert "Write the reason" in answer.text
    assert panel.sheet().state == "submitted"
    assert f"sheet.{act}" not in db.session.scalars(select(TrailRow.did)).all()


def test_a_seat_is_struck_out(chief, panel):
    chief.post(contestant(panel, f"/sheets/{panel.sheet(seat=2).id}/excuse"),
               data={"reason": "related", "word": factories.WORD})

    assert panel.sheet(seat=2).state == "excused"


def test_a_penalty_is_given_and_lifted(chief, panel):
    answer = chief.post(contestant(panel, "/penalties"),
                        data={"scope": "risk", "points": "１．５", "reason": "late"})
    assert "1.50" in chief.get(answer.location).text
    penalty = penalty_queries.penalties(panel.contest.id)[0]

    chief.post(contestant(panel, f"/penalties/{penalty.id}/lift"), data={"reason": "no"})

    assert penalty_queries.penalties(panel.contest.id) == []


def test_a_bad_penalty_comes_back_with_its_reason(chief, panel):
    answer = chief.post(contestant(panel, "/penalties"),
                        data={"scope": "risk", "points": "1,5", "reason": "late"})

    assert answer.status_code == 422
    assert 'value="1,5"' in answer.text
    assert "at most 20" in answer.text


def test_a_contestant_is_disqualified(chief, panel):
    open_codes(panel.contest)  # before that the organiser says so, by name (test_probing)
    chief.post(contestant(panel, "/state"),
               data={"where": "contest", "state": "disqualified", "reason": "device"})

    states = entrant_states(panel.contest.id)
    assert states[(panel.entrants[0].id, "")] == "disqualified"
    assert "Disqualified" in chief.get(desk(panel)).text


def test_only_the_chief_judge_acts(as_role, panel):
    mark(panel, RISK)
    organiser = as_role("organiser", panel.contest)

    page = organiser.get(contestant(panel))
    assert page.status_code == 200
    assert "Reopen" not in page.text
    for rest in (f"/sheets/{panel.sheet().id}/reopen", f"/sheets/{panel.sheet().id}/excuse",
                 "/penalties", "/state", "/penalties/1/lift"):
        assert organiser.post(contestant(panel, rest), data={"reason": "x"}).status_code == 403
    assert panel.sheet().state == "submitted"


def test_strangers_guests_and_what_is_missing(client, as_role, chief, panel):
    for address in (desk(panel), contestant(panel)):
        assert as_role("judge", panel.contest).get(address).status_code == 403
        elsewhere = as_role("chief_judge", factories.make_contest())
        assert elsewhere.get(address).status_code == 403
        assert client.get(address).status_code == 303
    assert chief.get(desk(panel, "?module=nothing")).status_code == 404
    assert chief.get(desk(panel, "?module=paper")).status_code == 404
    assert chief.get(desk(panel, "/risk/99999")).status_code == 404
    assert as_role("organiser").get("/contests/99999/chief").status_code == 404


def test_a_sheet_of_another_contest_cannot_be_reached(as_role, panel):
    other = make_panel()
    mark(panel, RISK)
    chief = as_role("chief_judge", other.contest)

    answer = chief.post(
        f"/contests/{other.contest.id}/chief/risk/701"
        f"/sheets/{panel.sheet().id}/reopen", data={"reason": "x"},
    )

    assert answer.status_code == 404
    assert panel.sheet().state == "submitted"


def test_no_address_of_judges_or_the_chief_tells_the_entrant(as_role, app):
    contest = factories.make_contest(two_modules())
    entrants = [factories.make_entrant(contest, id=900_001 + n) for n in range(2)]
    judge = factories.make_judge(contest)
    for module, seat in (("risk", 1), ("drill", 1)):
        factories.make_seat(contest, judge, seat, module)
    factories.make_seat(contest, factories.make_judge(contest), 2)
    hold_draw(contest, entrants)
    actions.hand_out_sheets(Actor(None, "test"), contest.id)
    panel = Panel(contest, entrants, [judge])
    mark(panel, RISK)
    chief = as_role("chief_judge", contest)
    marker = factories.browser_of(app, db.session.get(User, judge.user_id))

    pages = [chief.get(desk(panel)), chief.get(contestant(panel))]
    pages += [marker.get("/judging"), marker.get(f"/judging/sheets/{panel.sheet().id}"),
              marker.get(f"/judging/sheets/{panel.sheet(1).id}"),
              marker.get(f"/judging/sheets/{panel.sheet(1).id}/summary")]

    assert [page.status_code for page in pages] == [200] * 6
    assert not any("90000" in page.text for page in pages)
    assert chief.get(desk(panel, "/risk/900001")).status_code == 404


def test_the_chief_is_asked_before_sheets_handed_in_stop_counting(chief, panel):
    mark(panel, RISK)
    mark(panel, RISK, seat=2)
    form = {"where": "module", "state": "absent", "reason": "left"}

    asked = chief.post(contestant(panel, "/state"), data=form)

    assert asked.status_code == 422
    assert "Sheets handed in for this contestant: 2." in asked.text
    assert 'name="sure"' in asked.text
    assert entrant_states(panel.contest.id) == {}
    assert chief.post(contestant(panel, "/state"), data={**form, "sure": "1"}).status_code == 303
    assert entrant_states(panel.contest.id)[(panel.entrants[0].id, "risk")] == "absent"


def test_nobody_is_asked_when_no_sheet_is_handed_in(chief, panel):
    mark(panel, RISK, "draft")

    answer = chief.post(contestant(panel, "/state"),
                        data={"where": "module", "state": "absent", "reason": "ill"})

    assert answer.status_code == 303


def test_striking_out_and_confirming_ask_for_the_password_again(chief, panel):
    sheet = panel.sheet(seat=2)
    wrong = chief.post(contestant(panel, f"/sheets/{sheet.id}/excuse"),
                       data={"reason": "related", "act": "excuse", "sheet": sheet.id})
    assert wrong.status_code == 422 and "Type your password or PIN." in wrong.text
    assert panel.sheet(seat=2).state != "excused"

    mark(panel, RISK)
    chief.post(contestant(panel, f"/sheets/{panel.sheet().id}/reopen"),
               data={"reason": "odd", "word": factories.WORD})
    mark(panel, RISK)
    form = {"seen": f"{panel.sheet().id}:{panel.sheet().rev}", "act": "confirm"}
    wrong = chief.post(contestant(panel, "/confirm"), data=form | {"word": "guess"})
    assert wrong.status_code == 422 and "not your password or PIN" in wrong.text
    assert panel.sheet().state == "resubmitted"
    chief.post(contestant(panel, "/confirm"), data=form | {"word": factories.WORD})
    assert panel.sheet().state == "submitted"
