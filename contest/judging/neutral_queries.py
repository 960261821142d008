"""Sheets whose judge is of the contestant's own organisation, and who could mark them instead."""

from sqlalchemy import bindparam, func, or_, select

from contest.db import db
from contest.errors import Conflict, NotAllowed
from contest.i18n import N_, joined
from contest.judging.blind_queries import hidden_modules
from contest.judging.called_queries import called
from contest.judging.models import Sheet
from contest.judging.tablet_models import SheetFlag
from contest.judging.tablet_rules import PARTIAL
from contest.people import queries as people
from contest.people.models import Entrant, Judge, Recusal
from contest.people.rules import PRACTICE, may_judge
from contest.setup import queries as setup
from contest.setup.late_changes import check_not_held
from contest.setup.rules import Note

# Every operation of every tablet asks this.
RECUSED = select(Recusal.id).where(
    Recusal.judge_id == bindparam("judge"),
    or_(
        Recusal.entrant_id == bindparam("entrant"),
        Recusal.organisation_id == bindparam("organisation"),
    ),
).limit(1)


def own_sheets(contest_id):
    """Sheets that a change of organisations, or a recusal, left with a judge who may not mark them.

    By number; struck-out ones are no longer among them.
    """
    # people.rules.may_judge and avoid_keys, as a condition.
    recused = select(Recusal.id).where(
        Recusal.judge_id == Sheet.judge_id,
        or_(
            Recusal.entrant_id == Sheet.entrant_id,
            Recusal.organisation_id == Entrant.organisation_id,
        ),
    )
    return db.session.scalars(
        select(Sheet)
        .join(Judge, Sheet.judge_id == Judge.id)
        .join(Entrant, Sheet.entrant_id == Entrant.id)
        .where(
            Sheet.contest_id == contest_id, Sheet.state != "excused", Sheet.seat < PRACTICE,
            or_(Judge.organisation_id == Entrant.organisation_id, recused.exists()),
        )
        .order_by(Sheet.id)
    ).all()


def written_own_sheets(contest_id, module_keys):
    """What those in these modules are called that hold marks: they keep results from being published."""
    return called(contest_id, [
        sheet for sheet in own_sheets(contest_id)
        if sheet.rev > 0 and sheet.module_key in module_keys
    ])


def is_neutral(sheet):
    """May the judge of this sheet judge this contestant?"""
    return may_mark(sheet.judge, sheet.entrant)


def may_mark(judge, entrant):
    """Neither of one organisation, nor kept apart by a recusal."""
    if not may_judge(judge.organisation_id, entrant.organisation_id):
        return False
    return db.session.scalar(RECUSED, {
        "judge": judge.id, "entrant": entrant.id, "organisation": entrant.organisation_id,
    }) is None


def check_may_change(actor, contest_id, entrant_id, module_key=""):
    """Refused where nothing may change now, or not by this chief judge (check_not_concerned)."""
    check_not_held(contest_id, entrant_id)
    check_not_concerned(actor, contest_id, entrant_id, module_key)


def check_not_concerned(actor, contest_id, entrant_id, module_key=""):
    """NotAllowed for an act on a contestant from whom the actor, as a judge of the contest, keeps away.

    module_key: where it is done. Under a code nobody is refused: that alone would tell whose code it is.
    """
    judge = db.session.scalar(
        select(Judge).filter_by(contest_id=contest_id, user_id=actor.user_id).limit(1)
    ) if actor.user_id is not None else None
    entrant = judge and db.session.get(Entrant, entrant_id)
    if not entrant or may_mark(judge, entrant):
        return
    if module_key not in {module.key for module in hidden_modules(contest_id)}:
        raise NotAllowed(
            "You are of this contestant's organisation, or keep away from this contestant (recusal): "
            "another chief judge does this. The organiser can name one."
        )


def find_successor(sheet):
    """The Judge of the panel who may take a sheet over and has the fewest; None when nobody may."""
    alike = select(Sheet.judge_id).filter_by(
        contest_id=sheet.contest_id, module_key=sheet.module_key
    )
    busy = set(db.session.scalars(alike.filter_by(entrant_id=sheet.entrant_id)))
    partial = set(db.session.scalars(select(SheetFlag.user_id).filter_by(
        contest_id=sheet.contest_id, entrant_id=sheet.entrant_id, reason=PARTIAL
    )))
    loads = dict(
        db.session.execute(
            alike.add_columns(func.count()).group_by(Sheet.judge_id)
        ).all()
    )
    free = [
        seat.judge
        for seat in people.seats(sheet.contest_id).get(sheet.module_key, [])
        if seat.judge_id not in busy and may_mark(seat.judge, sheet.entrant)
        and (seat.judge.user_id is None or seat.judge.user_id not in partial)
    ]
    return min(free, key=lambda judge: loads.get(judge.id, 0), default=None)


def find_reported(flag):
    """The sheet of a report that its judge may not be impartial; None when it is with that judge no more.

    flag: a SheetFlag. A sheet for practice never counts, and is with nobody here.
    """
    if flag.reason != PARTIAL:
        return None
    sheet = db.session.get(Sheet, flag.sheet_id)
    if sheet is None or sheet.seat >= PRACTICE or sheet.judge.user_id != flag.user_id:
        return None
    return sheet


def get_successor(sheet):
    """The judge who may take a sheet over, or Conflict."""
    judge = find_successor(sheet)
    if judge is None:
        raise Conflict(
            "No other judge of this panel may mark this contestant: seat one on the panel first, "
            "or strike this sheet out."
        )
    return judge


def desk_notes(contest_id):
    """What the contest's desk says of them."""
    if not (names := called(contest_id, own_sheets(contest_id))):
        return []
    return [Note(
        N_("Sheets held by a judge who must keep away from the contestant: %(count)s (%(sheets)s). "
           "The chief judge strikes them out or gives them to another judge."),
        {"count": len(names), "sheets": joined(names)}, "judging.show_chief_desk", "warn",
    )]


setup.DESK_NOTES.append(desk_notes)
