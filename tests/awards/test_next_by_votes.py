"""After the grant: who comes next where votes or a threshold gave the award, and what the page says."""

import pytest

from contest.awards import (
    actions,
    annulment_actions,
    annulment_rules,
    decision_actions,
    decision_queries,
    queries,
    vacancy_queries,
)
from contest.results import actions as results
from contest.setup.proposal_queries import find_open
from tests import factories
from tests.awards.certified import PETRA
from tests.kept_scenes import kept_scene

AWARDS = [
    {"key": "best", "name": "优秀组织奖", "name_en": "Best unit", "to": "organisation", "rule": "vote",
     "count": 1},
    {"key": "good", "name": "优胜奖", "name_en": "Pass prize", "to": "entrant", "rule": "threshold",
     "least": 60},
    {"key": "spirit", "name": "突出贡献奖", "name_en": "Merit", "to": "entrant", "rule": "vote", "count": 1},
]
POINTS = {"甲": ("90", "9"), "乙": ("80", "8"), "丙": ("70", "7"), "丁": ("40", "4")}
SAID = {"reason": "查实替考", "minutes": "纪要〔2026〕9号", "decided_on": "2026-11-20"}


def build():
    contest, entrants = factories.make_marked_contest(
        POINTS, document=factories.plan_document(awards=AWARDS), slug="voted"
    )
    one, two = (factories.make_official(name, "organiser", contest=contest) for name in ("first", "second"))
    results.publish_results(one, contest.id, "provisional")
    results.publish_results(two, contest.id, "final")
    units = {name: entrant.organisation for name, entrant in entrants.items()}
    votes = {units["甲"].id: "7", units["乙"].id: "4", units["丙"].id: "4", units["丁"].id: "0"}
    actions.enter_votes(PETRA, contest.id, "best", votes, SAID)
    decision_actions.choose(PETRA, contest.id, "spirit", {"number": entrants["丁"].number}, SAID)
    actions.grant_awards(PETRA, contest.id)
    return {"id": contest.id, "one": one, "two": two,
            "units": {name: unit.name for name, unit in units.items()},
            "ids": {name: entrant.id for name, entrant in entrants.items()}}


@pytest.fixture
def scene(app):
    return kept_scene("voted", build)


def annul(scene, whom):
    annulment_actions.propose_annulment(scene["one"], scene["id"], {"whom": whom}, SAID)
    proposal = find_open(scene["id"], "annul")
    if annulment_actions.confirm_annulment(scene["two"], scene["id"], proposal.id):
        annulment_actions.publish_without_annulled(scene["two"], scene["id"])


def vacancy(scene, key):
    return next(one for one in vacancy_queries.list_vacancies(scene["id"]) if one.award.key == key)


def award_id(scene, key):
    return max(one.id for one in queries.all_awards(scene["id"]) if one.award_key == key)


def winners(scene, key):
    return [row.name for award, rows in queries.granted(scene["id"]) if award.key == key for row in rows]


def test_the_next_by_votes_is_offered_and_gets_the_award_by_a_decision(scene, as_role):
    annul(scene, f"award-{award_id(scene, 'best')}")
    empty = vacancy(scene, "best")
    named = {one.name: one.votes for one in empty.offers}
    # Whoever lost it, and whoever had no vote, is not offered; equals both are, and the committee decides.
    assert named == {scene["units"]["乙"]: 4, scene["units"]["丙"]: 4}
    assert [one.votes for one in empty.offers] == [4, 4]
    at = f"/contests/{scene['id']}/awards/annulments"
    office = as_role("organiser")
    page = office.get(at).text
    assert page.count("4 votes of the committee") == 2

    chosen = next(one for one in empty.offers if one.name == scene["units"]["丙"])
    office.post(f"{at}/{empty.annulment.id}/next", data=SAID | {"who": chosen.key})

    assert winners(scene, "best") == [scene["units"]["丙"]]
    [line] = [one for one in decision_queries.list_decisions(scene["id"], "best")
              if one.decision.kind == "move_up"]
    assert line.whom == scene["units"]["丙"]
    assert f"Taken by {scene['units']['丙']}" in office.get(at).text


def test_of_a_threshold_nobody_comes_next_and_the_page_says_so(scene, as_role):
    annul(scene, f"entrant-{scene['ids']['甲']}")
    empty = vacancy(scene, "good")
    assert (empty.offers, empty.why_nobody) == ((), annulment_rules.NO_NEXT)
    page = as_role("organiser").get(f"/contests/{scene['id']}/awards/annulments").text
    assert "Everybody who reached the threshold has this award already" in page


def test_winners_whom_the_committee_named_have_nobody_behind_them(scene):
    annul(scene, f"entrant-{scene['ids']['丁']}")
    assert vacancy(scene, "spirit").why_nobody == annulment_rules.NO_VOTES


def test_whoever_is_passed_over_at_a_threshold_leaves_no_place(scene, app, as_role):
    at = "/contests/{}/awards/{}/decisions"
    contest, _ = factories.make_marked_contest(
        POINTS, document=factories.plan_document(awards=[AWARDS[1]]), slug="threshold"
    )
    page = as_role("organiser").get(at.format(contest.id, "good")).text
    assert "leaves no place to anybody" in page


def test_nobody_is_offered_before_the_results_are_published_anew(app):
    document = factories.plan_document(awards=[
        {"key": "first", "name": "一等奖", "to": "entrant", "rule": "count", "count": 1},
    ])
    contest, entrants = factories.make_marked_contest(POINTS, document=document, slug="pending")
    one, two = (factories.make_official(name, "organiser", contest=contest) for name in ("first", "second"))
    results.publish_results(one, contest.id, "provisional")
    results.publish_results(two, contest.id, "final")
    actions.grant_awards(PETRA, contest.id)
    whom = {"whom": f"entrant-{entrants['甲'].id}"}
    annulment_actions.propose_annulment(one, contest.id, whom, SAID)
    annulment_actions.confirm_annulment(two, contest.id, find_open(contest.id, "annul").id)
    [empty] = vacancy_queries.list_vacancies(contest.id)
    assert (empty.offers, empty.why_nobody) == ((), annulment_rules.NOT_PUBLISHED)


def test_a_unit_is_offered_to_nobody_where_the_committee_voted_for_no_other(scene):
    for _ in "甲乙丙":
        annul(scene, f"award-{award_id(scene, 'best')}")
        empty = next(one for one in vacancy_queries.list_vacancies(scene["id"])
                     if one.award.key == "best" and one.filled is None)
        if empty.offers:
            key = empty.offers[0].key
            annulment_actions.move_up(scene["one"], scene["id"], empty.annulment.id, key, SAID)
    assert empty.why_nobody == annulment_rules.NOBODY_VOTED


def test_the_curator_reads_the_annulments_and_decides_nothing_there(scene, as_role):
    curator = as_role("curator")
    assert "Annulled after the grant" not in curator.get("/curation").text
    annul(scene, f"entrant-{scene['ids']['甲']}")
    at = f"/contests/{scene['id']}/awards/annulments"
    desk = curator.get("/curation").text
    assert at in desk
    page = curator.get(at)
    assert page.status_code == 200
    assert "查实替考" in page.text
    assert "<form" not in page.text.split("<main")[1].split("</main")[0]
    assert f"/contests/{scene['id']}/awards\"" not in page.text  # a page that a curator cannot open
    assert curator.post(at, data={}).status_code == 403
