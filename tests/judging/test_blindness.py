"""Nobody reads a name beside what blind modules come to before they are decoded."""

import re

import pytest

from contest.accounts.models import User
from contest.db import db
from contest.judging import blind_queries
from contest.people.models import StateEvent
from tests import factories
from tests.judging.panels import DRILL, RISK, make_panel, mark, open_codes


@pytest.fixture
def panel(app):
    return make_panel(entrants=2)


def mark_risk(panel):
    for entrant in range(2):
        for seat in (1, 2):
            mark(panel, RISK, entrant=entrant, seat=seat)


def gone(panel, entrant):
    db.session.add(StateEvent(
        contest_id=panel.contest.id, entrant_id=panel.entrants[entrant].id, module_key="",
        state="absent", reason="ill", at=panel.contest.created_at,
    ))
    db.session.commit()


def page_of(browser, panel, rest):
    return browser.get(f"/contests/{panel.contest.id}/{rest}")


def test_a_blind_module_is_open_until_its_last_sheet_that_counts_is_in(panel):
    def keys():
        return [module.key for module in blind_queries.open_blind_modules(panel.contest.id)]

    assert keys() == ["risk"]
    for entrant, seat in ((0, 1), (0, 2), (1, 1)):
        mark(panel, RISK, entrant=entrant, seat=seat)
    assert keys() == ["risk"]
    gone(panel, 1)
    assert keys() == []


def test_whoever_is_in_the_draw_and_has_no_sheet_yet_keeps_the_module_closed(panel):
    late = panel.sheet(1), panel.sheet(1, 2)
    for sheet in late:
        db.session.delete(sheet)
    db.session.commit()
    for seat in (1, 2):
        mark(panel, RISK, seat=seat)
    assert [module.key for module in blind_queries.open_blind_modules(panel.contest.id)] == ["risk"]

    gone(panel, 1)
    assert blind_queries.open_blind_modules(panel.contest.id) == []


def test_the_chief_sees_codes_in_the_results_and_names_when_they_are_decoded(as_role, panel):
    chief = as_role("chief_judge", panel.contest)
    mark(panel, RISK)
    entrant = panel.entrants[0]

    page = page_of(chief, panel, "results").text
    assert "701" in page and "702" in page
    for secret in ("隐名", entrant.organisation.name, f">{entrant.number}<", "/results/entrants/"):
        assert secret not in page
    assert "Risk: still without a mark: 2 (701, 702)" in page

    mark_rest = [(0, 2), (1, 1), (1, 2)]
    for one, seat in mark_rest:
        mark(panel, RISK, entrant=one, seat=seat)
    assert "隐名" not in page_of(chief, panel, "results").text
    open_codes(panel.contest)
    page = page_of(chief, panel, "results").text
    assert "隐名0" in page and entrant.organisation.name in page


@pytest.mark.parametrize("role", ["organiser", "supervisor", "host", "chief_judge"])
def test_officials_see_blind_marks_under_codes_and_the_others_under_names(as_role, panel, role):
    browser = as_role(role, panel.contest)
    mark_all_but_one(panel)
    factories.make_theory(panel.contest, panel.entrants[0], "88.5")

    coded = page_of(browser, panel, "results").text
    assert "隐名" not in coded and "88.5" not in coded
    assert "16.50" in coded and 'href="/contests/1/results?stage=final&amp;by=name"' in coded
    named = page_of(browser, panel, "results?by=name").text
    assert "隐名0" in named and "88.5" in named and "26.55" in named  # 30 % of 88.5
    assert "16.50" not in named and "70" not in re.findall(r"<td[^>]*>([^<]*)", named)

    mark(panel, RISK, entrant=1, seat=2)
    open_codes(panel.contest)
    page = page_of(browser, panel, "results").text
    assert "隐名0" in page and "16.50" in page and "by=name" not in page


def mark_all_but_one(panel):
    for one, seat in ((0, 1), (0, 2), (1, 1)):
        mark(panel, RISK, entrant=one, seat=seat)


def test_equals_without_a_place_stand_in_the_order_of_codes(as_role, app):
    panel = make_panel(entrants=2)
    # The first entry number has the later code.
    first, second = panel.entrants
    codes = {first.id: "702", second.id: "701"}
    from contest.draw.models import BlindCode
    for row in db.session.query(BlindCode):
        row.code = "x" + codes[row.entrant_id]
    db.session.commit()

    page = page_of(as_role("chief_judge", panel.contest), panel, "results").text

    assert page.index("x701") < page.index("x702")


@pytest.mark.parametrize("rest", [
    "papers/reports/{entrant}.csv", "papers/reports.csv", "papers/summary.csv", "papers/awards.csv",
])
@pytest.mark.parametrize("role", ["organiser", "chief_judge"])
def test_papers_wait_for_the_blind_modules(as_role, panel, role, rest):
    chief = as_role(role, panel.contest)
    address = rest.format(entrant=panel.entrants[0].id)

    refused = page_of(chief, panel, address)
    assert refused.status_code == 403
    assert "when the blind modules are decoded" in refused.text
    assert "隐名" not in refused.text

    mark_risk(panel)
    assert page_of(chief, panel, address).status_code == 403
    open_codes(panel.contest)
    assert page_of(chief, panel, address).status_code == 200


def test_the_page_of_awards_names_nobody_to_the_chief_before(as_role, panel):
    chief = as_role("chief_judge", panel.contest)
    for seat in (1, 2):
        mark(panel, RISK, seat=seat)
    factories.make_theory(panel.contest, panel.entrants[0], "80")

    page = page_of(chief, panel, "awards").text

    assert "隐名" not in page and "/papers/" not in page


def test_a_judges_home_leads_to_the_board_only_when_the_modules_are_in(app, panel):
    browser = factories.browser_of(app, db.session.get(User, panel.judges[1].user_id))

    assert "/board/" not in browser.get("/").text
    mark_risk(panel)  # the drill, which is another judge's, is still open
    assert "/board/" in browser.get("/").text

    other = factories.browser_of(app, db.session.get(User, panel.judges[0].user_id))
    assert "/board/" not in other.get("/").text
    for entrant in range(2):
        mark(panel, DRILL, entrant=entrant, module="drill")
    assert "/board/" in other.get("/").text


def test_others_are_led_to_the_board_all_along(as_role, panel):
    assert "/board/" in as_role("supervisor", panel.contest).get("/").text
