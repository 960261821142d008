"""S11: one platform, six kinds of service, N posts."""

from contest.member_services import catalogue_queries, place_queries
from contest.member_services.catalogue_rules import FRAME
from tests.member_services.test_s09_stations import make_station
from tests.member_services.walking import act, apply, feedback, officer


def test_each_of_the_six_kinds_has_a_service_and_one_door_leads_to_all(app):
    services = catalogue_queries.services()

    assert set(FRAME) <= {one.kind for one in services.values()}
    assert [one.key for one in services["six_services"].field("kind").options] == list(FRAME)


def test_the_nearest_post_takes_it(app):
    posts, namer = [officer(f"站长{n}") for n in range(3)], officer("组委会", role="organiser")
    stations = [make_station(namer, f"站点{n}", keeper_id=one.user_id) for n, one in enumerate(posts)]
    assert len(place_queries.stations()) == 3
    case = apply("six_services", station_id=stations[2].id, kind="housing", words="想申请单身宿舍")
    assert case.assignee_id == posts[2].user_id
    act(posts[2], case, "accept")
    act(posts[2], case, "step", words="已安排")
    feedback(case)
    assert case.state == "closed"
