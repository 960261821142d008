"""A figure that beats the record of its contest is asked about once before it is stored (F16)."""

import pytest

from contest.db import db
from contest.figures.models import RecordedFigure
from tests import factories
from tests.registry.test_record_rules import EARLIER
from tests.registry.test_records import House

TIE = {"by": "data", "key": "time", "order": "low"}
TIME = {"record_what": "figure", "record_key": "time", "record_top": "", "record_better": "low"}


@pytest.fixture
def house(app):
    return House()


@pytest.fixture
def contest(house):
    document = factories.plan_document(ranking={"shared": True, "ties": [TIE]})
    return house.contest({"甲": ("90", "9"), "乙": ("80", "8")}, document=document)


def post(as_role, contest, **typed):
    return as_role("clerk", contest).post(f"/contests/{contest.id}/figures/data/time", data=typed)


def stored():
    return sorted(row.units for row in db.session.query(RecordedFigure))


def numbers(house):
    return [house.entrants[name].number for name in ("甲", "乙")]


def test_what_beats_the_record_is_asked_about_once(house, contest, as_role):
    house.line(contest, **EARLIER | {"earlier_value": "95"}, **TIME)
    one, two = numbers(house)
    typed = {f"value-{one}": "94.5", f"value-{two}": "95"}

    asked = post(as_role, contest, **typed)

    assert asked.status_code == 422 and stored() == []
    assert "This beats the record of 95.00" in asked.text
    assert f'name="looked-{one}" value="94.5"' in asked.text and f'name="looked-{two}"' not in asked.text
    assert post(as_role, contest, **typed, **{f"looked-{one}": "94.5"}).status_code == 303
    assert stored() == [945_000, 950_000]
    # What stands is not asked about again.
    seen = {f"seen-{number}": str(at) for at, number in enumerate((one, two), 1)}
    assert post(as_role, contest, **typed | seen | {f"value-{two}": "96"}).status_code == 303


def test_another_figure_than_the_one_that_was_looked_at_is_asked_about_too(house, contest, as_role):
    house.line(contest, **EARLIER | {"earlier_value": "95"}, **TIME)
    one, _ = numbers(house)

    asked = post(as_role, contest, **{f"value-{one}": "9.5", f"looked-{one}": "94.5"})

    assert asked.status_code == 422 and stored() == []


@pytest.mark.parametrize("changes", [
    {"record_key": "draw"}, {"record_better": "high", "earlier_value": "99"}, {"record_group": "学生组"},
])
def test_nobody_is_asked_where_no_record_is_beaten(house, contest, as_role, changes):
    house.line(contest, **EARLIER | {"earlier_value": "95"} | TIME | changes)

    assert post(as_role, contest, **{f"value-{numbers(house)[0]}": "94.5"}).status_code == 303


def test_nobody_is_asked_where_there_is_no_record_yet(house, contest, as_role):
    house.line(contest, **TIME)

    assert post(as_role, contest, **{f"value-{numbers(house)[0]}": "94.5"}).status_code == 303
