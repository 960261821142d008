"""An existing register from a spreadsheet: each row is judged; a faulty one gets a sentence."""

import io

import pytest
from sqlalchemy import select

from contest import signals
from contest.db import db
from contest.errors import Conflict, Invalid
from contest.registry import import_actions, import_queries, ladder_queries, person_actions
from contest.registry.models import Craftsman, Honour
from tests import factories
from tests.people.spreadsheets import xlsx_of
from tests.registry.climbing import curators, take_up

HEAD = "姓名,单位,出生日期,工种,地区,等级,荣誉,授予单位,文号,授予日期\n"


def send(actor, rows):
    return import_actions.upload_register(actor, (HEAD + rows).encode(), "工匠库.csv")


def judged(import_id):
    return import_queries.rows_of(import_queries.get_pending(import_id).rows)


def why(row):
    return row.sentence["message"] % row.sentence["params"] if row.sentence else ""


def test_an_honour_is_a_title_only_where_the_register_says_so(app):
    one, _ = curators()
    head = "姓名,单位,荣誉,是否称号,授予单位,文号,授予日期\n"
    rows = ("林工,云溪水泥,首席技师,是,市总工会,1号,2024-05-01\n"
            "林工,云溪水泥,合理化建议奖,,市总工会,2号,2024-06-01\n"
            "白工,云溪水泥,安全标兵,也许,市总工会,3号,2024-07-01\n")
    pending = import_actions.upload_register(one, (head + rows).encode(), "工匠库.csv")
    assert [row.kind for row in judged(pending)] == ["new", "new", "faulty"]

    import_actions.confirm_register(one, pending, True)

    found = db.session.execute(select(Honour.name, Honour.is_title)).all()
    assert sorted(found) == [("合理化建议奖", False), ("首席技师", True)]


def test_a_register_comes_in_and_is_searched(app, client):
    one, two = curators()
    take_up(one)
    pending = send(one, "林工,云溪水泥,1980-02-03,焊工,青州,技术能手,市首席技师,市总工会,1号,2024-05-01\n"
                        "林工,云溪水泥,1980-02-03,焊工,青州,,省五一奖章,省总工会,2号,2025-05-01\n")
    assert [row.kind for row in judged(pending)] == ["new", "new"]
    with pytest.raises(Conflict, match="another curator"):
        import_actions.confirm_register(one, pending, False)

    assert import_actions.confirm_register(two, pending, False)["new"] == 2

    craftsman = db.session.scalars(select(Craftsman)).one()
    assert (craftsman.place, craftsman.trade, craftsman.level) == ("青州", "焊工", "技术能手")
    assert {one.name for one in craftsman.honours} == {"市首席技师", "省五一奖章"}
    event = ladder_queries.events_of(craftsman.human_id)[0]
    assert (event.kind, event.by_id, event.second_id) == ("taken_over", one.user_id, two.user_id)
    assert "林工" in client.get("/register").text


@pytest.mark.parametrize(("row", "sentence"), [
    ("林工,云溪水泥,,,,,,,,", "Neither an honour nor a level"),
    ("林工,云溪水泥,,,,,劳模,,1号,2024-05-01", "lacks"),
    ("林工,云溪水泥,,,,,劳模,市总工会,1号,", "lacks"),
    ("林工,云溪水泥,,,,,劳模,市总工会,1号,2031-05-01", "future"),
    ("林工,云溪水泥,,,,状元,,,,", "no step of a ladder"),
    ("林工,云溪水泥,去年,,,,劳模,市总工会,1号,2024-05-01", "date"),
    (",云溪水泥,,,,,劳模,市总工会,1号,2024-05-01", ""),
    ("林工,,,,,,劳模,市总工会,1号,2024-05-01", ""),
])
def test_a_faulty_row_gets_one_sentence_and_the_others_are_stored_when_it_is_said(app, row, sentence):
    one, _ = curators()
    pending = send(one, f"{row}\n王工,望湖水泥,,,,,劳模,市总工会,1号,2024-05-01\n")
    faulty, good = judged(pending)

    assert (faulty.kind, good.kind, faulty.number) == ("faulty", "new", 2)
    assert sentence in why(faulty) and why(faulty)
    with pytest.raises(Conflict, match="1 rows"):
        import_actions.confirm_register(one, pending, False)
    assert db.session.scalars(select(Honour)).all() == []
    import_actions.confirm_register(one, pending, True)
    assert [one.craftsman.human.name for one in db.session.scalars(select(Honour))] == ["王工"]


