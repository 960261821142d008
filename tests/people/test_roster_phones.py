"""Telephone numbers that a roster brings along: sealed with the person, masked on pages, written down."""

import io
import json
from io import BytesIO

import pytest
from python_calamine import CalamineWorkbook
from sqlalchemy import text

from contest import clock
from contest.accounts.models import User
from contest.db import db
from contest.members import erasing, resealing, retention, retention_rules
from contest.members.telling import everything
from contest.people import phone_queries, queries, roster_actions, sealing
from contest.people.models import PendingImport
from contest.people.personal_models import PersonalAccess, PersonPhone
from contest.people.roster_actions import BadList
from tests import factories
from tests.people.spreadsheets import xlsx_of

HEADERS = ["单位", "姓名", "出生日期", "手机号"]
FIRST, SECOND = "13800138000", "13900139000"
WHY = "比赛当天联系本人"


@pytest.fixture
def contest(app):
    return factories.make_contest(state="registration")


def upload(petra, contest, *rows, headers=HEADERS, **more):
    return roster_actions.upload_roster(
        petra, contest.id, xlsx_of([headers, *rows]), "名单.xlsx", **more
    )


def take_in(petra, contest, *rows, **more):
    roster_actions.confirm_roster(petra, contest.id, upload(petra, contest, *rows, **more))
    return {one.human.name: one for one in queries.list_entrants(contest.id)}


def zhang(phone):
    return ["苍岭水泥", "张三", "1990-01-02", phone]


def kept(entrant):
    row = phone_queries.find_phone(entrant.human_id)
    return row and row.number


def accesses():
    return [(one.human_id, one.kind, one.fields) for one in db.session.query(PersonalAccess)]


def test_a_number_comes_to_its_person_and_the_person_reads_of_it(contest, petra):
    found = take_in(petra, contest, zhang("138 0013 8000"), ["苍岭水泥", "李四", "", ""])
    assert (kept(found["张三"]), kept(found["李四"])) == (FIRST, None)
    assert accesses() == [(found["张三"].human_id, "enter", ["phone"])]


def test_a_figure_of_a_spreadsheet_is_a_number_as_well(contest, petra):
    assert kept(take_in(petra, contest, zhang(int(FIRST)))["张三"]) == FIRST


def test_no_digit_of_it_lies_in_clear_anywhere_also_while_the_list_waits(contest, petra):
    upload(petra, contest, zhang(FIRST), ["苍岭水泥", "李四", "", FIRST])
    pending = db.session.query(PendingImport).one()
    assert FIRST not in json.dumps([pending.rows, pending.notes], ensure_ascii=False)

    roster_actions.confirm_roster(petra, contest.id, pending.id)

    for table in db.metadata.sorted_tables:
        assert FIRST not in str(db.session.execute(text(f'SELECT * FROM "{table.name}"')).all()), table.name
    assert db.session.query(PersonPhone).count() == 2


@pytest.mark.parametrize("bad", ["1380013800", "无", "13800138000、13900139000", 1380013800.5])
def test_a_bad_number_is_named_by_its_row_and_never_repeated(contest, petra, bad):
    with pytest.raises(BadList) as refused:
        upload(petra, contest, zhang(FIRST), ["苍岭水泥", "李四", "", bad])
    [problem] = [one for one in refused.value.problems if one.kind == "bad"]
    assert (problem.row, problem.column, problem.found) == (3, "Telephone number", "")
    assert str(bad) not in str(problem) and db.session.query(PendingImport).count() == 0


def test_what_a_text_file_made_of_a_long_number_is_refused(contest, petra):
    data = "单位,姓名,手机号\n苍岭水泥,张三,1.38E+10\n".encode()
    with pytest.raises(BadList) as refused:
        roster_actions.upload_roster(petra, contest.id, data, "名单.csv")
    assert "last digits are lost" in str([one for one in refused.value.problems if one.kind == "bad"][0])


def test_the_preview_doubts_a_shared_and_a_replaced_number_without_telling_it(contest, as_role, petra):
    take_in(petra, contest, zhang(FIRST))
    organiser = as_role("organiser", contest)
    data = xlsx_of([HEADERS, zhang(SECOND), ["苍岭水泥", "李四", "", SECOND]])
    page = organiser.post(
        f"/contests/{contest.id}/entrants/import", data={"file": (io.BytesIO(data), "名单.xlsx")},
        follow_redirects=True,
    ).text
    assert "Row 2 has the same telephone number" in page and "Another telephone number is kept" in page
    assert "Telephone numbers in the file: 2" in page and SECOND not in page and FIRST not in page


def test_a_later_number_takes_the_place_and_the_same_one_changes_nothing(contest, petra):
    take_in(petra, contest, zhang(FIRST))
    take_in(petra, contest, zhang(FIRST))
    assert len(accesses()) == 1
    assert kept(take_in(petra, contest, zhang(SECOND))["张三"]) == SECOND
    assert kept(take_in(petra, contest, zhang(""))["张三"]) == SECOND
    assert len(accesses()) == 2


def test_a_list_with_a_second_number_keeps_the_first_and_says_so(contest, petra):
    headers = [*HEADERS, "联系电话"]
    found = take_in(petra, contest, [*zhang(FIRST), SECOND], headers=headers)
    assert kept(found["张三"]) == FIRST
    upload(petra, contest, [*zhang(FIRST), SECOND], headers=headers)
    notes = str(db.session.query(PendingImport).one().notes)
    assert "联系电话" in notes and "is not used" in notes and SECOND not in notes


