"""Points from the line that a system tells to the published list (mission C12)."""

import io
from datetime import UTC, date, datetime

import pytest
import xlsxwriter
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError

from contest import clock
from contest.api import actions as tokens
from contest.db import db
from contest.errors import Conflict, Invalid
from contest.people.models import Human
from contest.points import actions, list_queries, list_rules, queries, rules
from contest.points.day_rules import Period, periods
from contest.points.models import PointsEntry
from contest.registry import person_actions
from tests import factories

BOTH = pytest.mark.parametrize("app", ["sqlite", "postgres"], indirect=True)
QUARTER = Period(2026, 3)
KEYS = ("reference", "name", "organisation", "kind", "quantity", "earned_on")


@pytest.fixture
def curator(app):
    return factories.make_official("顾馆长", "curator")


def line(reference, name="和小林", organisation="苍岭林场", kind="reading", quantity="5", day="2026-08-03"):
    return dict(zip(KEYS, (reference, name, organisation, kind, quantity, day), strict=True))


def tell(actor, *lines, source="职工学堂"):
    return actions.record_points(actor, source, list(enumerate(lines, start=1)))


def total(name):
    return sum(
        entry.points for entry in db.session.scalars(select(PointsEntry)) if entry.human.name == name
    )


@BOTH
def test_the_same_line_told_twice_counts_once(curator):
    first = tell(curator, line("R-1"), line("R-2", kind="course", quantity="3"))
    again = tell(curator, line("R-1"), line("R-2", kind="course", quantity="3"), line("R-3"))

    assert first == {"new": 2, "known": 0, "points": 35, "cut": 0, "late": 0}
    assert again == {"new": 1, "known": 2, "points": 5, "cut": 0, "late": 0}
    assert total("和小林") == 40
    assert db.session.query(Human).filter_by(name="和小林").count() == 1


def test_what_was_told_before_is_known_though_a_namesake_joined_the_unit(curator):
    tell(curator, line("R-1"))
    factories.make_person("和小林", db.session.scalars(select(Human)).one().organisation)

    assert tell(curator, line("R-1"))["known"] == 1
    with pytest.raises(rules.BadLines):
        tell(curator, line("R-2"))


def test_a_reference_with_other_facts_is_refused_and_nothing_is_stored(curator):
    tell(curator, line("R-1"))

    with pytest.raises(rules.BadLines) as refused:
        tell(curator, line("R-2"), line("R-1", quantity="6"))

    assert list(refused.value.fields) == ["rows.2"]
    assert total("和小林") == 5


def test_a_limit_a_day_holds_over_lines_and_calls(curator):
    counts = tell(curator, line("R-1", quantity="15"), line("R-2", quantity="15"))
    later = tell(curator, line("R-3", quantity="1"))
    other_day = tell(curator, line("R-4", quantity="9", day="2026-08-04"))

    assert (counts["points"], counts["cut"]) == (20, 10)
    assert (later["points"], later["cut"]) == (0, 1)
    assert other_day["points"] == 9


@BOTH
def test_points_are_taken_back_by_an_entry_of_their_own(app, curator):
    tell(curator, line("R-1"), line("R-2", kind="contest", quantity="1"))
    entry = db.session.scalars(select(PointsEntry).filter_by(reference="R-2")).one()
    with pytest.raises(Invalid):
        actions.reverse_points(curator, entry.id, " ")
    actions.reverse_points(curator, entry.id, "不是本人")

    assert total("和小林") == 5
    assert db.session.query(PointsEntry).count() == 3
    with pytest.raises(Conflict):
        actions.reverse_points(curator, entry.id, "再次")
    for statement in (
        "UPDATE points_entry SET points = 999", "DELETE FROM points_entry",
        "INSERT INTO points_entry (human_id, organisation_id, kind, quantity, points, earned_on, what, "
        "source, reference, reverses_id, reason, at) SELECT human_id, organisation_id, kind, quantity, -4, "
        "earned_on, what, 'x', 'y', id, '', at FROM points_entry WHERE reference = 'R-1'",
    ):
        with pytest.raises(DBAPIError):
            db.session.execute(text(statement))
        db.session.rollback()


def test_what_was_taken_back_gives_room_under_the_limit_again(curator):
    tell(curator, line("R-1", quantity="20"))
    entry = db.session.scalars(select(PointsEntry)).one()
    actions.reverse_points(curator, entry.id, "重复")

    assert tell(curator, line("R-2", quantity="20"))["points"] == 20


