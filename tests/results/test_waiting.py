"""Where everything stands that waits for a second person, the taking back of final results too."""

from datetime import timedelta

from contest import clock
from contest.results import actions
from contest.setup.proposal_queries import desk_notes, list_elsewhere
from contest.setup.step_rules import PROPOSAL_HOLDS
from tests.results.test_actions import final_scene


def test_taking_back_final_results_is_listed_with_the_page_where_it_is_decided(as_role, app):
    scene, petra, olga = final_scene()
    supervisor = as_role("supervisor", scene.contest)
    address = f"/contests/{scene.contest.id}/proposals"
    assert "Nothing waits for a second person." in supervisor.get(address).text
    actions.propose_reopening(petra, scene.contest.id, "appeal upheld")

    page = supervisor.get(address).text

    assert "Nothing waits" not in page
    assert "Take the final results back" in page and petra.name in page and "appeal upheld" in page
    assert f'href="/contests/{scene.contest.id}/results"' in page
    assert [note.params for note in desk_notes(scene.contest.id)] == [{"count": 1}]

    clock.stand_still(clock.now() + PROPOSAL_HOLDS + timedelta(minutes=1))
    assert list_elsewhere(scene.contest.id)[0].has_lapsed and desk_notes(scene.contest.id) == []
    actions.decline_reopening(olga, scene.contest.id)
    assert list_elsewhere(scene.contest.id) == []
