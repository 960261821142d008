"""A tablet tells what it handed in; the server holds the ledger beside it and keeps what came of it."""

from dataclasses import asdict

from contest import clock
from contest.audit.work import work
from contest.db import db
from contest.judging import total_queries, total_rules
from contest.judging.total_models import SheetTotal


def note_totals(actor, device_id, name, told):
    """Compare and keep it, for each contest of the judge; returns {contest id: (Total, {sheet id: Held})}.

    told: {contest id: Told rows}. An alarm that was not there before is a row of the trail.
    """
    found = {}
    for total in total_queries.totals_of(actor.user_id):
        rows = told.get(total.contest_id, ())
        held = total_queries.held_by(
            actor.user_id, total.contest_id, [one.sheet_id for one in rows]
        )
        compared = total_rules.compare(rows, held)
        _keep(actor, device_id, name, total.contest_id, rows, compared)
        found[total.contest_id] = total, held
    db.session.commit()
    return found


def _keep(actor, device_id, name, contest_id, rows, compared):
    row = db.session.query(SheetTotal).filter_by(
        contest_id=contest_id, user_id=actor.user_id, device_id=device_id
    ).one_or_none()
    before = row.found if row is not None else {}
    if row is None:
        if not rows:
            return  # a tablet that handed in nothing has nothing to compare
        row = SheetTotal(contest_id=contest_id, user_id=actor.user_id, device_id=device_id)
        db.session.add(row)
    row.name, row.at = name, clock.now()
    row.digest = total_rules.total_digest({one.sheet_id: one.digest for one in rows})
    row.found = {key: list(ids) for key, ids in asdict(compared).items()}
    db.session.flush()
    wrong = sorted({*compared.missing, *compared.differing})
    if set(wrong) - {*before.get("missing", ()), *before.get("differing", ())}:
        with work(actor, "tablet.total", contest_id=contest_id, subject=f"tablet {name}", sheets=wrong):
            pass  # the row above is all there is; the trail says that the two differed
