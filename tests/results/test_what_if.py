"""The same marks under another plan: on its own page, and beside a proposal before it is approved."""

import pytest
from flask_babel import force_locale

from contest.audit.work import Actor
from contest.db import db
from contest.judging import side_queries
from contest.judging.models import Sheet, SheetRevision
from contest.judging.queries import blind_codes
from contest.results import comparison_queries, queries
from contest.results.comparison_queries import ChangedLine, Comparison, Side
from contest.scoring.scheme_reading import plan_from
from contest.setup import plan_actions
from contest.setup.models import PlanVersion
from contest.setup.plan_text import toml_of
from contest.setup.queries import get_draft
from tests import factories
from tests.judging.panels import hold_draw
from tests.results.scenes import make_scene

pytestmark = pytest.mark.usefixtures("app")


def swapped():
    """The small plan with theory at 90 and practical at 10 per cent, and two first prizes."""
    document = factories.plan_document()
    document["parts"][0]["weight"], document["parts"][1]["weight"] = 90, 10
    document["awards"][0]["count"] = 2
    return document


def opposed_scene():
    """The first is best in theory (90, then 80, 70), the last in risk (10, 12, 14 of 20)."""
    scene = make_scene(3)
    for i in range(3):
        scene.theory(i, 90 - 10 * i)
        scene.submit(i, 1, 2 * i)
        scene.submit(i, 2, 2 * i)
    return scene


def test_totals_places_and_prizes_under_another_plan():
    scene = opposed_scene()

    found = comparison_queries.under_plan(scene.contest.id, plan_from(swapped()))

    # Before: 30 % theory + 70 % of risk out of 20: 27 + 35, 24 + 42, 21 + 49.
    before = {line.number: (line.before.total, line.before.place) for line in found.entrants}
    assert before == {"A003": ("70.00", 1), "A002": ("66.00", 2), "A001": ("62.00", 3)}
    # After: 81 + 5, 72 + 6, 63 + 7.
    after = {line.number: (line.after.total, line.after.place) for line in found.entrants}
    assert after == {"A001": ("86.00", 1), "A002": ("78.00", 2), "A003": ("70.00", 3)}
    prizes = {
        line.number: [[one.key for one in side.awards] for side in (line.before, line.after)]
        for line in found.entrants
    }
    assert prizes == {
        "A003": [["first"], []], "A002": [[], ["first"]], "A001": [[], ["first"]],
    }
    assert (found.moved, found.teams_moved, found.rewarded, found.count) == (2, 0, 3, 3)


def test_places_of_contestants_and_of_teams_are_counted_apart(app):
    def line(old, new):
        sides = [Side("1", place, True, (), False) for place in (old, new)]
        return ChangedLine(1, "", "某", "", *sides)

    plan = plan_from(factories.plan_document())
    found = Comparison(
        plan, plan, "final", "final", (line(1, 2), line(2, 1), line(3, 3)), (line(2, 1),), 5
    )
    with app.test_request_context("/"), force_locale("en"):
        macro = app.jinja_env.get_template("results/_comparison_macros.html")
        page = str(macro.module.comparison_list(found))

    assert (found.moved, found.teams_moved) == (2, 1)
    assert "2 of contestants, 1 of teams" in page
    assert ">Contestant</th>" in page and ">Team</th>" in page and "Who" not in page


def test_the_same_plan_changes_nothing_and_nothing_is_kept():
    scene = opposed_scene()
    before = queries.standings(scene.contest.id)

    assert comparison_queries.under_plan(
        scene.contest.id, plan_from(factories.plan_document())
    ).is_same
    comparison_queries.under_plan(scene.contest.id, plan_from(swapped()))

    assert queries.standings(scene.contest.id) == before
    assert db.session.query(PlanVersion).count() == 1


