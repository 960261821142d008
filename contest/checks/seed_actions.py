"""Sealing the secret half of a paper check's seed when the scoring closes, before anybody draws."""

import secrets

from contest import clock, signals
from contest.audit.chaining import note_row
from contest.audit.models import TrailRow
from contest.audit.rules import PROGRAM_NAMES
from contest.checks.models import SampleSeed
from contest.checks.seed_queries import find_seed
from contest.db import db
from contest.draw.rules import commitment
from contest.i18n import N_
from contest.setup.queries import get_contest, held_states

SEALER = "seal"
PROGRAM_NAMES["seal"] = N_("sealing of the paper check's seed")


@signals.step_taken.connect
def seal_at_closing(_act, contest_id, was, to):
    """Seal it within the step that closes the scoring, or where none does that begins it.

    Its fingerprint is in the trail, and so in the chain, from then on. One that a stage has stays.
    """
    contest = get_contest(contest_id)
    closing = "collected" if "collected" in held_states(contest) else "scoring"
    if to == closing and find_seed(contest_id, contest.stage) is None:
        seal_seed(contest)


def seal_seed(contest):
    """Within the caller's work: make the secret seed of the stage being held; the SampleSeed."""
    secret = secrets.token_hex(16)
    sealed = SampleSeed(
        contest_id=contest.id, stage=contest.stage, seed=secret, commitment=commitment(secret), at=clock.now()
    )
    row = TrailRow(
        at=sealed.at, who=SEALER, user_id=None, did="sample.seal", contest_id=contest.id,
        subject=f"stage {contest.stage}", facts={"hash": sealed.commitment},
    )
    db.session.add_all([sealed, row])
    db.session.flush()
    note_row("trail", {column.key: getattr(row, column.key) for column in TrailRow.__table__.columns})
    return sealed
