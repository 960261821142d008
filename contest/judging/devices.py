"""A device is known from its first operation, also when it never says how it stands."""

from sqlalchemy import bindparam, select, update
from sqlalchemy.dialects import postgresql, sqlite

from contest.db import db
from contest.judging.tablet_models import Tablet

_tablets = Tablet.__table__
NOT_HEARD = "–"  # the version, as it is shown, of a device that has sent operations and no pulse
_ADD = {
    name: dialect.insert(_tablets).on_conflict_do_nothing(index_elements=["device_id", "user_id"])
    for name, dialect in (("sqlite", sqlite), ("postgresql", postgresql))
}
_own = (_tablets.c.device_id == bindparam("device"), _tablets.c.user_id == bindparam("user"))
_known = select(_tablets.c.version).where(*_own)
_seen = update(_tablets).where(*_own).values(seen_at=bindparam("now"))


def note_sender(device_id, user_id, name, now):
    """Within the caller's work: what it sent is compared by its order numbers, also without a pulse."""
    connection = db.session.connection()
    asked = {"device": device_id, "user": user_id}
    version = connection.execute(_known, asked).scalar()
    if version is None:
        # Two first operations at once: one row is enough.
        connection.execute(_ADD[connection.dialect.name], {
            "device_id": device_id, "user_id": user_id, "name": name or device_id[:4].upper(),
            "version": NOT_HEARD, "first_seen_at": now, "seen_at": now, "offset_s": 0, "unsent": 0,
            "refused": 0, "clashing": 0, "made": 0, "keeps_pages": False,
        })
    elif version == NOT_HEARD:
        connection.execute(_seen, asked | {"now": now})
