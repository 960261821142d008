"""S17: courses by trade with places, sign-up, attendance and a certificate."""

from datetime import UTC, datetime

import pytest

from contest import clock
from contest.db import db
from contest.errors import Conflict, Invalid
from contest.member_services import (
    case_queries,
    course_papers,
    course_queries,
    course_rules,
    place_actions,
)
from tests import factories
from tests.member_services.walking import act, apply, feedback, form, officer, person


def course(desk, capacity=2, sessions=10):
    return place_actions.save_slot(desk, form(
        service="training_course", topic="焊工", occasion="2026 冬季班", capacity=capacity, sessions=sessions,
        starts_at="2026-12-01T09:00", ends_at="2027-01-15T17:00",
    ))


def test_eight_of_ten_meetings_make_a_certificate(app):
    desk = officer()
    one = course(desk)
    case = apply("training_course", slot_id=one.id, trade="焊工")
    act(desk, case, "accept")
    for session in range(1, 8):
        place_actions.note_attendance(desk, one.id, session, [case.id])
    act(desk, case, "step")
    with pytest.raises(Conflict, match="7 of 10.*needs 8"):
        act(desk, case, "step")
    place_actions.note_attendance(desk, one.id, 10, [case.id])
    act(desk, case, "step")
    number = case.answer
    assert number[:-1] == f"JX2026{one.id:05d}{case.id:06d}"
    assert number[-1] == course_rules.check_digit(number[2:-1])
    feedback(case)
    assert case.state == "closed"
    assert any(row.words == number for row in case_queries.history(case, for_office=False))


def test_who_completed_a_course_has_the_paper_and_nobody_before(app, client):
    desk = officer()
    one = course(desk, sessions=1)
    case = apply("training_course", slot_id=one.id, trade="焊工")
    at = f"/applications/{case.receipt}"
    assert client.get(f"{at}/certificate.pdf").status_code == 404
    assert "certificate.pdf" not in client.get(at).text
    act(desk, case, "accept")
    place_actions.note_attendance(desk, one.id, 1, [case.id])
    act(desk, case, "step")
    act(desk, case, "step")

    assert "certificate.pdf" in client.get(at).text
    paper = client.get(f"{at}/certificate.pdf")
    assert (paper.mimetype, paper.data[:5]) == ("application/pdf", b"%PDF-")
    with app.test_request_context():
        document = course_papers.course_certificate(course_queries.get_completed(case), "zh")
    said = dict(document.parts[1].pairs)
    assert {case.name, "焊工", "2026 冬季班", "1 / 1", case.answer} <= set(said.values())
    assert document.issuers == ("市总工会职工大学",)


def test_places_are_limited_and_winners_go_first(app):
    desk = officer()
    one = course(desk, capacity=1)
    honour = factories.make_honour(place=30)
    winner = apply("training_course", slot_id=one.id, trade="焊工", honour_id=honour.id,
                   name=honour.craftsman.human.name)
    assert winner.state == "applied"
    with pytest.raises(Invalid):
        apply("training_course", slot_id=one.id, trade="焊工")
    with pytest.raises(Conflict):
        apply("training_course", slot_id=one.id, trade="焊工", honour_id=factories.make_honour(place=31).id)


def test_the_year_on_a_certificate_is_the_one_that_it_is_here(app):
    desk = officer()
    one = course(desk, sessions=1)
    case = apply("training_course", slot_id=one.id, trade="焊工")
    act(desk, case, "accept")
    place_actions.note_attendance(desk, one.id, 1, [case.id])
    clock.stand_still(datetime(2026, 12, 31, 23, 59, tzinfo=UTC))  # a minute to eight in Shanghai
    act(desk, case, "step")
    act(desk, case, "step")
    assert case.answer.startswith("JX2027")


def test_of_an_erased_application_there_is_no_paper_without_a_name(app, client):
    desk, human = officer(), person()
    one = course(desk, sessions=1)
    case = apply("training_course", human, slot_id=one.id, trade="焊工")
    act(desk, case, "accept")
    place_actions.note_attendance(desk, one.id, 1, [case.id])
    act(desk, case, "step")
    act(desk, case, "step")
    case.name, case.erased_at = "–", clock.now()
    db.session.commit()
    assert client.get(f"/applications/{case.receipt}/certificate.pdf").status_code == 404
    assert "certificate.pdf" not in client.get(f"/applications/{case.receipt}").text


@pytest.mark.parametrize("position", range(15))
def test_the_check_digit_tells_a_wrong_digit(position):
    digits = "202600012000345"
    wrong = digits[:position] + str((int(digits[position]) + 1) % 10) + digits[position + 1:]
    assert course_rules.check_digit(digits) != course_rules.check_digit(wrong)
