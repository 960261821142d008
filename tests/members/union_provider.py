"""A union's sign-in as a process of its own: OpenID Connect on the standard library and `cryptography`.

It signs by itself, not with the library that is tested, and can be told (POST /control) to err in every
way that an attacker or a broken provider would.
"""

import base64
import hashlib
import hmac
import json
import secrets
import sys
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, unquote, urlencode, urlsplit

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding, rsa

CLIENT, SECRET = "contest", "a secret: with/signs%"


def b64(data):
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def number(value):
    return b64(value.to_bytes((value.bit_length() + 7) // 8, "big"))


class Provider:
    """What the process remembers. wish: how the next answers err."""

    def __init__(self):
        self.codes, self.wish, self.asked, self.keys = {}, {}, [], []
        self.change_key()

    def change_key(self):
        self.keys = [(secrets.token_hex(4), rsa.generate_private_key(65537, 2048))]

    def jwks(self):
        return {"keys": [
            {"kty": "RSA", "use": "sig", "alg": "RS256", "kid": kid,
             "n": number(key.public_key().public_numbers().n), "e": "AQAB"} for kid, key in self.keys
        ]}

    def id_token(self, issuer, nonce):
        now, (kid, key) = int(time.time()), self.keys[0]
        claims = {
            "iss": issuer, "aud": CLIENT, "sub": self.wish.get("subject", "worker-17"), "nonce": nonce,
            "iat": now, "exp": now + 300, **self.wish.get("claims", {}),
        }
        claims = {name: value for name, value in claims.items() if value is not None}
        header = {"alg": "RS256", "kid": kid, "typ": "JWT", **self.wish.get("header", {})}
        signed = f"{b64(json.dumps(header).encode())}.{b64(json.dumps(claims).encode())}"
        return f"{signed}.{b64(self._sign(header['alg'], key, signed.encode()))}"

    def _sign(self, algorithm, key, data):
        if algorithm == "none":
            return b""
        if algorithm == "HS256":  # with what everybody knows: the public key, as the classic attack does
            return hmac.digest(json.dumps(self.jwks()["keys"][0]).encode(), data, "sha256")
        if self.wish.get("foreign_key"):
            key = rsa.generate_private_key(65537, 2048)
        signature = key.sign(data, padding.PKCS1v15(), hashes.SHA256())
        return signature[:-1] + bytes([signature[-1] ^ 1]) if self.wish.get("broken") else signature


class Handler(BaseHTTPRequestHandler):
    def log_message(self, *_):
        pass

    @property
    def issuer(self):
        return f"http://127.0.0.1:{self.server.server_address[1]}"

    def do_GET(self):
        parts, provider = urlsplit(self.path), self.server.provider
        provider.asked.append(parts.path)
        if parts.path == "/.well-known/openid-configuration":
            return self.say({
                "issuer": self.issuer, "authorization_endpoint": f"{self.issuer}/authorize",
                "token_endpoint": f"{self.issuer}/token", "jwks_uri": f"{self.issuer}/jwks",
                **provider.wish.get("described", {}),
            })
        if parts.path == "/jwks":
            return self.say(provider.jwks())
        if parts.path == "/asked":
            return self.say({"asked": provider.asked})
        if parts.path == "/authorize":
            asked = {key: values[0] for key, values in parse_qs(parts.query).items()}
            code = secrets.token_urlsafe(16)
            provider.codes[code] = asked
            back = {"state": asked["state"], "code": code, "iss": self.issuer}
            back |= provider.wish.get("back", {})
            self.send_response(303)
            self.send_header("Location", asked["redirect_uri"] + "?" + urlencode(back))
            return self.end_headers()
        return self.say({}, 404)

    def do_POST(self):
        body = self.rfile.read(int(self.headers.get("Content-Length", 0))).decode()
        provider = self.server.provider
        if self.path == "/control":
            provider.wish = json.loads(body)
            if provider.wish.pop("change_key", False):
                provider.change_key()
            return self.say({})
        asked = {key: values[0] for key, values in parse_qs(body).items()}
        given = provider.codes.pop(asked.get("code"), None)  # a code works once
        known = base64.b64decode(self.headers.get("Authorization", "").removeprefix("Basic ") or b"").decode()
        name, _, secret = known.partition(":")
        challenge = b64(hashlib.sha256(asked.get("code_verifier", "").encode()).digest())
        if (
            given is None or (unquote(name), unquote(secret.replace("+", " "))) != (CLIENT, SECRET)
            or given["redirect_uri"] != asked["redirect_uri"] or given["code_challenge"] != challenge
            or given["code_challenge_method"] != "S256" or given["client_id"] != CLIENT
            or asked["grant_type"] != "authorization_code"
        ):
            return self.say({"error": "invalid_grant"}, 400)
        if where := provider.wish.get("redirect"):
            self.send_response(302)
            self.send_header("Location", where)
            return self.end_headers()
        return self.say({"token_type": "Bearer", "access_token": "x",
                         "id_token": provider.id_token(self.issuer, given["nonce"])})

    def say(self, document, status=200):
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.end_headers()
        self.wfile.write(json.dumps(document).encode())


if __name__ == "__main__":
    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        server.provider = Provider()
        print(server.server_address[1], flush=True)
        sys.stdin.close()
        server.serve_forever()
