"""A contest's witnesses and their letters."""

from sqlalchemy import func, select

from contest.audit.chain_queries import find_head
from contest.backups.witness_models import HeadLetter, HeadWitness
from contest.backups.witness_rules import Stand
from contest.db import db
from contest.errors import Missing
from contest.judging.models import SheetRevision
from contest.results.models import ResultSheet
from contest.setup.models import Contest


def list_witnesses(contest_id):
    """The witnesses on the list, in the order in which they were named."""
    return db.session.scalars(
        select(HeadWitness).filter_by(contest_id=contest_id, ended_at=None).order_by(HeadWitness.id)
    ).all()


def get_witness(contest_id, witness_id):
    """A witness on this contest's list, or Missing."""
    row = db.session.get(HeadWitness, witness_id)
    if row is None or row.contest_id != contest_id or row.ended_at is not None:
        raise Missing("There is no such witness.")
    return row


def witnessed_contests():
    """The ids of contests that have witnesses."""
    return db.session.scalars(
        select(HeadWitness.contest_id).where(HeadWitness.ended_at.is_(None)).distinct()
        .order_by(HeadWitness.contest_id)
    ).all()


def list_letters(contest_id, most=50):
    """Pairs (letter, its witness) of a contest, the latest first."""
    return db.session.execute(
        select(HeadLetter, HeadWitness).join(HeadWitness, HeadWitness.id == HeadLetter.witness_id)
        .where(HeadWitness.contest_id == contest_id).order_by(HeadLetter.id.desc()).limit(most)
    ).all()


def last_letter(witness_id):
    """The letter that was written to a witness last, sent or not, or None."""
    return db.session.scalar(
        select(HeadLetter).filter_by(witness_id=witness_id).order_by(HeadLetter.id.desc()).limit(1)
    )


def waiting_letters():
    """Pairs (letter, its witness) that could not be sent yet; none to whoever was taken off the list."""
    return db.session.execute(
        select(HeadLetter, HeadWitness).join(HeadWitness, HeadWitness.id == HeadLetter.witness_id)
        .where(HeadLetter.sent_at.is_(None), HeadWitness.ended_at.is_(None)).order_by(HeadLetter.id)
    ).all()


def stand_of(contest_id):
    """The Stand of a contest now."""
    publications = select(func.count()).select_from(ResultSheet).filter_by(contest_id=contest_id)
    return Stand(
        db.session.get(Contest, contest_id).state, db.session.scalar(publications), find_head(contest_id)
    )


def count_revisions(contest_id):
    """How many operations on sheets the ledger holds."""
    return db.session.scalar(
        select(func.count()).select_from(SheetRevision).filter_by(contest_id=contest_id)
    )


def slug_of(contest_id):
    """The short name of a contest."""
    return db.session.get(Contest, contest_id).slug
