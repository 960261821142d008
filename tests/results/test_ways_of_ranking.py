"""Who goes on, less is better, several panels, parts within parts: from the tables to the pages."""

from datetime import timedelta
from decimal import Decimal

import pytest

from contest import clock
from contest.awards import queries as awards
from contest.board.queries import public_board
from contest.db import db
from contest.results import actions, queries, rules
from tests import factories
from tests.results.scenes import make_scene


def plan(**changes):
    return factories.plan_document(**changes)


def two_stages(**first):
    document = plan(stages=[
        {"key": "heat", "name": "预赛", "name_en": "Heat", **first},
        {"key": "final", "name": "决赛", "name_en": "Final"},
    ])
    for part in document["parts"]:
        part["stage"] = "heat"
    document["parts"].append({
        "key": "last", "stage": "final", "name": "决", "name_en": "Last", "weight": 100,
    })
    document["modules"].append({
        "key": "end", "part": "last", "name": "终", "name_en": "End", "weight": 100, "max": 100,
        "entry": "scores",
    })
    return document


def publish(scene):
    for kind in ("provisional", "final"):
        official = factories.make_official("Petra", "organiser")
        actions.publish_results(official, scene.contest.id, kind)


def heat(count, **first):
    scene = make_scene(count, two_stages(**first))
    scene.contest.stage = "heat"
    db.session.commit()
    return scene.finish()


def test_a_percentage_goes_on_and_only_they_enter_the_final(app):
    scene = heat(4, advance_percent=50)
    publish(scene)

    official = queries.standings(scene.contest.id, "heat")
    final = queries.standings(scene.contest.id, "final")

    assert {row.number for row in official.rows if row.entrant_id in official.goes_on} == {
        "A003", "A004"
    }
    assert {row.number for row in final.rows} == {"A003", "A004"}


def test_a_cap_sends_at_most_so_many_of_one_organisation(app):
    scene = heat(3, advance=2, advance_cap=1)
    same = scene.entrants[2].organisation_id
    scene.person(1, organisation_id=same)

    official = queries.standings(scene.contest.id, "heat")

    assert {row.number for row in official.rows if row.entrant_id in official.goes_on} == {
        "A003", "A001"
    }


def test_a_key_separates_equals_on_the_line(app):
    scene = heat(
        3, advance=1, advance_line="key", advance_by={"by": "data", "key": "draw", "order": "low"}
    )
    for i in range(3):
        scene.theory(i, 70)
        for seat in (1, 2):
            scene.write(i, seat, "reopen")
            scene.submit(i, seat, 6)
        scene.record(i, "data", "draw", (5 - i) * 10_000)

    official = queries.standings(scene.contest.id, "heat")

    assert official.goes_on == {scene.entrants[2].id}


def test_an_open_tie_on_the_line_is_said(app):
    scene = heat(3, advance=1)
    document_ties = {"shared": False, "ties": []}
    other = make_scene(2, {**two_stages(advance=1), "ranking": document_ties})
    other.contest.stage = "heat"
    db.session.commit()
    for i in range(2):
        other.theory(i, 70)
        for seat in (1, 2):
            other.submit(i, seat, 6)

    found = [sentence for sentence, _ in rules.problems(queries.standings(other.contest.id))]

    assert any("last place that goes on" in sentence for sentence in found)
    assert rules.problems(queries.standings(scene.contest.id)) == []


def race_plan():
    """Times in seconds, less is better; the mark is the time itself, one judge."""
    document = plan(ranking={"shared": True, "order": "low", "ties": []})
    document["stages"][0]["combine"] = "points"
    document["parts"] = [{
        "key": "practical", "stage": "final", "name": "实操", "name_en": "Practical",
        "combine": "points",
    }]
    document["modules"] = [{
        "key": "risk", "part": "practical", "name": "穿越", "name_en": "Course", "max": 600,
        "entry": "sheets", "panel": {"judges": 1},
        "criteria": [{"key": "A", "name": "时", "name_en": "Time", "aspects": [{
            "key": "A1", "name": "用时", "name_en": "Time", "kind": "measured", "max": 600,
            "unit": "秒", "unit_en": "s", "places": 2, "lowest": 0, "highest": 600, "itself": True,
            "better": "low", "attempts": 2,
        }]}],
    }]
    return document


@pytest.fixture
def race(app):
    scene = make_scene(3, race_plan())
    for i, runs in enumerate((["50.25", "x"], ["x", "x"], ["61", "44.5"])):
        scene.write(i, 1, "submit", {"A1": runs})
    return scene


