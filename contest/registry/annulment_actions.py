"""When an award is annulled, the honours that rest on it are revoked."""

from sqlalchemy import select

from contest import signals
from contest.db import db
from contest.registry.listing import revoke_within
from contest.registry.models import Honour


@signals.award_annulled.connect
def revoke_honours(did, award_id, reason):
    """Every honour of the award that is in force, within the same work.

    One that was granted on a nomination stays: only the authority that granted it revokes it.
    """
    for honour in db.session.scalars(
        select(Honour).where(Honour.award_id == award_id, Honour.state != "revoked").order_by(Honour.id)
    ).all():
        if "nomination" not in honour.evidence:
            revoke_within(did, honour, reason)
