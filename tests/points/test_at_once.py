"""Of two systems that tell points at once, and of two who take one entry back, the second meets the first."""

import pytest

from contest.db import db
from contest.errors import Conflict
from contest.people.models import Human
from contest.points import actions
from contest.points.models import PointsEntry
from tests.member_services.walking import one_behind_the_other
from tests.points.test_points import QUARTER, curator, line, tell  # noqa: F401  (curator: a fixture)

pytestmark = pytest.mark.parametrize("app", ["postgres"], indirect=True)


def test_a_line_that_is_told_twice_at_once_counts_once(app, curator):  # noqa: F811
    first, second = one_behind_the_other(app, *[lambda: tell(curator, line("R-1"))] * 2)

    assert (first["new"], second["new"], second["known"]) == (1, 0, 1)
    assert db.session.query(Human).filter_by(name="和小林").count() == 1


def test_two_systems_that_name_one_new_person_mean_one(app, curator):  # noqa: F811
    one_behind_the_other(
        app, lambda: tell(curator, line("R-1")), lambda: tell(curator, line("R-1"), source="读书会")
    )

    assert db.session.query(Human).filter_by(name="和小林").count() == 1
    assert db.session.query(PointsEntry).count() == 2


def test_points_are_taken_back_once(app, curator):  # noqa: F811
    tell(curator, line("R-1"))
    entry = db.session.query(PointsEntry.id).scalar()

    _, refused = one_behind_the_other(app, *[lambda: actions.reverse_points(curator, entry, "错")] * 2)

    assert isinstance(refused, Conflict)


def test_what_is_booked_while_a_list_goes_out_is_in_it_or_late(app, curator):  # noqa: F811
    tell(curator, line("R-1", day="2026-08-03"))

    booked, lists = one_behind_the_other(
        app, lambda: tell(curator, line("R-2", day="2026-08-04")),
        lambda: [row.document["lines"][0]["points"] for row in actions.publish_lists(curator, QUARTER)],
    )

    assert booked["late"] == 0 and lists == [10, 10]
