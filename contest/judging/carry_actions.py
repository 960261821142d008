"""A tablet's operations, brought to the chief judge's desk as a file: by two people where that is asked."""

from dataclasses import replace

from contest.accounts.queries import find_roles
from contest.audit.work import Actor, work
from contest.errors import Refusal
from contest.judging import actions, carry_queries, queries, rules, tablet_queries
from contest.judging.carry_rules import (
    Carried,
    carrying_note,
    check_number,
    check_same_tablet,
    check_seen,
    is_above,
)
from contest.judging.key_actions import show_key
from contest.judging.refused_actions import keep_refused
from contest.judging.tablet_actions import raise_flag
from contest.judging.tablet_forms import operations_from_document
from contest.judging.tablet_rules import check_installation
from contest.setup.proposal_queries import CONFIRMED_AT, get_open
from contest.setup.proposals import decide, facts_of, propose, standing_first
from contest.setup.queries import get_contest
from contest.setup.step_rules import CARRYING
from contest.setup.stepping import check_person, check_proposer, needs_second

CONFIRMED_AT["carry_in"] = "judging.confirm_carrying"


def carry_in(actor, contest_id, file):
    """Take a tablet's operations from a file through the tablets' own door, one after another.

    The marks are their judge's; the trail names who carried them in. Returns a Carried for each: one
    that is refused or conflicts stops nothing and changes nothing. Where a second person is needed it
    is only proposed: None. Elsewhere for another installation's file, Invalid for a tablet that was
    never heard of, NotAllowed for the wrong person or without the password or PIN.
    """
    check_installation(file.installation, tablet_queries.installation())
    queries.lock_contest(contest_id)
    contest = get_contest(contest_id)
    check_seen(carry_queries.is_seen(file.device_id, file.user_id))
    step = _step_for(file)
    if needs_second(contest, step):
        return _propose(actor, contest, step, file)
    check_person(actor, contest, step)
    return _carry(actor, contest_id, file)


def _step_for(file):
    """Numbers that the tablet never told of may be made up: they ask for two people everywhere."""
    known = carry_queries.highest_number(file.device_id)
    return replace(CARRYING, eyes="always") if is_above(file, known) else CARRYING


def _propose(actor, contest, step, file):
    check_proposer(actor, contest, step)
    propose(
        actor, contest.id, "carry_in", f"tablet {file.device_id} {file.user_id}", "",
        carrying_note(file, queries.name_of_user(file.user_id)), file=file.document,
    )


def confirm_carrying(actor, contest_id, proposal_id):
    """Take what somebody else brought, as the second person; a Carried for each operation."""
    queries.lock_contest(contest_id)
    contest = get_contest(contest_id)
    proposal = get_open(contest_id, proposal_id, "carry_in")
    file = operations_from_document(proposal.details["file"])
    step = replace(CARRYING, eyes="always")
    first = standing_first(proposal, step.roles)
    check_person(actor, contest, step, first)
    with work(
        actor, "tablet.carry", contest_id=contest_id, subject=f"tablet {file.device_id[:4].upper()}",
        carried_for=queries.name_of_user(file.user_id), device=file.device_id,
        **facts_of(proposal),
    ):
        decide(actor, proposal, is_confirmed=True)
    return _carry(first, contest_id, file)


def _carry(carrier, contest_id, file):
    judge = Actor(file.user_id, queries.name_of_user(file.user_id))
    if file.key:
        # A tablet that was never on the network since it made its key has shown it to nobody.
        show_key(carrier, file.device_id, "", *file.key)
    is_judge = "judge" in find_roles(file.user_id, contest_id)

    def operation(sheet_id, made):
        proof = file.proofs.get(made.op_id)
        outcome = actions.take_operation(judge, sheet_id, made, carrier, is_judge=is_judge, proof=proof)
        if isinstance(outcome, rules.Clash):
            return "conflict", {"sentence": rules.ChangedMeanwhile(), "rev": outcome.rev}
        return ("known" if outcome.replayed else "accepted"), {"rev": outcome.rev}

    def report(sheet_id, made):
        _, is_known = raise_flag(judge, sheet_id, made, carrier, is_judge=is_judge)
        return ("known" if is_known else "accepted"), {}

    return [
        _carry_one(contest_id, file, sheet_id, made, take)
        for pairs, take in ((file.operations, operation), (file.flags, report))
        for sheet_id, made in pairs
    ]


def _carry_one(contest_id, file, sheet_id, made, take):
    about = {"sheet_id": sheet_id, "op_id": made.op_id, "seq": made.device_seq,
             "kind": getattr(made, "kind", "flag"), "entered_at": made.entered_at}
    is_here = False
    try:
        rules.check_of_contest(queries.contest_of_sheet(sheet_id), contest_id)
        is_here = True
        check_same_tablet(made.device_id, file.device_id)
        check_number(made.device_seq)
        outcome, facts = take(sheet_id, made)
    except Refusal as refusal:
        if is_here:  # another contest's desk has not asked for it, and its room is its own
            keep_refused(file.user_id, sheet_id, made, refusal)
        return Carried(**about, outcome="refused", sentence=refusal)
    if outcome == "conflict":
        keep_refused(file.user_id, sheet_id, made, facts["sentence"])
    return Carried(**about, outcome=outcome, **facts)
