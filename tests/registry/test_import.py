"""An existing register from a spreadsheet: each row is judged; a faulty one gets a sentence."""

import io
import re

import pytest
from sqlalchemy import select

from contest import signals
from contest.audit.models import TrailRow
from contest.db import db
from contest.errors import Conflict, Invalid
from contest.member_services.entitlement_models import Entitlement, EntitlementEvent
from contest.people.models import Human
from contest.registry import import_actions, import_queries, ladder_queries, person_actions
from contest.registry.life_models import CraftsmanWork
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


WORKS = "姓名,单位,荣誉,授予单位,文号,授予日期,作品,专利,专利号,专利日期\n"


def test_works_and_patents_come_in_with_the_register_each_once(app):
    one, _ = curators()
    rows = ("林工,云溪水泥,首席技师,市总工会,1号,2024-05-01,窑口浇注法,,,2022-03-01\n"
            "林工,云溪水泥,,,,,,回转窑密封装置,ZL2021 1 0000001.1,2021-06-30\n"
            "林工,云溪水泥,省五一奖章,省总工会,2号,2025-05-01,窑口浇注法,,,2022-03-01\n")

    pending = import_actions.upload_register(one, (WORKS + rows).encode(), "工匠库.csv")
    import_actions.confirm_register(one, pending, False)

    works = [(row.kind, row.title, row.number, row.on.isoformat(), row.by_id) for row in
             db.session.scalars(select(CraftsmanWork).order_by(CraftsmanWork.id))]
    assert works == [
        ("work", "窑口浇注法", "", "2022-03-01", one.user_id),
        ("patent", "回转窑密封装置", "ZL2021 1 0000001.1", "2021-06-30", one.user_id),
    ]
    more = rows.splitlines()[0] + "\n林工,云溪水泥,首席技师,市总工会,1号,2024-05-01,余热改造,,,2023-03-01\n"
    pending = import_actions.upload_register(one, (WORKS + more).encode(), "工匠库.csv")
    assert [row.kind for row in judged(pending)] == ["unchanged", "known"]
    import_actions.confirm_register(one, pending, False, are_same=True)
    titles = db.session.scalars(select(CraftsmanWork.title).order_by(CraftsmanWork.id)).all()
    assert titles == ["窑口浇注法", "回转窑密封装置", "余热改造"]
    assert len(db.session.scalars(select(Honour)).all()) == 2


@pytest.mark.parametrize(("row", "sentence"), [
    ("林工,云溪水泥,,,,,窑口浇注法,,,", "lacks its day"),
    ("林工,云溪水泥,,,,,,回转窑密封装置,,2021-06-30", "a title and a number"),
    ("林工,云溪水泥,劳模,市总工会,1号,2024-05-01,,,ZL1,2021-06-30", "a title and a number"),
    ("林工,云溪水泥,,,,,窑口浇注法,,,2031-06-30", "future"),
])
def test_a_work_or_patent_that_is_not_whole_is_said(app, row, sentence):
    one, _ = curators()
    [found] = judged(import_actions.upload_register(one, (WORKS + row + "\n").encode(), "工匠库.csv"))
    assert found.kind == "faulty" and sentence in why(found)


def test_a_title_without_an_honour_is_told_by_row_and_column_and_the_preview_marks_titles(app, as_role):
    one, _ = curators()
    take_up(one)
    head = "姓名,单位,等级,荣誉,是否称号,授予单位,文号,授予日期\n"
    pending = import_actions.upload_register(one, (
        head + "林工,云溪水泥,技术能手,,是,,,\n"
        "白工,云溪水泥,技术能手,,否,,,\n"
        "王工,云溪水泥,,首席技师,是,市总工会,1号,2024-05-01\n"
        "周工,云溪水泥,,合理化建议奖,,市总工会,2号,2024-05-01\n"
    ).encode(), "工匠库.csv")

    rows = judged(pending)
    page = as_role("curator").get(f"/curation/import/{pending}").text

    assert [(row.number, row.kind) for row in rows] == [
        (2, "faulty"), (3, "new"), (4, "new"), (5, "new"),
    ]
    assert rows[0].sentence["column"] == "Title (yes or no)" and "no honour" in why(rows[0])
    told = re.sub(r"<[^>]+>|\s+", " ", page)
    assert "Row 2" in told and "Title (yes or no): This row says that it is a title" in told
    assert re.search(r"首席技师 +Title", told) and not re.search(r"合理化建议奖 +Title", told)


