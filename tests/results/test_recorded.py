"""What the database knows of entrants besides marks, on its way through the book to the tables."""

from datetime import date, timedelta
from decimal import Decimal

import pytest

from contest import clock
from contest.audit.work import Actor
from contest.awards import queries as awards
from contest.board.queries import public_board
from contest.db import db
from contest.figures.models import RecordedFigure
from contest.people.models import Human
from contest.results import actions, queries, rules
from contest.results.models import ResultSheet
from contest.results.readings import reading_of
from tests import factories
from tests.results.scenes import make_scene


def plan(**changes):
    return factories.plan_document(**changes)


def entrant(scene, i, **values):
    """Change what the roster says of one entrant."""
    row = scene.entrants[i]
    for name, value in values.items():
        setattr(db.session.get(Human, row.human_id) if name in {"born_on", "gender"} else row,
                name, value)
    db.session.commit()


def record(scene, i, kind, key, units, minute=0):
    row = RecordedFigure(
        contest_id=scene.contest.id, entrant_id=scene.entrants[i].id, kind=kind, key=key,
        units=units, at=clock.now() + timedelta(minutes=minute),
    )
    db.session.add(row)
    db.session.commit()
    return row


def numbers(scene):
    return [row.number for row in queries.standings(scene.contest.id).rows]


def test_the_book_knows_who_people_are(app):
    scene = make_scene(2)
    entrant(scene, 0, room="甲", titles=["技术能手"], gender="female", employment="student",
            born_on=date(2001, 5, 31))

    _, book, rows = queries.book(scene.contest.id)

    one, other = (rows[line.id] for line in scene.entrants)
    assert (book.room[one], book.gender[one], book.employment[one]) == ("甲", "female", "student")
    assert (book.titles[one], book.titles[other]) == (frozenset({"技术能手"}), frozenset())
    assert book.person[one] == str(scene.entrants[0].human_id)
    assert book.organisation[one] == scene.entrants[0].organisation.name
    assert book.data["birth_date"][one] == date(2001, 5, 31).toordinal() * 10_000
    assert book.data_given["birth_date"].tolist() == [True, False]


def test_the_latest_figure_stands_and_may_be_withdrawn(app):
    scene = make_scene(1)
    for units in (10_000, 20_000):
        record(scene, 0, "data", "draw", units)
    _, book, _ = queries.book(scene.contest.id)
    record(scene, 0, "data", "draw", None)
    _, after, _ = queries.book(scene.contest.id)

    assert (book.data["draw"].tolist(), book.data_given["draw"].tolist()) == ([20_000], [True])
    assert "draw" not in after.data


def test_a_new_figure_costs_one_row_and_an_earlier_moment_does_not_see_it(app):
    scene = make_scene(2)
    record(scene, 0, "data", "draw", 10_000)
    queries.standings(scene.contest.id)
    reading = reading_of(scene.contest.id)
    generation = reading.generation

    record(scene, 1, "data", "draw", 20_000, minute=5)
    _, book, _ = queries.book(scene.contest.id)
    _, earlier, _ = queries.book(scene.contest.id, as_of=clock.now())

    assert reading.generation == generation
    assert book.data["draw"].tolist() == [10_000, 20_000]
    assert earlier.data_given["draw"].tolist() == [True, False]


def test_the_younger_goes_first_where_the_plan_says_so(app):
    scene = make_scene(3, plan(ranking={
        "shared": True, "ties": [{"by": "data", "key": "birth_date", "order": "high"}],
    })).finish([5, 5, 5])
    for i in range(3):
        scene.theory(i, 70)
        entrant(scene, i, born_on=date(1990 + i, 1, 1))

    rows = queries.standings(scene.contest.id).rows

    assert [row.number for row in rows] == ["A003", "A002", "A001"]
    assert rows[1].decided_by == "data:birth_date"
    assert rules.decider(queries.standings(scene.contest.id).plan, "data:birth_date") == (
        "data", ("birth_date",)
    )


def rooms_plan(least=2, method="group_mean"):
    document = plan()
    document["modules"][1]["adjustment"] = {"method": method, "least": least}
    return document


def test_rooms_are_made_comparable_and_the_raw_mark_stands_beside(app, as_role):
    scene = make_scene(4, rooms_plan()).finish([2, 4, 4, 6])
    for i, room in enumerate("甲甲乙乙"):
        entrant(scene, i, room=room)

    row = queries.standings(scene.contest.id).row_of(scene.entrants[0].id)
    page = as_role("organiser", scene.contest).get(f"/contests/{scene.contest.id}/results")

    # Raw 12 14 | 14 16: means 13 and 15, of all 14; 12 × 14 ÷ 13.
    assert (row.modules["risk"].text, row.modules["risk"].raw) == ("12.92", "12.00")
    assert "raw 12.00" in page.text


def test_a_room_too_small_keeps_the_results_from_being_published(app, as_role):
    scene = make_scene(3, rooms_plan(least=2)).finish()
    for i, room in enumerate("甲甲乙"):
        entrant(scene, i, room=room)
    organiser = as_role("organiser", scene.contest)

    official = queries.standings(scene.contest.id)
    page = organiser.get(f"/contests/{scene.contest.id}/results")
    answer = organiser.post(f"/contests/{scene.contest.id}/results/provisional")

    assert official.missing == {} and official.refused == {"risk": ("乙",)}
    assert official.rows[0].modules["risk"].note == "refused"
    assert official.rows[0].modules["risk"].raw is not None
    assert "Risk: fewer than 2 marks are in from room 乙" in page.text
    assert answer.status_code == 409
    assert db.session.query(ResultSheet).count() == 0


