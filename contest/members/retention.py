"""Erasing what is due: told first, then done; nothing else is touched."""

from dataclasses import dataclass
from datetime import UTC, datetime, time

from sqlalchemy import delete, exists, func, or_, select, update

from contest import clock
from contest.accounts.entry_models import OneTimeCode
from contest.accounts.models import AuthSession
from contest.audit.chain_changes import note_change
from contest.awards.models import Award
from contest.db import db
from contest.i18n import N_
from contest.member_services.entitlement_models import Entitlement
from contest.member_services.membership_models import Membership
from contest.member_services.models import Case, CaseEvent, CaseFile
from contest.members import erasing
from contest.members.models import MemberInvitation
from contest.members.touching import touching
from contest.paper.models import PaperPhoto, PaperSheet
from contest.people import import_queries as rosters
from contest.people import person_queries as people
from contest.people.models import Entrant, Human, PendingImport
from contest.people.personal_models import IdNumber, PersonPhone
from contest.registry import import_queries as registers
from contest.registry import whole_emptying
from contest.registry.archive_models import ArchiveImport
from contest.registry.models import Craftsman, Honour
from contest.registry.person_models import ContactRequest, RegisterImport
from contest.results.models import ResultSheet
from contest.review.models import Appeal, AppealFile, Notice, Objection
from contest.selection import emptying
from contest.setup.models import Contest

REASON = N_("The time for which it is kept is over")
OVER = ("final", "archived")


# Files that were read and wait for a yes: what of whom, and for how long nobody has to answer.
LISTS = {
    "rosters": (PendingImport, rosters.KEPT), "register_lists": (RegisterImport, registers.KEPT),
    "archive_lists": (ArchiveImport, registers.KEPT),
}


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
        Due("id_number", tuple(_numbers(IdNumber, terms, now))),
        Due("phone", tuple(_numbers(PersonPhone, terms, now))),
        Due("case_answers", tuple(_cases(now - terms["cases"]))),
        Due("contact", tuple(_objections(now - terms["objections"]))),
        Due("born_on", tuple(_births(now - terms["births"]))),
        Due("appeal_files", tuple(_appeal_files(now - terms["appeal_files"]))),
        Due("paper_photos", tuple(_paper_photos(now - terms["paper_photos"]))),
        Due("contacts", tuple(db.session.scalars(select(ContactRequest.id).where(
            func.coalesce(ContactRequest.decided_at, ContactRequest.at) <= now - terms["contacts"])))),
        Due("nominations", tuple(emptying.due_since(now - terms["nominations"]))),
        Due("whole_contests", tuple(whole_emptying.due_since(now - terms["whole_contests"]))),
        Due("sessions", tuple(db.session.scalars(select(AuthSession.id).where(
            or_(AuthSession.ended_at <= ended, AuthSession.expires_at <= ended))))),
        Due("codes", tuple(db.session.scalars(
            select(OneTimeCode.id).where(OneTimeCode.expires_at <= ended)))),
        Due("invitations", tuple(db.session.scalars(
            select(MemberInvitation.id).where(MemberInvitation.expires_at <= ended)))),
        *(Due(field, tuple(db.session.scalars(select(model.id).where(model.at <= now - kept))))
          for field, (model, kept) in LISTS.items()),
    ]


def _numbers(model, terms, now):
    """The people whose number of this model is due: each contest is over, and the last date long enough ago.

    Counted from the latest of: the number was entered, final results or the end of a notice of a
    contest of theirs; for winners also from the latest award and honour, and by their longer term.
    """
    merged = people.merged_into()
    for human_id, entered in db.session.execute(select(model.human_id, model.at)).all():
        # The number is the person's, whichever row of theirs a merge of old left it with.
        ids = people.rows_of(merged.get(human_id, human_id))
        if _is_entered_in_running(ids):
            continue
        moments, won = [entered, *_contest_moments(ids)], _won(ids)
        term = terms["numbers_of_winners" if won else "numbers_after_contest"]
        if max(moments + won) + term <= now:
            yield human_id


def _is_entered_in_running(ids):
    return db.session.scalar(
        select(Entrant.id).join(Contest, Contest.id == Entrant.contest_id)
        .where(Entrant.human_id.in_(ids), Contest.state.not_in(OVER)).limit(1)
    ) is not None


def _contest_moments(ids):
    mine = select(Entrant.contest_id).where(Entrant.human_id.in_(ids))
    found = (
        db.session.scalar(select(func.max(ResultSheet.at)).where(ResultSheet.contest_id.in_(mine))),
        db.session.scalar(select(func.max(Notice.ends_at)).where(Notice.contest_id.in_(mine))),
    )
    return [moment for moment in found if moment is not None]


