"""Entering, correcting and importing theory scores; every entry is a new row."""

import hashlib

from contest import clock, signals
from contest.audit.work import work
from contest.db import db
from contest.people import import_queries
from contest.people.models import PendingImport
from contest.people.queries import get_entrant
from contest.people.tables import is_usable, read_table
from contest.setup.freezing import freeze_plan
from contest.setup.late_changes import check_not_held
from contest.setup.queries import check_module_counts, get_contest, plan_in_force
from contest.theory import queries
from contest.theory.columns import SCORES
from contest.theory.ledger import add_entry
from contest.theory.rules import (
    BadList,
    Score,
    check_can_clear,
    check_open,
    check_seen,
    counts_of,
    read_reason,
    read_score,
)

CLERK = "clerk"


def enter_score(
    actor, contest_id, module_key, entrant_id, typed, seen, reason="", is_cleared=False
):
    """Store one score as typed, or a word for absent; is_cleared takes the one that stands back.

    seen: the id of the entry that the page showed (0 for none). Invalid names the range, and asks
    for the reason where a score stands already; Conflict when somebody else was faster. Returns
    False when nothing had to change.
    """
    contest = queries.lock_contest(contest_id)  # nobody closes or publishes between the checks and the entry
    check_open(contest)
    check_not_held(contest_id, entrant_id)
    check_module_counts(contest_id, module_key)
    module = queries.get_module(contest_id, module_key)
    queries.check_not_led(contest_id, module_key)
    entrant = get_entrant(contest_id, entrant_id)
    before = queries.scores(contest_id).get(module_key, {}).get(entrant_id)
    old = Score(before.state, before.units) if before else None
    check_can_clear(is_cleared, old)
    new = Score("withdrawn") if is_cleared else read_score(typed, module.max)
    check_seen(seen, queries.latest_entry_id(contest_id, module_key, entrant_id))
    if new == old:
        return False
    words = "" if old is None else read_reason(reason)
    with work(
        actor, f"theory.{_deed(old, is_cleared)}", contest_id=contest_id,
        subject=f"entrant {entrant.id}", tell=signals.marks_changed, module=module_key,
        number=entrant.number, old=_told(old), new=_told(new), reason=words,
    ):
        add_entry(actor, contest_id, module_key, entrant_id, new, CLERK, words)
        freeze_plan(plan_in_force(contest_id))
        contest.marks_version = type(contest).marks_version + 1
    return True


def _deed(old, is_cleared):
    if old is None:
        return "enter"
    return "clear" if is_cleared else "correct"


def _told(score):
    return None if score is None else [score.state, score.text]


def upload_scores(actor, contest_id, module_key, data, file_name):
    """Read a list of scores and keep it for confirming; returns the pending list's id.

    Invalid for a file that is no list, BadList for bad cells; then nothing is kept.
    """
    check_open(get_contest(contest_id))
    check_module_counts(contest_id, module_key)
    module = queries.get_module(contest_id, module_key)
    queries.check_not_led(contest_id, module_key)
    db.session.rollback()  # Reading may take seconds; nobody else should wait for the database.
    rows, problems = read_table(data, file_name, SCORES)
    documents = [{"row": row.number, "values": row.values} for row in rows]
    _, more = queries.preview(contest_id, module, documents)
    if not is_usable(problems + more):
        raise BadList(problems + more)
    with work(actor, "theory.upload", contest_id=contest_id, subject=file_name[:100]) as facts:
        import_queries.forget_old()
        pending = PendingImport(
            contest_id=contest_id, kind=kind_of(module_key), file_name=file_name[:200],
            file_hash=hashlib.sha256(data).hexdigest(), rows=documents,
            notes=[problem.to_document() for problem in problems], by_id=actor.user_id,
            at=clock.now(),
        )
        db.session.add(pending)
        db.session.flush()
        facts.update(rows=len(documents), file_hash=pending.file_hash, module=module_key)
        return pending.id


def kind_of(module_key):
    """Under which kind a module's list waits for its yes."""
    return f"scores:{module_key}"


def confirm_scores(actor, contest_id, module_key, pending_id, reason="", progress=iter):
    """Store a list that was looked at, in one transaction; returns how many were new, changed …

    Everything is compared again, so the same file confirmed twice changes nothing. Where it changes
    what is recorded, Invalid asks for the reason.
    """
    contest = queries.lock_contest(contest_id)
    check_open(contest)
    check_not_held(contest_id)
    check_module_counts(contest_id, module_key)
    module = queries.get_module(contest_id, module_key)
    queries.check_not_led(contest_id, module_key)
    pending = import_queries.get_pending(
        contest_id, pending_id, kind_of(module_key), actor.user_id
    )
    lines, problems = queries.preview(contest_id, module, pending.rows)
    if not is_usable(problems):
        raise BadList(problems)
    counts = counts_of(lines)
    words = read_reason(reason) if counts["changed"] else ""
    changed = [line for line in lines if line.kind != "unchanged"]
    with work(
        actor, "theory.import", contest_id=contest_id, subject=pending.file_name,
        tell=signals.marks_changed, module=module_key, file_hash=pending.file_hash,
        corrected={
            line.known.number: [_told(line.known.score), _told(line.score)]
            for line in changed if line.kind == "changed"
        },
        reason=words, **counts,
    ):
        for line in progress(changed):
            add_entry(
                actor, contest_id, module_key, line.known.entrant_id, line.score, pending.file_name,
                words if line.kind == "changed" else "",
            )
        if changed:
            freeze_plan(plan_in_force(contest_id))
        contest.marks_version = type(contest).marks_version + 1
        db.session.delete(pending)
    return counts
