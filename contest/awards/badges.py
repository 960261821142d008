"""A certificate as an Open Badge 3.0: a credential of the W3C as a signed token (VC-JWT, EdDSA).

Written here and not with openbadgeslib: that library takes its key as a plain PEM text, while ours
may lie under a passphrase and is only ever opened as a Signer.
Source: Open Badges Specification 3.0, sections 8.2 (VC-JWT) and B.1 (data model).
"""

import base64
import json

CONTEXTS = [
    "https://www.w3.org/ns/credentials/v2",
    "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json",
]


def open_badge(certificate, signer, base):
    """The compact JWT of a certificate; `base` is the public address of the page that checks it."""
    header = {
        "alg": "EdDSA", "typ": "JWT",
        "jwk": {"kty": "OKP", "crv": "Ed25519", "x": _plain(signer.public)},
    }
    signed = f"{_part(header)}.{_part(_credential(certificate, base))}"
    return f"{signed}.{_plain(signer.sign(signed.encode(), b''))}"


def _credential(certificate, base):
    begins = certificate.issued_at.strftime("%Y-%m-%dT%H:%M:%SZ")
    number = f"urn:uuid:{certificate.token[:8]}-{certificate.token[8:12]}-{certificate.token[12:16]}-" \
             f"{certificate.token[16:20]}-{certificate.token[20:]}"
    issuer = {"id": base, "type": ["Profile"], "name": certificate.issuer}
    return {
        "@context": CONTEXTS, "type": ["VerifiableCredential", "OpenBadgeCredential"],
        "id": number, "name": certificate.prize, "issuer": issuer, "validFrom": begins,
        "credentialSubject": {
            "type": ["AchievementSubject"],
            "identifier": [{
                "type": "IdentityObject", "hashed": False, "identityHash": certificate.name,
                "identityType": "name",
            }],
            "achievement": {
                "id": f"{base}?achievement={certificate.contest_id}-{certificate.award_id}",
                "type": ["Achievement"], "achievementType": "Award", "name": certificate.prize,
                "description": f"{certificate.event} · {certificate.prize}",
                "criteria": {"narrative": certificate.event},
            },
        },
        "iss": base, "jti": number, "sub": number, "nbf": int(certificate.issued_at.timestamp()),
    }


def _part(facts):
    return _plain(json.dumps(facts, ensure_ascii=False, separators=(",", ":")).encode())


def _plain(data):
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()
