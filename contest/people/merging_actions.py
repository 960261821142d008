"""When the register finds that two rows are one person, entrants and accounts follow."""

from sqlalchemy import select, update

from contest import signals
from contest.audit.chain_changes import note_change
from contest.db import db
from contest.people.models import Entrant, PersonAccount


def _on_merge(_did, keep_id, gone_id, moved):
    ids = db.session.scalars(select(Entrant.id).filter_by(human_id=gone_id)).all()
    if ids:
        db.session.execute(update(Entrant).where(Entrant.id.in_(ids)).values(human_id=keep_id))
        # Entrants' links in the chains attest whose they are; the statement went past the ORM.
        note_change(None, "human", keep_id)
        moved["entrant"] = [*moved.get("entrant", ()), *ids]
    account = db.session.scalar(select(PersonAccount).filter_by(human_id=gone_id))
    if account is not None:
        account.human_id = keep_id
        moved["person_account"] = [account.user_id]
    db.session.flush()


signals.people_merged.connect(_on_merge)
