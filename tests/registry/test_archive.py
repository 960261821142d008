"""Earlier contests from their archives: each row judged, shown before, stored whole, apart from the rest."""

import io
import re

import pytest
from sqlalchemy import select

from contest import signals
from contest.audit.models import TrailRow
from contest.db import db
from contest.errors import Conflict, Invalid
from contest.member_services import entitlement_queries
from contest.people.models import Entrant, Human
from contest.registry import (
    archive_actions,
    archive_queries,
    ladder_queries,
    listing,
    person_actions,
)
from contest.registry.archive_models import ArchiveContest, ArchiveImport, ArchiveResult
from contest.registry.models import Craftsman, Honour
from contest.results.models import ResultSheet
from contest.setup.models import Contest
from tests import factories
from tests.people.spreadsheets import xlsx_of
from tests.registry.climbing import curators

ABOUT = {
    "archive_name": "2019年水泥行业技能竞赛", "held_on": "2019-10-12", "authority": "省总工会",
    "document_number": "苏工发〔2019〕77号", "source": "省总工会档案室 2019-竞-4，成绩册第12页",
    "contest_level": "province",
}
HEAD = "姓名,单位,代表队,出生日期,组别,工种,名次,总分,奖项,是否称号\n"
ROWS = (
    "林工,云溪水泥,,1980-02-03,职工组,中控操作,1,92.5,一等奖,\n"
    "林工,云溪水泥,,1980-02-03,职工组,中控操作,1,92.5,省技术能手,是\n"
    "白工,望湖水泥,,,职工组,,2,90,,\n"
    ",云溪水泥,云溪一队,,,,1,271.5,团体一等奖,\n"
    ",望湖水泥,,,,,,,优秀组织奖,\n"
)


def send(actor, rows=ROWS, **changes):
    return archive_actions.upload_archive(actor, {**ABOUT, **changes}, (HEAD + rows).encode(), "2019.csv")


def judged(import_id):
    return archive_queries.rows_of(archive_queries.get_pending(import_id))


def why(row):
    return row.sentence["message"] % row.sentence["params"] if row.sentence else ""


def words_of(page):
    return " ".join(re.sub(r"<[^>]+>", " ", page).split())


def test_an_earlier_contest_comes_in_with_its_source_and_is_no_contest_of_the_house(app, client):
    one, _ = curators()
    pending = send(one)
    assert [row.kind for row in judged(pending)] == ["new"] * 5
    assert db.session.query(Human).count() == 0  # nothing is stored before the yes

    archive = archive_actions.confirm_archive(one, pending, False)

    assert (archive.name, archive.source) == (ABOUT["archive_name"], ABOUT["source"])
    assert [(row.place, row.total, row.award) for row in archive.results] == [
        (1, "92.5", "一等奖"), (1, "92.5", "省技术能手"), (2, "90", ""), (1, "271.5", "团体一等奖"),
        (None, "", "优秀组织奖"),
    ]
    for model in (Contest, Entrant, ResultSheet, ArchiveImport):
        assert db.session.query(model).count() == 0
    page = words_of(client.get(f"/register/archive/{archive.id}").text)
    assert all(word in page for word in ("成绩册第12页", "林工", "白工", "云溪一队", "271.5", "优秀组织奖"))
    assert ABOUT["archive_name"] in client.get("/register/archive").text


def test_awards_of_it_are_honours_with_place_authority_and_the_way_back(app, client):
    one, _ = curators()
    archive = archive_actions.confirm_archive(one, send(one), False)

    honours = db.session.scalars(select(Honour).order_by(Honour.id)).all()

    assert [(h.name, h.is_title, h.place, h.contest_level, h.state) for h in honours] == [
        ("一等奖", False, 1, "province", "listed"), ("省技术能手", True, 1, "province", "listed"),
        ("团体一等奖", False, 1, "province", "listed"), ("优秀组织奖", False, None, "province", "listed"),
    ]
    assert {(h.contest_id, h.award_id, h.authority, h.document_number) for h in honours} == {
        (None, None, "省总工会", "苏工发〔2019〕77号")
    }
    [craftsman] = db.session.scalars(select(Craftsman)).all()  # who has no award is not on the register
    assert entitlement_queries.held_keys(craftsman.human_id) >= {"skill_allowance"}
    for page in (f"/register/{craftsman.token}", f"/register/organisations/{honours[2].organisation_id}"):
        assert f"/register/archive/{archive.id}" in client.get(page).text
    assert (honours[2].team_name, honours[3].team_name) == ("云溪一队", "")