@BOTH
def test_points_of_two_rows_that_are_one_person_are_added_up(app, curator):
    tell(curator, line("R-1"), line("R-2", organisation="望湖林场", day="2026-08-05"))
    keep, gone = db.session.scalars(select(Human).filter_by(name="和小林").order_by(Human.id))
    person_actions.merge_people(curator, keep.id, gone.id, "同一人")
    [placed] = list_queries.standing(Period(2026, 3), "people")

    assert (placed.earned.id, placed.earned.points, placed.earned.unit) == (keep.id, 10, "望湖林场")
    tell(curator, line("R-3"))
    assert db.session.query(Human).filter_by(name="和小林").count() == 2
    assert list_queries.standing(Period(2026, 3), "people")[0].earned.points == 15


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"kind": "sleep"}, "none of the kinds"), ({"quantity": "0"}, "whole number"),
        ({"quantity": "1.5"}, "whole number"), ({"day": "2026-13-01"}, "year-month-day"),
        ({"day": "2027-01-01"}, "future"), ({"name": ""}, "name must have"),
        ({"reference": ""}, "reference must have"),
    ],
)
def test_a_wrong_line_is_named_by_its_row(curator, changes, words):
    with pytest.raises(rules.BadLines) as refused:
        tell(curator, line("R-1"), line(**{"reference": "R-2", **changes}))

    [(row, sentence)] = refused.value.problems
    assert row == 2 and words in str(sentence)
    assert db.session.query(PointsEntry).count() == 0


def test_people_of_one_name_are_told_apart_by_their_birth(curator):
    unit = factories.make_organisation("苍岭林场")
    for born in (date(1980, 1, 1), date(1990, 1, 1)):
        db.session.add(Human(name="和小林", name_key="", organisation_id=unit.id, born_on=born))
    db.session.commit()
    with pytest.raises(rules.BadLines, match="mended"):
        tell(curator, line("R-1"))

    tell(curator, {**line("R-1"), "born_on": "1990-01-01"})

    assert db.session.scalars(select(PointsEntry)).one().human.born_on == date(1990, 1, 1)


def test_a_rule_counts_from_its_day_on(curator):
    form = {"kind": "reading", "per_unit": "3", "most_a_day": "", "valid_from": "2026-11-24"}
    with pytest.raises(Invalid):
        actions.change_rule(curator, {**form, "valid_from": "2026-11-01"})
    actions.change_rule(curator, form)

    assert queries.rule_on("reading", date(2026, 11, 23)) == (1, 20)
    assert queries.rule_on("reading", date(2026, 11, 24)) == (3, None)


def earned(*points):
    return [list_rules.Earned(n, f"人{n:03}", "", 1, one) for n, one in enumerate(points)]


def test_equals_share_a_place_and_nobody_on_the_edge_is_cut_off():
    lines = list_rules.placed(earned(9, 7, 7, 5, 0), is_year=True)
    assert [line.place for line in lines] == [1, 2, 2, 4]

    quarter = list_rules.placed(earned(*range(300, 201, -1), 201, 201, 200), is_year=False)
    assert sum(line.is_first for line in quarter) == 101  # two share place 100
    year = list_rules.placed(earned(*range(300, 0, -1)), is_year=True)
    assert sum(line.is_first for line in year) == 10


def test_quarters_and_years_of_a_ledger():
    found = [one.key for one in periods(date(2025, 12, 31), date(2026, 4, 1))]

    assert found == ["2026", "2026-Q2", "2026-Q1", "2025", "2025-Q4"]


def test_lists_are_published_once_when_their_time_is_over(curator, client):
    tell(curator, line("R-1"), line("R-2", "木向阳", "望湖林场", "course", "2", "2026-09-30"),
         line("R-3", "木向阳", "望湖林场", day="2026-10-01"))
    with pytest.raises(Conflict, match="not over"):
        actions.publish_lists(curator, Period(2026, 4))
    actions.publish_lists(curator, Period(2026, 3))
    with pytest.raises(Conflict, match="already"):
        actions.publish_lists(curator, Period(2026, 3))
    tell(curator, line("R-4", quantity="20", day="2026-07-01"))  # late: the published list stands

    lines, row = list_queries.lines_of(Period(2026, 3), "people")
    assert [(one["place"], one["name"], one["points"]) for one in lines] == [
        (1, "木向阳", 20), (2, "和小林", 5),
    ]
    units, _ = list_queries.lines_of(Period(2026), "organisations")
    assert [(one["name"], one["points"]) for one in units] == [("望湖林场", 25), ("苍岭林场", 25)]
    page = client.get("/points?period=2026-Q3").text
    assert "木*阳" in page and "木向阳" not in page and row.document_hash[:16] in page
    assert client.get("/points?period=2026-Q9").status_code == 404


def test_a_spreadsheet_is_booked_or_told_what_is_wrong_with_it(as_role):
    office = as_role("curator")
    rows = [["流水号", "姓名", "单位", "类别", "数量", "日期", "内容"],
            ["X-1", "和小林", "苍岭林场", "阅读学习", 4, "2026-08-03", "防火条例"],
            ["X-2", "和小林", "苍岭林场", "睡觉", 1, "2026-08-03", ""]]
    wrong = office.post("/points/import", data={"system": "表格", "file": (book(rows), "积分.xlsx")})
    assert wrong.status_code == 422 and "睡觉" in wrong.text and 'value="表格"' in wrong.text
    assert db.session.query(PointsEntry).count() == 0

    rows[2][3] = "网上练兵"
    assert office.post(
        "/points/import", data={"system": "表格", "file": (book(rows), "积分.xlsx")}
    ).status_code == 303
    assert total("和小林") == 9
    assert "防火条例" in office.get("/points/office?text=和").text


