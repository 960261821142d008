"""A review before the decoding shows no code and entry number that belong together."""

import pytest

from contest.checks import review_actions, review_queries
from contest.db import db
from contest.draw.models import Decoding
from contest.judging.models import Sheet
from contest.setup.procedure_rules import Procedure, stored_form
from contest.setup.queries import get_contest, step_problems
from contest.setup.stepping import find_step
from tests import factories
from tests.checks.lines import check_line
from tests.judging.panels import DRILL, make_panel, mark

PROCEDURE = Procedure("own", review=True, decoding=True, top_count=1, spot_percent=0)
GOOD, POOR = {"A1": "9", "A2": {}}, {"A1": "2", "A2": {}}
SLOW = DRILL | {"A5": "900"}


@pytest.fixture
def panel(app):
    """Of three the first is the best of the whole and of the drill, the second of the works under codes."""
    panel = make_panel(3)
    panel.contest.procedure = stored_form(PROCEDURE)
    for entrant, person in enumerate(panel.entrants):
        factories.make_theory(panel.contest, person, str(95 - 40 * entrant))
        for seat in (1, 2):
            mark(panel, GOOD if entrant == 1 else POOR, entrant=entrant, seat=seat)
        mark(panel, DRILL if entrant == 0 else SLOW, entrant=entrant, module="drill")
    panel.contest.state = "review"
    db.session.commit()
    return panel


def demanded(panel):
    """{module: entrants whose sheets are of the best}."""
    found = {}
    for line in review_queries.review(panel.contest.id).lines:
        assert line.why == "top"
        found.setdefault(line.sheet.module.key, set()).add(line.sheet.entrant_id)
    return found


def test_the_best_under_codes_and_the_best_under_names_are_told_apart(panel):
    supervisor = factories.make_official("supervisor", "supervisor", contest=panel.contest)
    first, second, _ = (one.id for one in panel.entrants)
    review_actions.draw_review(supervisor, panel.contest.id, "3-1-4")

    assert demanded(panel) == {"risk": {second}, "drill": {first}, "paper": {first}}
    for line in review_queries.review(panel.contest.id).lines:
        check_line(supervisor, panel.contest.id, line)
    assert review_queries.missing(panel.contest.id) == []

    # Decoded, the best of the whole are demanded in every module before anything is published.
    contest = get_contest(panel.contest.id)
    db.session.add(Decoding(
        contest_id=contest.id, stage="final", layer=1, first_id=supervisor.user_id,
        second_id=supervisor.user_id, at=contest.created_at,
    ))
    contest.state = "decoded"
    db.session.commit()
    assert demanded(panel)["risk"] == {first, second}
    notes = step_problems(contest, find_step(contest, "publish", "provisional"))
    assert any("still to be checked: 2" in note.text % note.params for note in notes)
    for sheet in db.session.query(Sheet).filter_by(entrant_id=first, module_key="risk"):
        review_actions.check_sheet(supervisor, contest.id, sheet.id, sheet.rev, True, "")
    assert review_queries.missing(contest.id) == []


def test_before_it_begins_the_page_says_where_it_does(as_role, panel):
    path = f"/contests/{panel.contest.id}/review"
    supervisor = as_role("supervisor", panel.contest)
    assert "The review has not begun." not in supervisor.get(path).text
    panel.contest.state = "scoring"
    db.session.commit()

    page = supervisor.get(path).text

    assert "The review has not begun." in page and f'href="/contests/{panel.contest.id}"' in page
    assert "Draw the sheets" not in page
