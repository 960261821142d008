"""The process beside the servers that looks at every chain: at each start, then every few minutes."""

import logging
import os
import time
from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.exc import SQLAlchemyError

from contest import clock
from contest.audit.chain_checks import check_now
from contest.audit.chain_models import ChainLink
from contest.backups.witness_actions import tell_witnesses
from contest.db import db
from contest.members.sending import sender_of
from contest.setup.models import Contest

LOOK_EVERY_S = 15
# Changed past the program, a row is found within this (reliability.md, 5.1 and figure 23); where
# results are final, within a day. An archived contest is looked at once at each start.
LIVE_EVERY, FINAL_EVERY = timedelta(minutes=5), timedelta(days=1)
log = logging.getLogger(__name__)


def keep(app):
    """Look for as long as the process lives; it never hurries the office."""
    os.nice(10)
    looked = {}
    while True:
        with app.app_context():
            watch(looked)
            tell(app.config["CODE_SENDER"])
            db.session.remove()
        time.sleep(LOOK_EVERY_S)


def watch(looked):
    """Check the chains that are due, and note when in looked ({contest id: moment}); returns their ids.

    What is found stands on the desk and in the trail (chain_checks.check_now).
    """
    begun = select(ChainLink.seq).where(ChainLink.contest_id == Contest.id)
    contests = db.session.execute(select(Contest.id, Contest.state).where(begun.exists())).all()
    db.session.rollback()
    due = [
        contest_id for contest_id, state in contests if is_due(state, looked.get(contest_id), clock.now())
    ]
    for contest_id in due:
        try:
            check_now(contest_id, "background")
        except SQLAlchemyError as failed:
            # A database that is away or full is told elsewhere; the next look tries again.
            log.warning("the chain of contest %s was not checked: %s", contest_id, failed)
            db.session.rollback()
            continue
        looked[contest_id] = clock.now()
    return due


def tell(setting):
    """Send heads to the witnesses outside where that is due; a database that is away is asked again later."""
    try:
        tell_witnesses(sender_of(setting))
    except SQLAlchemyError as failed:
        log.warning("the witnesses of the chains were not told: %s", failed)
        db.session.rollback()


def is_due(state, looked_at, now):
    """Whether a contest's chain is looked at now; looked_at: None in a process that has just begun."""
    if looked_at is None:
        return True
    if state == "archived":
        return False
    return now - looked_at >= (FINAL_EVERY if state == "final" else LIVE_EVERY)
