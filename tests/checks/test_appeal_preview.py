"""An appeal about all results, while a sheet that was opened for it waits for the chief judge."""

from contest.judging import chief_actions
from contest.results import actions as results
from contest.review import appeal_actions
from contest.setup.proposal_queries import find_open
from tests import factories
from tests.checks import test_gates
from tests.judging.panels import mark

road = test_gates.road


def test_the_page_shows_what_the_waiting_sheet_would_change_and_no_total_without_it(road, as_role):
    contest, people = road.contest, road.people
    road.propose()
    results.confirm_publication(
        people["supervisor"], contest.id, find_open(contest.id, "publish").id
    )
    appeal_actions.announce_results(people["organiser"], contest.id, "")
    clerk = factories.make_official("Clerk", "clerk", contest=contest)
    appeal = appeal_actions.file_appeal(
        clerk, road.panel.entrants[0], "clerk",
        {"module_key": "", "ground": "scoring", "text": "The sum is too low."}, [],
    )
    sheet = road.panel.sheet(0, 1)
    chief_actions.propose_reopening(people["chief_judge"], contest.id, sheet.id, "appeal 1")
    chief_actions.confirm_reopening(
        people["supervisor"], contest.id, find_open(contest.id, "reopen_sheet").id
    )
    mark(road.panel, {"A1": "10", "A2": {}}, entrant=0, seat=1)

    page = as_role("supervisor", contest).get(f"/contests/{contest.id}/appeals/{appeal.id}").text

    assert "wait for the chief judge" in page
    assert '<ins class="now">' in page
    assert "Changed since revision" not in page
