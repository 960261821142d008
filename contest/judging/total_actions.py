"""A tablet tells what it handed in, the server keeps what came of it; the chief judge settles the rest."""

from dataclasses import asdict

from contest import clock
from contest.audit.work import work
from contest.db import db
from contest.judging import (
    disagreement_queries,
    queries,
    total_queries,
    total_rules,
    trail_words,  # noqa: F401 (names what is done)
)
from contest.judging.rules import check_reason
from contest.judging.total_models import SheetTotal, TotalRuling
from contest.setup.queries import get_contest
from contest.setup.stepping import check_word


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
        _keep(actor, device_id, name, total.contest_id, rows, held, compared)
        found[total.contest_id] = total, held
    db.session.commit()
    return found


def _keep(actor, device_id, name, contest_id, rows, held, compared):
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
    row.wrong = total_rules.still_wrong(row.wrong or {}, rows, held, compared)
    db.session.flush()
    wrong = sorted({*compared.missing, *compared.differing})
    if set(wrong) - {*before.get("missing", ()), *before.get("differing", ())}:
        with work(actor, "tablet.total", contest_id=contest_id, subject=f"tablet {name}", sheets=wrong):
            pass  # the row above is all there is; the trail says that the two differed


def settle_total(actor, contest_id, total_id, reason, seen):
    """Results may be published although this tablet says otherwise; what it says anew counts anew.

    seen: the seal of what the page showed. Conflict when something else does not agree now, nothing does, or
    the results are final; Invalid without a reason; NotAllowed without the password or PIN.
    """
    queries.lock_contest(contest_id)
    row = disagreement_queries.get_total(contest_id, total_id)
    left = disagreement_queries.left_of(row)
    total_rules.check_rulable(
        get_contest(contest_id).state, left, seen, is_own=actor.user_id == row.user_id
    )
    text = check_reason(reason)
    check_word(actor)
    with work(
        actor, "tablet.settle", contest_id=contest_id, subject=f"tablet {row.name}",
        device=row.device_id, reason=text, sheets=sorted(map(int, left)),
    ):
        db.session.add(TotalRuling(
            contest_id=contest_id, user_id=row.user_id, device_id=row.device_id, name=row.name, wrong=left,
            reason=text, by_id=actor.user_id, at=clock.now(),
        ))