def test_where_less_is_better_times_stand_as_points_do(race, as_role):
    official = queries.standings(race.contest.id)
    page = as_role("organiser", race.contest).get(f"/contests/{race.contest.id}/results")

    assert [(row.number, row.place, row.shown_total) for row in official.rows] == [
        ("A003", 1, "44.50"), ("A001", 2, "50.25"), ("A002", 3, None),
    ]
    assert official.rows[2].modules["risk"].note == "no_result"
    assert "no valid result" in page.text and "no valid attempt" in page.text


def test_the_public_board_does_not_break_where_less_is_better(race, client):
    board = public_board(race.contest.slug, clock.now() + timedelta(minutes=1))
    page = client.get(f"/board/{race.contest.slug}")

    assert [(row.number, row.total) for row in board.rows] == [
        ("A003", "44.50"), ("A001", "50.25"), ("A002", None),
    ]
    assert board.columns[0].weight == ""
    assert page.status_code == 200 and "<small>%</small>" not in page.text


def test_medals_go_to_the_fastest(race):
    sections = dict(awards.preview(race.contest.id).sections)
    [[first]] = sections.values()

    assert (first.place, first.total) == (1, "44.50")


def panels_plan():
    """One module with two panels and parts within a part."""
    document = plan()
    document["parts"].append({
        "key": "inner", "within": "practical", "name": "内", "name_en": "Inner", "weight": 100,
    })
    module = document["modules"][1]
    del module["panel"]
    module |= {
        "part": "inner",
        "panels": [
            {"key": "d", "name": "难度", "judges": 1}, {"key": "e", "name": "完成", "judges": 1},
        ],
        "criteria": [
            {"key": key, "name": key, "name_en": key, "panel": key.lower(), "aspects": [
                {"key": f"{key}1", "name": key, "name_en": key, "kind": "points", "max": 10,
                 "step": Decimal("0.5")},
            ]} for key in "DE"
        ],
    }
    return document


def test_several_panels_and_parts_within_parts_reach_every_table(app, as_role, client):
    scene = make_scene(1, panels_plan())
    scene.theory(0, 80)
    scene.write(0, 1, "submit", {"D1": "6"})
    scene.write(0, 2, "submit", {"E1": "8"})

    row = queries.standings(scene.contest.id).rows[0]
    page = as_role("organiser", scene.contest).get(f"/contests/{scene.contest.id}/results")
    board = client.get(f"/board/{scene.contest.slug}")

    # 6 + 8 of 20: 70; 30 % of 80 and 70 % of 70.
    assert (row.modules["risk"].text, row.parts["inner"].text, row.total) == (
        "14.00", "70.00", "73.00"
    )
    assert "Inner" in page.text
    assert board.status_code == 200 and "<small>70%</small>" in board.text


def test_conditions_on_persons_and_one_each_reach_the_awards(app):
    scene = make_scene(3, plan(
        prizes={"one_each": True},
        awards=[
            {"key": "woman", "name": "女", "to": "entrant", "rule": "count", "count": 1,
             "only": {"gender": "female"}},
            {"key": "any", "name": "全", "to": "entrant", "rule": "top", "first": 1, "last": 1},
            {"key": "new", "name": "新", "to": "entrant", "rule": "top", "first": 1, "last": 1,
             "title": True, "only": {"without_title": "技术能手"}},
        ],
    )).finish()
    scene.person(2, gender="female", titles=["技术能手"])

    found = {
        award.key: [row.name for row in rows]
        for award, rows in awards.preview(scene.contest.id).sections
    }

    assert found == {"woman": ["选手3"], "any": ["选手2"], "new": ["选手2"]}


@pytest.mark.parametrize(("label", "kind"), [
    ("total", "total"), ("ruling", "ruling"), ("untrimmed", "untrimmed"), ("", ""),
    ("better_places", "better_places"), ("void", "void"), ("finished", "finished"),
    ("part:practical", "piece"), ("module:risk", "piece"), ("stage:final", "piece"),
    ("aspect:risk.A1", "piece"), ("attempt:risk.A1", "attempt"), ("sum:paper+risk", "sum"),
    ("data:draw", "data"),
])
def test_every_key_that_separates_has_words(app, label, kind):
    force = queries.standings(make_scene(1).contest.id).force

    assert rules.decider(force.plan, label)[0] == kind