def test_marks_that_no_longer_fit_are_not_in():
    scene = opposed_scene()
    document = factories.plan_document()
    document["modules"][1]["criteria"][0]["aspects"][0]["step"] = 5

    found = comparison_queries.under_plan(scene.contest.id, plan_from(document))

    # 2 and 4 points fit no step of 5: those contestants wait for a mark again; 0 still fits.
    sides = {
        line.number: [(side.total, side.complete) for side in (line.before, line.after)]
        for line in found.entrants
    }
    assert sides["A003"] == [("70.00", True), ("21.00", False)]
    assert sides["A002"] == [("66.00", True), ("24.00", False)]


def test_the_page_takes_a_file_and_stores_nothing(as_role):
    scene = opposed_scene()
    browser = as_role("organiser", scene.contest)
    address = f"/contests/{scene.contest.id}/results/what-if"
    text = toml_of(plan_from(swapped()))

    page = browser.get(address)
    answer = browser.post(address, data={"text": text})

    assert page.status_code == answer.status_code == 200
    assert "86.00" in answer.text and "选手1" in answer.text
    assert "name = " in answer.text, "what was typed stays"
    assert db.session.query(PlanVersion).count() == 1
    assert queries.standings(scene.contest.id).rows[0].number == "A003"


def test_a_bad_file_is_refused_with_its_line(as_role):
    scene = opposed_scene()
    text = toml_of(plan_from(swapped())).replace("weight = 90", "weight = 80")

    answer = as_role("organiser", scene.contest).post(
        f"/contests/{scene.contest.id}/results/what-if", data={"text": text}
    )

    assert answer.status_code == 422
    assert "100" in answer.text and "weight = 80" in answer.text
    assert "86.00" not in answer.text


def propose(scene, document):
    user = factories.make_user()
    factories.make_grant(user, "organiser", scene.contest)
    actor = Actor(user.id, user.name)
    plan_actions.load_text(actor, scene.contest.id, toml_of(plan_from(document)))
    rev = get_draft(scene.contest.id).rev
    plan_actions.propose_plan(factories.proven(user), scene.contest.id, "Practice counts less.", rev)


def test_whoever_approves_a_plan_sees_for_whom_it_changes_what(as_role):
    scene = opposed_scene()
    propose(scene, swapped())

    page = as_role("organiser", scene.contest).get(f"/contests/{scene.contest.id}/plan")
    told = as_role("organiser", scene.contest).get(
        f"/contests/{scene.contest.id}/results/what-if?plan=2"
    )

    for text in (page.text, told.text):
        assert '<del class="was">3</del>' in text and "86.00" in text
        assert "选手1" in text


@pytest.mark.parametrize("role", ["curator", "coding_judge"])
def test_who_is_told_no_marks_reads_of_a_proposal_what_it_changes_and_nobodys_total(as_role, role):
    scene = opposed_scene()
    propose(scene, swapped())

    page = as_role(role, scene.contest).get(f"/contests/{scene.contest.id}/plan").text

    assert "Practice counts less." in page
    assert "选手1" not in page and "86.00" not in page


def test_a_plan_that_calls_the_stage_otherwise_is_previewed_too(as_role):
    scene = opposed_scene()
    document = swapped()
    document["stages"][0]["key"] = "finale"
    for part in document["parts"]:
        part["stage"] = "finale"
    propose(scene, document)

    browser = as_role("organiser", scene.contest)
    page = browser.get(f"/contests/{scene.contest.id}/plan")
    told = browser.get(f"/contests/{scene.contest.id}/results/what-if?plan=2")

    for text in (page.text, told.text):
        assert '<del class="was">3</del>' in text and "86.00" in text


def test_a_chief_judge_sees_codes_while_blind_sheets_are_open(as_role):
    scene = opposed_scene()
    hold_draw(scene.contest, scene.entrants)
    scene.write(2, 1, "reopen")
    propose(scene, swapped())

    page = as_role("chief_judge", scene.contest).get(f"/contests/{scene.contest.id}/plan")
    told = as_role("chief_judge", scene.contest).get(
        f"/contests/{scene.contest.id}/results/what-if?plan=2"
    )

    for text in (page.text, told.text):
        assert "选手" not in text and "A001" not in text
        assert "701" in text and "86.00" not in text, "the theory score is known by name"


