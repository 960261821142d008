"""Identity numbers that a roster brings along: sealed with the person, never shown, written down."""

import io
import json

import pytest
from sqlalchemy import text

from contest.db import db
from contest.people import id_rules, number_queries, queries, roster_actions
from contest.people.models import Human, PendingImport
from contest.people.personal_models import IdNumber, PersonalAccess
from contest.people.roster_actions import BadList
from tests.factories import make_contest, make_entrant
from tests.people.spreadsheets import xlsx_of

HEADERS = ["单位", "姓名", "出生日期", "身份证号", "手机"]


def number(serial, born="19900102"):
    """A made-up identity number that agrees with itself."""
    digits = f"110105{born}{serial:03d}"
    return digits + id_rules.check_sign(digits)


FIRST, SECOND = number(1), number(2)


@pytest.fixture
def contest(app):
    return make_contest(state="registration")


def upload(petra, contest, *rows):
    return roster_actions.upload_roster(petra, contest.id, xlsx_of([HEADERS, *rows]), "名单.xlsx")


def take_in(petra, contest, *rows):
    roster_actions.confirm_roster(petra, contest.id, upload(petra, contest, *rows))


def said(refused):
    return [(one.row, one.message.split(":")[0], one.found) for one in refused.value.problems
            if one.kind == "bad"]


def test_a_number_comes_to_its_person_sealed_and_the_person_reads_of_it(contest, petra):
    take_in(petra, contest, ["苍岭水泥", "张三", "1990-01-02", FIRST, "13800138000"])

    [zhang] = queries.list_entrants(contest.id)
    assert number_queries.find_human(FIRST).id == zhang.human_id
    row, phone = db.session.query(PersonalAccess).order_by(PersonalAccess.id)
    assert (row.human_id, row.kind, row.fields, "名单.xlsx" in row.reason) == (
        zhang.human_id, "enter", ["id_number"], True)
    assert (phone.human_id, phone.fields) == (zhang.human_id, ["phone"])


def test_no_digit_of_it_lies_in_clear_anywhere_also_while_the_list_waits(contest, petra):
    upload(petra, contest, ["苍岭水泥", "张三", "1990-01-02", FIRST, "13800138000"])
    pending = db.session.query(PendingImport).one()
    waiting = json.dumps([pending.rows, pending.notes], ensure_ascii=False)
    assert FIRST not in waiting and "13800138000" not in waiting

    roster_actions.confirm_roster(petra, contest.id, pending.id)

    for table in db.metadata.sorted_tables:
        rows = db.session.execute(text(f'SELECT * FROM "{table.name}"')).all()
        assert FIRST not in str(rows) and "13800138000" not in str(rows), table.name


def test_the_preview_and_the_lists_show_none(contest, as_role):
    organiser = as_role("organiser", contest)
    data = xlsx_of([HEADERS, ["苍岭水泥", "张三", "", FIRST, "13800138000"]])
    file = (io.BytesIO(data), "名单.xlsx")
    page = organiser.post(
        f"/contests/{contest.id}/entrants/import", data={"file": file}, follow_redirects=True)

    assert page.status_code == 200 and "Identity numbers in the file: 1" in page.text
    assert FIRST not in page.text and FIRST[-6:] not in page.text
    assert "Telephone numbers in the file: 1" in page.text and "13800138000" not in page.text


def test_a_wrong_number_is_refused_by_row_without_being_repeated(contest, petra):
    wrong = FIRST[:-1] + ("0" if FIRST[-1] != "0" else "1")

    with pytest.raises(BadList) as refused:
        upload(
            petra, contest, ["苍岭水泥", "张三", "", wrong, ""],
            ["苍岭水泥", "李四", "", 1.1010519900102e17, ""],
        )

    assert said(refused) == [
        (2, "The last sign does not agree with the others", ""),
        (3, "The spreadsheet keeps this number as a figure and has lost its last digits", ""),
    ]


def test_a_number_stands_for_one_person(contest, petra):
    take_in(petra, contest, ["苍岭水泥", "张三", "", FIRST, ""])

    for row, sentence in (
        (["望湖水泥", "李四", "", FIRST, ""],
         "The person with this identity number is in this contest already."),
        (["苍岭水泥", "张三", "", SECOND, ""],
         "Another identity number is kept for this person. A curator compares both first."),
    ):
        with pytest.raises(BadList) as refused:
            upload(petra, contest, row)
        assert said(refused) == [(2, sentence, "")]
        assert "张三" not in str(refused.value.problems[0])
    with pytest.raises(BadList) as refused:
        upload(petra, contest, ["甲", "王五", "", SECOND, ""], ["甲", "赵六", "", SECOND, ""])
    assert {one for _, one, _ in said(refused)} == {"This identity number stands in the file more than once."}


def test_a_person_of_an_earlier_contest_is_found_by_the_number(contest, petra):
    earlier = make_contest(state="registration")
    take_in(petra, earlier, ["苍岭水泥", "张三", "", FIRST, ""])
    [before] = queries.list_entrants(earlier.id)

    with pytest.raises(BadList) as refused:
        upload(petra, contest, ["望湖水泥", "张山", "", FIRST, ""])
    assert said(refused)[0][1].startswith("This identity number is kept for another person")
    # Another unit now, and no date of birth: name and number are enough.
    take_in(petra, contest, ["望湖水泥", "张三", "", FIRST, ""])

    [now] = queries.list_entrants(contest.id)
    assert now.human_id == before.human_id
    assert (db.session.query(Human).count(), db.session.query(IdNumber).count()) == (1, 1)


def test_somebody_registered_without_a_number_gets_it_and_the_second_time_nothing_happens(contest, petra):
    entrant = make_entrant(contest, "张三")
    row = [entrant.organisation.name, "张三", "", FIRST, ""]

    take_in(petra, contest, row)
    take_in(petra, contest, row)

    assert number_queries.find_human(FIRST).id == entrant.human_id
    assert db.session.query(PersonalAccess).count() == 1


def test_another_date_of_birth_than_the_number_s_is_pointed_out(contest, petra):
    upload(petra, contest, ["苍岭水泥", "张三", "1991-05-06", FIRST, ""])

    notes = db.session.query(PendingImport).one().notes
    assert ["warn", "The identity number holds another date of birth than its row."] in [n[:2] for n in notes]