@pytest.mark.parametrize(("row", "sentence", "column"), [
    ("林工,云溪水泥,,,,,,,,", "Neither a place nor a total nor an award", ""),
    ("林工,,,,,,1,90,,", "", "Organisation"),
    ("林工,云溪水泥,,,,,第一,90,,", "", "Place"),
    ("林工,云溪水泥,,,,,1.5,90,,", "", "Place"),
    ("林工,云溪水泥,,,,,1,优,,", "", "Total"),
    ("林工,云溪水泥,,,,,1,90,,是", "no award", "Title (yes or no)"),
    ("林工,云溪水泥,,2020-01-01,,,1,90,,", "does not lie before the contest", "Date of birth"),
])
def test_a_row_that_cannot_be_taken_is_told_by_row_and_column(app, row, sentence, column):
    one, _ = curators()
    pending = send(one, f"王工,望湖水泥,,,,,2,80,,\n{row}\n")
    good, faulty = judged(pending)

    assert (good.kind, faulty.kind, faulty.number) == ("new", "faulty", 3)
    assert sentence.replace("no award", "no honour") in why(faulty) and why(faulty)
    assert faulty.sentence.get("column", "") == column
    with pytest.raises(Conflict, match="1 rows"):
        archive_actions.confirm_archive(one, pending, False)
    assert db.session.query(ArchiveContest).count() == 0
    archive = archive_actions.confirm_archive(one, pending, True)
    assert [one.human.name for one in archive.results] == ["王工"]


def test_a_total_that_contradicts_its_place_is_said_and_taken_as_it_stands(app):
    one, _ = curators()
    rows = judged(send(one, "甲工,云溪水泥,,,甲组,,1,80,,\n乙工,云溪水泥,,,甲组,,2,85,,\n"
                            "丙工,云溪水泥,,,乙组,,2,99,,\n丁工,云溪水泥,,,甲组,,3,70,,\n"))
    assert [row.kind for row in rows] == ["new"] * 4
    assert [bool(row.sentence) for row in rows] == [False, True, False, False]
    assert why(rows[1]) == "The total 85 is higher than the 80 of place 1."


def test_who_is_known_is_one_person_and_what_is_on_record_is_not_doubled(app):
    one, _ = curators()
    known = factories.make_person("林工", factories.make_organisation("云溪水泥"), "1980-02-03")
    first = archive_actions.confirm_archive(one, send(one), False)
    assert {row.human_id for row in first.results if row.award in ("一等奖", "省技术能手")} == {known.id}
    with pytest.raises(Conflict, match="brought in already"):
        send(one)

    pending = send(one, ROWS.splitlines(keepends=True)[0], archive_name="同一竞赛的另一册")
    assert "on record already" in why(judged(pending)[0])
    second = archive_actions.confirm_archive(one, pending, False)

    assert second.results[0].honour_id is None
    assert db.session.query(Honour).filter_by(name="一等奖").count() == 1


def test_a_contest_that_was_held_here_is_never_brought_in(app):
    one, _ = curators()
    factories.make_contest(state="final", name=ABOUT["archive_name"])
    with pytest.raises(Conflict, match="was held here"):
        send(one)


@pytest.mark.parametrize("field", ["archive_name", "held_on", "authority", "document_number", "source"])
def test_what_is_not_said_of_the_contest_is_asked_for(app, field):
    one, _ = curators()
    with pytest.raises(Invalid) as refused:
        send(one, **{field: " "})
    assert list(refused.value.fields) == [field]


def test_a_contest_comes_in_whole_or_not_at_all(app):
    one, _ = curators()
    pending = send(one)

    def break_off(_did, honour_id, state):
        if db.session.get(Honour, honour_id).name == "优秀组织奖":
            raise Conflict("The store is closed.")

    with signals.honour_changed.connected_to(break_off), pytest.raises(Conflict, match="closed"):
        archive_actions.confirm_archive(one, pending, False)

    for model in (ArchiveContest, ArchiveResult, Honour, Human, Craftsman):
        assert db.session.query(model).count() == 0
    assert archive_queries.get_pending(pending).file_name == "2019.csv"


def test_the_trail_says_row_by_row_what_was_taken(app):
    one, two = curators()
    archive = archive_actions.confirm_archive(two, send(one), False)

    row = db.session.scalars(select(TrailRow).filter_by(did="registry.archive")).one()

    assert (row.facts["source"], row.facts["rows"]) == (ABOUT["source"], 5)
    assert row.facts["kept"] == [one.human_id or 0 for one in archive.results]
    assert row.facts["honours"] == [one.honour_id or 0 for one in archive.results]
    assert (archive.sent_by_id, archive.by_id) == (one.user_id, two.user_id)


def test_a_withdrawn_contest_takes_its_honours_with_it(app, client):
    one, _ = curators()
    archive = archive_actions.confirm_archive(one, send(one), False)
    human_id = archive.results[0].human_id
    with pytest.raises(Invalid, match="reason"):
        archive_actions.withdraw_archive(one, archive.id, " ")

    archive_actions.withdraw_archive(one, archive.id, "成绩册是草稿")

    assert {(h.state, h.state_reason) for h in db.session.scalars(select(Honour))} == {
        ("revoked", "成绩册是草稿")
    }
    assert entitlement_queries.held_keys(human_id) == set()
    page = words_of(client.get(f"/register/archive/{archive.id}").text)
    assert "成绩册是草稿" in page and "白工" not in page
    assert ABOUT["archive_name"] not in client.get("/register/archive").text
    with pytest.raises(Conflict, match="withdrawn already"):
        archive_actions.withdraw_archive(one, archive.id, "再来")
    right = archive_actions.confirm_archive(one, send(one), False, are_same=True)
    assert right.id != archive.id  # the right list may come


