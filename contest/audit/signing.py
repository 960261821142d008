"""The key with which this installation signs: made once, kept in a file of its own, never in the database."""

import hashlib
import os
from dataclasses import dataclass

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
)
from sqlalchemy import select

from contest.audit.chain_models import SigningKey
from contest.audit.chain_rules import grouped
from contest.db import db
from contest.errors import Conflict

BULLETIN_DOMAIN = b"contest-bulletin/1\n"


@dataclass(frozen=True)
class Signer:
    """A private key that was opened."""

    key: Ed25519PrivateKey

    @property
    def public(self):
        """The 32 bytes of the public half."""
        return self.key.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)

    @property
    def fingerprint(self):
        """The public half in short, as it is printed."""
        return fingerprint_of(self.public)

    def sign(self, data, domain=BULLETIN_DOMAIN):
        """The 64 bytes of the signature on a bulletin's bytes, or on another kind's by its domain."""
        return self.key.sign(domain + data)


def fingerprint_of(public):
    """Eight groups of four digits of the SHA-256 of a public key."""
    return grouped(hashlib.sha256(public).digest())


def make_key(path, passphrase=""):
    """Make a key and write it to `path`, readable by its owner only; the Signer.

    A key that was there stays beside it under the first digits of its public half.
    """
    made = Ed25519PrivateKey.generate()
    lock = BestAvailableEncryption(passphrase.encode()) if passphrase else NoEncryption()
    data = made.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, lock)
    fresh = path.with_suffix(".new")
    with open(fresh, "xb", opener=lambda name, flags: os.open(name, flags, 0o600)) as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    if path.exists():
        path.rename(path.with_name(f"{path.stem}-until-{Signer(made).public.hex()[:8]}{path.suffix}"))
    fresh.rename(path)
    return Signer(made)


def open_key(path, passphrase=""):
    """The Signer of a key file, or None where there is no file; Conflict when it cannot be opened."""
    try:
        data = path.read_bytes()
    except FileNotFoundError:
        return None
    except OSError as error:
        raise Conflict("The signing key cannot be read: %(why)s.", why=error.strerror) from error
    if path.stat().st_mode & 0o077:
        raise Conflict(
            "The file of the signing key may be read by others. Allow its owner alone: chmod 600."
        )
    try:
        key = load_pem_private_key(data, passphrase.encode() if passphrase else None)
    except (ValueError, TypeError) as error:
        raise Conflict(
            "The signing key cannot be opened: the passphrase is missing or wrong."
        ) from error
    if not isinstance(key, Ed25519PrivateKey):
        raise Conflict("The signing key is not an Ed25519 key.")
    return Signer(key)


def is_signed(public, data, signature, domain=BULLETIN_DOMAIN):
    """Does the signature on these bytes of this kind hold under this public key?"""
    from cryptography.exceptions import InvalidSignature

    try:
        Ed25519PublicKey.from_public_bytes(public).verify(signature, domain + data)
    except (InvalidSignature, ValueError):
        return False
    return True


def list_keys():
    """Every key that this installation has signed with, the newest first."""
    return db.session.scalars(select(SigningKey).order_by(SigningKey.id.desc())).all()


def find_key(public):
    """The row of a public key, or None for one that is not ours."""
    return db.session.scalar(select(SigningKey).filter_by(public=public))
