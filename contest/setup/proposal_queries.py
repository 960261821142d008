"""What waits for a second person in a contest."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from contest import clock
from contest.accounts.models import User
from contest.db import db
from contest.errors import Conflict, Missing
from contest.i18n import N_
from contest.setup.models import Proposal
from contest.setup.queries import DESK_NOTES
from contest.setup.rules import Note
from contest.setup.step_rules import PROPOSAL_HOLDS, check_not_lapsed, has_lapsed

# Areas say here at which endpoint their proposals are confirmed: it takes contest_id and proposal_id.
CONFIRMED_AT = {}
# And here what else waits for a second person, on a page of its own: fn(contest_id) -> list of Elsewhere.
WAITING_ELSEWHERE = []
# Where what is proposed can be looked at, by act.
SEEN_AT = {"publish": "results.show_results", "publish_in_spite": "results.show_results",
           "take_back": "results.show_results"}


@dataclass(frozen=True)
class OpenProposal:
    """A proposal as its page shows it, with who made it and where it is confirmed."""

    row: Proposal
    proposer: str
    endpoint: str
    lapses_at: datetime
    has_lapsed: bool


@dataclass(frozen=True)
class Elsewhere:
    """What waits for a second person on another page; words: a Note with that page's endpoint."""

    words: Note
    proposer: str
    proposed_at: datetime
    reason: str

    @property
    def lapses_at(self):
        """Until when it can be confirmed."""
        return self.proposed_at + PROPOSAL_HOLDS

    @property
    def has_lapsed(self):
        """True when it can only be proposed again."""
        return has_lapsed(self.proposed_at, clock.now())


def find_open(contest_id, act, subject=None):
    """The open Proposal of this act (about this subject) that has not lapsed, or None."""
    statement = select(Proposal).filter_by(contest_id=contest_id, act=act, decided_at=None).where(
        Proposal.proposed_at > clock.now() - PROPOSAL_HOLDS
    )
    if subject is not None:
        statement = statement.filter_by(subject=subject)
    return db.session.scalar(statement.order_by(Proposal.id.desc()).limit(1))


def find_confirmed(contest_id, acts, by_id, until):
    """The latest Proposal of these acts that this person has confirmed by that moment, or None."""
    return db.session.scalar(
        select(Proposal).filter_by(contest_id=contest_id, decided_by_id=by_id, is_confirmed=True)
        .where(Proposal.act.in_(acts), Proposal.decided_at <= until)
        .order_by(Proposal.decided_at.desc(), Proposal.id.desc()).limit(1)
    )


def get_open(contest_id, proposal_id, act=None, may_be_lapsed=False):
    """An open Proposal of this contest, held until the transaction ends.

    Missing, or Conflict when somebody has decided on it already or it has lapsed.
    """
    proposal = db.session.get(
        Proposal, proposal_id, with_for_update=True, populate_existing=True
    )
    if proposal is None or proposal.contest_id != contest_id or act not in (None, proposal.act):
        raise Missing("There is no such proposal.")
    if proposal.decided_at is not None:
        raise Conflict("Somebody has decided on this already.")
    if not may_be_lapsed:
        check_not_lapsed(proposal.proposed_at, clock.now())
    return proposal


def list_open(contest_id):
    """Every OpenProposal of a contest, also lapsed ones, the oldest first."""
    rows = db.session.execute(
        select(Proposal, User.name)
        .outerjoin(User, Proposal.proposed_by_id == User.id)
        .where(Proposal.contest_id == contest_id, Proposal.decided_at.is_(None))
        .order_by(Proposal.id)
    )
    now = clock.now()
    return [
        OpenProposal(
            row, name or "", CONFIRMED_AT.get(row.act, ""), row.proposed_at + PROPOSAL_HOLDS,
            has_lapsed(row.proposed_at, now),
        )
        for row, name in rows
    ]


def list_elsewhere(contest_id):
    """Every Elsewhere of a contest."""
    return [one for tell in WAITING_ELSEWHERE for one in tell(contest_id)]


def desk_notes(contest_id):
    """How much waits for a second person."""
    waiting = [*list_open(contest_id), *list_elsewhere(contest_id)]
    count = sum(not one.has_lapsed for one in waiting)
    if not count:
        return []
    return [Note(
        N_("Acts that wait for a second person: %(count)s."), {"count": count},
        "setup.list_proposals", "todo",
    )]


DESK_NOTES.append(desk_notes)
