"""An applicant hears of a case and of what follows from it: never of what is only the office's."""

from datetime import timedelta

import pytest

from contest import clock
from contest.db import db
from contest.letters import actions, queries
from contest.letters.models import PersonLetter
from contest.member_services import case_actions
from contest.members import telling
from contest.registry.level_actions import note_level
from tests.member_services.walking import act, apply, officer, person
from tests.members.conftest import keys  # noqa: F401
from tests.members.test_own_page import browser_of

POST = {"unit": "云溪水泥", "since": "2019-05"}


def kinds(human):
    return [one.letter.kind for one in reversed(queries.list_letters(human.id)[0])]


@pytest.fixture
def human(app):
    return person(member=True)


def test_a_case_is_told_step_by_step(app, human):
    desk = officer()
    case = apply("skill_allowance", human, **POST)
    assert kinds(human) == []  # that one applied oneself is no news
    act(desk, case, "return", words="缺用人单位证明")
    assert kinds(human) == ["case.returned"]
    db.session.refresh(case)
    case_actions.add_note(desk, case.id, "请补盖章", is_inner=True)
    assert kinds(human) == ["case.returned"]
    case_actions.add_note(desk, case.id, "请到窗口补盖章", is_inner=False)
    assert kinds(human) == ["case.returned", "case.told"]
    db.session.refresh(case)
    act(desk, case, "refuse", words="不符合条件")
    assert kinds(human) == ["case.returned", "case.told", "case.refused"]


def test_a_letter_of_a_case_leads_to_its_receipt_and_names_the_service(app, human):
    desk = officer()
    case = apply("skill_allowance", human, **POST)
    act(desk, case, "accept")
    browser = browser_of(app, human)
    page = browser.get("/my/letters", headers={"Accept-Language": "en"}).get_data(as_text=True)
    assert "Your application was accepted." in page
    [line] = queries.list_letters(human.id)[0]
    assert line.about.name_en in page
    answer = browser.post(f"/my/letters/{line.letter.id}/open")
    assert answer.location.endswith(case.receipt)


def test_a_late_case_is_told_once(app, human):
    desk = officer()
    apply("skill_allowance", human, **POST)
    clock.stand_still(clock.now() + timedelta(days=4))
    case_actions.remind(desk)
    case_actions.remind(desk)
    assert kinds(human) == ["case.late"]


def test_a_guest_who_is_nobody_known_gets_no_letter(app):
    case = apply("skill_allowance", **POST)
    act(officer(), case, "accept")
    assert db.session.query(PersonLetter).count() == 0


def test_a_level_is_told_when_it_is_confirmed(app, human):
    note_level(human, "three_step", "", "backbone", "confirmed", {}, by_id=None)
    db.session.commit()
    assert "level.changed" in kinds(human)


def test_a_letter_about_a_letter_to_the_chair_is_not_in_the_copy_that_the_desk_takes(app, human):
    chair = officer("主席", "chair")
    case = apply("letterbox", human, topic="safety", words="车间通风不好")
    act(chair, case, "accept", words="已批转")
    assert [one.case_id for one in db.session.query(PersonLetter)] == [case.id]
    desk = officer()

    with app.test_request_context():
        own = telling.everything(human.id)
        theirs = telling.everything(human.id, desk.user_id)

    assert len(own["tables"]["person_letter"]) == 1
    assert theirs["tables"]["person_letter"] == []


def test_earlier_letters_are_reached_by_a_place_that_new_ones_do_not_move(app, human):
    for _ in range(120):
        actions.write("level.changed", human.id)
    db.session.commit()
    first, older = queries.list_letters(human.id)
    actions.write("honour.listed", human.id)
    db.session.commit()
    second, older = queries.list_letters(human.id, older)
    third, end = queries.list_letters(human.id, older)
    seen = [one.letter.id for one in (*first, *second, *third)]
    assert len(seen) == len(set(seen)) == 120 and end is None
