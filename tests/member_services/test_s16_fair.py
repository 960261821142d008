"""S16: several services at one place and time; members book a slot, attendance is counted."""

from contest.member_services import place_actions, place_queries
from tests.member_services.walking import act, apply, feedback, form, officer


def test_slots_of_a_fair_are_booked_and_who_came_is_counted(app):
    desk = officer()
    offers = [
        place_actions.save_slot(desk, form(
            service="fair", occasion="冬至服务流水席", topic=topic, place="文化广场", capacity=3,
            starts_at="2026-12-22T09:00", ends_at="2026-12-22T10:00",
        ))
        for topic in ("法律咨询", "义诊", "理发")
    ]
    cases = [apply("fair", name=f"会员{n}", slot_id=offers[n % 3].id) for n in range(8)]
    for case in cases:
        act(desk, case, "accept")
    came = [case.id for case in cases[:5]]
    for offer in offers:
        place_actions.note_attendance(desk, offer.id, 1, came)
        assert place_actions.note_attendance(desk, offer.id, 1, came) == 0  # counted once
    figures = place_queries.occasion_figures("冬至服务流水席")
    assert [figures[one.id] for one in offers] == [(3, 2), (3, 2), (2, 1)]
    act(desk, cases[0], "step", words="已服务")
    feedback(cases[0])
    assert cases[0].state == "closed"
