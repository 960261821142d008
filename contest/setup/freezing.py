"""Freezing a plan within a larger act; the caller commits, with a row in the trail."""

from sqlalchemy import update

from contest import clock
from contest.audit.chain_changes import note_change
from contest.audit.chaining import note_record
from contest.db import db
from contest.setup.models import PlanVersion


def freeze_plan(plan_now):
    """Freeze the plan version in force: from its first mark, theory score or published result on."""
    if plan_now.frozen_at is None:
        frozen = db.session.execute(
            update(PlanVersion)
            .where(PlanVersion.id == plan_now.version_id, PlanVersion.frozen_at.is_(None))
            .values(frozen_at=clock.now())
            .returning(PlanVersion.contest_id, PlanVersion.number, PlanVersion.document_hash)
        ).first()
        if frozen is not None:
            note_change(frozen.contest_id, "plan_version", plan_now.version_id)
            note_record(
                frozen.contest_id, "plan",
                {"version": frozen.number, "hash": frozen.document_hash},
            )
