"""Whose time it is: what the applicant takes, and what lies before a booked meeting, is not the office's."""

import pytest

from contest.errors import Invalid
from contest.member_services import apply_actions, catalogue_rules, desk_queries
from contest.member_services.catalogue_queries import shipped, shipped_documents
from tests.member_services.test_s02_hardship import FAMILY
from tests.member_services.test_s07_legal_aid import DISPUTE
from tests.member_services.test_s08_counselling import TALK, slot
from tests.member_services.test_s09_stations import make_station
from tests.member_services.test_s17_training import course
from tests.member_services.walking import GUEST, WHO, act, apply, at, form, local, officer, person


def test_what_the_applicant_took_to_complete_it_does_not_make_the_office_late(app):
    """The five working days of S7 are counted from the application, and anew when it comes again."""
    desk = officer("首问", "mediator")
    at("2026-11-25 09:00")
    case = apply("legal_aid", **DISPUTE)
    for _ in range(3):
        act(desk, case, "accept" if case.state == "applied" else "step")
    assert (case.step_key, local(case.due_at)) == ("mediate", "2026-12-03 00:00")
    at("2026-11-26 09:00")
    act(desk, case, "return", words="请补劳动合同")
    assert case.due_at is None

    at("2026-12-14 09:00")  # a Monday, long after the first five days
    apply_actions.complete_case(GUEST, case.receipt, form(**WHO, **DISPUTE))

    assert (case.step_key, local(case.due_at)) == ("mediate", "2026-12-22 00:00")
    assert desk_queries.count_late() == 0
    at("2026-12-21 17:00")
    act(desk, case, "step", words="未达成一致")
    assert case.times_late == 0


def test_who_sends_a_late_case_back_does_not_wipe_out_that_it_was_late(app):
    desk = officer("首问", "mediator")
    at("2026-11-25 09:00")
    case = apply("legal_aid", **DISPUTE)
    act(desk, case, "accept")
    at("2026-11-27 09:00")
    act(desk, case, "return", words="请补劳动合同")
    assert case.times_late == 1


def test_a_session_that_is_booked_far_ahead_is_not_late_before_it_is_held(app):
    desk = officer("咨询师", "counsellor")
    at("2026-11-02 09:00")
    one = slot(desk, make_station(desk), hours=24 * 40)  # on the 12th of December, a Saturday
    case = apply("counselling", person(member=True), slot_id=one.id, **TALK)
    assert local(case.due_at) == "2026-11-03 09:00"  # that it is confirmed is asked at once
    act(desk, case, "accept")
    assert (case.step_key, local(case.due_at)) == ("talk", "2026-12-17 00:00")  # three working days after it


def test_a_course_of_six_weeks_is_late_ten_working_days_after_its_end(app):
    desk = officer()
    case = apply("training_course", slot_id=course(desk).id, trade="焊工")
    act(desk, case, "accept")
    assert local(case.due_at) == "2027-01-30 00:00"  # it ends on Friday, the 15th of January


def test_a_session_that_was_confirmed_late_still_has_its_days(app):
    desk = officer("咨询师", "counsellor")
    at("2026-11-23 09:00")
    one = slot(desk, make_station(desk), hours=2)
    case = apply("counselling", person(member=True), slot_id=one.id, **TALK)
    at("2026-11-27 09:00")
    act(desk, case, "accept")
    assert local(case.due_at) == "2026-12-03 00:00"  # from the confirmation, a Friday


def test_only_what_is_booked_counts_from_the_booked_time():
    document = {**shipped_documents()["letterbox"]}
    document["steps"] = [{**document["steps"][0], "since": "slot"}, *document["steps"][1:]]
    with pytest.raises(Invalid, match="needs slots"):
        catalogue_rules.read_service(document)
    assert {key for key, one in shipped().items() if any(step.since == "slot" for step in one.steps)} == {
        key for key, one in shipped().items() if one.slots
    }


def test_what_is_completed_may_bring_a_case_into_the_green_lane_or_out_of_it(app):
    desk = officer("帮扶")
    case = apply("hardship", **{**FAMILY, "cause": "disaster"})
    assert case.is_first
    for cause, is_first in (("illness", False), ("accident", True)):
        act(desk, case, "return", words="请更正原因")
        apply_actions.complete_case(GUEST, case.receipt, form(**WHO, **{**FAMILY, "cause": cause}))
        assert case.is_first is is_first
