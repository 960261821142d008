"""A receiver as a process, a subscriber that sends to it, and something to be told."""

import ipaddress
import json
import subprocess
import sys
import time
from datetime import date
from pathlib import Path

from contest import clock
from contest.audit.work import Actor
from contest.db import db
from contest.people.models import Human
from contest.registry import actions as registry
from contest.registry.models import Craftsman, Honour
from contest.webhooks import actions
from tests import factories

HERE = Path(__file__).parent
ORGANISER = Actor(None, "周组委")
LOOPBACK = (ipaddress.ip_network("127.0.0.0/8"),)


class Receiver:
    """A process that takes messages, well or badly."""

    def __init__(self, folder, script=HERE / "receiver.py", name="taken.jsonl", **environment):
        self.log = Path(folder) / name
        self.child = subprocess.Popen(
            [sys.executable, str(script), "0", str(self.log)], stdout=subprocess.PIPE, text=True,
            env=environment or None,
        )
        self.port = int(self.child.stdout.readline())

    def url(self, path=""):
        return f"http://127.0.0.1:{self.port}/{path}"

    def lines(self):
        return [json.loads(line) for line in self.log.read_text("utf-8").splitlines()] if (
            self.log.exists()) else []

    def stop(self):
        self.child.kill()
        self.child.wait()
        self.child.stdout.close()


def subscribe(app, url, topics=("honour",), services=(), facts=(), keeps_test=False):
    """(the subscriber's row, its secret); its test message is thrown away unless a test wants it."""
    app.config["WEBHOOK_NETWORKS"] = LOOPBACK
    row, word = actions.add_webhook(ORGANISER, "市职工服务系统", url, topics, services, facts)
    if not keeps_test:
        db.session.execute(db.text("DELETE FROM webhook_message"))
        db.session.commit()
    return row, word


def make_honour(name="钟一", state="listed"):
    """Somebody on the register with one honour."""
    human = Human(name=name, organisation=factories.make_organisation(f"{name[1:]}字水泥"))
    craftsman = Craftsman(token=f"token-of-{name}", human=human)
    honour = Honour(
        craftsman=craftsman, name="技术能手", granted_on=date(2026, 11, 20), evidence={}, state=state,
        confirmed_at=clock.now(),
    )
    db.session.add_all([human, craftsman, honour])
    db.session.commit()
    return honour


def revoke(honour, reason="误发"):
    """Take an honour back, as the curator does."""
    registry.revoke_honour(ORGANISER, honour.id, reason)


def wait_until(true, patience_s=60):
    """Ask again and again; the patience only ends a broken test."""
    until = time.monotonic() + patience_s
    while not true():
        assert time.monotonic() < until
        time.sleep(0.05)
