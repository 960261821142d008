"""A roster is read, shown, and stored once."""

from pathlib import Path

import pytest
from sqlalchemy import event, select

import contest.demo
from contest import signals
from contest.audit.models import TrailRow
from contest.audit.work import Actor
from contest.db import db
from contest.errors import Conflict, Invalid, Missing
from contest.people import import_queries, queries, roster_actions
from contest.people.models import Entrant, Human, Organisation, PendingImport, Team
from contest.people.roster_actions import BadList
from contest.people.tables import Problem
from tests.factories import make_contest, make_entrant, make_organisation, make_user
from tests.people.spreadsheets import xlsx_of

HEADERS = ["单位", "代表队", "姓名", "性别", "出生日期", "技能等级", "参赛号"]
ZHANG = ["海螺水泥", "一队", "张三", "男", "1990-01-02", "高级工", "A007"]
LI = ["海螺水泥", "一队", "李四", "女", "1991年3月4日", "技师", ""]


@pytest.fixture
def open_contest(app):
    return make_contest(state="registration")


def take_in(actor, contest, *rows, organisation_id=None):
    data = xlsx_of([HEADERS, *rows])
    pending = roster_actions.upload_roster(actor, contest.id, data, "名单.xlsx", organisation_id)
    return roster_actions.confirm_roster(actor, contest.id, pending, organisation_id)


def test_uploading_stores_nobody(open_contest, petra):
    data = xlsx_of([HEADERS, ZHANG])

    roster_actions.upload_roster(petra, open_contest.id, data, "名单.xlsx")

    assert queries.list_entrants(open_contest.id) == []
    assert db.session.query(Organisation).count() == 0


def test_confirming_stores_everybody_with_teams_and_numbers(open_contest, petra, trail):
    told = []
    with signals.marks_changed.connected_to(lambda did, contest_id: told.append(contest_id)):
        counts = take_in(petra, open_contest, ZHANG, LI)

    zhang, li = queries.list_entrants(open_contest.id)
    assert counts == {"new": 2, "changed": 0, "unchanged": 0}
    assert (zhang.number, li.number) == ("A007", "A008")
    assert zhang.team is li.team and zhang.team.organisation.name == "海螺水泥"
    assert queries.values_of(li) == {
        "team": "一队",
        "gender": "female",
        "born_on": "1991-03-04",
        "group": "",
        "trade": "",
        "skill_level": "technician",
        "employment": "",
        "room": "",
        "titles": "",
        "number": "A008",
    }
    assert li.human.name_key == "li si"
    assert told == [open_contest.id]
    assert trail() == ["roster.upload", "roster.import"]
    assert open_contest.marks_version == 1


def test_the_same_file_again_changes_nothing(open_contest, petra):
    take_in(petra, open_contest, ZHANG, LI)
    before = [(e.id, e.number, e.check_in_token) for e in queries.list_entrants(open_contest.id)]

    counts = take_in(petra, open_contest, ZHANG, LI)

    assert counts == {"new": 0, "changed": 0, "unchanged": 2}
    assert before == [
        (e.id, e.number, e.check_in_token) for e in queries.list_entrants(open_contest.id)
    ]


def test_a_change_is_written_into_the_same_person(open_contest, petra):
    take_in(petra, open_contest, ZHANG)
    [before] = queries.list_entrants(open_contest.id)

    counts = take_in(petra, open_contest, [*ZHANG[:5], "技师", "B1"])

    [after] = queries.list_entrants(open_contest.id)
    assert counts["changed"] == 1
    assert (after.id, after.skill_level, after.number) == (before.id, "technician", "B1")


def test_two_people_may_swap_their_numbers(open_contest, petra):
    wang = ["海螺水泥", "一队", "王五", "男", "1992-01-01", "高级工", "A008"]
    take_in(petra, open_contest, ZHANG, wang)

    counts = take_in(petra, open_contest, [*ZHANG[:6], "A008"], [*wang[:6], "A007"])

    assert counts["changed"] == 2
    assert [e.human.name for e in queries.list_entrants(open_contest.id)] == ["王五", "张三"]


def test_a_list_is_confirmed_once(open_contest, petra):
    data = xlsx_of([HEADERS, ZHANG])
    pending = roster_actions.upload_roster(petra, open_contest.id, data, "名单.xlsx")
    roster_actions.confirm_roster(petra, open_contest.id, pending)

    with pytest.raises(Missing):
        roster_actions.confirm_roster(petra, open_contest.id, pending)
    assert len(queries.list_entrants(open_contest.id)) == 1


