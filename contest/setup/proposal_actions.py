"""Leaving undone what was proposed."""

from contest.audit.work import work
from contest.setup.proposal_queries import get_open
from contest.setup.proposals import decide, facts_of


def decline_proposal(actor, contest_id, proposal_id):
    """The proposer takes it back, or another one declines it; nothing else changes."""
    proposal = get_open(contest_id, proposal_id, may_be_lapsed=True)
    with work(
        actor, "proposal.decline", contest_id=contest_id, subject=proposal.subject,
        act=proposal.act, reason=proposal.reason, **facts_of(proposal),
    ):
        decide(actor, proposal, is_confirmed=False)
