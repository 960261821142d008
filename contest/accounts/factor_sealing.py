"""Secrets of second factors at rest: whoever reads the database alone can make no code.

AES-256-GCM under a key that is derived from the installation's secret key, bound to the account's number:
put beside another account it does not open.
"""

import base64
import hmac
import os

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from flask import current_app

from contest.errors import Conflict
from contest.i18n import N_

NONCE = 12


def seal_secret(secret, user_id):
    """The secret as it lies in the database."""
    nonce = os.urandom(NONCE)
    return base64.b64encode(nonce + _cipher().encrypt(nonce, secret.encode(), _place(user_id))).decode()


def open_secret(sealed, user_id):
    """The secret again; Conflict where the server's secret key is another one by now."""
    data = base64.b64decode(sealed)
    try:
        return _cipher().decrypt(data[:NONCE], data[NONCE:], _place(user_id)).decode()
    except InvalidTag as foreign:
        raise Conflict(N_(
            "The server's secret key was replaced, so no code can be checked. Two others must reset your "
            "second factor, or use a recovery code."
        )) from foreign


def _cipher():
    key = current_app.config["SECRET_KEY"]
    key = key if isinstance(key, bytes) else key.encode()
    return AESGCM(hmac.digest(key, b"second factor", "sha256"))


def _place(user_id):
    return f"second_factor:{user_id}".encode()
