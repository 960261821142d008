"""What this server knows of a tablet whose file is brought."""

from sqlalchemy import func, select

from contest.db import db
from contest.judging.models import SheetRevision
from contest.judging.tablet_models import SheetFlag, Tablet


def is_seen(device_id, user_id):
    """True when this judge has used that tablet here: it told of itself, or something came from it."""
    found = (
        select(Tablet.id).filter_by(device_id=device_id, user_id=user_id),
        select(SheetRevision.id).filter_by(device_id=device_id, by_id=user_id),
        select(SheetFlag.id).filter_by(device_id=device_id, user_id=user_id),
    )
    return any(db.session.scalar(select(one.exists())) for one in found)


def highest_number(device_id):
    """The highest order number that a tablet told of, or that came from it; 0 for none."""
    found = (
        select(func.max(Tablet.made)).filter_by(device_id=device_id),
        select(func.max(SheetRevision.device_seq)).filter_by(device_id=device_id),
        select(func.max(SheetFlag.device_seq)).filter_by(device_id=device_id),
    )
    return max(db.session.scalar(one) or 0 for one in found)
