from decimal import Decimal

import pytest

from contest.audit.models import TrailRow
from contest.db import db
from contest.figures.models import RecordedFigure
from contest.results import queries as results
from contest.setup.models import Contest
from tests import factories
from tests.results.scenes import make_scene


def dive_plan():
    """The small plan; the risk is a dive with a degree of difficulty, ties look at the draw."""
    document = factories.plan_document(
        ranking={"shared": True, "ties": [{"by": "data", "key": "draw", "order": "low"}]}
    )
    document["modules"][1] |= {
        "difficulty": {"lowest": 1, "highest": Decimal("4.5"), "places": 1}, "blind": False,
    }
    return document


@pytest.fixture
def dive(app):
    return make_scene(3, dive_plan())


def address(scene, rest="difficulty/risk"):
    return f"/contests/{scene.contest.id}/figures/{rest}"


def figures():
    return [
        (row.kind, row.key, row.units)
        for row in db.session.query(RecordedFigure).order_by(RecordedFigure.id)
    ]


def test_a_difficulty_makes_the_mark(dive, as_role):
    for seat in (1, 2):
        dive.submit(0, seat, 8)
    before = results.standings(dive.contest.id).row_of(dive.entrants[0].id)

    answer = as_role("clerk", dive.contest).post(
        address(dive), data={"value-A001": "2.5", "seen-A001": "0", "value-A002": ""}
    )

    after = results.standings(dive.contest.id).row_of(dive.entrants[0].id)
    assert answer.status_code == 303
    assert before.modules["risk"].text is None
    # (8 + 10) × 2.5
    assert after.modules["risk"].text == "45.00"
    assert figures() == [("difficulty", "risk", 25_000)]
    row = db.session.query(TrailRow).filter_by(did="figure.difficulty").one()
    assert (row.facts["old"], row.facts["new"]) == ({"A001": ""}, {"A001": "2.5"})


def test_a_correction_is_a_new_row_and_an_emptied_field_takes_back(dive, as_role):
    browser = as_role("chief_judge", dive.contest)
    browser.post(address(dive), data={"value-A001": "2.5", "seen-A001": "0"})
    [first] = db.session.query(RecordedFigure).all()
    seen = str(first.id)

    browser.post(address(dive), data={"value-A001": "3", "seen-A001": seen})
    last = db.session.query(RecordedFigure).order_by(RecordedFigure.id.desc()).first().id
    browser.post(address(dive), data={"value-A001": "", "seen-A001": str(last)})
    page = browser.get(address(dive))

    assert [units for _, _, units in figures()] == [25_000, 30_000, None]
    assert 'name="value-A001" value=""' in page.text


def test_what_cannot_be_taken_stays_in_the_form_with_its_range(dive, as_role):
    answer = as_role("clerk", dive.contest).post(
        address(dive), data={"value-A001": "9", "value-A002": "2", "seen-A001": "0"}
    )

    assert answer.status_code == 422
    assert "it must be a number from 1 to 4.5" in answer.text
    assert 'name="value-A001" value="9"' in answer.text
    assert 'name="value-A002" value="2"' in answer.text
    assert figures() == []


def test_nobody_overwrites_what_they_have_not_seen(dive, as_role):
    browser = as_role("clerk", dive.contest)
    browser.post(address(dive), data={"value-A001": "2", "seen-A001": "0"})

    refused = browser.post(address(dive), data={"value-A001": "3", "seen-A001": "0"})
    untouched = browser.post(
        address(dive),
        data={"value-A001": "", "seen-A001": "0", "value-A002": "4", "seen-A002": "0"},
    )

    assert refused.status_code == 409
    assert untouched.status_code == 303
    assert [units for _, _, units in figures()] == [20_000, 40_000]


def test_a_pasted_list_fills_the_table_and_stores_nothing(dive, as_role):
    browser = as_role("clerk", dive.contest)

    filled = browser.post(address(dive) + "/paste", data={"paste": "A001\t2.5\nA003\t4"})
    wrong = browser.post(address(dive) + "/paste", data={"paste": "A001 2.5\nA002 7"})
    strange = browser.post(address(dive) + "/paste", data={"paste": "A009 2"})

    assert filled.status_code == 200
    assert 'name="value-A003" value="4"' in filled.text
    assert wrong.status_code == 422 and "from 1 to 4.5" in wrong.text
    assert 'name="value-A002" value="7"' in wrong.text
    assert strange.status_code == 422 and "A009 2</textarea>" in strange.text
    assert figures() == []


def test_data_break_a_tie(dive, as_role):
    as_role("clerk", dive.contest).post(
        address(dive), data={f"value-A00{n}": "1" for n in (1, 2, 3)}
    )
    for i in range(3):
        dive.theory(i, 70)
        for seat in (1, 2):
            dive.submit(i, seat, 8)
    before = results.standings(dive.contest.id)

    as_role("clerk", dive.contest).post(
        address(dive, "data/draw"),
        data={"value-A001": "12", "value-A002": "3", "value-A003": "7"},
    )
    after = results.standings(dive.contest.id)
    page = as_role("organiser", dive.contest).get(f"/contests/{dive.contest.id}/results")

    assert {row.place for row in before.rows} == {1}
    assert [row.number for row in after.rows] == ["A002", "A003", "A001"]
    assert [row.decided_by for row in after.rows] == ["", "data:draw", "data:draw"]
    assert "number drawn" in page.text


def test_a_blind_module_shows_codes_and_no_name(as_role, app):
    document = dive_plan()
    document["modules"][1]["blind"] = True
    scene = make_scene(2, document)
    from tests.judging.panels import hold_draw

    hold_draw(scene.contest, scene.entrants)
    page = as_role("clerk", scene.contest).get(address(scene))

    assert page.status_code == 200
    assert "选手1" not in page.text and "A001" not in page.text


@pytest.mark.parametrize("rest", ["difficulty/paper", "data/mood", "data/birth_date", "mood/risk"])
def test_what_the_plan_does_not_ask_for_is_missing(dive, as_role, rest):
    assert as_role("clerk", dive.contest).get(address(dive, rest)).status_code == 404


def test_final_results_take_no_figure(dive, as_role):
    db.session.get(Contest, dive.contest.id).state = "final"
    db.session.commit()
    browser = as_role("clerk", dive.contest)

    assert browser.post(address(dive), data={"value-A001": "2"}).status_code == 409
    assert "<input name=" not in browser.get(address(dive)).text.split("<main")[1]


@pytest.mark.parametrize(("role", "reads", "writes"), [
    ("clerk", 200, 303), ("chief_judge", 200, 303), ("organiser", 200, 403),
    ("supervisor", 200, 403), ("judge", 403, 403), ("host", 403, 403),
])
def test_who_may_record(dive, as_role, role, reads, writes):
    browser = as_role(role, dive.contest)

    assert browser.get(address(dive, "")[:-1]).status_code == reads
    assert browser.get(address(dive)).status_code == reads
    assert browser.post(address(dive), data={"value-A001": "2"}).status_code == writes


def test_the_desk_says_how_many_difficulties_are_there(dive, as_role):
    page = as_role("clerk", dive.contest).get(f"/contests/{dive.contest.id}")

    assert "difficulties of 0 of 3 contestants" in page.text
