"""Signatures by the Standard Webhooks scheme: against its published example and its own library."""

import runpy
from datetime import UTC, datetime
from pathlib import Path

import pytest
from standardwebhooks import Webhook, WebhookVerificationError

from contest.webhooks import signing_rules
from contest.webhooks.signing_rules import ID, SIGNATURE, TIME, headers

RECEIVER = runpy.run_path(str(Path(__file__).parents[2] / "docs/receive_webhooks.py"))
is_genuine = RECEIVER["is_genuine"]  # the handbook's

SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
MESSAGE, AT = "msg_p5jXN8AQM9LWM0D4loKWxJek", 1614265330
BODY = b'{"test": 2432232314}'


def now_s():
    return int(datetime.now(UTC).timestamp())


def test_the_published_example_has_the_published_signature():
    assert headers([SECRET], MESSAGE, AT, BODY) == {
        ID: MESSAGE, TIME: str(AT), SIGNATURE: "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
    }


@pytest.mark.parametrize("body", ['{"type":"honour.revoked","data":{"name":"技术能手 ‖ 𠮷"}}', "{}"])
def test_the_schemes_own_library_and_the_handbooks_receiver_take_what_we_sign(body):
    secret, at = signing_rules.new_secret(), datetime.now(UTC)
    library = Webhook(secret)
    ours = headers([secret], "msg_1", int(at.timestamp()), body.encode())

    assert library.verify(body, ours) is not None
    assert library.sign("msg_1", at, body) == ours[SIGNATURE]
    assert is_genuine([secret], ours, body.encode(), now_s())


def test_while_a_secret_is_exchanged_each_of_the_two_opens_the_message():
    old, new, at = signing_rules.new_secret(), signing_rules.new_secret(), now_s()
    given = headers([new, old], MESSAGE, at, BODY)

    assert len(given[SIGNATURE].split()) == 2
    for secret in (old, new):
        assert Webhook(secret).verify(BODY, given)
        assert is_genuine([secret], given, BODY, at)


def spoiled(secret, at):
    """Messages that nobody may take, each with what is wrong with it (figure 37)."""
    right = headers([secret], MESSAGE, at, BODY)
    yield "body", right, BODY.replace(b"2", b"3", 1)
    yield "id", right | {ID: "msg_other"}, BODY
    yield "later time", right | {TIME: str(at + 1)}, BODY
    yield "six minutes old", headers([secret], MESSAGE, at - 360, BODY), BODY
    yield "of the future", headers([secret], MESSAGE, at + 360, BODY), BODY
    yield "old secret", headers([signing_rules.new_secret()], MESSAGE, at, BODY), BODY
    yield "version", right | {SIGNATURE: right[SIGNATURE].replace("v1,", "v2,")}, BODY
    yield "none", right | {SIGNATURE: ""}, BODY
    for name in (ID, TIME, SIGNATURE):
        yield f"without {name}", {key: text for key, text in right.items() if key != name}, BODY


SPOILED = [name for name, _, _ in spoiled(SECRET, AT)]


@pytest.mark.parametrize("which", SPOILED)
def test_what_was_altered_is_refused_by_the_handbooks_receiver_and_by_the_library(which):
    at = now_s()
    given, body = next((h, b) for name, h, b in spoiled(SECRET, at) if name == which)

    assert not is_genuine([SECRET], given, body, at)
    with pytest.raises((WebhookVerificationError, ValueError)):
        Webhook(SECRET).verify(body, given)
