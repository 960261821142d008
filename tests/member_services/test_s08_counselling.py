"""S8: booked from a menu, sent to the nearest station, topics by group; no place is given twice."""

from datetime import timedelta

import pytest

from contest import clock
from contest.errors import Invalid
from contest.member_services import apply_actions, place_actions, place_queries
from tests.member_services.test_s09_stations import make_station
from tests.member_services.walking import GUEST, act, apply, feedback, form, officer, person

TALK = {"group": "women", "topic": "parenting"}


def slot(actor, station, topic="亲子教育", capacity=1, hours=24, **values):
    from tests.member_services.walking import SHANGHAI

    starts = (clock.now() + timedelta(hours=hours)).astimezone(SHANGHAI)
    return place_actions.save_slot(actor, form(**{
        "service": "counselling", "station_id": station.id if station else "", "topic": topic,
        "starts_at": starts.strftime("%Y-%m-%dT%H:%M"),
        "ends_at": (starts + timedelta(hours=1)).strftime("%Y-%m-%dT%H:%M"), "capacity": capacity, **values,
    }))


def test_the_nearest_station_stands_first_and_the_keeper_gets_the_case(app):
    desk = officer("咨询师", "counsellor")
    far, near = (make_station(desk, name, point) for name, point in (
        ("城北驿站", "34.2600, 112.8500"), ("城南驿站", "34.1600, 112.8400"),
    ))
    slot(desk, far)
    wanted = slot(desk, near)

    lines = place_queries.slots("counselling", point=(34_165_000, 112_841_000))
    assert [one.slot.station.name for one in lines] == ["城南驿站", "城北驿站"]
    case = apply("counselling", person(member=True), slot_id=wanted.id, **TALK)
    assert case.station_id == near.id
    act(desk, case, "accept")
    assert case.assignee_id == desk.user_id
    act(desk, case, "step", words="已咨询")
    feedback(case)
    assert case.state == "closed"


def test_no_place_is_given_twice_and_a_withdrawn_one_is_free_again(app):
    desk = officer()
    one = slot(desk, make_station(desk))
    first = apply("counselling", slot_id=one.id, **TALK)
    with pytest.raises(Invalid) as refused:
        apply("counselling", slot_id=one.id, name="王五", **TALK)
    assert "slot_id" in refused.value.fields
    apply_actions.withdraw_case(GUEST, first.receipt)
    assert apply("counselling", slot_id=one.id, name="王五", **TALK).slot_id == one.id


def test_the_last_place_that_is_booked_by_a_double_click_is_booked_and_says_so(app):
    desk, member = officer(), person(member=True)
    one = slot(desk, make_station(desk))
    first = apply("counselling", member, slot_id=one.id, **TALK)
    assert apply("counselling", member, slot_id=one.id, **TALK).id == first.id
    with pytest.raises(Invalid) as refused:  # what else is wrong is said beside it
        apply("counselling", slot_id=one.id, **{**TALK, "topic": "tea"})
    assert set(refused.value.fields) == {"slot_id", "topic"}


@pytest.mark.parametrize("hours", [-1, 0])
def test_a_time_that_is_over_is_not_booked(app, hours):
    desk = officer()
    one = slot(desk, make_station(desk), hours=hours)
    with pytest.raises(Invalid):
        apply("counselling", slot_id=one.id, **TALK)


def test_a_time_that_was_called_off_is_not_booked(app):
    desk = officer()
    one = slot(desk, make_station(desk))
    place_actions.cancel_slot(desk, one.id)
    with pytest.raises(Invalid):
        apply("counselling", slot_id=one.id, **TALK)