def test_results_follow_a_person_who_is_found_to_be_another_row_and_come_back(app):
    one, _ = curators()
    archive = archive_actions.confirm_archive(one, send(one), False)
    gone, keep = archive.results[2].human_id, factories.make_person("白工").id
    merge = person_actions.merge_people(one, keep, gone, "同一人")
    assert db.session.get(ArchiveResult, archive.results[2].id).human_id == keep

    person_actions.split_people(one, merge.id, "不是同一人")

    assert db.session.get(ArchiveResult, archive.results[2].id).human_id == gone


def test_places_of_it_count_on_ladders_by_the_level_that_was_said(app):
    one, _ = curators()
    archive = archive_actions.confirm_archive(one, send(one, ROWS.splitlines(keepends=True)[0]), False)
    human_id = archive.results[0].human_id
    record = ladder_queries.grounds_of([human_id], "three_step")[human_id].record
    assert [(one.level, one.place) for one in record.results] == [("province", 1)]


def test_the_pages_from_the_form_to_the_list(app, as_role):
    desk = as_role("curator")
    book = xlsx_of([row.split(",") for row in (HEAD + ROWS + "周工,云溪水泥,,,,,,,,").strip().splitlines()])

    def post(**changes):
        return desk.post("/curation/archive", data={
            **ABOUT, "file": (io.BytesIO(book), "2019.xlsx"), **changes,
        }, content_type="multipart/form-data")

    refused = post(source="")
    assert refused.status_code == 422 and ABOUT["document_number"] in refused.text  # what was typed is kept
    assert desk.post("/curation/archive", data=ABOUT).status_code == 422  # no file
    answer = post()
    assert answer.status_code == 303
    page = words_of(desk.get(answer.location).text)
    assert "Row 7" in page and "Neither a place" in page and "省技术能手 Title" in page
    assert desk.post(answer.location, data={}).status_code == 409
    done = desk.post(answer.location, data={"leaves_out": "1"})
    assert done.status_code == 303 and "林工" in desk.get(done.location).text
    assert desk.get(answer.location).status_code == 404
    assert desk.post(f"{done.location}/withdraw", data={"reason": ""}).status_code == 422
    assert desk.post(f"{done.location}/withdraw", data={"reason": "错册"}).status_code == 303


def test_an_old_list_does_not_say_where_somebody_is_today(app):
    one, _ = curators()
    known = factories.make_person("林工", factories.make_organisation("云溪水泥"), "1980-02-03")
    craftsman = listing.list_person(known, "看火", "今日水泥", "")
    db.session.commit()

    archive_actions.confirm_archive(one, send(one), False)

    assert (craftsman.trade, craftsman.unit) == ("看火", "今日水泥")
    [honour] = db.session.scalars(select(Honour).filter_by(name="一等奖"))
    assert honour.unit == "云溪水泥"


BOTH = pytest.mark.parametrize("app", ["sqlite", "postgres"], indirect=True)


@BOTH
def test_an_earlier_contest_stands_once_also_where_two_lists_are_confirmed_at_once(app, monkeypatch):
    """Each saw that the other's was not there yet."""
    one, _ = curators()
    first, second = send(one), send(one)
    archive_actions.confirm_archive(one, first, False)
    monkeypatch.setattr(archive_queries, "is_archived", lambda about: False)

    with pytest.raises(Conflict, match="brought in already"):
        archive_actions.confirm_archive(one, second, False, are_same=True)

    assert db.session.query(ArchiveContest).count() == 1
    assert db.session.query(ArchiveResult).count() == 5
    monkeypatch.undo()
    archive_actions.withdraw_archive(one, db.session.scalar(select(ArchiveContest.id)), "错册")
    archive_actions.confirm_archive(one, second, False, are_same=True)
    assert db.session.query(ArchiveContest).count() == 2


@BOTH
def test_one_list_that_is_confirmed_twice_at_once_comes_in_once(app, monkeypatch):
    one, two = curators()
    pending, get_pending = send(one), archive_queries.get_pending

    def get_and_be_overtaken(import_id):
        found = get_pending(import_id)
        monkeypatch.setattr(archive_queries, "get_pending", get_pending)
        archive_actions.confirm_archive(two, pending, False)
        return found

    monkeypatch.setattr(archive_queries, "get_pending", get_and_be_overtaken)
    with pytest.raises(Conflict, match="meanwhile"):
        archive_actions.confirm_archive(one, pending, False)
    assert db.session.query(ArchiveContest).count() == 1
