"""Signing for sheets that were opened and marked again: from then on the new marks count."""

from contest import signals
from contest.audit.work import work
from contest.judging import chief_rules, queries, rules, side_queries
from contest.judging.ledger import add_revision, count_marks
from contest.judging.neutral_queries import check_may_change
from contest.setup.queries import check_module_counts, get_contest, plan_in_force
from contest.setup.stepping import check_word


def confirm_sheets(actor, contest_id, module_key, entrant_id, seen, minutes=""):
    """Let the sheets count that were handed in again for an entrant in a module, all in one act.

    seen: {sheet id: revision} of those that were looked at; Conflict when they are not the ones that
    wait now, NotAllowed for whoever marked one of them. minutes: what a panel said that talked before
    it marked again; Invalid when too long. Returns how many there were.
    """
    minutes = chief_rules.check_minutes(minutes)
    queries.lock_contest(contest_id)
    rules.check_contest_open(get_contest(contest_id))
    check_module_counts(contest_id, module_key)
    version_id = plan_in_force(contest_id).version_id
    there = queries.sheets_by_entrant(contest_id, module_key).get(entrant_id, {})
    locked = [queries.lock_sheet(there[seat].id) for seat in sorted(there)]
    waiting = [sheet for sheet in locked if sheet.state == "resubmitted"]
    chief_rules.check_can_confirm({sheet.id: sheet.rev for sheet in waiting}, seen)
    side_queries.check_signer(actor.user_id, contest_id, seen)
    check_may_change(actor, contest_id, entrant_id, module_key)
    check_word(actor)
    with work(
        actor, "sheets.confirm", contest_id=contest_id, subject=f"entrant {entrant_id}",
        tell=signals.marks_changed, module=module_key, sheets=sorted(seen),
    ) as facts:
        if minutes:
            facts["minutes"] = minutes
        for sheet in waiting:
            units = queries.find_latest_revision(sheet).units
            add_revision(actor, sheet, "confirm", sheet.marks, version_id, units=units)
        count_marks(contest_id)
    return len(waiting)
