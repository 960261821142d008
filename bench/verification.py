"""How long the second scorer takes before results are published, and how long others wait for it."""

import time

from bench.installation import STAGE, Installation
from bench.reporting import main
from contest.db import about_to_write, db
from contest.results import verification_queries as queries
from contest.results.ledger_queries import ledger_of


def measure(sizes=(140, 1000)):
    """{figure's name: value} for every size."""
    found = {}
    for entrants in sizes:
        with Installation(entrants) as place:
            place.hand_in_everything()
            with place.app.app_context():
                found.update(_measure(place.contest_id, entrants))
                db.session.remove()
                db.engine.dispose()
    return found


def _measure(contest_id, entrants):
    shown, reading = _timed(queries.shown, contest_id)
    ledger, writing = _timed(ledger_of, contest_id, STAGE)
    db.session.rollback()
    counted, counting = _timed(queries.count, shown)
    if counted.differences:
        raise SystemExit(f"the scorers differ: {counted.differences[:3]}")
    locked = _locked(contest_id)
    return {
        f"{entrants} contestants: lines of marks": len(ledger.marks),
        f"{entrants}: figures compared": counted.figures,
        f"{entrants}: first reading of everything and the ledger, s": round(reading, 2),
        f"{entrants}: the ledger alone, s": round(writing, 2),
        f"{entrants}: counting again and comparing, s": round(counting, 2),
        f"{entrants}: checking under the write lock that nothing changed, ms": round(locked * 1000),
    }


def _locked(contest_id):
    """What publishing does for the second scorer while others wait."""
    about_to_write(True)
    try:
        _, seconds = _timed(queries.stamp_of, contest_id, STAGE)
        db.session.rollback()
    finally:
        about_to_write(False)
    return seconds


def _timed(act, *facts):
    began = time.perf_counter()
    return act(*facts), time.perf_counter() - began


if __name__ == "__main__":
    main(measure, __doc__)
