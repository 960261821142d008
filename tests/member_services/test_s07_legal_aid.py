"""S7: settled the same day; else a mediator calls that day, goes on the next, settles in 5 working days;
else a panel with lawyers closes it in 15 days. First asked is responsible; feedback closes the loop."""

import pytest

from contest.errors import Invalid, NotAllowed
from contest.member_services import case_queries, desk_queries
from tests.member_services.walking import act, apply, at, feedback, local, officer

DISPUTE = {"employer": "云溪建材", "matter": "pay", "claim": "12000", "words": "拖欠三个月工资"}


def test_settled_on_the_day(app):
    desk = officer()
    at("2026-11-25 09:00")
    case = apply("legal_aid", **DISPUTE)
    assert local(case.due_at) == "2026-11-26 00:00"
    act(desk, case, "accept", words="已联系单位")
    with pytest.raises(Invalid, match="how it was settled"):
        act(desk, case, "settle")
    act(desk, case, "settle", words="单位当天补发")
    assert (case.state, case.times_late) == ("done", 0)
    feedback(case)
    assert case.state == "closed"


def test_the_clock_of_1_5_and_15_days(app):
    desk, lawyer = officer("首问"), officer("律师", "lawyer")
    at("2026-11-25 09:00")  # a Wednesday
    case = apply("legal_aid", **DISPUTE)
    act(desk, case, "accept")
    assert (case.step_key, local(case.due_at)) == ("call", "2026-11-26 00:00")
    act(desk, case, "step", words="已致电双方")
    assert (case.step_key, local(case.due_at)) == ("visit", "2026-11-27 00:00")
    at("2026-11-26 15:00")
    act(desk, case, "step", words="已上门")
    # Five working days after Wednesday: Thursday, Friday, Monday, Tuesday, Wednesday.
    assert (case.step_key, local(case.due_at)) == ("mediate", "2026-12-03 00:00")
    at("2026-12-02 17:00")
    act(desk, case, "step", words="未达成一致")
    assert (case.step_key, local(case.due_at)) == ("panel", "2026-12-18 00:00")
    # Who was asked first stays responsible; the panel's step may still be done by its lawyer.
    assert case.assignee_id == desk.user_id
    with pytest.raises(NotAllowed, match="answered for by"):
        act(officer("旁人"), case, "step")
    act(lawyer, case, "step", words="转法律援助")
    assert (case.state, case.times_late) == ("done", 0)


def test_a_weekend_does_not_count_and_a_late_step_is_written_down(app):
    desk = officer()
    at("2026-11-27 16:00")  # a Friday
    case = apply("legal_aid", **DISPUTE)
    act(desk, case, "accept")
    act(desk, case, "step")
    assert local(case.due_at) == "2026-12-01 00:00"  # the next working day is Monday
    at("2026-12-01 00:00")
    assert desk_queries.count_late() == 1
    act(desk, case, "step", words="迟到一天上门")
    assert case.times_late == 1
    assert [one.is_late for one in case_queries.history(case, True)] == [False, False, False, True]


def test_on_a_saturday_the_same_day_is_monday(app):
    at("2026-11-28 10:00")
    assert local(apply("legal_aid", **DISPUTE).due_at) == "2026-12-01 00:00"


def test_fifteen_days_that_end_on_a_holiday_end_with_the_next_working_day(app):
    """Civil Code, article 203."""
    desk = officer()
    at("2026-11-27 09:00")
    case = apply("legal_aid", **DISPUTE)
    for _ in range(4):
        act(desk, case, "accept" if case.state == "applied" else "step")
    assert local(case.due_at) == "2026-12-15 00:00"  # the 12th is a Saturday
