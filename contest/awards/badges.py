"""A certificate as an Open Badge 3.0: a credential of the W3C as a signed token (VC-JWT, EdDSA).

Written here and not with openbadgeslib: that library takes its key as a plain PEM text, while ours
may lie under a passphrase and is only ever opened as a Signer.
Source: Open Badges Specification 3.0, sections 8.2 (VC-JWT) and B.1 (data model); whether it was revoked
stands in a Bitstring Status List v1.0 (W3C), signed alike.
"""

import base64
import gzip
import json

CONTEXTS = [
    "https://www.w3.org/ns/credentials/v2",
    "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json",
]


# So many certificates share a list, by their numbers in the table: the least that the standard allows, so
# that whoever asks for a list does not say for whom.
LIST_SIZE = 131_072
TTL_S = 300  # so long a list may be kept by whoever asked


def list_of(certificate_id):
    """(number of the list, place in it) in which a certificate's state stands."""
    return divmod(certificate_id, LIST_SIZE)


def open_badge(certificate, signer, base, status_list):
    """The compact JWT of a certificate; `base` is the public address of the page that checks it.

    status_list: the public address of the list in which it stands whether it was revoked.
    """
    return _signed(_credential(certificate, base, status_list), signer)


def status_credential(places, signer, base, address, at):
    """The compact JWT of a list, a Bitstring Status List 1.0 of the W3C; places: those that do not stand."""
    bits = bytearray(LIST_SIZE // 8)
    for place in places:
        bits[place // 8] |= 0x80 >> place % 8
    return _signed({
        "@context": CONTEXTS[:1], "type": ["VerifiableCredential", "BitstringStatusListCredential"],
        "id": address, "issuer": base, "validFrom": _moment(at),
        "credentialSubject": {
            "id": f"{address}#list", "type": "BitstringStatusList", "statusPurpose": "revocation",
            "ttl": TTL_S * 1000, "encodedList": f"u{_plain(gzip.compress(bytes(bits), mtime=0))}",
        },
        "iss": base, "jti": address, "sub": f"{address}#list", "nbf": int(at.timestamp()),
    }, signer)


def _signed(facts, signer):
    header = {
        "alg": "EdDSA", "typ": "JWT",
        "jwk": {"kty": "OKP", "crv": "Ed25519", "x": _plain(signer.public)},
    }
    signed = f"{_part(header)}.{_part(facts)}"
    return f"{signed}.{_plain(signer.sign(signed.encode(), b''))}"


def _moment(at):
    return at.strftime("%Y-%m-%dT%H:%M:%SZ")


def _status(certificate, status_list):
    place = str(list_of(certificate.id)[1])
    return {
        "id": f"{status_list}#{place}", "type": "BitstringStatusListEntry", "statusPurpose": "revocation",
        "statusListIndex": place, "statusListCredential": status_list,
    }


def _credential(certificate, base, status_list):
    begins = _moment(certificate.issued_at)
    number = f"urn:uuid:{certificate.token[:8]}-{certificate.token[8:12]}-{certificate.token[12:16]}-" \
             f"{certificate.token[16:20]}-{certificate.token[20:]}"
    issuer = {"id": base, "type": ["Profile"], "name": certificate.issuer}
    return {
        "@context": CONTEXTS, "type": ["VerifiableCredential", "OpenBadgeCredential"],
        "id": number, "name": certificate.prize, "issuer": issuer, "validFrom": begins,
        "credentialStatus": _status(certificate, status_list),
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
