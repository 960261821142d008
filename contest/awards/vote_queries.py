"""The committee's votes on prizes of organisations."""

from collections import defaultdict

from sqlalchemy import select

from contest.awards.models import CommitteeVote
from contest.db import db
from contest.errors import Missing
from contest.people.models import Entrant, Organisation
from contest.setup.queries import plan_in_force


def organisations(contest_id):
    """The organisations that take part in a contest."""
    return db.session.scalars(
        select(Organisation)
        .where(Organisation.id.in_(select(Entrant.organisation_id).filter_by(contest_id=contest_id)))
        .order_by(Organisation.id)
    ).all()


def votes(contest_id, award_key):
    """The committee's votes for one prize."""
    return db.session.scalars(
        select(CommitteeVote).filter_by(contest_id=contest_id, award_key=award_key)
    ).all()


def votes_by_award(contest_id):
    """{award key: {organisation id: votes}}, every key answered."""
    found = defaultdict(dict)
    for vote in db.session.scalars(select(CommitteeVote).filter_by(contest_id=contest_id)):
        found[vote.award_key][vote.organisation_id] = vote.votes
    return found


def get_vote_award(contest_id, award_key):
    """The plan's award to organisations that the committee votes on, or Missing."""
    for award in plan_in_force(contest_id).plan.awards:
        if award.key == award_key and award.rule == "vote" and award.to == "organisation":
            return award
    raise Missing("The plan has no such prize to vote on.")
