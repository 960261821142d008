"""Where teams are ranked, members of the best and of those next to a prize are looked at again."""

import pytest

from contest.checks import review_queries, sample_queries
from contest.checks.score_queries import stage_lines
from contest.db import db
from contest.setup.models import Contest
from contest.setup.procedure_rules import Procedure, stored_form
from tests import factories
from tests.results.scenes import make_scene


@pytest.fixture
def scene(app):
    """Three teams of two: the best contestant is not in the best team, which stands at the one team prize."""
    document = factories.plan_document(teams={"method": "sum"}, awards=[
        {"key": "team_first", "name": "团体一等奖", "name_en": "Team first", "to": "team", "rule": "count",
         "count": 1},
    ])
    document["modules"][1]["blind"] = False
    return make_scene(6, document, ["甲", "乙", "丙"]).finish([10, 1, 9, 8, 2, 2])


def test_the_members_of_the_best_team_are_in_the_top_slice(scene):
    contest = db.session.get(Contest, scene.contest.id)
    contest.procedure = stored_form(Procedure("own", review=True, top_count=1))
    db.session.commit()

    lines = stage_lines(contest.id)
    top = review_queries.top_sheets(contest, lines)

    # A001 is the best contestant, A003 and A004 are the best team; each with two sheets and a score.
    assert {line.entrant_id for line in lines if line.id in top} == {
        scene.entrants[i].id for i in (0, 2, 3)
    }
    assert len(top) == 9


def test_the_members_of_teams_next_to_a_prize_are_compared_with_paper(scene):
    found = sample_queries.sample(scene.contest.id, 95, 5, 0, "")

    touched = {line.number: line.why for line in found.lines if line.why}

    # The best team has the prize, the second stands next to it; the last one does not touch it.
    assert touched == {f"A00{n}": ("team_first",) for n in (1, 2, 3, 4)}