def test_somebody_elses_list_cannot_be_confirmed(open_contest, petra):
    data = xlsx_of([HEADERS, ZHANG])
    pending = roster_actions.upload_roster(petra, open_contest.id, data, "名单.xlsx")
    other = make_user("Milan")

    with pytest.raises(Missing):
        roster_actions.confirm_roster(Actor(other.id, other.name), open_contest.id, pending)


def test_a_bad_cell_keeps_the_whole_file_out(open_contest, petra, trail):
    data = xlsx_of([HEADERS, ZHANG, [*LI[:4], "1991-02-30", "技师", ""]])

    with pytest.raises(BadList) as refused:
        roster_actions.upload_roster(petra, open_contest.id, data, "名单.xlsx")

    assert [(p.row, p.column) for p in refused.value.problems] == [(3, "Date of birth")]
    assert db.session.query(PendingImport).count() == 0
    assert trail() == []


def test_everything_wrong_is_said_in_one_round_with_what_was_found(open_contest, petra):
    make_entrant(open_contest, name="钱六", organisation=make_organisation("海螺水泥"))
    rows = [
        ZHANG, ["海螺水泥", "一队", "李四", "女", "昨天", "技师", "A007"],
        ["海螺水泥", "一队", "", "", "", "", ""], ["海螺水泥", "一队", "", "", "", "", ""], ZHANG[:6],
        ["海螺水泥", "一队", "王五", "马", "", "", ""],
    ]

    with pytest.raises(BadList) as refused:
        take_in(petra, open_contest, *rows)

    assert [(one.row, one.column, one.found, one.message) for one in refused.value.problems] == [
        (3, "Date of birth", "昨天", "This is not a date; write it like 1990-01-02."),
        (3, "Entry number", "A007", "Row %(first)s has the same entry number."),
        (4, "Name", "", "This cell is empty."),
        (5, "Name", "", "This cell is empty."),
        (6, "Name", "张三", "The same person stands in row %(first)s already."),
        (7, "Gender", "", "%(value)s is not one of the choices: %(allowed)s."),
    ]


def test_a_problem_keeps_what_was_found_and_an_earlier_one_can_be_read():
    problem = Problem("bad", "This is not a name.", row=2, column="Name", cell=("number", "7" * 50))

    again = Problem.from_document(problem.to_document())

    assert again.found == "7" * 40 + "…"
    assert Problem.from_document(problem.to_document()[:5]).found == ""


def test_a_birth_date_to_come_is_refused(open_contest, petra):
    with pytest.raises(BadList):
        take_in(petra, open_contest, [*ZHANG[:4], "2027-01-01", "", ""])


def test_what_others_registered_meanwhile_is_seen_at_the_yes(open_contest, petra):
    data = xlsx_of([HEADERS, ZHANG])
    pending = roster_actions.upload_roster(petra, open_contest.id, data, "名单.xlsx")
    make_entrant(open_contest, "王五", number="A007")

    with pytest.raises(BadList):
        roster_actions.confirm_roster(petra, open_contest.id, pending)
    assert len(queries.list_entrants(open_contest.id)) == 1


def test_a_person_of_an_earlier_contest_is_known_again(open_contest, petra):
    earlier = make_contest(state="registration")
    take_in(petra, earlier, ZHANG)

    take_in(petra, open_contest, ZHANG)

    assert db.session.query(Human).count() == 1
    assert db.session.query(Entrant).count() == 2


def test_after_publication_the_roster_is_closed(app, petra):
    contest = make_contest(state="provisional")

    with pytest.raises(Conflict):
        roster_actions.upload_roster(petra, contest.id, xlsx_of([HEADERS, ZHANG]), "a.xlsx")


def test_a_unit_brings_only_its_own_people(open_contest, petra):
    home = make_organisation("海螺水泥")
    other = ["他厂", "", "王五", "", "", "", ""]

    with pytest.raises(BadList) as refused:
        take_in(petra, open_contest, ZHANG[:6], other, organisation_id=home.id)
    assert [(p.row, p.column) for p in refused.value.problems if p.kind == "bad"] == [
        (3, "Organisation")
    ]

    counts = take_in(petra, open_contest, ["", *ZHANG[1:6]], organisation_id=home.id)
    [entrant] = queries.list_entrants(open_contest.id)
    assert (counts["new"], entrant.organisation_id, entrant.number) == (1, home.id, "001")


