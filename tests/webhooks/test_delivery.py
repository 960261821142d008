"""Figure 37 with real processes: the sender of `contest serve`, receivers good and bad, kills in between."""

import os
import random
import subprocess
import sys
import time
from pathlib import Path

from contest import serving
from contest.db import about_to_write, db
from contest.webhooks.models import Webhook, WebhookMessage
from contest.webhooks.sending import send
from contest.webhooks.signing_rules import headers, new_secret
from tests.webhooks.scenes import LOOPBACK, Receiver, make_honour, revoke, subscribe, wait_until

ROOT = Path(__file__).parents[2]
IS_FULL = os.environ.get("CONTEST_SOAK") == "1"
MESSAGES, KILLS = (1_000, 20) if IS_FULL else (12, 2)


def environment(app, tmp_path):
    return {
        **os.environ, "CONTEST_DATABASE": app.config["SQLALCHEMY_DATABASE_URI"],
        "CONTEST_DATA": str(tmp_path), "CONTEST_SECRET_KEY": app.config["SECRET_KEY"],
        "CONTEST_CODES_KEY": app.config["CODES_KEY"], "CONTEST_WEBHOOK_NETWORKS": "127.0.0.1/32",
    }


def revoke_many(count):
    """So many honours are revoked; the database is free for others afterwards."""
    for number in range(count):
        revoke(make_honour(f"工匠{number}"))
    release()


def release():
    db.session.commit()
    db.session.remove()


def state_of(webhook_id):
    """(state of each message, why the subscriber is paused), read anew."""
    about_to_write(False)
    states = [one.state for one in db.session.query(WebhookMessage).filter_by(webhook_id=webhook_id)]
    pause = db.session.get(Webhook, webhook_id).pause
    release()
    return states, pause


def test_every_message_arrives_and_is_taken_once_though_the_sender_is_killed(app, tmp_path):
    app.config["CODES_KEY"] = "the-key-of-the-codes-of-this-test-only"
    row, word = subscribe(app, "http://127.0.0.1:1999/")
    receiver = Receiver(tmp_path, ROOT / "docs/receive_webhooks.py", WEBHOOK_SECRET=word, PATH="/bin")
    row.url, webhook_id = receiver.url(), row.id
    revoke_many(MESSAGES)
    chance = random.Random(20261127)
    try:
        for _ in range(KILLS):
            child = serving._start(["webhooks"], environment(app, tmp_path))
            before = len(receiver.lines())
            wait_until(lambda before=before: len(receiver.lines()) > before or is_done(webhook_id))
            time.sleep(chance.random() / 20)
            child.kill()
            child.wait()
        # What was claimed by one that was killed is due again after a minute; nobody waits for it here.
        about_to_write(True)
        db.session.query(WebhookMessage).filter_by(state="waiting").update({"next_at": WebhookMessage.at})
        release()
        child = serving._start(["webhooks"], environment(app, tmp_path))
        wait_until(lambda: is_done(webhook_id), 600)
    finally:
        serving.stop([child])
        receiver.stop()

    taken = [line["id"] for line in receiver.lines()]
    ids = {one.message_id for one in db.session.query(WebhookMessage)}
    assert (len(taken), set(taken)) == (MESSAGES, ids)


def is_done(webhook_id):
    return set(state_of(webhook_id)[0]) == {"delivered"}


def test_no_subscriber_waits_for_a_bad_one_and_the_good_one_gets_everything(app, tmp_path):
    app.config["CODES_KEY"] = "the-key-of-the-codes-of-this-test-only"
    receiver = Receiver(tmp_path)
    paths = {
        "good": "ok", "later": "later", "failing": "fail", "hanging": "hang", "gone": "gone",
        "leading inside": "redirect/http:%2F%2F169.254.169.254%2Flatest",
    }
    hooks = {name: subscribe(app, receiver.url(path))[0].id for name, path in paths.items()}
    revoke_many(3)
    child = serving._start(["webhooks"], environment(app, tmp_path))
    try:
        wait_until(lambda: state_of(hooks["good"])[0] == ["delivered"] * 3)
        wait_until(lambda: state_of(hooks["gone"])[1] == "gone")
        (tmp_path / "taken.jsonl.ready").touch()
        wait_until(lambda: state_of(hooks["later"])[0] == ["delivered"] * 3)
        wait_until(lambda: sum("hang" in one["path"] for one in receiver.lines()) >= 2)
    finally:
        serving.stop([child])
        receiver.stop()

    for name in ("failing", "hanging", "leading inside"):
        assert state_of(hooks[name]) == (["waiting"] * 3, ""), name
    requests = receiver.lines()
    assert {one["path"].split("/")[1] for one in requests} == {
        "ok", "later", "fail", "hang", "gone", "redirect"}
    assert all("whsec" not in str(one) for one in requests)


def test_the_receiver_of_the_handbook_takes_a_message_once_and_no_other(tmp_path):
    """Altered, too old, of an old secret or sent twice: it takes nothing (figure 37)."""
    old, new, now = new_secret(), new_secret(), int(time.time())
    receiver = Receiver(tmp_path, ROOT / "docs/receive_webhooks.py", WEBHOOK_SECRET=new, PATH="/bin")
    body = b'{"type": "webhook.test", "data": {}}'
    tries = {
        "right": (headers([new], "msg_1", now, body), body, 204),
        "while the secret is exchanged": (headers([new, old], "msg_2", now, body), body, 204),
        "again": (headers([new], "msg_1", now, body), body, 204),
        "six minutes old": (headers([new], "msg_3", now - 360, body), body, 401),
        "of the future": (headers([new], "msg_4", now + 360, body), body, 401),
        "old secret": (headers([old], "msg_5", now, body), body, 401),
        "altered": (headers([new], "msg_6", now, body), body.replace(b"test", b"tost"), 401),
        "other id": (headers([new], "msg_7", now, body) | {"webhook-id": "msg_8"}, body, 401),
        "unsigned": ({}, body, 401),
    }
    try:
        found = {
            name: send(receiver.url(), given, sent, LOOPBACK).status
            for name, (given, sent, _) in tries.items()
        }
    finally:
        receiver.stop()

    assert found == {name: wanted for name, (_, _, wanted) in tries.items()}
    assert [line["id"] for line in receiver.lines()] == ["msg_1", "msg_2"]


def test_the_receiver_of_the_handbook_needs_nothing_but_python():
    done = subprocess.run(
        [sys.executable, "-I", "-S", "-c", "import runpy; runpy.run_path('docs/receive_webhooks.py')"],
        cwd=ROOT, check=False,
    )
    assert done.returncode == 0
