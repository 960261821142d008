"""Signing a message by the Standard Webhooks scheme (its specification, 1.0)."""

import base64
import hmac
import secrets

SECRET_MARK = "whsec_"
SECRET_BYTES = 32  # the scheme asks for 24 to 64
ID, TIME, SIGNATURE = "webhook-id", "webhook-timestamp", "webhook-signature"


def new_secret():
    """A fresh secret in the form in which it is shown: whsec_ and base64."""
    return SECRET_MARK + base64.b64encode(secrets.token_bytes(SECRET_BYTES)).decode()


def signature(secret, message_id, at_s, body):
    """The signature v1 over id, time (whole seconds) and body (bytes) with one secret."""
    key = base64.b64decode(secret.removeprefix(SECRET_MARK), validate=True)
    signed = f"{message_id}.{at_s}.".encode() + body
    return "v1," + base64.b64encode(hmac.digest(key, signed, "sha256")).decode()


def headers(valid, message_id, at_s, body):
    """The three headers of one try; valid: every secret that holds now, while one is exchanged two."""
    return {
        ID: message_id, TIME: str(at_s),
        SIGNATURE: " ".join(signature(secret, message_id, at_s, body) for secret in valid),
    }
