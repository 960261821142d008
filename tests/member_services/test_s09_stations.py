"""S9: 34 stations of one county, a 15-minute circle, found by district or distance; the keeper answers."""

import pytest

from contest.errors import Invalid
from contest.member_services import distance_rules, place_actions, place_queries
from tests.member_services.walking import act, apply, feedback, form, officer


def make_station(actor, name="云溪驿站", point="34.1650, 112.8410", district="云溪区", **values):
    """One station."""
    return place_actions.save_station(actor, None, form(**{
        "name": name, "district": district, "point": point, "hours": "08:30–18:00", "keeper": "站长",
        "equipment": "饮水机、微波炉，充电", **values,
    }))


def test_34_stations_by_district_and_by_distance(app):
    desk = officer()
    for n in range(34):
        place = f"{34.16 + n / 1000:.4f}, 112.8400"
        make_station(desk, f"第{n + 1}驿站", place, ("汝河街道", "风穴街道")[n % 2])

    assert len(place_queries.stations()) == 34
    assert place_queries.districts() == ["汝河街道", "风穴街道"]
    assert len(place_queries.stations("汝河街道")) == 17
    here = distance_rules.read_point("34.1600，112.8400")
    lines = place_queries.stations(point=here)
    assert [one.station.name for one in lines[:2]] == ["第1驿站", "第2驿站"]
    # One thousandth of a degree is 111 m: eleven of them are in the circle of 1,200 m.
    assert sum(one.is_near for one in lines) == 11
    assert lines[0].station.equipment == ["饮水机", "微波炉", "充电"]


@pytest.mark.parametrize(("one", "other", "metres"), [
    ((34_160_000, 112_840_000), (34_160_000, 112_840_000), 0),
    ((0, 0), (0, 1_000_000), 111_195), ((0, 0), (90_000_000, 0), 10_007_543),
])
def test_the_way_as_the_crow_flies(one, other, metres):
    assert distance_rules.metres(one, other) == metres


@pytest.mark.parametrize("text", ["here", "91, 0", "0, 181", "34.1"])
def test_what_is_no_point_is_refused(text):
    with pytest.raises(Invalid):
        distance_rules.read_point(text)


def test_the_person_in_charge_mends_what_is_broken(app):
    keeper = officer("站长")
    station = make_station(officer("组委会", role="organiser"), keeper_id=keeper.user_id)
    case = apply("stations", station_id=station.id, words="饮水机坏了")
    assert case.assignee_id == keeper.user_id
    act(keeper, case, "accept")
    act(keeper, case, "step", words="已换新")
    feedback(case)
    assert case.state == "closed"


def test_a_station_is_to_be_chosen(app):
    make_station(officer())
    with pytest.raises(Invalid) as refused:
        apply("stations", words="饮水机坏了")
    assert "station_id" in refused.value.fields
