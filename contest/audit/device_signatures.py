"""What a tablet signs with its own key, and whether a signed row of the ledger says what was signed.

Nothing but the standard library and the signatures' own: an exported archive is checked by these lines too.
The texts are described in docs/protocol.md; whatever changes in them needs a new first line.
"""

import hashlib
import json
from base64 import urlsafe_b64decode
from decimal import Decimal, InvalidOperation
from functools import lru_cache

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ec import (
    ECDSA,
    SECP256R1,
    EllipticCurvePublicKey,
)
from cryptography.hazmat.primitives.asymmetric.utils import Prehashed, encode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256

OPERATION, KEY = "contest-operation/1", "contest-key/1"
SIGNATURE_BYTES = 64  # r and s, 32 bytes each, as browsers write them
HANDED_IN = ("submit", "resubmit")
AS_SENT = ("op_id", "base_rev", "device_id", "device_seq")  # columns that say what was sent
# As contest.scoring.marks reads what people type.
_PLAIN = str.maketrans("０１２３４５６７８９．－＋", "0123456789.-+")
_VOID = ("x", "×", "void", "dnf", "dns")


def operation_text(installation, user_id, sheet_id, body):
    """What a judge's tablet signs: for whom, on which sheet, and the operation's own bytes as text."""
    return "\n".join((OPERATION, installation, str(user_id), str(sheet_id), body))


def key_text(installation, device_id, public):
    """What a tablet signs to show that the private half of a key is in its hand."""
    return "\n".join((KEY, installation, device_id, public))


def print_of(public):
    """A public key (base64url text) in short: 16 hexadecimal digits of its SHA-256; ValueError."""
    return hashlib.sha256(_bytes(public)).hexdigest()[:16]


def grouped_print(short):
    """The same in groups of four, as a tablet and the chief judge's desk show it.

    >>> grouped_print("7f3a91c2d04be611")
    '7F3A 91C2 D04B E611'
    """
    return " ".join(short[at:at + 4].upper() for at in range(0, len(short), 4))


def is_key(public):
    """Is this text the public half of a key on the curve that tablets use?"""
    try:
        _load(public)
    except ValueError:
        return False
    return True


def holds(public, signature, text):
    """Did the key with this public half sign this text? Keys and signatures are base64url texts."""
    return _is_signed(public, signature, hashlib.sha256(text.encode()).digest())


@lru_cache(maxsize=65_536)  # the desk asks for thousands of rows each time; what was signed once stays so
def _is_signed(public, signature, digest):
    try:
        raw, key = _bytes(signature), _load(public)
    except ValueError:
        return False
    if len(raw) != SIGNATURE_BYTES:
        return False
    halves = (int.from_bytes(raw[:32], "big"), int.from_bytes(raw[32:], "big"))
    try:
        key.verify(encode_dss_signature(*halves), digest, ECDSA(Prehashed(SHA256())))
    except InvalidSignature:
        return False
    return True


@lru_cache(maxsize=4096)
def _load(public):
    return EllipticCurvePublicKey.from_encoded_point(SECP256R1(), _bytes(public))


def _bytes(text):
    return urlsafe_b64decode(text + "=" * (-len(text) % 4))


def what_differs(row):
    """What of a signed row of the ledger its tablet did not sign, as a name of a column; "" when nothing.

    row: as an archive has it, `signer`, `signature` and `signed` in it. “signature”: it is not of that key.
    """
    if not holds(row["signer"], row["signature"], row["signed"]):
        return "signature"
    try:
        first, _, user_id, sheet_id, body = row["signed"].split("\n", 4)
        body = json.loads(body)
        said = {
            "signed": first == OPERATION,
            "by_id": int(user_id) == row.get("by_id"),
            "sheet_id": int(sheet_id) == row["sheet_id"],
            "kind": body["kind"] == ("submit" if row["kind"] in HANDED_IN else row["kind"]),
            "marks": _plain(body["marks"]) == _plain(row.get("marks") or {}),
            **{name: body.get(name) == row.get(name) for name in AS_SENT},
        }
    except (ValueError, KeyError, TypeError, AttributeError):
        return "signed"
    return next((name for name, is_so in said.items() if not is_so), "")


def body_of(row):
    """The operation's own bytes, as text, of a signed row."""
    return row["signed"].split("\n", 4)[4]


def _plain(mark):
    """A mark without what the ledger writes in one way and people in several: 8.50 is 8.5, ８ is 8."""
    if isinstance(mark, bool) or mark is None:
        return mark
    if isinstance(mark, int):
        return Decimal(mark)
    if isinstance(mark, dict):
        found = {key: _plain(value) for key, value in mark.items()}
        return {key: value for key, value in found.items() if value is not None}
    if isinstance(mark, list):
        found = [_plain(value) for value in mark]
        while found and found[-1] is None:
            found.pop()
        return found
    text = mark.strip().translate(_PLAIN).lower()
    if text in _VOID:
        return _VOID[0]
    try:
        return Decimal(text) if text else None
    except InvalidOperation:
        return text
