"""The same thing done by several at the same moment is done once, on both databases."""

from datetime import timedelta

import pytest

from contest import clock
from contest.db import db
from contest.errors import Conflict
from contest.member_services import (
    case_actions,
    catalogue_queries,
    item_actions,
    item_queries,
    office_actions,
    place_actions,
)
from contest.member_services.models import Case, CaseEvent, ServiceDuty, ServiceVersion
from tests.member_services.test_s17_training import course
from tests.member_services.walking import apply, at_once, form, officer

BOTH = pytest.mark.parametrize("app", ["sqlite", "postgres"], indirect=True)
TIMES = 6


def at_the_same_moment(app, act):
    """What each of several that begin together returned or raised; nothing but a number and a Conflict."""
    db.session.remove()
    found = at_once(app, [act] * TIMES)
    assert {type(one) for one in found} <= {int, Conflict}, found
    return found


@BOTH
def test_a_form_that_is_sent_by_a_double_click_is_one_application(app):
    found = at_the_same_moment(app, lambda: apply("letterbox", topic="pay", words="何时发").id)
    assert len(set(found)) == 1 and db.session.query(Case).count() == 1


@BOTH
def test_somebody_who_is_ticked_by_two_at_the_door_came_once(app):
    desk = officer()
    slot_id = course(desk).id
    case_id = apply("training_course", slot_id=slot_id, trade="焊工").id
    found = at_the_same_moment(app, lambda: place_actions.note_attendance(desk, slot_id, 1, [case_id]))
    assert sorted(found) == [0] * (TIMES - 1) + [1]


@BOTH
def test_lists_that_are_pasted_at_once_get_numbers_of_their_own(app):
    desk = officer()
    number = item_actions.open_register(desk, "council", form(title="第三季度议事会")).id
    found = at_the_same_moment(app, lambda: item_actions.add_lines(desk, number, "甲\n乙"))
    assert found == [2] * TIMES
    assert [one.number for one in item_queries.items_of(number)] == list(range(1, 2 * TIMES + 1))


@BOTH
def test_each_late_case_is_told_once_by_those_who_remind_at_once(app):
    desk = officer()
    for number in range(5):
        apply("letterbox", topic="pay", words=f"第{number}封")
    clock.stand_still(clock.now() + timedelta(days=9))
    found = at_the_same_moment(app, lambda: case_actions.remind(desk)["escalated"])
    assert sorted(found) == [0] * (TIMES - 1) + [5]
    assert db.session.query(CaseEvent).filter_by(kind="escalated").count() == 5


@BOTH
def test_a_duty_is_held_once_and_so_it_is_ended_at_once(app):
    namer, desk = officer("组委会", role="organiser"), officer()

    def name():
        office_actions.name_for_duty(namer, "cashier", desk.user_id)
        return 1

    assert at_the_same_moment(app, name).count(1) == 1
    assert db.session.query(ServiceDuty).count() == 1


@BOTH
def test_a_version_that_is_sent_by_a_double_click_is_one_version(app):
    namer = officer("组委会", role="organiser")
    text = catalogue_queries.toml_of("medical_aid", catalogue_queries.document_of("medical_aid"))

    def enter():
        office_actions.enter_version(namer, text.replace("医疗互助", "医疗互助金", 1))
        return 1

    assert at_the_same_moment(app, enter).count(1) == 1
    assert db.session.query(ServiceVersion).count() == 1
