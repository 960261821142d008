"""What the database knows of entrants besides marks, on its way through the book to the tables."""

from datetime import date

from contest import clock
from contest.audit.work import Actor
from contest.awards import queries as awards
from contest.db import db
from contest.results import actions, queries, rules
from contest.results.models import ResultSheet
from contest.results.readings import reading_of
from tests import factories
from tests.results.scenes import make_scene


def plan(**changes):
    return factories.plan_document(**changes)


def test_the_book_knows_who_people_are(app):
    scene = make_scene(2)
    scene.person(0, room="甲", titles=["技术能手"], gender="female", employment="student",
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
        scene.record(0, "data", "draw", units)
    _, book, _ = queries.book(scene.contest.id)
    scene.record(0, "data", "draw", None)
    _, after, _ = queries.book(scene.contest.id)

    assert (book.data["draw"].tolist(), book.data_given["draw"].tolist()) == ([20_000], [True])
    assert "draw" not in after.data


def test_a_new_figure_costs_one_row_and_an_earlier_moment_does_not_see_it(app):
    scene = make_scene(2)
    scene.record(0, "data", "draw", 10_000)
    queries.standings(scene.contest.id)
    reading = reading_of(scene.contest.id)
    generation = reading.generation

    scene.minute = 5
    scene.record(1, "data", "draw", 20_000)
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
        scene.person(i, born_on=date(1990 + i, 1, 1))

    rows = queries.standings(scene.contest.id).rows

    assert [row.number for row in rows] == ["A003", "A002", "A001"]
    assert rows[1].decided_by == "data:birth_date"
    assert rules.decider(queries.standings(scene.contest.id).plan, "data:birth_date") == (
        "data", "birth_date"
    )


def rooms_plan(least=2, method="group_mean"):
    document = plan()
    document["modules"][1]["adjustment"] = {"method": method, "least": least}
    return document


def test_rooms_are_made_comparable_and_the_raw_mark_stands_beside(app, as_role):
    scene = make_scene(4, rooms_plan()).finish([2, 4, 4, 6])
    for i, room in enumerate("甲甲乙乙"):
        scene.person(i, room=room)

    row = queries.standings(scene.contest.id).row_of(scene.entrants[0].id)
    page = as_role("organiser", scene.contest).get(f"/contests/{scene.contest.id}/results")

    # Raw 12 14 | 14 16: means 13 and 15, of all 14; 12 × 14 ÷ 13.
    assert (row.modules["risk"].text, row.modules["risk"].raw) == ("12.92", "12.00")
    assert "raw 12.00" in page.text


def test_a_room_too_small_keeps_the_results_from_being_published(app, as_role):
    scene = make_scene(3, rooms_plan(least=2)).finish()
    for i, room in enumerate("甲甲乙"):
        scene.person(i, room=room)
    organiser = as_role("organiser", scene.contest)

    official = queries.standings(scene.contest.id)
    page = organiser.get(f"/contests/{scene.contest.id}/results")
    answer = organiser.post(
        f"/contests/{scene.contest.id}/results/provisional", data={"word": factories.WORD}
    )

    assert official.missing == {} and official.refused == {"risk": ("乙",)}
    assert official.rows[0].modules["risk"].note == "refused"
    assert official.rows[0].modules["risk"].raw is not None
    assert "Risk: fewer than 2 marks are in from room 乙" in page.text
    assert answer.status_code == 409
    assert db.session.query(ResultSheet).count() == 0


def test_a_missing_mark_is_named_also_while_a_room_is_too_small(app):
    scene = make_scene(3, rooms_plan(least=2)).finish()
    for i, room in enumerate("甲甲乙"):
        scene.person(i, room=room)
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
    scene.record(0, "data", "draw", 70_000)

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
        scene.person(i, group=group)

    rows = {row.number: row for row in queries.standings(scene.contest.id).rows}
    page = as_role("organiser", scene.contest).get(f"/contests/{scene.contest.id}/results")

    assert [(rows[f"A00{n}"].place, rows[f"A00{n}"].place_overall) for n in (1, 2, 3, 4)] == [
        (2, 4), (2, 3), (1, 2), (1, 1)
    ]
    assert "Place overall" in page.text


def test_without_groups_the_place_among_all_is_not_said_twice(app, as_role):
    scene = make_scene(3, plan(ranking={"shared": True, "by_group": True, "ties": []})).finish()
    organiser = as_role("organiser", scene.contest)
    here = f"/contests/{scene.contest.id}/results"

    assert "Place overall" not in organiser.get(here).text
    actions.publish_results(Actor(None, "x"), scene.contest.id, "provisional")
    assert "Place overall" not in organiser.get(f"{here}/published/final/1").text
    scene.person(0, group="学生")
    assert "Place overall" in organiser.get(here).text


def test_dense_places_leave_no_gap(app):
    scene = make_scene(3, plan(ranking={"shared": True, "dense": True, "ties": []}))
    for i, points in enumerate((80, 80, 70)):
        scene.theory(i, points)
        for seat in (1, 2):
            scene.submit(i, seat, 8)

    assert [row.place for row in queries.standings(scene.contest.id).rows] == [1, 1, 2]