def test_who_is_known_is_found_before_a_row_is_made(app):
    one, _ = curators()
    unit = factories.make_organisation("旧名厂")
    known = factories.make_person("林工", unit, "1980-02-03")
    person_actions.rename_organisation(one, unit.id, "新名厂", "", "2026-01-01", "")
    pending = send(one, "林工,旧名厂,,,,,劳模,市总工会,1号,2024-05-01\n"
                        "林工,别厂,1980-02-03,,,,劳模,市总工会,2号,2024-05-01\n"
                        "林工,别厂,1990-02-03,,,,劳模,市总工会,3号,2024-05-01\n")
    rows = judged(pending)
    assert [row.human_id for row in rows] == [known.id, known.id, None]
    assert "another unit" in why(rows[2])
    import_actions.confirm_register(one, pending, False)

    again = send(one, "林工,旧名厂,,,,,劳模,市总工会,1号,2024-05-01\n")
    assert [row.kind for row in judged(again)] == ["unchanged"]


def test_two_namesakes_of_one_unit_need_a_birth_date(app):
    one, _ = curators()
    unit = factories.make_organisation("云溪水泥")
    for _ in range(2):
        factories.make_person("林工", unit)
    pending = send(one, "林工,云溪水泥,,,,,劳模,市总工会,1号,2024-05-01\n")
    assert "date of birth" in why(judged(pending)[0])


def test_the_same_row_twice_is_said(app):
    one, _ = curators()
    row = "林工,云溪水泥,,,,,劳模,市总工会,1号,2024-05-01\n"
    assert [one.kind for one in judged(send(one, row * 2))] == ["new", "faulty"]


def test_what_was_broken_off_is_confirmed_again_and_nothing_is_doubled(app, monkeypatch):
    one, _ = curators()
    monkeypatch.setattr(import_actions, "BATCH", 2)
    pending = send(one, "".join(f"工匠{n},云溪水泥,,,,,劳模,市总工会,{n}号,2024-05-01\n" for n in range(5)))

    def break_off(_did, honour_id, state):
        if db.session.get(Honour, honour_id).document_number == "3号":
            raise Conflict("The store is closed.")

    with signals.honour_changed.connected_to(break_off), pytest.raises(Conflict):
        import_actions.confirm_register(one, pending, False)
    assert db.session.query(Honour).count() == 2

    import_actions.confirm_register(one, pending, False)
    assert sorted(one.document_number for one in db.session.scalars(select(Honour))) == [
        f"{n}号" for n in range(5)
    ]


def test_a_file_that_is_no_list_is_refused(app):
    one, _ = curators()
    with pytest.raises(Invalid):
        import_actions.upload_register(one, b"%PDF-1.7", "a.xlsx")


def test_the_pages_by_xlsx(app, as_role):
    desk = as_role("curator")
    rows = [HEAD, "林工,云溪水泥,1980-02-03,焊工,青州,,劳模,市总工会,1号,2024-05-01", "王工,云溪水泥,,,,,,,,"]
    book = xlsx_of([row.strip().split(",") for row in rows])
    answer = desk.post("/curation/import", data={"file": (io.BytesIO(book), "库.xlsx")},
                       content_type="multipart/form-data")
    assert answer.status_code == 303
    page = desk.get(answer.location).text
    assert "Neither an honour nor a level" in page and "林工" in page
    assert desk.post(answer.location, data={}).status_code == 409
    assert desk.post(answer.location, data={"leaves_out": "1"}).status_code == 303
    assert desk.get(answer.location).status_code == 404
    assert desk.post("/curation/import", data={}).status_code == 422
