"""Taking back final results, told where everything stands that waits for a second person."""

from contest.i18n import N_
from contest.results.queries import find_reopening, name_of
from contest.setup.proposal_queries import WAITING_ELSEWHERE, Elsewhere
from contest.setup.rules import Note

TAKING_BACK_FINAL = Note(
    N_("Take the final results back for a correction"), {}, "results.show_results", "todo"
)


def list_waiting(contest_id):
    """The proposal to take back final results, if one is open."""
    found = find_reopening(contest_id)
    if found is None:
        return []
    return [Elsewhere(
        TAKING_BACK_FINAL, name_of(found.proposed_by_id), found.proposed_at, found.reason
    )]


WAITING_ELSEWHERE.append(list_waiting)
