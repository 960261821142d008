"""A time that is called off is told to whoever booked it, and they book another one."""

import pytest
from sqlalchemy import select

from contest import clock
from contest.audit.models import TrailRow
from contest.db import db
from contest.errors import Conflict, Invalid
from contest.member_services import apply_actions, case_queries, place_actions, place_queries
from contest.people.models import PersonAccount
from tests import factories
from tests.member_services.test_s08_counselling import TALK, slot
from tests.member_services.test_s09_stations import make_station
from tests.member_services.walking import GUEST, act, apply, officer, person


@pytest.fixture
def client(app):
    """A guest's browser, in English."""
    browser = app.test_client()
    with browser.session_transaction() as session:
        session["language"] = "en"
    return browser


def booked(desk, *names):
    """A slot, and the cases of those who booked it."""
    one = slot(desk, None, capacity=9)
    return one, [
        apply("counselling", person(name, member=True), slot_id=one.id, **TALK) for name in names
    ]


def kinds(case):
    return [one.kind for one in case_queries.history(case, for_office=False)]


def test_everybody_who_holds_a_place_is_told_and_nobody_else(app):
    desk = officer("咨询师", "counsellor")
    one, (waiting, done, gone) = booked(desk, "李四", "王五", "赵六")
    for what in ("accept", "step"):
        act(desk, done, what)
    apply_actions.withdraw_case(GUEST, gone.receipt)
    with pytest.raises(Invalid, match="Say why"):
        place_actions.cancel_slot(desk, one.id)
    assert one.cancelled_at is None

    assert place_actions.cancel_slot(desk, one.id, "咨询师生病") == 1

    assert [kinds(case)[-1] for case in (waiting, done, gone)] == ["called_off", "done", "withdrawn"]
    assert [(case.id, has_other) for case, has_other in place_queries.told_of(one)] == [(waiting.id, False)]
    row = db.session.scalars(select(TrailRow).filter_by(did="slot.cancel")).one()
    assert (row.facts["count"], row.facts["reason"]) == (1, "咨询师生病")


def test_the_applicant_reads_it_on_the_page_and_takes_another_time(app, client, as_role):
    desk = officer("咨询师", "counsellor")
    station = make_station(desk, "城南驿站", "34.1600, 112.8400")
    one, [case] = booked(desk, "李四")
    act(desk, case, "accept")
    late, other = case.due_at, slot(desk, station, hours=24 * 9)
    browser, page = as_role("service_officer"), f"/applications/{case.receipt}"
    assert "Your time was called off" not in client.get(page).text
    browser.post(f"/service-desk/slots/{one.id}/cancel", data={"reason": "咨询师生病"})
    clock.stand_still(clock.now() + (other.starts_at - clock.now()) / 18)

    shown = client.get(page).text
    assert "Your time was called off" in shown and "咨询师生病" in shown and "Book this time" in shown
    told = browser.get(f"/service-desk/slots/{one.id}").text
    assert "李四" in told and "has no other time yet" in told
    assert "Book another time for the applicant" in browser.get(f"/service-desk/cases/{case.id}").text
    assert client.post(f"{page}/slot", data={"slot_id": str(one.id)}).status_code == 422
    assert client.post(f"{page}/slot", data={}).status_code == 422
    assert client.post(f"{page}/slot", data={"slot_id": str(other.id)}).status_code == 303

    db.session.expire_all()
    assert (case.slot_id, case.station_id, case.state) == (other.id, station.id, "accepted")
    assert case.due_at > late  # the step has its whole time again
    assert kinds(case)[-2:] == ["called_off", "booked"]
    assert "Your time was called off" not in client.get(page).text
    assert "has another time" in browser.get(f"/service-desk/slots/{one.id}").text
    assert client.post(f"{page}/slot", data={"slot_id": str(other.id)}).status_code == 409


def test_a_time_that_is_full_is_not_booked_again(app):
    desk = officer()
    one, [case] = booked(desk, "李四")
    full = slot(desk, None)
    apply("counselling", name="王五", slot_id=full.id, **TALK)
    place_actions.cancel_slot(desk, one.id, "停电")
    with pytest.raises(Invalid, match="No place is left"):
        place_actions.book_again(GUEST, case.receipt, str(full.id))
    assert case.slot_id == one.id


def test_who_took_the_application_back_books_no_more(app):
    desk = officer()
    one, [case] = booked(desk, "李四")
    place_actions.cancel_slot(desk, one.id, "停电")
    apply_actions.withdraw_case(GUEST, case.receipt)
    with pytest.raises(Conflict, match="not called off"):
        place_actions.book_again(GUEST, case.receipt, str(slot(desk, None).id))


def test_a_person_who_is_signed_in_sees_it_among_the_own_services(app):
    desk, human, user = officer(), person("李四"), factories.make_user("李四")
    db.session.add(PersonAccount(user_id=user.id, human_id=human.id, linked_at=clock.now()))
    db.session.commit()
    one = slot(desk, None)
    case = apply("counselling", human, slot_id=one.id, **TALK)
    browser = factories.browser_of(app, user)
    assert "Your time was called off" not in browser.get("/my-services").text

    place_actions.cancel_slot(desk, one.id, "停电")

    page = browser.get("/my-services").text
    assert "Your time was called off" in page and f"/applications/{case.receipt}" in page


def test_a_slot_that_nobody_booked_is_called_off_without_a_reason_and_twice_is_refused(app):
    desk = officer()
    one = slot(desk, None)
    assert place_actions.cancel_slot(desk, one.id) == 0
    with pytest.raises(Conflict, match="called off already"):
        place_actions.cancel_slot(desk, one.id)
