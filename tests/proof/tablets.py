"""Tablets as programs: each keeps every operation until the server has said what became of it."""

import http.client
import json
import random
import threading
from dataclasses import dataclass, field
from datetime import UTC, datetime
from uuid import uuid4

from contest.accounts.models import User
from contest.db import db
from tests import factories
from tests.judging.panels import make_panel

PATIENCE = 2  # seconds for one answer; who waits longer sends again
MARKS = [f"{half / 2:g}" for half in range(21)]
TROUBLE = (OSError, http.client.HTTPException, ValueError, KeyError)


@dataclass
class Sent:
    """One operation as it lies in a tablet's store. answer: (status, document), or None so far."""

    sheet: int
    body: dict
    answer: tuple | None = None
    tries: int = 0

    @property
    def is_stored(self):
        """True when the server has said that it holds this operation."""
        return self.answer is not None and self.answer[0] == 200


@dataclass
class Tablet:
    """One judge's device: its sheets with the revision it knows, and all that it ever sent."""

    cookie: str
    sheets: dict  # sheet id: known revision
    chance: random.Random
    port: int = 0
    ops: list = field(default_factory=list)

    def author(self, kind="draft"):
        """Write an operation on one of the sheets into the store; it is not sent yet."""
        sheet = self.chance.choice(sorted(self.sheets))
        body = {
            "op_id": str(uuid4()), "base_rev": self.sheets[sheet], "kind": kind,
            "marks": {"A1": self.chance.choice(MARKS), "A2": {}},
        }
        self.ops.append(Sent(sheet, body))
        return self.ops[-1]

    def send(self, op):
        """Send an operation once; what came back, or None when nothing that is ours came."""
        op.tries += 1
        try:
            answer = post(self.port, self.cookie, op.sheet, op.body)
        except TROUBLE:
            return None
        if answer[0] in (200, 409, 422, 423):
            op.answer = answer
            if answer[0] == 200 or "rev" in answer[1]:
                self.sheets[op.sheet] = answer[1]["rev"]
        return op.answer


def post(port, cookie, sheet, body):
    """(status, document) of one operation; TROUBLE when the answer is not one of the program's."""
    return _ask(port, cookie, f"/api/v1/sheets/{sheet}/operations", body)


def _ask(port, cookie, path, body):
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE)
    try:
        connection.request(
            "POST", path, json.dumps(body),
            {"Content-Type": "application/json", "X-Contest": "1", "Cookie": f"session={cookie}"},
        )
        answer = connection.getresponse()
        content = answer.read()
        if answer.getheader("X-App") != "contest" or answer.status >= 500:
            raise ValueError("not an answer that settles anything")
        return answer.status, json.loads(content)
    finally:
        connection.close()


def pulse(tablet, number):
    """What the server tells a tablet every twenty seconds: among others its epoch and the revisions."""
    body = {
        "v": 2, "device_id": f"{number:032x}", "name": f"{number}", "now": datetime.now(UTC).isoformat(),
        "version": "test", "made": 0, "unsent": 0, "refused": 0, "clashing": 0, "battery": None,
        "is_charging": None, "keeps_pages": True, "is_lasting": True, "sheet": None,
    }
    return _ask(tablet.port, tablet.cookie, "/api/v1/tablets", body)[1]


def offer_again(tablet):
    """What a tablet does that finds another epoch: all that was accepted, once more, with its old bytes.

    Per sheet in the order of revisions; each must come to the same revision. How many the server lacked.
    """
    lacked = 0
    for op in sorted((op for op in tablet.ops if op.is_stored), key=lambda op: op.answer[1]["rev"]):
        before = op.answer[1]
        op.answer = None
        settle_one(tablet, op)
        assert (op.answer[0], op.answer[1]["rev"]) == (200, before["rev"])
        lacked += not op.answer[1]["replayed"]
    return lacked


def make_tablets(app, count=4, sheets=4, seed=1):
    """A contest that is judged with so many tablets, each with open sheets of its own."""
    panel = make_panel(entrants=(count + 1) // 2 * sheets)
    cookies = {}
    found = []
    for number in range(count):
        judge = panel.judges[number % 2]
        if judge.id not in cookies:
            browser = factories.browser_of(app, db.session.get(User, judge.user_id))
            cookies[judge.id] = browser.get_cookie("session").value
        own = range(number // 2 * sheets, (number // 2 + 1) * sheets)
        known = {panel.sheet(at, seat=number % 2 + 1).id: 0 for at in own}
        found.append(Tablet(cookies[judge.id], known, random.Random(seed * 100 + number)))
    return panel, found


def in_threads(tablets, act):
    """Run act(tablet) for every tablet at once; what one of them raised is raised here."""
    raised = []

    def run(tablet):
        try:
            act(tablet)
        except BaseException as error:  # carried into the test's own thread
            raised.append(error)

    threads = [threading.Thread(target=run, args=(tablet,)) for tablet in tablets]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if raised:
        raise raised[0]


def write_until(done, pause=None):
    """act(tablet) for in_threads: author and send until done() says so, then settle what is open."""
    def act(tablet):
        while not done():
            op = tablet.author()
            while tablet.send(op) is None and not done():
                if pause is not None:
                    pause()

    return act


def settle(tablets, tries=60, pause=None):
    """Send again whatever has no answer; every operation has one afterwards."""
    for tablet in tablets:
        for op in tablet.ops:
            settle_one(tablet, op, tries, pause)


def settle_one(tablet, op, tries=60, pause=None):
    """Send one operation until it has an answer."""
    for _ in range(tries):
        if op.answer is not None:
            break
        if tablet.send(op) is None and pause is not None:
            pause()
    assert op.answer is not None, "an operation is still without an answer"


def check_conservation(tablets, stored):
    """authored = stored + refused + conflicting, each exactly once; nothing is stored besides.

    stored: rows (op_id, sheet_id, rev, base_rev, marks) of the ledger. Returns how many of each.
    """
    by_op = {}
    for op_id, *row in stored:
        assert op_id not in by_op, "an operation was stored twice"
        by_op[op_id] = row
    counts = {"stored": 0, "refused": 0, "conflicting": 0}
    for tablet in tablets:
        for op in tablet.ops:
            status, document = op.answer
            row = by_op.pop(op.body["op_id"], None)
            if status == 200:
                assert row is not None, "an acknowledged operation was lost"
                sheet, rev, base_rev, marks = row
                assert (sheet, rev, marks) == (op.sheet, document["rev"], op.body["marks"])
                assert base_rev == op.body["base_rev"] == rev - 1
                counts["stored"] += 1
            else:
                assert row is None, "an operation was stored and yet refused"
                counts["conflicting" if status == 409 else "refused"] += 1
    assert by_op == {}, "something is stored that nobody wrote"
    revs = {}
    for _, sheet, rev, *_ in stored:
        revs.setdefault(sheet, []).append(rev)
    assert all(sorted(found) == list(range(1, len(found) + 1)) for found in revs.values())
    return counts
