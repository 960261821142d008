"""The emergency: results are published in spite of what is missing, by three people together."""

from contest import clock
from contest.audit.work import work
from contest.judging.blind_queries import hidden_modules
from contest.results import exception_rules, queries, rules
from contest.results.actions import publish_results
from contest.results.result_document import result_document
from contest.setup.pairing import check_two_people
from contest.setup.proposal_queries import CONFIRMED_AT, get_open
from contest.setup.proposals import check_still_holds, propose
from contest.setup.queries import get_contest, plan_in_force, step_notes
from contest.setup.step_rules import WITNESSES
from contest.setup.stepping import check_proposer, check_word, find_step

CONFIRMED_AT["publish_in_spite"] = "results.confirm_in_spite"


def propose_in_spite(actor, contest_id, reason):
    """Propose to publish although something is in the way; two more people must confirm it."""
    contest = queries.lock_contest(contest_id)
    step = find_step(contest, "publish", "provisional")
    check_proposer(actor, contest, step)
    exception_rules.check_named(hidden_modules(contest_id, contest.stage))
    words = rules.check_reason(reason)
    notes = step_notes(contest, step)
    exception_rules.check_needed([note for note in notes if note.kind != "confirm"])
    official = queries.standings(contest_id)
    document = result_document(contest, plan_in_force(contest_id), official)
    propose(
        actor, contest_id, "publish_in_spite", f"stage {official.stage}", words,
        exception_rules.words_of(notes), exceptions=exception_rules.stored(notes),
        hash=rules.fingerprint(document),
    )


def confirm_in_spite(actor, contest_id, proposal_id):
    """Second it, or, as the third person, publish; returns the revision, or None after the second."""
    queries.lock_contest(contest_id)
    proposal = get_open(contest_id, proposal_id, "publish_in_spite")
    check_word(actor)
    exception_rules.check_third(proposal, actor)
    contest = get_contest(contest_id)
    for taken_part in (proposal.proposed_by_id, proposal.seconded_by_id):
        check_two_people(contest, taken_part, actor.user_id, WITNESSES)
        check_still_holds(contest_id, taken_part, WITNESSES)
    if proposal.seconded_at is None:
        with work(
            actor, "proposal.second", contest_id=contest_id, subject=proposal.subject,
            act=proposal.act, reason=proposal.reason,
        ):
            proposal.seconded_by_id, proposal.seconded_at = actor.user_id, clock.now()
        return None
    return publish_results(actor, contest_id, "provisional", proposal.reason, proposal_id)


