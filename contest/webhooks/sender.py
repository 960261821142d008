"""The process beside the servers that tells: it delivers messages, and each hour tells of what is late.

One subscriber does not wait for another.
"""

import logging
import os
import signal
import sqlite3
import sys
import threading
import time

from sqlalchemy.exc import SQLAlchemyError

from contest.db import db
from contest.errors import Refusal
from contest.member_services import reminding
from contest.webhooks import outbox_actions, queries

LOOK_EVERY_S, AGAIN_AFTER_S = 1, 10
HOUR_S = 3600
MOST_IN_A_ROW = 100
log = logging.getLogger(__name__)


def keep(app):
    """Deliver what is due for as long as the process lives; a thread for each subscriber that is served."""
    os.nice(5)
    for told in (signal.SIGTERM, signal.SIGINT):
        signal.signal(told, lambda *_: sys.exit(0))
    at_work, next_hour = {}, 0.0
    while True:
        if time.monotonic() >= next_hour:
            _within(app, outbox_actions.forget_old)
            _within(app, reminding.remind)
            next_hour = time.monotonic() + HOUR_S
        due = _within(app, queries.due_webhooks)
        for webhook_id in due or ():
            if webhook_id not in at_work or not at_work[webhook_id].is_alive():
                # What a thread has begun when the process ends is tried again: its claim runs out.
                at_work[webhook_id] = threading.Thread(
                    target=_within, args=(app, serve_one, webhook_id), daemon=True
                )
                at_work[webhook_id].start()
        time.sleep(AGAIN_AFTER_S if due is None else LOOK_EVERY_S)


def serve_one(webhook_id):
    """Deliver a subscriber's due messages, the oldest first, until one is not taken; how many were."""
    for count in range(MOST_IN_A_ROW):
        if not outbox_actions.deliver_next(webhook_id):
            return count
    return MOST_IN_A_ROW


def deliver_once():
    """Deliver to every subscriber what is due, one after another; how many messages were taken."""
    outbox_actions.forget_old()
    return sum(serve_one(webhook_id) for webhook_id in queries.due_webhooks())


def _within(app, act, *given):
    with app.app_context():
        try:
            return act(*given)
        except (OSError, sqlite3.Error, SQLAlchemyError) as failed:
            # A locked or absent database: what was not noted is tried again.
            log.warning("webhooks wait: %s", failed)
            return None
        except Refusal as refused:
            # Data that came here without their keys: what needs none goes on, as outbox_actions does.
            log.warning("not told: %s", refused)
            return None
        finally:
            db.session.remove()
