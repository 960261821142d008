"""A second person vouches for an appeal's paper that was typed in late."""

from contest import clock
from contest.audit.work import work
from contest.db import db
from contest.results.queries import lock_contest
from contest.review import appeal_queries, late_paper_rules
from contest.review.models import LatePaper, LatePaperWord
from contest.setup.pairing import check_two_people
from contest.setup.stepping import check_word


def vouch(actor, contest_id, appeal_id):
    """Say that the paper of an appeal was there in time; NotAllowed for whoever typed it in."""
    contest = lock_contest(contest_id)
    appeal = appeal_queries.get_appeal(contest_id, appeal_id)
    paper = db.session.get(LatePaper, appeal.id)
    late_paper_rules.check_word_of(
        paper, db.session.get(LatePaperWord, appeal.id), appeal, actor.user_id
    )
    check_two_people(contest, paper.by_id, actor.user_id, late_paper_rules.WITNESSES)
    check_word(actor)
    with work(
        actor, "appeal.vouch", contest_id=contest_id, subject=f"appeal {appeal.number}",
        taken_by=paper.taken_by, handed_in=appeal.handed_in_at.isoformat(),
    ):
        db.session.add(LatePaperWord(appeal_id=appeal.id, by_id=actor.user_id, at=clock.now()))