def test_many_rows_are_stored_with_a_statement_for_many_not_many_for_each(app, listen):
    """Counted, not timed: each row asked the tables thirty times before."""
    one, two = curators()
    take_up(one)
    rows = "".join(
        f"匠人{n},单位{n % 5},1980-02-03,焊工,青州,{'技术能手' if n % 2 else ''},首席技师,是,市总工会,"
        f"{n}号,2024-05-01\n" for n in range(100)
    )
    head = HEAD.replace("荣誉,", "荣誉,是否称号,", 1)
    pending = import_actions.upload_register(one, (head + rows).encode(), "工匠库.csv")
    asked = []
    listen(db.engine, "before_cursor_execute", lambda *what: asked.append(what[2]))

    assert import_actions.confirm_register(two, pending, False)["new"] == 100

    assert sum(one.startswith("SELECT") for one in asked) < 150
    # Nothing of what is told of each row is lost by that.
    trail = db.session.scalars(select(TrailRow).filter_by(did="registry.import")).all()
    people = [human_id for row in trail for human_id in row.facts["kept"]]
    assert people == list(db.session.scalars(select(Human.id).order_by(Human.id)))
    assert {one.level for one in db.session.scalars(select(Craftsman))} == {"", "技术能手"}
    opened = db.session.scalars(select(Entitlement)).all()
    assert {one.human_id for one in opened} == set(people)
    noted = db.session.scalars(select(EntitlementEvent).filter_by(kind="opened")).all()
    assert sorted(one.entitlement_id for one in noted) == sorted(one.id for one in opened)
    assert {one.words for one in noted} == {"首席技师", "首席技师; – → expert"}


def test_two_rows_of_one_person_are_one_person_with_both_honours_and_the_higher_level(app):
    one, two = curators()
    take_up(one)
    pending = send(one, "林工,云溪水泥,1980-02-03,焊工,青州,技术能手,首席技师,市总工会,1号,2024-05-01\n"
                        "林工,云溪水泥,1980-02-03,,,技术骨干,劳模,市总工会,2号,2024-05-01\n")

    import_actions.confirm_register(two, pending, False)

    craftsman = db.session.scalars(select(Craftsman)).one()
    assert (craftsman.level, craftsman.trade) == ("技术能手", "焊工")
    assert {one.name for one in craftsman.honours} == {"首席技师", "劳模"}
    assert [one.now for one in ladder_queries.events_of(craftsman.human_id)] == [
        ladder_queries.level_of(craftsman.human_id).step.key
    ]


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
    assert [row.is_sure for row in rows] == [False, True, True]
    with pytest.raises(Conflict, match="name and unit alone"):
        import_actions.confirm_register(one, pending, False)
    assert db.session.query(Honour).count() == 0
    import_actions.confirm_register(one, pending, False, are_same=True)

    again = send(one, "林工,旧名厂,,,,,劳模,市总工会,1号,2024-05-01\n")
    assert [row.kind for row in judged(again)] == ["unchanged"]


