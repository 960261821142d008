"""Scores of the theory are lines of the review and of the paper sample, as sheets are."""

import pytest

from contest.audit.models import TrailRow
from contest.checks import review_actions, review_queries, sample_actions, sample_queries, score_check_actions
from contest.checks.models import ScoreCheck
from contest.checks.seed_queries import find_seed
from contest.db import db
from contest.draw.rules import commitment, whole_seed
from contest.errors import Conflict, Invalid, NotAllowed
from contest.results import actions as results
from contest.setup import actions as setup
from contest.setup.procedure_rules import Procedure, stored_form
from contest.theory import actions as theory
from tests import factories
from tests.checks import test_paper_check
from tests.checks.test_paper_check import draw, told_missing

road = test_paper_check.road
REVIEW = Procedure("own", review=True, top_percent=0, top_count=1, spot_percent=50, error_percent=50)


def draw_all(road):
    return sample_actions.draw_sample(road.people["supervisor"], road.contest.id, 99, 5, 0, "3 1 4")


def theory_alone(procedure):
    document = factories.plan_document()
    document["parts"] = [{**document["parts"][0], "weight": 100}]
    document["modules"] = document["modules"][:1]
    document["ranking"] = {"shared": True, "ties": []}
    contest = factories.make_contest(document)
    contest.procedure = stored_form(procedure)
    entrants = [factories.make_entrant(contest) for _ in range(4)]
    people = {role: factories.make_official(role, role, contest=contest)
              for role in ("organiser", "chief_judge", "supervisor", "clerk")}
    for n, entrant in enumerate(entrants):
        theory.enter_score(people["clerk"], contest.id, "paper", entrant.id, str(90 - n), 0)
    setup.take_step(people["chief_judge"], contest.id, "collected")
    return contest, entrants, people


def test_the_review_asks_for_the_scores_of_the_best_and_a_drawn_part_of_the_rest(app):
    contest, entrants, people = theory_alone(REVIEW)
    supervisor = people["supervisor"]
    setup.take_step(supervisor, contest.id, "review")
    review_actions.draw_review(supervisor, contest.id, "seed")
    found = review_queries.review(contest.id)

    assert [one.why for one in found.lines].count("top") == 1 and len(found.lines) == 3
    assert found.lines[0].sheet.entrant_id == entrants[0].id and found.lines[0].sheet.total == "90"
    with pytest.raises(Conflict, match="still to be checked: 3"):
        results.publish_results(people["organiser"], contest.id, "provisional")
    with pytest.raises(Invalid, match="what differs"):
        score_check_actions.check_score(supervisor, contest.id, found.lines[0].sheet.rev, False, "")
    factories.make_grant(db.session.get(factories.User, people["clerk"].user_id), "supervisor", contest)
    with pytest.raises(NotAllowed, match="yourself"):
        score_check_actions.check_score(people["clerk"], contest.id, found.lines[0].sheet.rev, True, "")
    for one in found.lines:
        score_check_actions.check_score(supervisor, contest.id, one.sheet.rev, True, "")
    assert review_queries.missing(contest.id) == []
    assert results.publish_results(people["organiser"], contest.id, "provisional") == 1


def test_a_score_that_differs_waits_for_the_chief_judge(app):
    contest, _, people = theory_alone(REVIEW)
    supervisor, chief = people["supervisor"], people["chief_judge"]
    setup.take_step(supervisor, contest.id, "review")
    review_actions.draw_review(supervisor, contest.id, "seed")
    odd, *others = [one.sheet for one in review_queries.review(contest.id).lines]
    for one in others:
        score_check_actions.check_score(supervisor, contest.id, one.rev, True, "")

    score_check_actions.check_score(supervisor, contest.id, odd.rev, False, "91 on paper")

    [note] = review_queries.missing(contest.id)
    assert "differ and wait for a correction" in note.text and note.params["count"] == 1
    with pytest.raises(Conflict, match="found to differ"):
        score_check_actions.check_score(supervisor, contest.id, odd.rev, True, "")
    check = next(one.line.check for one in review_queries.review(contest.id).lines if one.sheet.id == odd.id)
    score_check_actions.state_score(chief, contest.id, check.id, "The 1 is crossed out.")
    assert review_queries.missing(contest.id) == []


def test_the_paper_sample_draws_scores_and_holds_the_publication_for_them(road):
    found = draw_all(road)
    assert found.sheets == found.size == 12  # eight sheets, four scores
    scores = [one for one in found.lines if one.sheet.is_score]
    assert scores
    for one in found.lines:
        if not one.sheet.is_score:
            test_paper_check.compare(road, one.sheet.id)

    [told] = told_missing(road)
    assert f"still to be compared with their paper: {len(scores)} (" in told
    with pytest.raises(Conflict):
        test_paper_check.publish(road)
    for one in scores:
        score_check_actions.compare_score(road.people["supervisor"], road.contest.id, one.sheet.rev, True)
    assert told_missing(road) == [] and test_paper_check.publish(road) == 1


