"""When the register finds that two rows are one person, number, address and invitations follow; and back."""

from sqlalchemy import select, update

from contest import clock, signals
from contest.db import db
from contest.errors import Conflict
from contest.members.models import CodeAddress, MemberInvitation, NewsPhone
from contest.people import sealing
from contest.people.models import PersonAccount
from contest.people.personal_models import IdNumber, PersonPhone


def _on_merge(_did, keep_id, gone_id, moved):
    _move_number(keep_id, gone_id, moved)
    for model in (CodeAddress, PersonPhone, NewsPhone):
        row = db.session.get(model, gone_id)
        # Of two the one of the row that is kept stands; the other waits for a parting.
        if row is not None and db.session.get(model, keep_id) is None:
            _give(model, gone_id, keep_id)
            moved[model.__tablename__] = [row.at.isoformat()]
    _move_invitations(keep_id, gone_id, moved)
    db.session.flush()
    db.session.expire_all()


def _move_number(keep_id, gone_id, moved):
    number = db.session.get(IdNumber, gone_id)
    if number is None:
        return
    if db.session.get(IdNumber, keep_id) is not None:
        raise Conflict(
            "Both have an identity number, and the two differ: they are two people, or one number is wrong. "
            "Take the wrong one away first."
        )
    _hand_over_number(number, keep_id)
    moved["id_number"] = [number.at.isoformat()]


def _hand_over_number(row, human_id):
    """The seal is bound to the person's row: it is made anew."""
    number = sealing.unseal(row.sealed, IdNumber.place_of(row.human_id))
    _give(IdNumber, row.human_id, human_id, sealed=sealing.seal(number, IdNumber.place_of(human_id)))


def _give(model, from_id, to_id, **more):
    db.session.execute(
        update(model).where(model.human_id == from_id).values(human_id=to_id, **more)
        .execution_options(synchronize_session=False)
    )


def _move_invitations(keep_id, gone_id, moved):
    rows = db.session.scalars(select(MemberInvitation).filter_by(human_id=gone_id)).all()
    mine = select(MemberInvitation.id).filter_by(human_id=keep_id, ended_at=None).where(
        MemberInvitation.expires_at > clock.now()
    )
    account = select(PersonAccount.user_id).filter_by(human_id=keep_id)
    # One invitation of a person works, and none beside an account.
    is_one_too_many = db.session.scalar(mine) is not None or db.session.scalar(account) is not None
    for row in rows:
        row.human_id = keep_id
        if is_one_too_many and row.ended_at is None:
            row.ended_at = clock.now()
    if rows:
        moved["member_invitation"] = [row.id for row in rows]


def _on_parted(_did, keep_id, gone_id, moved):
    """What has not been replaced since goes back; invitations and accounts do by their numbers."""
    number = db.session.get(IdNumber, keep_id)
    if number is not None and number.at.isoformat() in moved.get("id_number", ()):
        _hand_over_number(number, gone_id)
    for model in (CodeAddress, PersonPhone, NewsPhone):
        row = db.session.get(model, keep_id)
        if row is not None and row.at.isoformat() in moved.get(model.__tablename__, ()):
            _give(model, keep_id, gone_id)
    db.session.flush()
    db.session.expire_all()


signals.people_merged.connect(_on_merge)
signals.people_parted.connect(_on_parted)
