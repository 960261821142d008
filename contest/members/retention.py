"""Erasing what is due: told first, then done; nothing else is touched."""

from dataclasses import dataclass

from sqlalchemy import delete, func, or_, select, update

from contest import clock
from contest.accounts.entry_models import OneTimeCode
from contest.accounts.models import AuthSession
from contest.awards.models import Award
from contest.db import db
from contest.i18n import N_
from contest.member_services.models import Case, CaseEvent, CaseFile
from contest.members.models import MemberInvitation
from contest.members.touching import touching
from contest.people.models import Entrant
from contest.people.personal_models import IdNumber
from contest.registry.models import Craftsman, Honour
from contest.results.models import ResultSheet
from contest.review.models import Notice, Objection
from contest.setup.models import Contest

REASON = N_("The time for which it is kept is over")
OVER = ("final", "archived")


@dataclass(frozen=True)
class Due:
    """What of one kind is due: its field in the log, and the ids of the rows."""

    field: str
    ids: tuple


def find_due(terms):
    """Everything that is due now, kind by kind, as [Due]."""
    now = clock.now()
    ended = now - terms["sessions"]
    return [
        Due("id_number", tuple(_numbers(terms, now))),
        Due("case_answers", tuple(_cases(now - terms["cases"]))),
        Due("contact", tuple(_objections(now - terms["objections"]))),
        Due("sessions", tuple(db.session.scalars(select(AuthSession.id).where(
            or_(AuthSession.ended_at <= ended, AuthSession.expires_at <= ended))))),
        Due("codes", tuple(db.session.scalars(
            select(OneTimeCode.id).where(OneTimeCode.expires_at <= ended)))),
        Due("invitations", tuple(db.session.scalars(
            select(MemberInvitation.id).where(MemberInvitation.expires_at <= ended)))),
    ]


def _numbers(terms, now):
    """The people whose number is due: each contest is over, and the last date long enough ago.

    Counted from the latest of: the number was entered, final results or the end of a notice of a
    contest of theirs; for winners also from the latest award and honour, and by their longer term.
    """
    for human_id, entered in db.session.execute(select(IdNumber.human_id, IdNumber.at)).all():
        if _is_entered_in_running(human_id):
            continue
        moments, won = [entered, *_contest_moments(human_id)], _won(human_id)
        term = terms["numbers_of_winners" if won else "numbers_after_contest"]
        if max(moments + won) + term <= now:
            yield human_id


def _is_entered_in_running(human_id):
    return db.session.scalar(
        select(Entrant.id).join(Contest, Contest.id == Entrant.contest_id)
        .where(Entrant.human_id == human_id, Contest.state.not_in(OVER)).limit(1)
    ) is not None


def _contest_moments(human_id):
    mine = select(Entrant.contest_id).where(Entrant.human_id == human_id)
    found = (
        db.session.scalar(select(func.max(ResultSheet.at)).where(ResultSheet.contest_id.in_(mine))),
        db.session.scalar(select(func.max(Notice.ends_at)).where(Notice.contest_id.in_(mine))),
    )
    return [moment for moment in found if moment is not None]


def _won(human_id):
    awards = select(Award.granted_at).join(Entrant, Entrant.id == Award.entrant_id).where(
        Entrant.human_id == human_id
    )
    honours = select(Honour.confirmed_at).join(Craftsman, Craftsman.id == Honour.craftsman_id).where(
        Craftsman.human_id == human_id
    )
    return [*db.session.scalars(awards), *db.session.scalars(honours)]


def _cases(before):
    return db.session.scalars(
        select(Case.id).where(Case.over_at <= before, Case.erased_at.is_(None)).order_by(Case.id)
    ).all()


def _objections(before):
    """Objections whose notice is over since then, and whose decision, where there is one, as well."""
    return db.session.scalars(
        select(Objection.id).join(Notice, Notice.id == Objection.notice_id).where(
            Objection.contact != "", Notice.ends_at <= before,
            or_(Objection.decided_at.is_(None), Objection.decided_at <= before),
        ).order_by(Objection.id)
    ).all()


def erase_due(actor, terms):
    """Erase everything that is due, in one piece of work for each kind; returns what it was, as [Due]."""
    found = find_due(terms)
    for due in found:
        if due.ids:
            with touching(
                actor, "personal.retain", "retain", (due.field,), REASON, subjects=len(due.ids)
            ):
                ERASE[due.field](due.ids)
    return found


def _erase_cases(ids):
    for case_id in ids:
        row = db.session.get(Case, case_id)
        row.name, row.phone, row.words, row.answers, row.agent = "–", "–", "", {}, ""
        row.answer, row.erased_at = "", clock.now()
    db.session.flush()
    for chunk in _chunks(ids):
        db.session.execute(update(CaseFile).where(CaseFile.case_id.in_(chunk)).values(content=None))
        db.session.execute(
            update(CaseEvent).where(CaseEvent.case_id.in_(chunk)).values(words="")
            .execution_options(synchronize_session=False)
        )


def _erase_objections(ids):
    for chunk in _chunks(ids):
        db.session.execute(update(Objection).where(Objection.id.in_(chunk)).values(name="–", contact=""))


def _deleter(column):
    def erase(ids):
        for chunk in _chunks(ids):
            db.session.execute(delete(column.class_).where(column.in_(chunk)))
    return erase


def _chunks(ids):
    return (ids[start:start + 500] for start in range(0, len(ids), 500))


ERASE = {
    "id_number": _deleter(IdNumber.human_id), "case_answers": _erase_cases, "contact": _erase_objections,
    "sessions": _deleter(AuthSession.id), "codes": _deleter(OneTimeCode.id),
    "invitations": _deleter(MemberInvitation.id),
}
