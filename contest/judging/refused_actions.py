"""Keeping a copy of what was refused: the tablet that holds it may never speak again."""

import hashlib
import json
from dataclasses import asdict

from sqlalchemy.exc import IntegrityError

from contest import clock
from contest.db import db
from contest.i18n import stored_params
from contest.judging import refused_queries
from contest.judging.tablet_models import RefusedOperation

# No judge fills the disk: what is more than that of one sheet stays on its tablet alone.
MOST_OF_A_SHEET = 60
KEPT = (403, 409, 422, 423)


def _stored(refusal):
    return {"message": refusal.message, "params": stored_params(refusal.params)}


def keep_refused(user_id, sheet_id, made, refusal):
    """Keep what this judge sent of an own sheet and why it was not taken; each try anew once.

    made: an Operation or a Flag. What was begun before is given up: it was refused.
    """
    db.session.rollback()
    contest_id = refused_queries.contest_of_own_sheet(sheet_id, user_id)
    if refusal.status not in KEPT or contest_id is None:
        return
    if refused_queries.count_of_sheet(sheet_id) >= MOST_OF_A_SHEET:
        return
    body = json.dumps(asdict(made), ensure_ascii=False, sort_keys=True, default=str)
    digest = hashlib.sha256(f"{refusal.code} {body}".encode()).hexdigest()
    if refused_queries.is_kept(sheet_id, digest):
        return
    db.session.add(RefusedOperation(
        contest_id=contest_id, sheet_id=sheet_id, op_id=made.op_id, fingerprint=digest,
        kind=getattr(made, "kind", "flag"), body=body, code=refusal.code,
        sentence=_stored(refusal) | {
            "fields": {key: _stored(one) for key, one in getattr(refusal, "fields", {}).items()}
        },
        device_id=made.device_id, device=getattr(made, "device", ""), at=clock.now(),
    ))
    try:
        db.session.commit()
    except IntegrityError:
        # The same one came twice at once: one copy is there.
        db.session.rollback()
