"""Another judge takes over in mid-contest, with a reason that stands on every sheet concerned."""

from contest import signals
from contest.audit.work import work
from contest.db import db
from contest.errors import Conflict, Invalid
from contest.judging import neutral_queries, queries, rules
from contest.judging.handovers import hand_over, note_handover
from contest.judging.ledger import add_revision, count_marks
from contest.people import queries as people
from contest.people.models import PanelSeat
from contest.people.rules import PRACTICE, check_no_trainee
from contest.setup.queries import get_contest, plan_in_force

BEGUN = ("draft", "reopened")


def substitute(actor, contest_id, judge_id, successor_id, reason, with_begun=False):
    """Give a judge's remaining sheets, and the seats, to another judge; returns (moved, left).

    Untouched sheets go; with_begun also those begun or reopened, without their marks. What was
    handed in stays the first judge's. left: sheets that the successor must not or cannot take.
    Conflict when nothing could be moved.
    """
    queries.lock_contest(contest_id)
    rules.check_contest_open(get_contest(contest_id))
    old, new = people.get_judge(contest_id, judge_id), people.get_judge(contest_id, successor_id)
    if old.id == new.id:
        why = Invalid("Choose another judge as the successor.")
        raise Invalid(why.message, fields={"successor": why})
    check_no_trainee([
        seat.judge.name for row in people.trainees(contest_id).values() for seat in row
        if seat.judge_id == new.id
    ])
    words = rules.check_reason(reason)
    wanted = ("empty", *BEGUN) if with_begun else ("empty",)
    sheets = queries.sheets_of_judge(contest_id, old.id, wanted)
    version_id = plan_in_force(contest_id).version_id
    with work(
        actor, "judge.substitute", contest_id=contest_id, subject=f"judge {old.id}",
        tell=signals.marks_changed, old=old.name, new=new.name, reason=words,
    ) as facts:
        takes = [sheet for sheet in sheets if _may_take(contest_id, new, sheet)]
        if not takes:
            raise Conflict("%(name)s can take over none of these sheets.", name=new.name)
        for sheet in takes:
            if sheet.rev == 0:
                hand_over(sheet, new, "substitute", words, actor.user_id)
            else:
                sheet.judge = new
                note_handover(sheet, old.id, new.id, "substitute", words, actor.user_id)
                add_revision(actor, sheet, "reopen", {}, version_id, reason=words)
        _take_seats(contest_id, old.id, new.id)
        count_marks(contest_id)
        facts["sheets_moved"] = len(takes)
        facts["sheets_left"] = len(sheets) - len(takes)
    return len(takes), len(sheets) - len(takes)


def _may_take(contest_id, judge, sheet):
    if not neutral_queries.may_mark(judge, sheet.entrant):
        return False
    there = queries.sheets_by_entrant(contest_id, sheet.module_key).get(sheet.entrant_id, {})
    return all(other.judge_id != judge.id for other in there.values())


def _take_seats(contest_id, old_id, new_id):
    """The successor sits where the other sat, so that sheets handed out later go there too."""
    rows = db.session.query(PanelSeat).filter(
        PanelSeat.contest_id == contest_id, PanelSeat.seat < PRACTICE
    ).all()
    held = {seat.module_key: seat for seat in rows if seat.judge_id == new_id}
    for seat in [seat for seat in rows if seat.judge_id == old_id]:
        if (other := held.get(seat.module_key)) is not None:
            db.session.delete(other)
            db.session.flush()
        seat.judge_id = new_id
        db.session.flush()
