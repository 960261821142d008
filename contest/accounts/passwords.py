"""How passwords and PINs are kept: as slow hashes only, made outside of transactions."""

import secrets
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import VerificationError

from contest.accounts.rules import PIN_LENGTH

# Argon2id with OWASP's least figures: some 30 ms on a small server, so that sixty judges who
# enter in the same minute do not wait for each other, and 19 MiB for each attempt.
_hasher = PasswordHasher(time_cost=2, memory_cost=19_456, parallelism=1)

# Without letters and digits that look alike when printed.
_ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"


def hash_secret(text):
    """The hash under which a password or PIN is kept."""
    return _hasher.hash(text)


def is_secret(kept, text):
    """True when `kept` is the hash of `text`; without a hash it takes as long and is False."""
    try:
        return _hasher.verify(kept or _decoy(), text) and kept is not None
    except VerificationError:
        return False


@cache
def _decoy():
    return _hasher.hash(secrets.token_urlsafe(16))


def make_pin():
    """A new PIN of six digits."""
    return f"{secrets.randbelow(10**PIN_LENGTH):0{PIN_LENGTH}d}"


def make_words(groups=3, size=4):
    """A new random code for typing, in groups: three groups of four hold 59 bits."""
    return "-".join(
        "".join(secrets.choice(_ALPHABET) for _ in range(size)) for _ in range(groups)
    )
