"""Adjusting the mark of a module up or down, and taking that back; always with a reason."""

from contest import clock, signals
from contest.audit.work import work
from contest.db import db
from contest.figures.models import RecordedFigure
from contest.figures.rules import signed_text
from contest.judging import adjustment_queries, adjustment_rules, rules
from contest.judging.ledger import count_marks
from contest.judging.neutral_queries import check_may_change
from contest.people.queries import get_entrant
from contest.setup.queries import check_module_counts, get_contest


def adjust(actor, contest_id, entrant_id, module_key, typed, reason):
    """Let an adjustment stand, in the place of an earlier one; typed: a signed number of points.

    Invalid names the range of the plan; Missing where the plan lets nobody adjust.
    """
    module, standing = _standing(actor, contest_id, entrant_id, module_key)
    units = adjustment_rules.read_adjustment(typed, module.adjust)
    words = rules.check_reason(reason)
    adjustment_rules.check_differs(units, standing)
    _record(actor, contest_id, entrant_id, module_key, standing, units, words)


def withdraw(actor, contest_id, entrant_id, module_key, reason):
    """Take back the adjustment that stands; Conflict when none does."""
    _, standing = _standing(actor, contest_id, entrant_id, module_key)
    words = rules.check_reason(reason)
    adjustment_rules.check_stands(standing)
    _record(actor, contest_id, entrant_id, module_key, standing, None, words)


def _standing(actor, contest_id, entrant_id, module_key):
    module = adjustment_queries.module_to_adjust(contest_id, module_key)
    get_entrant(contest_id, entrant_id)
    rules.check_contest_open(get_contest(contest_id))
    check_may_change(actor, contest_id, entrant_id, module_key)
    check_module_counts(contest_id, module_key)
    return module, adjustment_queries.latest_units(contest_id, module_key, entrant_id)


def _record(actor, contest_id, entrant_id, module_key, standing, units, reason):
    with work(
        actor, "mark.adjust" if units is not None else "mark.adjust_withdraw",
        contest_id=contest_id, subject=f"entrant {entrant_id}", tell=signals.marks_changed,
        module=module_key, old=_told(standing), new=_told(units), reason=reason,
    ):
        db.session.add(
            RecordedFigure(
                contest_id=contest_id, entrant_id=entrant_id, kind=adjustment_queries.KIND,
                key=module_key, units=units, reason=reason, by_id=actor.user_id, at=clock.now(),
            )
        )
        count_marks(contest_id)


def _told(units):
    return "" if units is None else signed_text(units)
