"""A tablet with a key of its own, as tests make one."""

import json
from base64 import urlsafe_b64encode
from hashlib import sha256

from cryptography.hazmat.primitives.asymmetric.ec import (
    ECDSA,
    SECP256R1,
    derive_private_key,
    generate_private_key,
)
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from contest.audit.device_signatures import key_text, operation_text, print_of
from contest.judging.tablet_queries import installation
from tests.judging.tablets import DEVICE, HEADERS, made


def text_of(raw):
    """Bytes as browsers write them."""
    return urlsafe_b64encode(raw).decode().rstrip("=")


class KeyedTablet:
    """A judge's tablet that signs what it sends. client: the judge's browser; user_id: whose it is.

    secret: the private half, for worlds that have to be alike; made by chance where it is left out.
    """

    def __init__(self, client, user_id, device=DEVICE, secret=None):
        self.client, self.user_id, self.device = client, user_id, device
        self.key = derive_private_key(secret, SECP256R1()) if secret else generate_private_key(SECP256R1())
        self.seq, self.last = 0, ""
        raw = self.key.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
        self.public = text_of(raw)

    @property
    def short(self):
        """The print of its key."""
        return print_of(self.public)

    def sign(self, text):
        """A signature as WebCrypto makes it."""
        one, other = decode_dss_signature(self.key.sign(text.encode(), ECDSA(SHA256())))
        return text_of(one.to_bytes(32, "big") + other.to_bytes(32, "big"))

    def show(self, **changes):
        """Show the key to the server; its answer."""
        body = {"v": 2, "device_id": self.device, "name": "7F3K", "public": self.public,
                "signature": self.sign(key_text(installation(), self.device, self.public))} | changes
        return self.client.post("/api/v1/tablets/keys", json=body, headers=HEADERS | self.here())

    def here(self):
        """The header that names the installation."""
        return {"X-Installation": installation()}

    def make(self, **changes):
        """The bytes of its next operation, as text."""
        self.seq += 1
        own = {"device_id": self.device} | ({"prev": self.last} if self.last else {})
        text = json.dumps(made(self.seq, **own | changes), ensure_ascii=False)
        self.last = sha256(text.encode()).hexdigest()
        return text

    def headers(self, sheet_id, text, **changes):
        """What a signed operation is sent with."""
        signed = operation_text(installation(), self.user_id, sheet_id, text)
        own = {"X-Key": self.short, "X-Signature": self.sign(signed)}
        return HEADERS | self.here() | own | changes

    def send(self, sheet_id, text=None, headers=None, **changes):
        """Send an operation; the answer."""
        text = text or self.make(**changes)
        return self.client.post(
            f"/api/v1/sheets/{sheet_id}/operations", data=text.encode(), content_type="application/json",
            headers=headers or self.headers(sheet_id, text),
        )
