"""Sheets whose judge is of the contestant's own organisation, and who could mark them instead."""

from sqlalchemy import func, select

from contest.db import db
from contest.errors import Conflict
from contest.i18n import N_
from contest.judging.models import Sheet
from contest.people import queries as people
from contest.people.models import Entrant, Judge
from contest.people.rules import may_judge
from contest.setup import queries as setup
from contest.setup.rules import Note


def own_sheets(contest_id):
    """Sheets that a change of organisations left with a judge who may not mark them, by number.

    Struck-out ones are no longer among them.
    """
    # people.rules.may_judge, as a condition.
    return db.session.scalars(
        select(Sheet)
        .join(Judge, Sheet.judge_id == Judge.id)
        .join(Entrant, Sheet.entrant_id == Entrant.id)
        .where(
            Sheet.contest_id == contest_id, Sheet.state != "excused",
            Judge.organisation_id == Entrant.organisation_id,
        )
        .order_by(Sheet.id)
    ).all()


def written_own_sheets(contest_id, module_keys):
    """How many of them in these modules hold marks: they keep results from being published."""
    return sum(
        sheet.rev > 0 and sheet.module_key in module_keys for sheet in own_sheets(contest_id)
    )


def is_neutral(sheet):
    """May the judge of this sheet judge this contestant?"""
    return may_judge(sheet.judge.organisation_id, sheet.entrant.organisation_id)


def find_successor(sheet):
    """The Judge of the panel who may take a sheet over and has the fewest; None when nobody may."""
    alike = select(Sheet.judge_id).filter_by(
        contest_id=sheet.contest_id, module_key=sheet.module_key
    )
    busy = set(db.session.scalars(alike.filter_by(entrant_id=sheet.entrant_id)))
    loads = dict(
        db.session.execute(
            alike.add_columns(func.count()).group_by(Sheet.judge_id)
        ).all()
    )
    free = [
        seat.judge
        for seat in people.seats(sheet.contest_id).get(sheet.module_key, [])
        if seat.judge_id not in busy
        and may_judge(seat.judge.organisation_id, sheet.entrant.organisation_id)
    ]
    return min(free, key=lambda judge: loads.get(judge.id, 0), default=None)


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
    if not (count := len(own_sheets(contest_id))):
        return []
    return [Note(
        N_("Sheets held by a judge of the contestant's own organisation: %(count)s. The chief "
           "judge strikes them out or gives them to another judge."),
        {"count": count}, "judging.show_chief_desk", "warn",
    )]


setup.DESK_NOTES.append(desk_notes)