def test_a_unit_sends_numbers_of_its_own_people(contest, petra):
    unit = factories.make_organisation("苍岭水泥")
    pending = upload(petra, contest, zhang(FIRST), organisation_id=unit.id)
    roster_actions.confirm_roster(petra, contest.id, pending, unit.id)
    [entrant] = queries.list_entrants(contest.id)
    assert kept(entrant) == FIRST


def test_the_template_asks_for_it_and_no_file_of_entrants_has_it(contest, petra, as_role):
    take_in(petra, contest, zhang(FIRST))
    organiser = as_role("organiser", contest)
    for name, is_asked in (("roster-template", True), ("entrants", False)):
        data = organiser.get(f"/contests/{contest.id}/{name}.xlsx").data
        rows = CalamineWorkbook.from_filelike(BytesIO(data)).get_sheet_by_index(0).to_python()
        assert ("Telephone number" in rows[0]) is is_asked and FIRST not in str(rows)


def test_an_organiser_sees_it_masked_and_whole_for_a_reason_that_is_written_down(contest, petra, as_role):
    entrant = take_in(petra, contest, zhang(FIRST))["张三"]
    address, other = f"/contests/{contest.id}/entrants/{entrant.id}", as_role("clerk", contest)
    assert "138****8000" not in other.get(address).text
    assert other.get(f"{address}/phone").status_code == 403
    organiser = as_role("organiser", contest)
    for page in (organiser.get(address).text, organiser.get(f"{address}/phone").text):
        assert "138****8000" in page and FIRST not in page
    slip = organiser.post(f"{address}/phone", data={"reason": ""})
    assert slip.status_code == 422 and FIRST not in slip.text and len(accesses()) == 1
    assert FIRST in organiser.post(f"{address}/phone", data={"reason": WHY}).text
    assert accesses()[1] == (entrant.human_id, "reveal", ["phone"])


def test_nobody_is_shown_a_number_that_is_not_kept(contest, petra, as_role):
    entrant = take_in(petra, contest, zhang(""))["张三"]
    organiser = as_role("organiser", contest)
    address = f"/contests/{contest.id}/entrants/{entrant.id}/phone"
    assert "No telephone number of this person is kept" in organiser.get(address).text
    assert organiser.post(address, data={"reason": WHY}).status_code == 404 and accesses() == []


def test_a_curator_enters_mends_looks_and_takes_away(app, contest, petra):
    entrant = take_in(petra, contest, zhang(""))["张三"]
    user = db.session.get(User, factories.make_official("顾馆长", "curator").user_id)
    curator = factories.browser_of(app, user)
    here = f"/people/{entrant.human_id}"
    slip = curator.post(f"{here}/phone", data={"phone": "12", "reason": ""})
    assert slip.status_code == 422 and 'value="12"' in slip.text and "mobile number of 11 digits" in slip.text
    assert curator.post(f"{here}/phone", data={"phone": FIRST, "reason": WHY}).status_code == 303
    page = curator.get(here).text
    assert "138****8000" in page and FIRST not in page
    assert FIRST in curator.post(f"{here}/phone/show", data={"reason": WHY}).text
    curator.post(f"{here}/phone", data={"phone": "", "reason": WHY})
    assert kept(entrant) is None
    assert [kind for _, kind, _ in accesses()] == ["enter", "reveal", "take_away"]


def test_it_goes_with_the_person_and_after_its_time(contest, petra):
    found = take_in(petra, contest, zhang(FIRST), ["苍岭水泥", "李四", "", SECOND])
    contest.state = "final"
    db.session.commit()
    erasing.erase(petra, found["张三"].human_id, "张三", "本人书面要求删除")
    assert [one.number for one in db.session.query(PersonPhone)] == [SECOND]
    terms = retention_rules.load_terms("")
    due = {one.field: one.ids for one in retention.find_due(terms)}
    assert due["phone"] == ()
    row = db.session.query(PersonPhone).one()
    row.at = clock.now() - terms["numbers_after_contest"]
    db.session.commit()
    due = {one.field: one.ids for one in retention.find_due(terms)}
    assert due["phone"] == (found["李四"].human_id,)


def test_a_new_key_seals_it_anew_also_in_a_list_that_waits(app, contest, petra):
    take_in(petra, contest, zhang(FIRST))
    pending_id = upload(petra, contest, zhang(SECOND))
    old = sealing.keys_here().current
    resealing.rotate(petra, app.config["PERSONAL_KEYS"])
    assert old not in resealing.keys_in_use()
    resealing.forget(app.config["PERSONAL_KEYS"], old)
    roster_actions.confirm_roster(petra, contest.id, pending_id)
    [entrant] = queries.list_entrants(contest.id)
    assert kept(entrant) == SECOND


def test_a_copy_for_the_person_tells_it(contest, petra):
    entrant = take_in(petra, contest, zhang(FIRST))["张三"]
    assert [one["number"] for one in everything(entrant.human_id)["tables"]["person_phone"]] == [FIRST]


def test_the_api_takes_it_and_answers_without_it(app, contest, as_role):
    organiser = as_role("organiser", contest)
    rows = [{"organisation": "苍岭水泥", "name": "张三", "phone": FIRST}]
    base = f"/api/v1/contests/{contest.id}"
    headers = {"X-Contest": "1"}
    answer = organiser.post(f"{base}/roster", json={"rows": rows}, headers=headers)
    assert answer.status_code == 200 and FIRST not in answer.text
    [entrant] = queries.list_entrants(contest.id)
    assert kept(entrant) == FIRST
    assert FIRST not in organiser.get(f"{base}/entrants").text
    slip = organiser.post(f"{base}/roster", json={"rows": [rows[0] | {"phone": "12345"}]}, headers=headers)
    assert slip.status_code == 422 and "12345" not in slip.text
