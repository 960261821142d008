"""Sealing the secret halves of the seeds of review and paper check when the scoring closes."""

import secrets

from contest import clock, signals
from contest.audit.chaining import note_row
from contest.audit.models import TrailRow
from contest.audit.rules import PROGRAM_NAMES
from contest.checks.models import SampleSeed
from contest.checks.seed_queries import REVIEW, find_review_seed, find_seed
from contest.db import db
from contest.draw.models import DrawSeed
from contest.draw.rules import commitment
from contest.i18n import N_
from contest.setup.queries import get_contest, held_states

SEALER = "seal"
PROGRAM_NAMES["seal"] = N_("sealing of the seeds of review and paper check")


@signals.step_taken.connect
def seal_at_closing(_act, contest_id, was, to):
    """Seal them within the step that closes the scoring, or where none does that begins it.

    Their fingerprints are in the trail, and so in the chain, from then on. One that a stage has stays.
    """
    contest = get_contest(contest_id)
    held = held_states(contest)
    if to != ("collected" if "collected" in held else "scoring"):
        return
    if find_seed(contest_id, contest.stage) is None:
        seal_seed(contest)
    if "review" in held and find_review_seed(contest_id, contest.stage) is None:
        seal_review_seed(contest)


def seal_seed(contest):
    """Within the caller's work: make the secret seed of the stage's paper check; the SampleSeed."""
    secret = secrets.token_hex(16)
    return _seal(contest, "sample.seal", SampleSeed(
        contest_id=contest.id, stage=contest.stage, seed=secret, commitment=commitment(secret), at=clock.now()
    ))


def seal_review_seed(contest):
    """Within the caller's work: make the secret seed of the stage's review; the DrawSeed."""
    secret = secrets.token_hex(16)
    return _seal(contest, "review.seal", DrawSeed(
        contest_id=contest.id, stage=contest.stage, kind=REVIEW, layer=0, seed=secret,
        commitment=commitment(secret), at=clock.now(),
    ))


def _seal(contest, did, sealed):
    row = TrailRow(
        at=sealed.at, who=SEALER, user_id=None, did=did, contest_id=contest.id,
        subject=f"stage {contest.stage}", facts={"hash": sealed.commitment},
    )
    db.session.add_all([sealed, row])
    db.session.flush()
    note_row("trail", {column.key: getattr(row, column.key) for column in TrailRow.__table__.columns})
    return sealed
