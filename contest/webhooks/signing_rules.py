"""Signing a message and knowing a genuine one, by the Standard Webhooks scheme (its specification, 1.0)."""

import base64
import binascii
import hmac
import secrets

from contest.errors import Refusal

SECRET_MARK = "whsec_"
SECRET_BYTES = 32  # the scheme asks for 24 to 64
TOLERANCE_S = 300
ID, TIME, SIGNATURE = "webhook-id", "webhook-timestamp", "webhook-signature"


class NotGenuine(Refusal):
    """A message that nobody who has the secret signed, or one that is too old."""


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


def check_genuine(valid, given, body, now_s):
    """The id of a message that somebody with one of the secrets signed within five minutes; NotGenuine.

    given: the headers, their names in small letters. Whoever keeps the ids of the last ten minutes can
    tell a message that was sent again.
    """
    try:
        message_id, at_s, signatures = given[ID], int(given[TIME]), given[SIGNATURE].split()
    except (KeyError, ValueError) as lacking:
        raise NotGenuine("A header of the scheme is missing or no number.") from lacking
    if abs(now_s - at_s) > TOLERANCE_S:
        raise NotGenuine("The message is too old, or of the future.")
    try:
        wanted = [signature(secret, message_id, at_s, body).encode() for secret in valid]
    except binascii.Error as broken:
        raise NotGenuine("The secret is none of this scheme.") from broken
    # Every pair is compared, so that the time tells nothing.
    if not sum(hmac.compare_digest(one.encode(), own) for one in signatures for own in wanted):
        raise NotGenuine("No signature fits.")
    return message_id
