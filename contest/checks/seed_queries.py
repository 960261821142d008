"""The secret half of a paper check's seed, from its sealing to its publication."""

from sqlalchemy import select

from contest.checks.models import SampleSeed
from contest.db import db


def find_seed(contest_id, stage):
    """The SampleSeed of a stage, or None before the scoring closed."""
    return db.session.scalar(select(SampleSeed).filter_by(contest_id=contest_id, stage=stage))