def _won(ids):
    awards = select(Award.granted_at).join(Entrant, Entrant.id == Award.entrant_id).where(
        Entrant.human_id.in_(ids)
    )
    honours = select(Honour.confirmed_at).join(Craftsman, Craftsman.id == Honour.craftsman_id).where(
        Craftsman.human_id.in_(ids)
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


def _births(before):
    """Rows whose day of birth nobody needs: every contest of the person over since then, nothing rests on it.

    Rows that were found to be one person have their days erased together.
    """
    ended, merged, known = _ends_of_contests(), people.merged_into(), {}
    for human_id in db.session.scalars(select(Human.id).where(Human.born_on.is_not(None)).order_by(Human.id)):
        known.setdefault(merged.get(human_id, human_id), []).append(human_id)
    last, running = {}, set()
    for human_id, contest_id in db.session.execute(select(Entrant.human_id, Entrant.contest_id)):
        whose = merged.get(human_id, human_id)
        if contest_id in ended:
            last[whose] = max(ended[contest_id], last.get(whose, ended[contest_id]))
        else:
            running.add(whose)
    for whose in sorted(known.keys() & last.keys() - running):
        if last[whose] <= before and not _is_birth_needed(people.rows_of(whose), before):
            yield from known[whose]


def _ends_of_contests():
    """{contest id: when it was over} of those that are: final results, end of a notice, last day."""
    found = {}
    for contest_id, made, day in db.session.execute(
        select(Contest.id, Contest.created_at, Contest.ends_on).where(Contest.state.in_(OVER))
    ):
        found[contest_id] = max(made, datetime.combine(day, time.max, UTC)) if day else made
    for ends in (
        select(ResultSheet.contest_id, func.max(ResultSheet.at)).group_by(ResultSheet.contest_id),
        select(Notice.contest_id, func.max(Notice.ends_at)).group_by(Notice.contest_id),
    ):
        for contest_id, moment in db.session.execute(ends):
            if contest_id in found:
                found[contest_id] = max(found[contest_id], moment)
    return found


def _is_birth_needed(ids, before):
    is_member = exists().where(Membership.human_id.in_(ids), Membership.state != "ended")
    today = clock.today()
    is_entitled = exists().where(
        Entitlement.human_id.in_(ids), Entitlement.ended_at.is_(None),
        or_(Entitlement.end_on.is_(None), Entitlement.end_on >= today),
    )
    return (
        max(_won(ids), default=before) > before or db.session.scalar(select(is_member | is_entitled))
        or "born_on" in erasing.looked_at(ids)
    )


def _paper_photos(before):
    """Photographs of the papers of contests that ended so long ago."""
    return db.session.scalars(
        select(PaperPhoto.id).join(PaperSheet, PaperSheet.id == PaperPhoto.paper_id).where(
            PaperPhoto.content.is_not(None), PaperSheet.contest_id.in_(_ended(before)),
        ).order_by(PaperPhoto.id)
    ).all()


def _ended(before):
    return [contest_id for contest_id, moment in _ends_of_contests().items() if moment <= before]


def _appeal_files(before):
    """Files of appeals whose decision and contest lie so far back."""
    return db.session.scalars(
        select(AppealFile.id).join(Appeal, Appeal.id == AppealFile.appeal_id).where(
            AppealFile.content.is_not(None), Appeal.contest_id.in_(_ended(before)),
            func.coalesce(Appeal.decided_at, Appeal.filed_at) <= before,
        ).order_by(AppealFile.id)
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


def _erase_births(ids):
    for chunk in _chunks(ids):
        db.session.execute(update(Human).where(Human.id.in_(chunk)).values(born_on=None))
    for human_id in ids:
        note_change(None, "human", human_id)  # as in erasing: past the ORM


def _emptier(table):
    def erase(ids):
        for chunk in _chunks(ids):
            db.session.execute(update(table).where(table.id.in_(chunk)).values(content=None, name=""))
    return erase


def _deleter(column):
    def erase(ids):
        for chunk in _chunks(ids):
            db.session.execute(delete(column.class_).where(column.in_(chunk)))
    return erase


def _chunks(ids):
    return (ids[start:start + 500] for start in range(0, len(ids), 500))


ERASE = {
    "id_number": _deleter(IdNumber.human_id), "phone": _deleter(PersonPhone.human_id),
    "case_answers": _erase_cases, "contact": _erase_objections,
    "born_on": _erase_births, "appeal_files": _emptier(AppealFile), "paper_photos": _emptier(PaperPhoto),
    "nominations": emptying.empty_nominations, "whole_contests": whole_emptying.empty_wholes,
    "sessions": _deleter(AuthSession.id), "codes": _deleter(OneTimeCode.id),
    "contacts": _deleter(ContactRequest.id), "invitations": _deleter(MemberInvitation.id),
    **{field: _deleter(model.id) for field, (model, _) in LISTS.items()},
}
