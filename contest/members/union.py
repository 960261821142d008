"""A union's own sign-in: OpenID Connect, authorization code with PKCE, ID token checked by the issuer's keys.

What a token says is believed only after PyJWT has checked its signature, issuer, audience and times;
nonce, state and the algorithms that are allowed are checked here.
"""

import base64
import hashlib
import hmac
import json
import secrets
import threading
import time
import urllib.error
import urllib.request
from dataclasses import dataclass, field
from urllib.parse import urlencode, urlsplit

from contest.config import is_safe_issuer
from contest.errors import Conflict

# Signatures by private keys alone: a shared secret or none at all proves nothing.
ALGORITHMS = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "EdDSA")
TIMEOUT = 8  # seconds
LARGEST = 256 * 1024  # bytes of an answer
KEPT_FOR = 3600  # seconds that the issuer's description and keys are kept
LEEWAY = 60  # seconds that the clocks may differ


@dataclass(frozen=True)
class Union:
    """How the union's sign-in is reached. secret "": a public client, by PKCE alone."""

    issuer: str
    client: str
    secret: str = field(repr=False)
    name: str


@dataclass(frozen=True)
class Identity:
    """Who somebody is to another system."""

    issuer: str
    subject: str


@dataclass(frozen=True)
class Journey:
    """What must come back with somebody who was sent to the union's sign-in."""

    state: str
    nonce: str
    verifier: str

    @classmethod
    def begin(cls):
        """A new one, of random words."""
        return cls(*(secrets.token_urlsafe(32) for _ in range(3)))


def address_of(union, journey, back):
    """Where the browser is sent; `back` is our address to which it returns."""
    challenge = base64.urlsafe_b64encode(hashlib.sha256(journey.verifier.encode()).digest())
    there = _endpoint(union, "authorization_endpoint")
    return there + ("&" if urlsplit(there).query else "?") + urlencode({
        "response_type": "code", "client_id": union.client, "redirect_uri": back, "scope": "openid",
        "state": journey.state, "nonce": journey.nonce,
        "code_challenge": challenge.rstrip(b"=").decode(), "code_challenge_method": "S256",
    })


def identity_of(union, journey, answer, back):
    """The Identity behind the answer (dict of the address's values); Conflict with one sentence if none."""
    if not hmac.compare_digest(journey.state.encode(), answer.get("state", "").encode()):
        raise _refused()
    if answer.get("iss", union.issuer) != union.issuer:
        raise _refused()
    if "error" in answer or not answer.get("code"):
        raise Conflict("The union's sign-in was broken off. Begin again.")
    token = _fetch_token(union, answer["code"], journey.verifier, back)
    claims = _claims(union, token)
    if not hmac.compare_digest(str(claims.get("nonce", "")).encode(), journey.nonce.encode()):
        raise _refused()
    several = isinstance(claims["aud"], list) and len(claims["aud"]) > 1
    if (several or "azp" in claims) and claims.get("azp") != union.client:
        raise _refused()
    if not isinstance(claims["sub"], str) or not 1 <= len(claims["sub"]) <= 255:
        raise _refused()
    return Identity(union.issuer, claims["sub"])


def _refused():
    return Conflict("The answer of the union's sign-in does not fit the question. Begin again.")


def _unreachable():
    return Conflict(
        "The union's sign-in does not answer as it should. Try again later, or come in another way."
    )


def _fetch_token(union, code, verifier, back):
    values = {
        "grant_type": "authorization_code", "code": code, "redirect_uri": back, "code_verifier": verifier,
    }
    headers = {}
    known = _described(union).get("token_endpoint_auth_methods_supported", ["client_secret_basic"])
    if not union.secret:
        values["client_id"] = union.client
    elif "client_secret_basic" in known:
        pair = "&".join(urlencode({"": each})[1:] for each in (union.client, union.secret)).replace("&", ":")
        headers["Authorization"] = "Basic " + base64.b64encode(pair.encode()).decode()
    else:
        values |= {"client_id": union.client, "client_secret": union.secret}
    answer = _ask(_endpoint(union, "token_endpoint"), urlencode(values).encode(), headers)
    if not isinstance(answer.get("id_token"), str):
        raise _refused()
    return answer["id_token"]


def _claims(union, token):
    import jwt

    try:
        header = jwt.get_unverified_header(token)
        if header.get("alg") not in ALGORITHMS:
            raise _refused()
        key = _key(union, header.get("kid"), header["alg"])
        return jwt.decode(
            token, key, algorithms=[header["alg"]], audience=union.client, issuer=union.issuer,
            leeway=LEEWAY, options={"require": ["exp", "iat", "sub", "aud", "iss"]},
        )
    except jwt.PyJWTError as wrong:
        raise _refused() from wrong


def _key(union, name, algorithm):
    """The issuer's public key of this name; asked for anew once, for issuers change their keys."""
    import jwt

    for is_fresh in (False, True):
        keys = _cached(_endpoint(union, "jwks_uri"), is_fresh)
        found = [
            one for one in jwt.PyJWKSet.from_dict(keys).keys
            if (name is None or one.key_id == name) and one.public_key_use in (None, "sig")
            and one.algorithm_name in (None, algorithm)
        ]
        # Without a name there must be no choice.
        if len(found) == 1:
            return found[0]
    raise _refused()


def _described(union):
    document = _cached(union.issuer.rstrip("/") + "/.well-known/openid-configuration")
    if document.get("issuer") != union.issuer:
        raise _unreachable()
    return document


def _endpoint(union, name):
    address = _described(union).get(name)
    is_kept = isinstance(address, str) and is_safe_issuer(address)
    # An issuer behind https never leads into the open, nor to this machine.
    if not is_kept or urlsplit(union.issuer).scheme == "https" and urlsplit(address).scheme != "https":
        raise _unreachable()
    return address


_kept = {}
_lock = threading.Lock()


def _cached(address, is_fresh=False):
    with _lock:
        known = _kept.get(address)
    if known and not is_fresh and known[0] > time.monotonic():
        return known[1]
    found = _ask(address)
    with _lock:
        _kept[address] = (time.monotonic() + KEPT_FOR, found)
    return found


def forget():
    """Ask the issuer anew for its description and keys."""
    with _lock:
        _kept.clear()


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_):
        return None  # a code or a secret goes to the address that was described, to no other


def _ask(address, data=None, headers=None):
    asked = urllib.request.Request(address, data, {"Accept": "application/json", **(headers or {})})
    opener = urllib.request.build_opener(_NoRedirect, urllib.request.ProxyHandler({}))
    try:
        with opener.open(asked, timeout=TIMEOUT) as answer:
            text = answer.read(LARGEST + 1)
        found = json.loads(text) if len(text) <= LARGEST else None
    except urllib.error.HTTPError as refused:
        raise (_refused() if data is not None else _unreachable()) from refused
    except (OSError, ValueError, RecursionError) as failed:
        raise _unreachable() from failed
    if not isinstance(found, dict):
        raise _unreachable()
    return found
