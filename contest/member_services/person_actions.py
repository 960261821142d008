"""When the register merges people, tells a person's data or erases them, the rows of this area follow."""

from sqlalchemy import select, update

from contest import clock, signals
from contest.db import db
from contest.i18n import N_
from contest.member_services import case_queries, entitlement_actions
from contest.member_services.entitlement_models import Entitlement, StandingLevel
from contest.member_services.membership_models import Membership
from contest.member_services.models import Case, CaseFile

MOVED = (Case, Entitlement, Membership)


def _on_merge(_did, keep_id, gone_id, moved):
    for table in MOVED:
        ids = db.session.scalars(select(table.id).filter_by(human_id=gone_id)).all()
        if table is Membership and _is_member(keep_id):
            ids = [one for one in ids if db.session.get(Membership, one).state == "ended"]
        if ids:
            db.session.execute(update(table).where(table.id.in_(ids)).values(human_id=keep_id))
            moved[table.__tablename__] = [*moved.get(table.__tablename__, ()), *ids]
    for row in db.session.scalars(select(StandingLevel).filter_by(human_id=gone_id)).all():
        if db.session.get(StandingLevel, (keep_id, row.ladder)) is None:
            db.session.add(StandingLevel(
                human_id=keep_id, ladder=row.ladder, level=row.level, since=row.since
            ))
        db.session.delete(row)
    db.session.expire_all()
    entitlement_actions.refresh(keep_id, N_("Two rows of one person became one."))


def _on_parted(_did, keep_id, gone_id, moved):
    for human_id in sorted((keep_id, gone_id)):
        entitlement_actions.refresh(human_id, N_("Two people were parted again."))


def _is_member(human_id):
    return db.session.scalar(
        select(Membership.id).where(Membership.human_id == human_id, Membership.state != "ended")
    ) is not None


def _on_told(_did, human_id, data, reader_id):
    closed = case_queries.closed_cases(reader_id)
    cases = db.session.scalars(
        select(Case).filter_by(human_id=human_id).where(Case.id.not_in(closed)).order_by(Case.id)
    )
    data["services"] = [
        {
            "service": one.service_key, "receipt": one.receipt, "at": one.at.isoformat(), "name": one.name,
            "phone": one.phone, "words": one.words, "answers": one.answers, "state": one.state,
            "amount": one.amount,
        }
        for one in cases
    ]
    held = db.session.scalars(select(Entitlement).filter_by(human_id=human_id).order_by(Entitlement.id))
    data["entitlements"] = [
        {
            "service": one.service_key, "start": one.start_on.isoformat(), "amount": one.amount,
            "end": one.end_on.isoformat() if one.end_on else None,
        }
        for one in held
    ]


def _on_erased(_did, human_id, data):
    """What was typed goes; that there was a case, and what it cost, stays for the books."""
    for one in db.session.scalars(select(Case).filter_by(human_id=human_id, erased_at=None)):
        one.name, one.phone, one.words, one.answers, one.agent = "–", "–", "", {}, ""
        one.erased_at = clock.now()
        db.session.execute(
            update(CaseFile).where(CaseFile.case_id == one.id).values(content=None)
        )


signals.people_merged.connect(_on_merge)
signals.people_parted.connect(_on_parted)
signals.person_told.connect(_on_told)
signals.person_erased.connect(_on_erased)
