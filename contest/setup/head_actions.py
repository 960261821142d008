"""Settling heads that are not on the chain: two people vouch for what they found, in writing."""

from contest import clock
from contest.audit.chain_models import SettledHead
from contest.audit.chain_queries import list_misfits
from contest.audit.work import work
from contest.db import db
from contest.errors import Conflict, Invalid
from contest.i18n import N_, joined
from contest.setup.proposal_queries import CONFIRMED_AT, SEEN_AT, get_open
from contest.setup.proposals import decide, facts_of, first_of, propose, standing_first
from contest.setup.queries import get_contest
from contest.setup.rules import Note, check_reason
from contest.setup.step_rules import SETTLING
from contest.setup.stepping import check_person, check_proposer

CONFIRMED_AT["settle_heads"] = "setup.confirm_settling"
SEEN_AT["settle_heads"] = "audit.show_chain"
SETTLE = N_(
    "These heads are not on the chain, for the reason given; they hold back no publication: %(heads)s"
)


def propose_settling(actor, contest_id, chosen, reason):
    """Propose to settle heads that do not fit; chosen: pairs (number of the link, hash) of open ones.

    Invalid without a choice or a reason; Conflict when one of them is not open any more.
    """
    contest = get_contest(contest_id)
    check_proposer(actor, contest, SETTLING)
    if not chosen:
        raise Invalid("Choose the heads that you have looked into.")
    check_reason(reason)
    _check_open(contest_id, chosen)
    names = _names(chosen)
    propose(
        actor, contest_id, "settle_heads", names, reason.strip(),
        Note(SETTLE, {"heads": names}), heads=[list(one) for one in chosen],
    )


def confirm_settling(actor, contest_id, proposal_id):
    """Settle the heads that were proposed, as the second person."""
    contest = get_contest(contest_id)
    proposal = get_open(contest_id, proposal_id, "settle_heads")
    check_person(actor, contest, SETTLING, standing_first(proposal, SETTLING.roles))
    chosen = [tuple(one) for one in proposal.details["heads"]]
    _check_open(contest_id, chosen)
    first = first_of(proposal)
    with work(
        actor, "chain.settle", contest_id=contest_id, subject=proposal.subject, reason=proposal.reason,
        heads=[f"{seq}:{digits}" for seq, digits in chosen], **facts_of(proposal),
    ):
        db.session.add_all(
            SettledHead(
                contest_id=contest_id, seq=seq, hash=digits, reason=proposal.reason,
                proposed_by=first.name, proposed_by_id=first.user_id, confirmed_by=actor.name,
                confirmed_by_id=actor.user_id, at=clock.now(),
            ) for seq, digits in chosen
        )
        decide(actor, proposal, is_confirmed=True)


def _check_open(contest_id, chosen):
    if not set(chosen) <= {(one.seq, one.hash) for one in list_misfits(contest_id)}:
        raise Conflict("One of these heads is settled already or was never shown. Reload the page.")


def _names(chosen):
    return str(joined([f"{seq}·{digits[:8]}" for seq, digits in chosen], most=1000))
