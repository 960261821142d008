"""Codes that change every half minute, as authenticator apps make them (RFC 6238: HMAC-SHA-1, six digits)."""

import base64
import hmac
import secrets
from urllib.parse import quote

STEP = 30  # seconds
DRIFT = 1  # so many steps a phone's clock may be off, either way
DIGITS = 6
SECRET_BYTES = 20  # as long as the hash, which RFC 4226 asks for


def new_secret():
    """A new secret, in base32 as apps take it."""
    return base64.b32encode(secrets.token_bytes(SECRET_BYTES)).decode()


def step_at(moment):
    """The number of the half minute in which a moment lies."""
    return int(moment.timestamp()) // STEP


def code_at(secret, step, digits=DIGITS):
    """The code of one half minute.

    >>> code_at("GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ", 59 // 30, 8)
    '94287082'
    """
    digest = hmac.digest(base64.b32decode(secret), step.to_bytes(8, "big"), "sha1")
    start = digest[-1] & 0x0F
    number = int.from_bytes(digest[start:start + 4], "big") & 0x7FFFFFFF
    return f"{number % 10**digits:0{digits}d}"


def matching_step(secret, code, moment):
    """The half minute whose code this is, at most one away from `moment`; None for a wrong code."""
    here = step_at(moment)
    fitting = [
        step for step in range(here - DRIFT, here + DRIFT + 1)
        if hmac.compare_digest(code_at(secret, step).encode(), code.encode())
    ]
    # The latest of them: what was accepted once is never accepted again, nor what came before it.
    return fitting[-1] if fitting else None


def enrolment_address(secret, login, issuer):
    """What the QR code says that an app scans."""
    return (
        f"otpauth://totp/{quote(issuer)}:{quote(login)}?secret={secret}&issuer={quote(issuer)}"
        f"&algorithm=SHA1&digits={DIGITS}&period={STEP}"
    )
