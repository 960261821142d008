"""The two deadlines of corrections begin: no contest of a formal road is archived before they have."""

import pytest

from contest.db import db
from contest.errors import Conflict
from contest.review import appeal_actions
from contest.setup import actions as setup
from contest.setup import step_rules
from contest.setup.procedure_rules import Procedure
from contest.setup.queries import desk_notes, step_problems
from tests.review.scene import provisional

UNSTATED = "the deadlines of corrections have not begun"


def final(procedure):
    review = provisional(procedure)
    review.contest.state = "final"
    db.session.commit()
    return review


def in_the_way(review):
    [step] = [one for one in step_rules.steps_from("final", step_rules.OPTIONAL) if one.act == "archive"]
    return [note.text for note in step_problems(review.contest, step) if UNSTATED in note.text]


def notes(review):
    return [note.kind for note in desk_notes(review.contest.id) if UNSTATED in note.text]


def test_a_formal_contest_is_not_archived_before_the_ceremony_is_stated(app):
    review = final(Procedure("own"))
    assert notes(review) == ["todo"]
    with pytest.raises(Conflict, match=UNSTATED):
        setup.take_step(review.actor("organiser"), review.contest.id, "archived")
    assert review.contest.state == "final"

    appeal_actions.state_ceremony(review.actor("organiser"), review.contest.id)

    assert notes(review) == in_the_way(review) == []


def test_a_short_road_is_told_on_its_desk_and_archived_all_the_same(app):
    review = final(None)
    assert notes(review) == ["info"]
    assert in_the_way(review) == []
