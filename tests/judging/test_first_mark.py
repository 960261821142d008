"""From the first mark of all the rules change by two people, however far the sheet has come."""

import pytest

from contest.audit.work import Actor
from contest.errors import Conflict, NotAllowed
from contest.scoring.scheme_reading import plan_document, plan_from
from contest.setup import plan_actions
from contest.setup.plan_text import toml_of
from contest.setup.queries import get_draft, plan_in_force
from tests import factories
from tests.judging.panels import RISK, make_panel, mark


def test_from_the_first_draft_on_the_rules_change_by_two_people_only(app):
    panel = make_panel(entrants=1)
    contest_id = panel.contest.id
    organiser = factories.make_official("周组委", "organiser", contest=panel.contest)
    document = plan_document(plan_in_force(contest_id).plan)
    document["modules"][1]["name"] = "改过的名"
    plan_actions.load_text(organiser, contest_id, toml_of(plan_from(document)))

    mark(panel, RISK, kind="draft")

    assert plan_in_force(contest_id).frozen_at is not None
    with pytest.raises(Conflict):
        plan_actions.put_in_force(organiser, contest_id, "", get_draft(contest_id).rev)
    with pytest.raises(NotAllowed, match="Type your password or PIN again"):
        plan_actions.propose_plan(
            Actor(organiser.user_id, "周组委"), contest_id, "错字", get_draft(contest_id).rev
        )