def book(rows):
    data = io.BytesIO()
    workbook = xlsxwriter.Workbook(data)
    sheet = workbook.add_worksheet()
    for number, row in enumerate(rows):
        sheet.write_row(number, 0, row)
    workbook.close()
    return io.BytesIO(data.getvalue())


def token(scopes, contest=None):
    official = factories.make_official("周组委", "organiser", contest=contest)
    _, word = tokens.make_token(
        official, contest.id if contest else None, "职工学堂", scopes, 30, scopes
    )
    return {"Authorization": f"Bearer {word}"}


def test_points_over_the_api(client):
    head = token(["points:write", "points:read"])
    body = {"source": "职工学堂", "rows": [{**line("R-1"), "quantity": 5}]}

    once = {**head, "Idempotency-Key": "k1"}

    booked = client.post("/api/v1/points", json=body, headers=once)
    again = client.post("/api/v1/points", json=body, headers=once)
    other = client.post("/api/v1/points", json={**body, "source": "x"}, headers=once)
    told = client.get("/api/v1/points?period=2026-Q3", headers=head).json

    assert booked.json == {"new": 1, "known": 0, "points": 5, "cut": 0, "late": 0}
    assert again.json == booked.json and again.headers["Idempotency-Replayed"] == "true"
    assert other.status_code == 422
    assert told["items"] == [
        {"place": 1, "name": "和*林", "unit": "苍岭林场", "points": 5, "is_first": True}
    ]
    wrong = client.post("/api/v1/points", json={
        **body, "rows": [{**line("R-9"), "quantity": 5, "kind": "sleep"}],
    }, headers=head)
    assert (wrong.status_code, wrong.json["error"]["code"]) == (422, "invalid")
    assert list(wrong.json["error"]["fields"]) == ["rows.0"]


def test_who_organises_one_contest_books_no_points(client):
    contest = factories.make_contest()
    body = {"source": "职工学堂", "rows": [{**line("R-1"), "quantity": 5}]}

    assert client.post(
        "/api/v1/points", json=body, headers=token(["points:write"], contest)
    ).status_code == 403
    assert client.post("/api/v1/points", json=body, headers=token(["points:read"])).status_code == 403
    assert db.session.query(PointsEntry).count() == 0


def test_the_first_of_the_year_come_into_a_selection(app, as_role):
    """C12: the top 10 of the year are put forward for a title."""
    clock.stand_still(datetime(2027, 1, 5, 4, tzinfo=UTC))
    curator = factories.make_official("顾馆长", "curator")
    tell(curator, *(
        line(f"R-{n}", f"学员{n:02}", "苍岭林场", "contest", str(20 - n), "2026-05-04") for n in range(12)
    ))
    people, _ = actions.publish_lists(curator, Period(2026))
    contest = factories.make_contest(state="setup")
    office = as_role("organiser", contest)
    office.post(f"/contests/{contest.id}/selection/call", data={
        "title": "学习标兵", "opens_on": "2027-01-01", "closes_on": "2027-01-30", "categories": "学习标兵 5",
    })
    contest.state = "registration"
    db.session.commit()

    answer = office.post(f"/contests/{contest.id}/selection/learners", data={
        "from": people.id, "category": "学习标兵", "most": "10",
    })

    assert answer.status_code == 303
    page = office.get(f"/contests/{contest.id}/selection").text
    assert "学员09" in page and "学员10" not in page
    assert "place 1 in the points hall, 2026, with 1000 points" in page
    clock.stand_still(None)


@BOTH
def test_points_under_the_name_of_a_row_that_was_merged_count_for_the_person_once(curator):
    unit = factories.make_organisation("苍岭林场")
    keep, gone = factories.make_person("和小林", unit), factories.make_person("和晓林", unit)
    tell(curator, line("R-1", name="和晓林", quantity="15"))
    keep_id = person_actions.merge_people(curator, keep.id, gone.id, "同一人").keep_id

    again = tell(curator, line("R-1", name="和晓林", quantity="15"))
    more = tell(curator, line("R-2", name="和晓林", quantity="2"), line("R-3", quantity="15"))

    assert (again["new"], again["known"]) == (0, 1)
    assert (more["points"], more["cut"]) == (5, 12)  # at most 20 a day, whatever the row
    [placed] = list_queries.standing(QUARTER, "people")
    assert (placed.earned.id, placed.earned.name, placed.earned.points) == (keep_id, "和小林", 20)
    assert db.session.query(Human).count() == 2


@BOTH
def test_points_under_a_former_name_of_a_unit_are_the_units(curator):
    unit = factories.make_organisation("苍岭林场")
    human = factories.make_person("和小林", unit)
    person_actions.rename_organisation(curator, unit.id, "苍岭林业公司", "", "2026-07-01", "")

    tell(curator, line("R-1"), line("R-2", organisation="苍岭林业公司"))

    [placed] = list_queries.standing(QUARTER, "organisations")
    assert (placed.earned.id, placed.earned.name, placed.earned.points) == (unit.id, "苍岭林业公司", 10)
    [person] = list_queries.standing(QUARTER, "people")
    assert (person.earned.id, person.earned.points) == (human.id, 10)
