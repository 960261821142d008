"""A person's name goes out of published lists of points with the erasure; place, unit and points stay."""

import json

import pytest
from flask_migrate import downgrade, upgrade
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError

from contest.api import actions as tokens
from contest.audit.work import Actor
from contest.db import db
from contest.members import erasing, telling
from contest.people.models import Human
from contest.points import actions, list_queries, list_rules
from contest.points.day_rules import Period
from contest.points.models import PointsList
from contest.registry import person_actions
from contest.selection import check_actions, queries
from tests import factories
from tests.members.test_erasing import WHY, everything_readable
from tests.points.test_points import BOTH, QUARTER, line, tell

ERASED, OTHER = "和小林", "木向阳"
BEFORE = "0066_settled_totals"


@pytest.fixture
def curator(app):
    return factories.make_official("顾馆长", "curator")


@pytest.fixture
def published(curator):
    """The lists of the third quarter with two learners who won nothing; the curator."""
    tell(curator, line("R-1", quantity="15"), line("R-2", OTHER, "望湖林场"))
    actions.publish_lists(curator, QUARTER)
    return curator


def human_named(name):
    return db.session.scalars(select(Human).filter_by(name=name).order_by(Human.id)).first()


def listed():
    return [(one["place"], one["name"], one["unit"], one["points"]) for one in
            list_queries.lines_of(QUARTER, "people")[0]]


@BOTH
def test_of_an_erased_learner_no_published_list_keeps_the_name(app, published, client):
    human_id = human_named(ERASED).id
    before = db.session.scalars(select(PointsList.document_hash)).all()
    assert "和*林" in client.get("/points?period=2026-Q3").text

    done = erasing.erase(published, human_id, ERASED, WHY)

    assert ERASED not in everything_readable()
    assert listed() == [(1, "–", "苍岭林场", 15), (2, OTHER, "望湖林场", 5)]
    page = client.get("/points?period=2026-Q3").text
    assert "和*林" not in page and "木*阳" in page
    assert {("points_entry", "points", 1), ("points_list", "points_list", 1)} <= {
        (one["table"], one["why"], one["rows"]) for one in done.kept
    }
    lists = db.session.scalars(select(PointsList)).all()
    assert [one.document_hash for one in lists] == before
    assert [list_rules.document_hash(one.document) for one in lists] == before


def test_whoever_erases_is_told_that_the_place_stays(app, published, as_role):
    human_id = human_named(ERASED).id
    erasing.erase(published, human_id, ERASED, WHY)
    page = as_role("curator").get(f"/people/{human_id}").text
    assert "Published lists of points" in page
    assert "stay in the published list, without the name" in page


def test_a_program_reads_no_erased_name(client, published):
    user = factories.make_user()
    factories.make_grant(user, "organiser")
    _, word = tokens.make_token(Actor(user.id, user.name), None, "x", ["points:read"], 9, ["points:read"])
    erasing.erase(published, human_named(ERASED).id, ERASED, WHY)
    told = client.get("/api/v1/points?period=2026-Q3", headers={"Authorization": f"Bearer {word}"}).json
    assert [one["name"] for one in told["items"]] == ["–", "木*阳"]


@BOTH
def test_whoever_stands_in_published_results_keeps_the_name_in_the_list_too(app, published):
    human, contest = human_named(ERASED), factories.make_contest(state="final")
    entrant = factories.make_entrant(contest, ERASED)
    entrant.human_id = human.id
    factories.make_award(contest, entrant)
    erasing.erase(published, human.id, ERASED, WHY)
    assert listed()[0][1] == ERASED


@BOTH
def test_two_rows_that_were_found_to_be_one_go_out_of_the_list_together(app, published):
    keep = factories.make_person("和晓林")
    person_actions.merge_people(published, keep.id, human_named(ERASED).id, "同一人")
    assert listed()[0][1] == "和晓林"
    erasing.erase(published, keep.id, "和晓林", WHY)
    assert listed()[0][1] == "–"
    assert human_named(ERASED) is None and human_named("和晓林") is None


