"""Checking a contest's chain and keeping what was found; hearing heads that others have seen."""

import time
from datetime import timedelta

from contest import clock
from contest.audit import chain_queries
from contest.audit.chain_models import ChainCheck, ChainWitness
from contest.audit.chain_rules import read_head
from contest.audit.work import Actor, work
from contest.db import db, snapshot, writing

PROGRAM = Actor(None, "chain")
# A tablet shows its highest head with every operation; what it showed is kept once a minute.
KEPT_EVERY = 60
SAME_EVERY = timedelta(hours=1)
_kept = {}


def check_now(contest_id, by):
    """Check the whole chain of a contest and keep the outcome; returns the Findings.

    Nobody waits for it: it reads one moment. What is wrong is written into the trail when it is
    first seen. In the background nothing new is kept once an hour. Whatever the session had begun is
    rolled back.
    """
    with snapshot():
        found = chain_queries.check_chain(contest_id)
        last = chain_queries.last_check(contest_id)
        known = last.problems if last else []
    problems = [[p.code, p.seq, p.kind, p.row_id] for p in found.problems]
    row = ChainCheck(
        contest_id=contest_id, seq=found.head.seq if found.head else 0,
        hash=found.head.hash.hex() if found.head else "", rows=found.rows, problems=problems,
        by=by, at=clock.now(),
    )
    if by == "background" and last and _says_the_same(last, row):
        return found
    with writing():
        if problems and problems != known:
            with work(PROGRAM, "chain.broken", contest_id=contest_id, counts=found.counts, by=by):
                db.session.add(row)
        else:
            db.session.add(row)
            db.session.commit()
    return found


def _says_the_same(last, row):
    return (
        (last.seq, last.hash, last.problems) == (row.seq, row.hash, row.problems)
        and row.at - last.at < SAME_EVERY
    )


def hear_head(contest_id, shown, actor, device="", source="tablet"):
    """Hear a head that somebody has seen: True when it is on the chain, False when not, None if unreadable.

    Nothing is refused for it. One that is not on the chain is kept and written into the trail: it was
    ours once, and the chain has been made anew or cut since, or it never was.
    """
    head = read_head(shown)
    if head is None:
        return None
    seq, digits = head
    with snapshot():
        fits = chain_queries.is_prefix(contest_id, seq, digits)
        is_known = not fits and chain_queries.is_known_misfit(contest_id, seq, digits, device)
    if is_known or (fits and source == "tablet" and _was_kept_lately(contest_id, device)):
        return fits
    row = ChainWitness(
        contest_id=contest_id, seq=seq, hash=digits, fits=fits, source=source, device=device[:100],
        by_id=actor.user_id, at=clock.now(),
    )
    with writing():
        if fits:
            db.session.add(row)
            db.session.commit()
        else:
            with work(actor, "chain.misfit", contest_id=contest_id, subject=f"link {seq}",
                      hash=digits, device=device, source=source):
                db.session.add(row)
    return fits


def is_strange(contest_id, shown):
    """True when this is a head that can be read and is not on the chain; nothing is kept."""
    head = read_head(shown)
    return head is not None and not chain_queries.is_prefix(contest_id, *head)


def _was_kept_lately(contest_id, device):
    key, now = (str(db.engine.url), contest_id, device), time.monotonic()
    if now - _kept.get(key, now - KEPT_EVERY) < KEPT_EVERY:
        return True
    _kept[key] = now
    return False