def test_a_unit_registers_only_while_registration_is_open(app, petra):
    contest, home = make_contest(state="scoring"), make_organisation("海螺水泥")

    with pytest.raises(Conflict):
        take_in(petra, contest, ZHANG, organisation_id=home.id)


def test_a_file_that_is_no_list_is_refused(open_contest, petra):
    with pytest.raises(Invalid):
        roster_actions.upload_roster(petra, open_contest.id, b"x,y\n1,2\n", "a.csv")


def test_the_demonstrations_roster_is_taken_in(open_contest, petra):
    data = (Path(contest.demo.__file__).parent / "roster.xlsx").read_bytes()
    pending = roster_actions.upload_roster(petra, open_contest.id, data, "roster.xlsx")

    assert roster_actions.confirm_roster(petra, open_contest.id, pending)["new"] == 140
    assert db.session.query(Team).count() == 28
    assert db.session.query(Organisation).count() == 11


ROOMS = ["单位", "姓名", "考场", "已获称号"]


def take_in_rooms(actor, contest, *rows):
    data = xlsx_of([ROOMS, *rows])
    pending = roster_actions.upload_roster(actor, contest.id, data, "名单.xlsx")
    return roster_actions.confirm_roster(actor, contest.id, pending)


def test_rooms_and_titles_come_in_and_an_empty_cell_leaves_them(open_contest, petra):
    take_in_rooms(petra, open_contest, ["海螺水泥", "张三", "第一考场", "技术能手、五一奖章"])
    counts = take_in_rooms(petra, open_contest, ["海螺水泥", "张三", "", ""])

    [zhang] = queries.list_entrants(open_contest.id)
    assert (zhang.room, zhang.titles) == ("第一考场", ["技术能手", "五一奖章"])
    assert counts == {"new": 0, "changed": 0, "unchanged": 1}


def test_a_changed_room_and_title_are_shown_before_they_are_stored(open_contest, petra):
    take_in_rooms(petra, open_contest, ["海螺水泥", "张三", "第一考场", "技术能手"])
    data = xlsx_of([ROOMS, ["海螺水泥", "张三", "第二考场", "技术能手,五一奖章"]])
    pending = roster_actions.upload_roster(petra, open_contest.id, data, "名单.xlsx")
    rows = db.session.get(PendingImport, pending).rows

    [line], _, _ = import_queries.roster_preview(open_contest.id, rows)
    roster_actions.confirm_roster(petra, open_contest.id, pending)

    assert line.changes == {
        "room": ("第一考场", "第二考场"), "titles": ("技术能手", "技术能手、五一奖章")
    }
    [zhang] = queries.list_entrants(open_contest.id)
    assert (zhang.room, zhang.titles) == ("第二考场", ["技术能手", "五一奖章"])


def test_a_room_that_is_too_long_is_refused_by_row_and_column(open_contest, petra):
    with pytest.raises(BadList) as refused:
        take_in_rooms(petra, open_contest, ["海螺水泥", "张三", "长" * 51, "名" * 51])

    assert [(problem.row, problem.column) for problem in refused.value.problems] == [
        (2, "Room"), (2, "Titles held")
    ]


def test_the_trail_keeps_what_a_list_changed(open_contest, petra):
    take_in(petra, open_contest, ZHANG)
    [entrant] = queries.list_entrants(open_contest.id)
    number, old_team = entrant.number, entrant.team.name

    take_in(petra, open_contest, [ZHANG[0], "别队", *ZHANG[2:]])

    row = db.session.scalar(select(TrailRow).order_by(TrailRow.id.desc()))
    assert row.facts["corrected"] == {number: {"old": {"team": old_team}, "new": {"team": "别队"}}}


def test_a_list_tells_how_far_it_is_and_looks_each_organisation_up_once(open_contest, petra):
    rows = [["海螺水泥", "", f"张{n}", "", "1990-01-02", "", ""] for n in range(20)]
    pending = roster_actions.upload_roster(
        petra, open_contest.id, xlsx_of([HEADERS, *rows]), "名单.xlsx"
    )
    told, asked = [], []

    def progress(lines):
        for line in lines:
            told.append(line.row)
            yield line

    def listen(_connection, _cursor, statement, *_rest):
        if statement.startswith("SELECT") and "FROM human" in statement:
            asked.append(statement)

    event.listen(db.engine, "before_cursor_execute", listen)
    roster_actions.confirm_roster(petra, open_contest.id, pending, progress=progress)
    event.remove(db.engine, "before_cursor_execute", listen)

    assert told == list(range(2, 22))
    assert len(asked) == 1
