"""The review demands its share of the rest whatever comes in after the sheets were drawn."""

from math import ceil

import pytest

from contest.audit.models import TrailRow
from contest.audit.work import Actor
from contest.checks import review_actions, review_queries, review_rules
from contest.checks.score_queries import stage_lines
from contest.checks.seed_queries import find_review_seed
from contest.db import db
from contest.draw import actions as draw
from contest.draw import order_actions
from contest.draw import queries as draws
from contest.draw.rules import commitment
from contest.errors import Conflict
from contest.judging import actions
from contest.results import actions as results
from contest.setup import actions as setup
from contest.setup.procedure_rules import Procedure, stored_form
from tests import factories
from tests.checks.lines import check_line
from tests.judging.panels import DRILL, RISK, make_panel, mark

PROCEDURE = Procedure("own", review=True, top_percent=0, top_count=1)
BEST = {"A1": "10", "A2": {}}


class Stage:
    """A panel whose review was drawn over four contestants, into which six more came."""

    def __init__(self, is_drawn=True):
        self.panel = make_panel(entrants=4)
        self.contest = self.panel.contest
        self.contest.procedure = stored_form(PROCEDURE)
        db.session.commit()
        self.chief, self.organiser, self.supervisor = (
            factories.make_official(role, role, contest=self.contest)
            for role in ("chief_judge", "organiser", "supervisor")
        )
        self._fill(range(4))
        self._begin_review()
        if is_drawn:
            review_actions.draw_review(self.supervisor, self.contest.id, "seed")

    def let_more_in(self):
        results.reopen_results(self.organiser, self.contest.id, "后来的选手")
        new = [factories.make_entrant(self.contest) for _ in range(6)]
        coder = factories.make_official("coder", "coding_judge", contest=self.contest)
        draw.draw_newcomers(coder, self.contest.id, "final")
        actions.hand_out_sheets(Actor(None, "t"), self.contest.id)
        self.panel.entrants.extend(new)
        self._fill(range(4, 10))
        self._begin_review()

    def review(self):
        return review_queries.review(self.contest.id)

    def _begin_review(self):
        for line in draws.list_draws(self.contest.id, "final", 1):
            if not line.witnesses:
                order_actions.witness_draw(self.supervisor, self.contest.id, line.draw.id)
        setup.take_step(self.chief, self.contest.id, "collected")
        setup.take_step(self.supervisor, self.contest.id, "review")

    def _fill(self, entrants):
        for one in entrants:
            for seat in (1, 2):
                mark(self.panel, RISK if one else BEST, entrant=one, seat=seat)
            mark(self.panel, DRILL, entrant=one, module="drill")
            factories.make_theory(self.contest, self.panel.entrants[one], "80")


@pytest.fixture
def stage(app):
    return Stage()


def _share(found):
    return len(found.drawn & set(found.rest)), ceil(PROCEDURE.spot_percent * len(found.rest) / 100)


def test_after_late_contestants_more_sheets_are_drawn_before_anything_is_left(stage):
    with pytest.raises(Conflict, match="Enough of the rest"):
        review_actions.draw_more(stage.supervisor, stage.contest.id)
    stage.let_more_in()
    before = stage.review()
    drawn, share = _share(before)
    assert drawn + before.lacking == share and before.lacking > 0
    assert f"{before.lacking} more are to be drawn" in [
        note.text % note.params for note in review_queries.missing(stage.contest.id)
    ][0]

    review_actions.draw_more(stage.supervisor, stage.contest.id)

    found = stage.review()
    assert _share(found) == (share, share) and found.drawn > before.drawn
    assert found.seeds == [before.seeds[0], review_rules.next_seed(before.seeds[0], 2)]
    rows = db.session.query(TrailRow).filter_by(did="review.draw").order_by(TrailRow.id).all()
    assert rows[-1].facts["number"] == 2 and rows[-1].facts["seed"] == found.seeds[1]
    free = [one for one in found.rest if one not in before.drawn]
    assert rows[-1].facts["drawn"] == review_rules.draw_some(free, before.lacking, found.seeds[1])
    for line in found.lines:
        check_line(stage.supervisor, stage.contest.id, line)
    assert review_queries.missing(stage.contest.id) == []


def test_the_page_says_how_many_lack_and_the_supervisor_draws_them(stage, as_role):
    stage.let_more_in()
    page = f"/contests/{stage.contest.id}/review"
    supervisor = as_role("supervisor", stage.contest)
    lacking = stage.review().lacking

    assert f"{lacking} more are to be drawn" in supervisor.get(page).text
    assert supervisor.post(f"{page}/draw-more").status_code == 303
    assert "more are to be drawn" not in supervisor.get(page).text
    assert as_role("chief_judge", stage.contest).post(f"{page}/draw-more").status_code == 403


def test_the_seed_of_the_review_is_sealed_when_the_scoring_closes(stage):
    """Else whoever draws, or the program, tries seeds out until the sheets suit."""
    sealed = find_review_seed(stage.contest.id, "final")
    rows = {row.did: row for row in db.session.query(TrailRow).order_by(TrailRow.id)}
    told, drawn = rows["review.seal"], rows["review.draw"]

    assert told.facts == {"hash": sealed.commitment} and commitment(sealed.seed) == sealed.commitment
    assert told.id < drawn.id and sealed.used_at is not None
    assert (drawn.facts["secret"], drawn.facts["public"]) == (sealed.seed, "seed")
    found = stage.review()
    assert found.draw.seed == drawn.facts["seed"] == f"{sealed.seed}/seed"
    everything = [line.id for line in stage_lines(stage.contest.id)]
    rest = [one for one in everything if one not in found.draw.top]
    assert found.draw.drawn == review_rules.draw_rest(rest, PROCEDURE.spot_percent, found.draw.seed)


def test_the_review_is_not_drawn_without_a_public_part_and_its_page_says_so(app):
    stage = Stage(is_drawn=False)
    sealed = find_review_seed(stage.contest.id, "final")
    browser = factories.browser_of(app, db.session.get(factories.User, stage.supervisor.user_id))
    address = f"/contests/{stage.contest.id}/review"
    page = browser.get(address).text
    assert sealed.commitment in page and sealed.seed not in page and "Public part of the seed" in page

    for wrong in ("", "  ", "5" * 201):
        assert browser.post(f"{address}/draw", data={"public": wrong}).status_code == 422
    assert review_queries.find_draw(stage.contest.id, "final") is None
    assert browser.post(f"{address}/draw", data={"public": "6 2 5"}).status_code == 303
    after = browser.get(address).text
    assert f"{sealed.seed}/6 2 5" in after and sealed.commitment in after


def test_a_contest_closed_before_there_were_sealed_seeds_gets_one_at_the_draw(app):
    panel = make_panel(entrants=2)
    panel.contest.procedure, panel.contest.state = stored_form(PROCEDURE), "review"
    db.session.commit()
    supervisor = factories.make_official("supervisor", "supervisor", contest=panel.contest)

    review_actions.draw_review(supervisor, panel.contest.id, "3-1-4")

    assert find_review_seed(panel.contest.id, "final").used_at is not None
    assert db.session.query(TrailRow).filter_by(did="review.seal").count() == 1
