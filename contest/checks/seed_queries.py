"""The secret halves of the seeds of review and paper check, from their sealing to their publication."""

from sqlalchemy import select

from contest.checks.models import SampleSeed
from contest.db import db
from contest.draw.models import DrawSeed

REVIEW = "review"  # as DrawSeed.kind


def find_seed(contest_id, stage):
    """The SampleSeed of a stage, or None before the scoring closed."""
    return db.session.scalar(select(SampleSeed).filter_by(contest_id=contest_id, stage=stage))


def find_review_seed(contest_id, stage):
    """The DrawSeed of a stage's review, used or not; None where none was sealed."""
    return db.session.scalar(
        select(DrawSeed).filter_by(contest_id=contest_id, stage=stage, kind=REVIEW)
        .order_by(DrawSeed.id).limit(1)
    )