def test_a_copy_tells_the_own_line_of_a_list_and_nobody_elses(app, published):
    human_id = human_named(OTHER).id
    [told] = telling.everything(human_id)["tables"]["points_list"]
    assert (told["period"], told["by_what"]) == ("2026-Q3", "people")
    [own] = told["document"]["lines"]
    assert (own["id"], own["place"], own["points"]) == (human_id, 2, 5)


def test_a_number_that_a_unit_has_too_is_no_persons(app, published):
    """Lines of organisations are numbered as well: their lists are no list of a person."""
    nobody = factories.make_person("钟一")
    unit_ids = {one["id"] for one in list_queries.lines_of(QUARTER, "organisations")[0]}
    assert unit_ids & {human.id for human in db.session.scalars(select(Human))}
    assert telling.everything(nobody.id)["tables"]["points_list"] == []


@BOTH
@pytest.mark.parametrize("statement", [
    "UPDATE points_list SET document = '{}'", "UPDATE points_list SET document_hash = 'x'",
    "DELETE FROM points_list",
])
def test_a_published_list_cannot_be_changed(app, published, statement):
    with pytest.raises(DBAPIError, match="append-only"):
        db.session.execute(text(statement))
    db.session.rollback()


def test_an_erased_learner_is_not_put_forward(app, published, as_role):
    row = db.session.scalars(select(PointsList).filter_by(by_what="people")).one()
    contest = factories.make_contest(state="setup")
    office = as_role("organiser", contest)
    office.post(f"/contests/{contest.id}/selection/call", data={
        "title": "学习标兵", "opens_on": "2026-11-01", "closes_on": "2026-12-30", "categories": "学习标兵 5",
    })
    contest.state = "registration"
    db.session.commit()
    erasing.erase(published, human_named(ERASED).id, ERASED, WHY)

    counts = check_actions.take_learners(published, contest.id, row.id, "学习标兵", "", 10)

    assert counts == (1, 0)
    assert [one.values["name"] for one in queries.list_nominations(contest.id)] == [OTHER]


def stored():
    """{by_what: (document, hash)} as the database holds the lists, past the program."""
    rows = db.session.execute(text("SELECT by_what, document, document_hash FROM points_list")).all()
    db.session.rollback()
    return {
        by_what: (json.loads(document) if isinstance(document, str) else document, fingerprint)
        for by_what, document, fingerprint in rows
    }


@BOTH
def test_0067_takes_the_names_out_of_lists_of_earlier_releases(app, published):
    now = stored()
    db.session.remove()
    downgrade(revision=BEFORE)
    before = stored()
    assert [one["name"] for one in before["people"][0]["lines"]] == [ERASED, OTHER]
    assert before["organisations"] == now["organisations"]
    with pytest.raises(DBAPIError, match="append-only"):
        db.session.execute(text("UPDATE points_list SET period = '2025'"))
    db.session.rollback()
    db.session.remove()

    upgrade()

    assert stored() == now
    assert [one["name"] for one in now["organisations"][0]["lines"]] == ["苍岭林场", "望湖林场"]
    for statement in ("UPDATE points_list SET document = '{}'", "DELETE FROM points_list"):
        with pytest.raises(DBAPIError, match="append-only"):
            db.session.execute(text(statement))
        db.session.rollback()


@BOTH
def test_0067_undone_gives_back_the_names_of_today_alone(app, published):
    keep = factories.make_person("木朝阳")
    person_actions.merge_people(published, keep.id, human_named(OTHER).id, "同一人")
    erasing.erase(published, human_named(ERASED).id, ERASED, WHY)
    db.session.remove()
    downgrade(revision=BEFORE)
    assert [one["name"] for one in stored()["people"][0]["lines"]] == ["–", "木朝阳"]
    db.session.remove()
    upgrade()


def test_a_year_is_published_without_names_too(app, curator):
    tell(curator, line("R-1", day="2025-08-03"))
    people, _ = actions.publish_lists(curator, Period(2025))
    assert all("name" not in one for one in people.document["lines"])
