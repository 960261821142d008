"""Choosing how a contest goes from its scores to final results."""

from contest import clock
from contest.audit.rules import FACT_NAMES, VALUES_OF
from contest.audit.work import work
from contest.errors import Conflict, Invalid
from contest.i18n import N_
from contest.setup import queries
from contest.setup.actions import get_contest_for_change
from contest.setup.procedure_forms import FACTS, as_facts, changes_in_words
from contest.setup.procedure_rules import (
    NAMES,
    check_factor_ground,
    check_names_ground,
    differing,
    procedure_from,
    stored_form,
)
from contest.setup.proposal_queries import CONFIRMED_AT, get_open
from contest.setup.proposals import decide, facts_of, propose, standing_first
from contest.setup.rules import Note, check_reason
from contest.setup.step_rules import ORGANISER, WITNESSES, check_word
from contest.setup.stepping import check_second

CHANGE = Note(N_("The road from the scores to final results is changed."))
CONFIRMED_AT["procedure"] = "setup.confirm_procedure"
FACT_NAMES.update(FACTS)
VALUES_OF["procedure"] = NAMES


def set_procedure(actor, contest_id, procedure):
    """Choose the procedure at once; Conflict after the first mark, when a second person is needed."""
    contest = get_contest_for_change(contest_id)
    if queries.is_frozen(contest_id):
        raise Conflict(
            "Marks or scores have already come in, so a change must be proposed, with the reason, "
            "and confirmed by a second person."
        )
    _set(actor, contest, procedure)


def propose_procedure(actor, contest_id, procedure, reason):
    """Propose another procedure for a contest that has marks; a second person confirms it."""
    contest = get_contest_for_change(contest_id)
    check_word(actor, clock.now())
    check_reason(reason)
    old, new = _checked(contest, procedure)
    propose(
        actor, contest_id, "procedure", "procedure", reason.strip(), CHANGE,
        procedure=stored_form(procedure), changes=changes_in_words(old, new),
    )


def confirm_procedure(actor, contest_id, proposal_id):
    """Let the proposed procedure hold, as the second person."""
    contest = get_contest_for_change(contest_id)
    proposal = get_open(contest_id, proposal_id, "procedure")
    check_second(contest, standing_first(proposal, ORGANISER), actor, WITNESSES)
    check_word(actor, clock.now())
    _set(actor, contest, procedure_from(proposal.details["procedure"]), proposal)


def _checked(contest, procedure):
    check_names_ground(procedure)
    check_factor_ground(procedure)
    old, new = differing(queries.procedure_of(contest), procedure)
    if not new:
        raise Invalid("Nothing differs from what holds now.")
    if contest.state not in ("setup", "registration", "scoring"):
        raise Conflict(
            "The contest is already on its road to the results, which does not change under way."
        )
    return old, new


def _set(actor, contest, procedure, proposal=None):
    old, new = _checked(contest, procedure)
    more = {"reason": proposal.reason, **facts_of(proposal)} if proposal else {}
    with work(
        actor, "procedure.set", contest_id=contest.id, subject=contest.slug,
        old=as_facts(old), new=as_facts(new), **more,
    ):
        contest.procedure = stored_form(procedure)
        if proposal:
            decide(actor, proposal, is_confirmed=True)
