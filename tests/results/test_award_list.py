"""The list of contestants and that of the prizes add up, and say so before a publication."""

from dataclasses import dataclass, replace

import pytest

from contest.db import db
from contest.results import award_queries, award_rules, gate_queries, queries
from contest.setup.models import Contest
from tests import factories
from tests.results.scenes import make_scene

STATES = ("withdrawn", "disqualified", "absent", "not_finished")


@pytest.fixture
def scene(app):
    return make_scene(8).finish()


def entrants_of(scene):
    return award_queries.entrant_sum(queries.standings(scene.contest.id))


def test_who_withdrew_was_sent_away_did_not_come_or_did_not_finish_is_told_apart(scene):
    for entrant, state in enumerate(STATES):
        scene.state(entrant, state)
    scene.state(4, "absent", "paper")  # in one module only: still among those with a place

    found = entrants_of(scene)

    assert found.without == {"withdrawn": 1, "disqualified": 1, "absent": 1, "not_finished": 1, "failed": 0}
    assert (found.registered, found.due, found.placed, found.wrong) == (8, 4, 4, ())
    assert gate_queries.award_notes(scene.contest.id, queries.standings(scene.contest.id)) == []


@dataclass(frozen=True)
class Row:
    entrant_id: int
    number: str
    place: int | None
    passed: bool = True


ROWS = [Row(1, "A1", 1), Row(2, "A2", 2, passed=False), Row(3, "A3", None)]


def test_a_place_that_must_not_be_and_one_that_is_missing_are_both_named():
    states = {1: "normal", 2: "normal", 3: "absent"}

    assert award_rules.entrant_sum(ROWS, states, False).wrong == ()
    assert award_rules.entrant_sum(ROWS, states, True).wrong == ("A2",)  # below the pass mark, yet placed
    assert award_rules.entrant_sum(ROWS, states | {1: "withdrawn"}, False).wrong == ("A1",)
    lost = [replace(ROWS[0], place=None), *ROWS[1:]]
    found = award_rules.entrant_sum(lost, states, False)
    assert (found.due, found.placed, found.wrong) == (2, 1, ("A1",))


def test_the_page_says_why_fewer_or_more_prizes_are_given_than_the_plan_says(as_role, app):
    document = factories.plan_document()
    document["ranking"] = {"shared": True}
    document["modules"][1]["blind"] = False
    document["awards"] = [
        {"key": key, "name": f"奖 {key}", "name_en": f"Prize {key}", "to": "entrant", "rule": "count",
         "count": count} for key, count in (("one", 1), ("two", 1), ("three", 4))
    ]
    points = {"甲": ("90", "9"), "乙": ("80", "8"), "丙": ("80", "8"), "丁": ("70", "7")}
    contest, _ = factories.make_marked_contest(points, document=document)

    page = as_role("organiser", contest).get(f"/contests/{contest.id}/results").text

    assert "The list of the prizes adds up:" in page
    assert "Prize one: 1 of 1." in page
    assert "Prize two: 2 instead of 1, because equals on its last place all have it." in page
    assert "Prize three: 1 instead of 4, because nobody else may take it." in page


def test_before_every_mark_is_in_nothing_is_said_of_the_sums(scene):
    contest = db.session.get(Contest, scene.contest.id)
    scene.write(0, 1, "reopen", {"A1": "8", "A2": {}})
    official = queries.standings(contest.id)
    assert official.missing and gate_queries.award_notes(contest.id, official) == []
