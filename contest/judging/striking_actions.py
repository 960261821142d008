"""Striking out a sheet that holds marks, where that is an act of two people."""

from contest.judging import chief_actions, chief_rules, queries
from contest.judging.called_queries import called_entrant, seen_at
from contest.judging.rules import check_reason
from contest.setup.proposal_queries import CONFIRMED_AT, get_open
from contest.setup.proposals import propose
from contest.setup.queries import get_contest
from contest.setup.step_rules import STRIKING
from contest.setup.stepping import check_proposer

CONFIRMED_AT["excuse_sheet"] = "judging.confirm_striking"


def propose_striking(actor, contest_id, sheet_id, reason):
    """Propose to strike a sheet out that holds marks; a second person confirms it."""
    sheet = chief_actions.hold_for_striking(actor, contest_id, sheet_id)
    check_proposer(actor, get_contest(contest_id), STRIKING)
    words = check_reason(reason)
    propose(
        actor, contest_id, "excuse_sheet", f"sheet {sheet.id}", words,
        chief_rules.striking_note(
            sheet, called_entrant(contest_id, sheet.module_key, sheet.entrant_id)
        ),
        sheet=sheet.id, seen=seen_at(contest_id, sheet.module_key, sheet.entrant_id),
    )


def confirm_striking(actor, contest_id, proposal_id):
    """Strike out what was proposed, as the second person; returns its new rev."""
    queries.lock_contest(contest_id)
    proposal = get_open(contest_id, proposal_id, "excuse_sheet")
    return chief_actions.excuse_seat(
        actor, contest_id, proposal.details["sheet"], proposal.reason, proposal
    )
