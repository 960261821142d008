"""S13: 61 services for the elderly; 148 items done at home by an agent; the entitled go first."""

from contest.member_services import desk_queries, load_queries
from contest.member_services.catalogue_queries import get_service
from tests.member_services.walking import act, apply, feedback, officer


def test_61_services_and_148_items_at_the_door(app):
    agent = officer("代办员", "agent")
    matters = [one.key for one in get_service("green_lane").field("matter").options]
    assert len(set(matters)) == 61
    for n in range(148):
        case = apply(
            "green_lane", office=True, actor=agent, channel="door", agent="代办员", name=f"老人{n}",
            who="elderly", matter=matters[n % 61], address="云溪路 1 号",
        )
        act(agent, case, "accept")
        act(agent, case, "step")
        act(agent, case, "step", words="已在家办结")
    assert load_queries.by_channel()["door"] == 148
    feedback(case)
    assert case.state == "closed"


def test_who_is_entitled_goes_first_on_the_desk(app):
    first = apply("green_lane", who="other", matter="m01")
    second = apply("green_lane", name="老人", who="elderly", matter="m01")

    assert (first.is_first, second.is_first) == (False, True)
    lines, _ = desk_queries.desk(desk_queries.Search())
    assert [one.case.id for one in lines] == [second.id, first.id]


def test_a_guest_cannot_say_that_an_agent_came(app):
    assert apply("green_lane", channel="door", who="other", matter="m01").channel == "online"
