"""Acts that wait for a second person: proposed here, then carried out within a larger act."""

from sqlalchemy import update

from contest import clock
from contest.accounts.queries import find_roles, get_user
from contest.audit.rules import VALUES_OF
from contest.audit.work import Actor, work
from contest.db import db
from contest.errors import Conflict
from contest.i18n import stored_params
from contest.setup.models import Proposal
from contest.setup.proposal_queries import find_open
from contest.setup.step_rules import ACTS, PROPOSAL_HOLDS, check_first_holds

VALUES_OF["act"] = ACTS


def propose(actor, contest_id, act, subject, reason, words, **details):
    """Propose an act to a second person, as one piece of work; Conflict when it is proposed already.

    words: a setup.rules.Note that says what is to be done. details: what doing it will need.
    """
    if find_open(contest_id, act, subject) is not None:
        raise Conflict("This is proposed already and waits for a second person.")
    _close_lapsed(contest_id, act, subject)
    said = {"message": words.text, "params": stored_params(words.params)}
    with work(
        actor, "proposal.add", contest_id=contest_id, subject=subject, act=act, reason=reason
    ):
        db.session.add(
            Proposal(
                contest_id=contest_id, act=act, subject=subject, reason=reason,
                details={"words": said, **details}, proposed_by_id=actor.user_id,
                proposed_at=clock.now(),
            )
        )


def _close_lapsed(contest_id, act, subject):
    """One of a kind stands open in the table: what has lapsed gives way, undone and by nobody."""
    db.session.execute(
        update(Proposal)
        .where(
            Proposal.contest_id == contest_id, Proposal.act == act, Proposal.subject == subject,
            Proposal.decided_at.is_(None), Proposal.proposed_at <= clock.now() - PROPOSAL_HOLDS,
        )
        .values(decided_at=clock.now())
    )


def standing_first(proposal, roles):
    """Who proposed it, as an Actor; Conflict unless that person may still propose it."""
    first = first_of(proposal)
    check_still_holds(proposal.contest_id, first.user_id, roles)
    return first


def check_still_holds(contest_id, user_id, roles):
    """Conflict unless this person is active and holds one of the roles; a program (None) always may."""
    if user_id is not None:
        held = find_roles(user_id, contest_id)
        check_first_holds(get_user(user_id).name, roles, held)


def first_of(proposal):
    """Who proposed it, as an Actor."""
    user_id = proposal.proposed_by_id
    return Actor(user_id, get_user(user_id).name if user_id else "")


def decide(actor, proposal, is_confirmed):
    """Write who decided on it."""
    proposal.decided_by_id, proposal.decided_at = actor.user_id, clock.now()
    proposal.is_confirmed = is_confirmed


def facts_of(proposal):
    """What the trail says of a proposal that is carried out."""
    return {"proposed_by": first_of(proposal).name}