def test_a_missing_mark_is_named_also_while_a_room_is_too_small(app):
    scene = make_scene(3, rooms_plan(least=2)).finish()
    for i, room in enumerate("甲甲乙"):
        entrant(scene, i, room=room)
    scene.write(0, 1, "reopen")

    official = queries.standings(scene.contest.id)

    assert official.missing == {"risk": ("A001",)}
    assert official.refused == {"risk": ("乙", "甲")}


def organisations_plan():
    return plan(
        organisations={"points": [{"award": "first", "points": 4}], "order": "points"},
        stages=[{"key": "final", "name": "决赛", "name_en": "Final", "scale": "robust"}],
    )


def test_organisations_and_the_700_scale_stand_in_page_document_and_files(app, as_role):
    scene = make_scene(3, organisations_plan()).finish()
    organiser = as_role("organiser", scene.contest)

    official = queries.standings(scene.contest.id)
    page = organiser.get(f"/contests/{scene.contest.id}/results?show=organisations")
    rows = organiser.get(f"/contests/{scene.contest.id}/results")
    actions.publish_results(Actor(None, "x"), scene.contest.id, "provisional")
    document = db.session.query(ResultSheet).one().document
    shown = organiser.get(f"/contests/{scene.contest.id}/results/published/final/1")
    summary = awards.summary(scene.contest.id)

    best = scene.entrants[2].organisation.name
    assert (official.organisations[0].name, official.organisations[0].points) == (best, "4")
    assert "Organisations, best first" in page.text and best in page.text
    assert "700 scale" in rows.text and ">700<" in rows.text
    assert document["organisations"][0]["counts"] == {"first": 1}
    assert sorted(row["scaled"] for row in document["rows"])[1] == "700"
    assert "700 scale" in shown.text and "Organisations, best first" in shown.text
    assert summary.organisations == official.organisations and summary.has_scale
    for form in ("csv", "xlsx", "docx", "pdf"):
        paper = organiser.get(f"/contests/{scene.contest.id}/papers/summary.{form}")
        assert paper.status_code == 200


def test_the_receipt_page_tells_what_was_recorded(app, as_role):
    scene = make_scene(2, plan(ranking={
        "shared": True, "ties": [{"by": "data", "key": "draw", "order": "low"}],
    })).finish()
    record(scene, 0, "data", "draw", 70_000)

    page = as_role("organiser", scene.contest).get(
        f"/contests/{scene.contest.id}/results/entrants/{scene.entrants[0].id}"
    )

    assert page.status_code == 200
    assert "Recorded besides the marks" in page.text
    assert "number drawn" in page.text and ">7<" in page.text


def test_the_document_of_an_ordinary_plan_has_nothing_new(app):
    scene = make_scene(2).finish()
    actions.publish_results(Actor(None, "x"), scene.contest.id, "provisional")

    document = db.session.query(ResultSheet).one().document

    assert set(document) == {
        "contest", "stage", "plan_number", "plan_hash", "rows", "teams", "registered", "competed",
    }
    assert not {"scaled", "raw", "place_overall", "is_void"} & set(document["rows"][0])


def test_by_group_there_is_a_place_among_all(app, as_role):
    scene = make_scene(4, plan(ranking={"shared": True, "by_group": True, "ties": []})).finish()
    for i, group in enumerate(("职工", "学生", "职工", "学生")):
        entrant(scene, i, group=group)

    rows = {row.number: row for row in queries.standings(scene.contest.id).rows}
    page = as_role("organiser", scene.contest).get(f"/contests/{scene.contest.id}/results")

    assert [(rows[f"A00{n}"].place, rows[f"A00{n}"].place_overall) for n in (1, 2, 3, 4)] == [
        (2, 4), (2, 3), (1, 2), (1, 1)
    ]
    assert "Place overall" in page.text


def test_dense_places_leave_no_gap(app):
    scene = make_scene(3, plan(ranking={"shared": True, "dense": True, "ties": []}))
    for i, points in enumerate((80, 80, 70)):
        scene.theory(i, points)
        for seat in (1, 2):
            scene.submit(i, seat, 8)

    assert [row.place for row in queries.standings(scene.contest.id).rows] == [1, 1, 2]


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
        user = factories.make_user()
        actions.publish_results(Actor(user.id, user.name), scene.contest.id, kind)


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
    entrant(scene, 1, organisation_id=same)

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
        record(scene, i, "data", "draw", (5 - i) * 10_000)

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
        ("A003", "44.50"), ("A001", "50.25"), ("A002", "–"),
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
    entrant(scene, 2, gender="female", titles=["技术能手"])

    found = {
        award.key: [row.name for row in rows]
        for award, rows in awards.preview(scene.contest.id).sections
    }

    assert found == {"woman": ["选手3"], "any": ["选手2"], "new": ["选手2"]}


@pytest.mark.parametrize(("label", "kind"), [
    ("total", "total"), ("ruling", "ruling"), ("untrimmed", "untrimmed"), ("", ""),
    ("better_places", "better_places"), ("void", "void"), ("finished", "finished"),
    ("part:practical", "piece"), ("module:risk", "piece"), ("stage:final", "piece"),
    ("aspect:risk.A1", "piece"), ("attempt:risk.A1", "attempt"), ("sum:paper+risk", "piece"),
    ("data:draw", "data"),
])
def test_every_key_that_separates_has_words(app, label, kind):
    force = queries.standings(make_scene(1).contest.id).force

    assert rules.decider(force.plan, label)[0] == kind
