"""Giving one sheet to another judge of the panel, whose judge may not be impartial."""

from contest import clock, signals
from contest.audit.work import work
from contest.judging import flag_queries, neutral_queries, queries, rules
from contest.judging.handovers import hand_over, note_handover
from contest.judging.ledger import add_revision, count_marks
from contest.judging.tablet_rules import check_can_give
from contest.setup.late_changes import check_not_held
from contest.setup.queries import get_contest, plan_in_force


def give_sheet(actor, contest_id, flag_id, reason):
    """Give the sheet of such a report to another judge, without its marks, and close the report.

    Returns the new judge. Conflict when the sheet is closed or with somebody else by now, or when
    nobody on the panel may take it; Invalid without a reason.
    """
    queries.lock_contest(contest_id)
    row = flag_queries.get_flag(contest_id, flag_id).row
    rules.check_contest_open(get_contest(contest_id))
    check_not_held(contest_id, row.entrant_id)
    sheet = neutral_queries.find_reported(row)
    check_can_give(sheet and sheet.state)
    judge, old = neutral_queries.get_successor(sheet), sheet.judge
    words = rules.check_reason(reason)
    with work(
        actor, "sheet.give", contest_id=contest_id, subject=f"sheet {sheet.id}",
        tell=signals.marks_changed, module=row.module_key, entrant=row.entrant_id, seat=sheet.seat,
        old=old.name, new=judge.name, reason=words,
    ):
        if sheet.rev == 0:
            hand_over(sheet, judge, "report", words, actor.user_id)
        else:
            queries.lock_sheet(sheet.id).judge = judge
            note_handover(sheet, old.id, judge.id, "report", words, actor.user_id)
            version_id = plan_in_force(contest_id).version_id
            add_revision(actor, sheet, "reopen", {}, version_id, reason=words)
        count_marks(contest_id)
        if row.answered_at is None:
            row.answer, row.answered_by_id, row.answered_at = words, actor.user_id, clock.now()
    return judge