def test_who_may_ask(as_role):
    scene = opposed_scene()
    for role, status in (
        ("organiser", 200), ("chief_judge", 200), ("supervisor", 200), ("host", 403),
        ("judge", 403),
    ):
        answer = as_role(role, scene.contest).get(f"/contests/{scene.contest.id}/results/what-if")
        assert answer.status_code == status, role


def test_unknown_versions_and_drafts_are_missing(as_role):
    scene = opposed_scene()
    browser = as_role("organiser", scene.contest)
    address = f"/contests/{scene.contest.id}/results/what-if"

    assert browser.get(f"{address}?plan=9").status_code == 404
    assert browser.get(f"{address}?plan=draft").status_code == 404
    assert db.session.query(SheetRevision).count() == 6


def corrected_scene():
    """The first sheet of the second contestant opened again, and handed in with ten points, not two."""
    scene = opposed_scene()
    scene.write(1, 1, "reopen", {"A1": "2", "A2": {}})
    scene.write(1, 1, "resubmit", {"A1": "10", "A2": {}})
    return scene


def test_a_reopened_sheet_counts_when_it_is_confirmed_and_says_before_what_it_changes(as_role):
    scene = corrected_scene()
    sheet = scene.sheet(1, 1)

    waiting = side_queries.waiting_revisions(scene.contest.id, "risk", scene.entrants[1].id)
    found = comparison_queries.with_sheets(
        scene.contest.id, "final", {sheet.id: 1}, {sheet.id: 3}
    )

    assert waiting == {sheet.id: (3, 1)}
    # Two points were 12 of 20 from both; now 20 and 12 make 16 of 20: 24 + 56.
    line = next(line for line in found.entrants if line.number == "A002")
    assert (line.before.total, line.before.place) == ("66.00", 2)
    assert (line.after.total, line.after.place) == ("80.00", 1)
    assert {line.number for line in found.entrants} == {"A002", "A003"}, "whose prize it takes"
    row = queries.standings(scene.contest.id).row_of(scene.entrants[1].id)
    assert (row.total, row.complete) == ("24.00", False), "until it is confirmed nothing counts"

    scene.write(1, 1, "confirm", {"A1": "10", "A2": {}})
    row = queries.standings(scene.contest.id).row_of(scene.entrants[1].id)
    assert (row.total, row.place) == ("80.00", 1)


def page_of_the_second(scene):
    hold_draw(scene.contest, scene.entrants)
    code = blind_codes(scene.contest.id, "final")[scene.entrants[1].id][0]
    return f"/contests/{scene.contest.id}/chief/risk/{code}"


def test_the_chief_confirms_what_the_page_shows(as_role):
    scene = corrected_scene()
    browser = as_role("chief_judge", scene.contest)
    address = page_of_the_second(scene)
    sheet = scene.sheet(1, 1)

    page = browser.get(address)
    # Under codes the blind module alone is looked at: 70 % of 16 of 20.
    assert "56.00" in page.text and "80.00" not in page.text
    assert f'value="{sheet.id}:3"' in page.text
    stale = {"seen": f"{sheet.id}:2", "word": factories.WORD}
    assert browser.post(f"{address}/confirm", data=stale).status_code == 409
    assert db.session.get(Sheet, sheet.id).state == "resubmitted"
    answer = browser.post(f"{address}/confirm", data={"seen": f"{sheet.id}:3", "word": factories.WORD})

    assert answer.status_code == 303
    db.session.expire_all()
    assert db.session.get(Sheet, sheet.id).state == "submitted"
    assert "80.00" not in browser.get(address).text


def test_only_the_chief_confirms(as_role):
    scene = corrected_scene()
    address = page_of_the_second(scene)

    sheet = scene.sheet(1, 1)
    typed = {"seen": f"{sheet.id}:{sheet.rev}", "word": factories.WORD}
    for role in ("organiser", "supervisor"):
        browser = as_role(role, scene.contest)
        assert browser.post(f"{address}/confirm", data=typed).status_code == 403
        assert 'name="seen"' not in browser.get(address).text
    assert scene.sheet(1, 1).state == "resubmitted"
