"""Recording that somebody left the list of a selection, and confirming who moves up."""

from contest import clock
from contest.audit.work import work
from contest.db import db
from contest.errors import Invalid
from contest.registry import listing
from contest.registry import rules as registry_rules
from contest.results.queries import lock_contest
from contest.selection import (
    list_actions,
    list_queries,
    list_rules,
    moving_queries,
    moving_rules,
    queries,
    trail_words,  # noqa: F401 (names deeds)
)
from contest.selection.call_rules import ALL_WRONG
from contest.selection.models import ListChange


def move_up(actor, contest_id, entrant_id, form):
    """Somebody leaves the list and the next by rule moves up; after publication as a new revision.

    form: cause (before publication), reason, confirmed (Proposal.key as shown), moves_up (of equals), and for
    the honour of who moves up document_number, granted_on, is_checked.
    Missing for whoever does not stand on the list or keeps the honour, Conflict for an old proposal.
    """
    lock_contest(contest_id)
    leaver = moving_queries.get_leaver(contest_id, entrant_id)
    listed = list_queries.find_list(contest_id)
    reason = form.get("reason", "").strip()
    if listed is None:
        return _before(actor, contest_id, leaver, form.get("cause", ""), reason, form)
    return _after(actor, contest_id, listed, leaver, reason, form)


def _before(actor, contest_id, leaver, cause, reason, form):
    _refuse(moving_rules.check_cause(cause, reason))
    moving_rules.chosen_next(leaver.proposal, form.get("confirmed", ""), "")
    return _record(actor, contest_id, leaver, cause, reason, list(leaver.proposal.ids))


def _after(actor, contest_id, listed, leaver, reason, form):
    listing.check_not_frozen(contest_id)
    next_id = moving_rules.chosen_next(leaver.proposal, form.get("confirmed", ""), form.get("moves_up", ""))
    wrong, number, granted_on = moving_rules.check_reason(reason), "", None
    if next_id is not None:
        number, granted_on, more = list_actions.read_decision(form)
        wrong |= more
    _refuse(wrong)
    if next_id is not None:
        registry_rules.check_compared(form.get("is_checked") == "1")
    old = list_queries.standing_document(contest_id)
    document = moving_rules.revised(old, leaver.line["entrant_id"], next_id, leaver.proposal)
    level = list_queries.honours_of_list(contest_id)[leaver.line["entrant_id"]].level
    new = next((one for one in document["lines"] if one["entrant_id"] == next_id), None)

    def honour():
        if new is not None:
            list_actions.grant(
                actor, listed, queries.get_call(contest_id), new, level, number, granted_on,
                list_rules.document_hash(document),
            )

    return _record(
        actor, contest_id, leaver, moving_rules.REVOKED, reason, [next_id] if new else [],
        document=document, document_number=number, within=honour,
    )


def _refuse(wrong):
    if wrong:
        raise Invalid(ALL_WRONG, fields=wrong)


def _record(actor, contest_id, leaver, cause, reason, moved_up, *, document=None, document_number="",
            within=None):
    names = {line["entrant_id"]: line for line in leaver.proposed}
    with work(
        actor, "selection.move_up", contest_id=contest_id, subject=leaver.line["name"],
        entrant=leaver.line["number"], cause=cause, reason=reason,
        moved_up=[names[key]["number"] for key in moved_up], document=document_number,
        hash=list_rules.document_hash(document) if document else "",
    ):
        change = ListChange(
            contest_id=contest_id, number=len(list_queries.changes(contest_id)) + 1,
            entrant_id=leaver.line["entrant_id"], cause=cause, reason=reason, moved_up=moved_up,
            document=document or {}, document_hash=list_rules.document_hash(document) if document else "",
            document_number=document_number, by_id=actor.user_id, at=clock.now(),
        )
        db.session.add(change)
        if within is not None:
            within()
    return change
