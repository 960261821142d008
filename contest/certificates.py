"""A venue's own certificate authority, and a certificate of it for the addresses of this machine.

The authority is made once and never overwritten: tablets trust it by hand.
"""

import ipaddress
import os
import socket
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from contest import clock

AUTHORITY_DAYS = 5 * 365
# Tablets refuse certificates that are valid for longer than about thirteen months.
SERVER_DAYS = 397
RENEW_BEFORE = timedelta(days=14)


@dataclass(frozen=True)
class Papers:
    """Where the files of a venue lie, and for whom the server's certificate speaks."""

    authority: Path
    certificate: Path
    key: Path
    names: tuple[str, ...]
    is_new: bool  # the authority was made just now
    fingerprint: str


def prepare(folder, names):
    """The venue's papers in `folder` for these names and addresses: made where they are missing."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    authority, authority_key, is_new = _authority(folder)
    names = tuple(dict.fromkeys(names))
    path, key_path = folder / "server.pem", folder / "server.key"
    if not _still_serves(path, key_path, authority, names):
        _make_server(path, key_path, authority, authority_key, names)
    digest = authority.fingerprint(hashes.SHA256()).hex().upper()
    shown = ":".join(digest[at:at + 2] for at in range(0, len(digest), 2))
    return Papers(folder / "ca.pem", path, key_path, names, is_new, shown)


def names_of_this_machine(host):
    """How tablets may call this machine: its address in the room, its name, and itself."""
    found = [host] if host not in {"0.0.0.0", "::", ""} else []
    name = socket.gethostname()
    return [*found, name, f"{name.split('.')[0]}.local", "localhost", "127.0.0.1"]


def _authority(folder):
    path, key_path = folder / "ca.pem", folder / "ca.key"
    if path.exists():
        key = serialization.load_pem_private_key(key_path.read_bytes(), None)
        return x509.load_pem_x509_certificate(path.read_bytes()), key, False
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([
        x509.NameAttribute(NameOID.ORGANIZATION_NAME, "Jiangsai 匠赛"),
        x509.NameAttribute(NameOID.COMMON_NAME, f"Jiangsai venue {clock.now():%Y-%m-%d}"),
    ])
    usage = {"digital_signature": False, "content_commitment": False, "key_encipherment": False,
             "data_encipherment": False, "key_agreement": False, "key_cert_sign": True,
             "crl_sign": True, "encipher_only": False, "decipher_only": False}
    certificate = (
        _begun(name, name, key.public_key(), AUTHORITY_DAYS)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(x509.KeyUsage(**usage), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .sign(key, hashes.SHA256())
    )
    # The key first: an authority without its key could never make another certificate.
    _write_once(key_path, _as_pem(key))
    _write_once(path, certificate.public_bytes(serialization.Encoding.PEM))
    return certificate, key, True


def _still_serves(path, key_path, authority, names):
    if not path.exists() or not key_path.exists():
        return False
    certificate = x509.load_pem_x509_certificate(path.read_bytes())
    held = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    is_ours = certificate.issuer == authority.subject
    is_fresh = certificate.not_valid_after_utc > clock.now() + RENEW_BEFORE
    return is_ours and is_fresh and set(held) >= {_general(name) for name in names}


def _make_server(path, key_path, authority, authority_key, names):
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, names[0][:64])])
    certificate = (
        _begun(subject, authority.subject, key.public_key(), SERVER_DAYS)
        .add_extension(x509.SubjectAlternativeName([_general(name) for name in names]), critical=False)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
        .add_extension(
            x509.AuthorityKeyIdentifier.from_issuer_public_key(authority_key.public_key()),
            critical=False,
        )
        .sign(authority_key, hashes.SHA256())
    )
    for old in (path, key_path):
        old.unlink(missing_ok=True)
    _write_once(key_path, _as_pem(key))
    _write_once(path, certificate.public_bytes(serialization.Encoding.PEM))


def _begun(subject, issuer, public_key, days):
    now = clock.now()
    return (
        x509.CertificateBuilder().subject_name(subject).issuer_name(issuer).public_key(public_key)
        .serial_number(x509.random_serial_number())
        # A tablet whose clock is a day behind must not refuse it.
        .not_valid_before(now - timedelta(days=2)).not_valid_after(now + timedelta(days=days))
    )


def _general(name):
    try:
        return x509.IPAddress(ipaddress.ip_address(name))
    except ValueError:
        return x509.DNSName(name)


def _as_pem(key):
    return key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )


def _write_once(path, content):
    """Never over a file that is there, and readable by nobody else."""
    with open(path, "xb", opener=lambda name, flags: os.open(name, flags, 0o600)) as file:
        file.write(content)