def test_a_score_is_checked_on_the_pages_of_review_and_sample(as_role, road):
    found = draw_all(road)
    score = next(one.sheet for one in found.lines if one.sheet.is_score)
    page = f"/contests/{road.contest.id}/results/sample"
    browser = as_role("supervisor", road.contest)
    assert f"{page}/scores/{score.rev}" in browser.get(page).text

    refused = browser.post(f"{page}/scores/{score.rev}", data={"found": "differs", "figure": "", "note": "x"})
    assert refused.status_code == 422
    browser.post(f"{page}/scores/{score.rev}", data={"found": "differs", "figure": "88", "note": "misread"})

    shown = browser.get(page).text
    assert "88" in shown and "misread" in shown
    row = db.session.query(TrailRow).filter_by(did="review.check").one()
    assert (row.facts["module"], row.facts["paper_figure"]) == ("paper", "88")


def test_members_of_the_best_team_are_in_the_top_slice(app):
    from contest.checks import review_rules

    class Team:
        def __init__(self, place, *members):
            self.place, self.members = place, members

    teams = [Team(1, 1, 2), Team(2, 3), Team(2, 4), Team(None, 5)]
    assert review_rules.top_members(teams, 30, 0) == {1, 2}
    assert review_rules.top_members(teams, 0, 2) == {1, 2, 3, 4}


def test_the_secret_seed_is_sealed_when_the_scoring_closes_and_nobody_can_try_seeds_out(as_role, road):
    sealed = find_seed(road.contest.id, "final")
    row = db.session.query(TrailRow).filter_by(did="sample.seal").one()
    assert row.facts == {"hash": sealed.commitment} and commitment(sealed.seed) == sealed.commitment
    page = f"/contests/{road.contest.id}/results/sample"
    before = as_role("supervisor", road.contest).get(f"{page}?seed=3+1+4&margin=0").text
    assert sealed.commitment in before and sealed.seed not in before and "/sheets/" not in before

    draw(road)

    kept = sample_queries.find_sample(road.contest.id, "final")
    assert (kept.secret, kept.public_part) == (sealed.seed, "3 1 4")
    assert kept.seed == whole_seed(sealed.seed, "3 1 4")
    told = db.session.query(TrailRow).filter_by(did="sample.draw").one().facts
    assert (told["secret"], told["public"]) == (sealed.seed, "3 1 4")
    after = as_role("supervisor", road.contest).get(page).text
    assert sealed.seed in after


def test_anybody_draws_again_from_both_parts(app, road):
    found = draw(road)
    kept = sample_queries.find_sample(road.contest.id, "final")

    told = app.test_cli_runner().invoke(args=[
        "sample", road.contest.slug, "--seed", kept.public_part, "--secret", kept.secret,
        "--confidence", str(kept.confidence), "--bad", kept.bad, "--margin", kept.margin,
    ]).output

    assert kept.commitment in told
    lots = {line.split("\t")[0] for line in told.splitlines() if line.endswith("\tlot")}
    assert lots == {one.label for one in found.lines if one.by_lot}


def test_a_contest_from_before_the_sealing_makes_its_secret_part_at_the_draw(road):
    db.session.execute(db.text("DROP TRIGGER sample_seed_no_delete"))
    db.session.query(type(find_seed(road.contest.id, "final"))).delete()
    db.session.commit()

    draw(road)

    kept = sample_queries.find_sample(road.contest.id, "final")
    assert kept.secret and kept.committed_at == kept.at and kept.seed.startswith(kept.secret)


def test_the_page_of_the_review_takes_what_was_found_of_a_score_and_the_statement(as_role, app):
    contest, _, people = theory_alone(REVIEW)
    setup.take_step(people["supervisor"], contest.id, "review")
    review_actions.draw_review(people["supervisor"], contest.id, "seed")
    score = review_queries.review(contest.id).lines[0].sheet
    supervisor, chief = as_role("supervisor", contest), as_role("chief_judge", contest)
    page = f"/contests/{contest.id}/review"
    assert f"{page}/scores/{score.rev}" in supervisor.get(page).text

    assert supervisor.post(f"{page}/scores/{score.rev}", data={"found": "differs"}).status_code == 422
    differs = {"found": "differs", "note": "91 on paper"}
    assert supervisor.post(f"{page}/scores/{score.rev}", data=differs).status_code == 303

    assert "91 on paper" in supervisor.get(page).text
    check = db.session.query(ScoreCheck.id).scalar()
    assert f"{page}/score-checks/{check}" in chief.get(page).text
    stated = {"statement": "The 1 is crossed out.", "word": "wrong", "page": "review"}
    refused = chief.post(f"{page}/score-checks/{check}", data=stated)
    assert refused.status_code == 422 and "The 1 is crossed out." in refused.text
    stated["word"] = factories.WORD
    assert chief.post(f"{page}/score-checks/{check}", data=stated).status_code == 303
    assert "differs, explained" in chief.get(f"{page}?show=all").text
