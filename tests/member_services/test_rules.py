"""Which honour opens which service, and what an application must say."""

import pytest

from contest.errors import Conflict, Invalid
from contest.member_services import rules

SERVICE = rules.read_catalogue(rules.CATALOGUE.read_text("utf-8"))["skill_allowance"]
FILLED = {"name": "李四", "phone": "138 0013 8000", "unit": "苍岭水泥", "since": "2019-05"}


def test_the_shipped_catalogue_has_three_services_with_steps_in_both_languages():
    services = rules.read_catalogue(rules.CATALOGUE.read_text("utf-8"))

    assert len(services) == 3
    for service in services.values():
        assert service.name and service.name_en and service.steps
        assert all(step.name and step.name_en and step.days > 0 for step in service.steps)


@pytest.mark.parametrize(
    ("is_title", "level", "place", "opens"),
    [
        pytest.param(True, "", None, True, id="a title"),
        pytest.param(False, "技术能手", 9, True, id="a level"),
        pytest.param(False, "", 1, False, id="a first prize alone"),
        pytest.param(False, "优秀选手", None, False, id="a level not named"),
    ],
)
def test_the_allowance_follows_titles_and_levels(is_title, level, place, opens):
    assert rules.is_entitled(SERVICE, is_title, level, place) is opens


def test_a_best_place_includes_the_last_one_named_and_not_the_next():
    entitled = rules.Entitlement(best_place=3)
    service = rules.Service(**{**SERVICE.__dict__, "entitled": entitled})

    assert rules.is_entitled(service, False, "", 3)
    assert not rules.is_entitled(service, False, "", 4)
    assert not rules.is_entitled(service, False, "", 0)


def test_an_application_names_every_field_that_is_wrong():
    with pytest.raises(Invalid) as refused:
        rules.read_application(SERVICE, {"name": " ", "phone": "abc", "unit": "x" * 81})

    assert set(refused.value.fields) == {"name", "phone", "unit", "since"}


def test_an_optional_field_may_be_empty():
    service = rules.read_catalogue(rules.CATALOGUE.read_text("utf-8"))["green_lane"]

    taken = rules.read_application(service, {"name": "李", "phone": "1380013800", "matter": "体检"})

    assert taken["answers"] == {"matter": "体检", "address": ""}


def test_a_declined_application_goes_nowhere():
    with pytest.raises(Conflict):
        rules.check_next("declined", "done")


def test_a_broken_entry_of_the_catalogue_is_named():
    with pytest.raises(ValueError, match="service 1"):
        rules.read_catalogue('[[services]]\nkey = "x"\nentitled = {}\n')