def test_the_preview_names_whom_a_row_would_be_taken_for(app, as_role):
    one, _ = curators()
    known = factories.make_person("林工", factories.make_organisation("云溪水泥"), "1980-02-03")
    pending = send(one, "林工,云溪水泥,,,,,劳模,市总工会,1号,2024-05-01\n")
    page = as_role("curator").get(f"/curation/import/{pending}").text
    assert f"/people/{known.id}" in page and "name and unit alone" in page and "are_same" in page

    refused = as_role("curator").post(f"/curation/import/{pending}", data={})
    assert refused.status_code == 409 and "1 rows were found by name and unit alone" in refused.text

    assert as_role("curator").post(f"/curation/import/{pending}", data={"are_same": "1"}).status_code == 303
    assert db.session.query(Honour).one().craftsman.human_id == known.id


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


BOTH = pytest.mark.parametrize("app", ["sqlite", "postgres"], indirect=True)
MANY = "".join(f"工匠{n},云溪水泥,,,,,劳模,市总工会,{n}号,2024-05-01\n" for n in range(5))


@BOTH
def test_a_list_that_is_confirmed_twice_at_once_doubles_nobody(app, monkeypatch):
    """The second yes comes after the first had judged the rows and before it stored any."""
    one, two = curators()
    pending, hold = send(one, MANY), import_queries.hold_pending

    def be_overtaken(import_id):
        monkeypatch.setattr(import_queries, "hold_pending", hold)
        import_actions.confirm_register(two, pending, False)
        hold(import_id)

    monkeypatch.setattr(import_queries, "hold_pending", be_overtaken)
    with pytest.raises(Conflict, match="meanwhile"):
        import_actions.confirm_register(one, pending, False)

    assert db.session.query(Human).count() == db.session.query(Honour).count() == 5


@BOTH
def test_each_batch_is_judged_anew_against_what_came_in_meanwhile(app, monkeypatch):
    """Another list brought the same people and honours between two batches of this one."""
    one, two = curators()
    monkeypatch.setattr(import_actions, "BATCH", 2)
    pending, other = send(one, MANY), send(two, MANY)
    hold, held = import_queries.hold_pending, []

    def be_overtaken(import_id):
        held.append(import_id)
        if held == [pending, pending]:
            import_actions.confirm_register(two, other, False)
        hold(import_id)

    monkeypatch.setattr(import_queries, "hold_pending", be_overtaken)
    import_actions.confirm_register(one, pending, False)

    assert held == [pending, pending, other, other, pending]  # of the other list three rows were new
    assert db.session.query(Human).count() == db.session.query(Honour).count() == 5


def test_whom_the_list_itself_brought_is_no_namesake_in_a_later_batch(app, monkeypatch):
    """The same people come out, wherever a batch happens to end."""
    one, _ = curators()
    rows = ("林工,云溪水泥,1980-02-03,,,,劳模,市总工会,1号,2024-05-01\n"
            "林工,云溪水泥,1990-02-03,,,,劳模,市总工会,2号,2024-05-01\n"
            "林工,云溪水泥,,,,,劳模,市总工会,3号,2024-05-01\n"
            "林工,云溪水泥,1980-02-03,,,,先进,市总工会,4号,2024-05-01\n")
    monkeypatch.setattr(import_actions, "BATCH", 1)
    import_actions.confirm_register(one, send(one, rows), False)
    found = db.session.execute(
        select(Human.born_on, Honour.document_number).join(Craftsman, Craftsman.human_id == Human.id)
        .join(Honour, Honour.craftsman_id == Craftsman.id).order_by(Honour.document_number)
    ).all()
    assert [str(born_on) for born_on, _ in found] == ["1980-02-03", "1990-02-03", "None", "1980-02-03"]
    assert db.session.query(Human).count() == 3


def test_an_honour_without_the_number_of_its_document_is_no_honour_yet(app):
    one, _ = curators()
    pending = send(one, "林工,云溪水泥,1980-02-03,焊工,青州,,首席技师,市总工会,,2024-05-01\n")
    [row] = judged(pending)
    assert (row.kind, why(row)) == ("faulty", "The honour lacks the number of the document that granted it.")
