"""Who counts as the one that published provisional results, when another is to make them final."""

from contest.accounts.queries import find_roles
from contest.setup.proposal_queries import find_confirmed
from contest.setup.step_rules import ORGANISER

PUBLISHING = ("publish", "publish_in_spite")


def first_organiser_id(contest_id, latest):
    """The account of the first of the two organisers behind final results; None for a program.

    It is whoever published them; where that was the second person of a proposal and no organiser, it
    is the organiser who proposed it: otherwise one organiser alone would be both.
    """
    if latest.by_id is None or find_roles(latest.by_id, contest_id) & set(ORGANISER):
        return latest.by_id
    proposal = find_confirmed(contest_id, PUBLISHING, latest.by_id, latest.at)
    return proposal.proposed_by_id if proposal else latest.by_id
