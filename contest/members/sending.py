"""Bringing one-time codes to people: by mail, into a file, or onto the server's console.

By mail alone; another way is another class here with `send(to, subject, text)`. News may go by text
message too, from a later area.
"""

import logging
import os
import smtplib
import ssl
import stat
import sys
import threading
from dataclasses import dataclass
from email.message import EmailMessage
from pathlib import Path
from urllib.parse import parse_qs, unquote, urlsplit

from contest.config import SENDERS, BadSetting

log = logging.getLogger(__name__)
TIMEOUT = 10  # seconds


class BadSender(BadSetting):
    """What is set for the sender is none of the ways that there are."""


@dataclass(frozen=True)
class Console:
    """For trying out: the code stands where the server was started."""

    def send(self, to, subject, text):
        print(f"{to}: {subject}\n{text}", file=sys.stderr, flush=True)


@dataclass(frozen=True)
class File:
    """Each message is added to a file, which another program carries on."""

    path: Path

    def send(self, to, subject, text):
        with open(self.path, "a", encoding="utf-8",
                  opener=lambda name, flags: os.open(name, flags, 0o600)) as file:
            _keep_to_owner(file)
            file.write(f"{to}\t{subject}\t{text}\n")


def _keep_to_owner(file):
    """Codes are read by the owner alone, also from a file that was there before; a pipe stays as it is."""
    found = os.fstat(file.fileno())
    if stat.S_ISREG(found.st_mode) and found.st_mode & 0o077:
        os.fchmod(file.fileno(), 0o600)


@dataclass(frozen=True)
class Mail:
    """By SMTP; smtps from the first byte, smtp with STARTTLS unless the server is this machine."""

    host: str
    port: int
    is_tls: bool
    user: str
    password: str
    sender: str

    def send(self, to, subject, text):
        message = EmailMessage()
        message["From"], message["To"], message["Subject"] = self.sender, to, subject
        message.set_content(text)
        context = ssl.create_default_context()
        if self.is_tls:
            server = smtplib.SMTP_SSL(self.host, self.port, timeout=TIMEOUT, context=context)
        else:
            server = smtplib.SMTP(self.host, self.port, timeout=TIMEOUT)
        with server:
            if not self.is_tls and self.host not in ("localhost", "127.0.0.1", "::1"):
                server.starttls(context=context)
            if self.user:
                server.login(self.user, self.password)
            server.send_message(message)


def sender_of(text):
    """The sender that a setting names (console, file:PATH, smtp(s)://…?from=…), or None for ""; BadSender."""
    if not text:
        return None
    if text == "console":
        return Console()
    parts = urlsplit(text)
    if parts.scheme == "file" and parts.path:
        return File(Path(unquote(parts.path)))
    sender = parse_qs(parts.query).get("from", [""])[0]
    if parts.scheme in ("smtp", "smtps") and parts.hostname and "@" in sender:
        is_tls = parts.scheme == "smtps"
        return Mail(
            parts.hostname, parts.port or (465 if is_tls else 587), is_tls, unquote(parts.username or ""),
            unquote(parts.password or ""), sender,
        )
    raise BadSender(SENDERS)


def send_apart(sender, to, subject, text):
    """Send without letting whoever asks wait: how long it takes would tell that there is an account."""
    thread = threading.Thread(target=_send, args=(sender, to, subject, text), daemon=True)
    thread.start()
    return thread


def _send(sender, to, subject, text):
    try:
        sender.send(to, subject, text)
    except (OSError, smtplib.SMTPException) as failed:
        # Neither the address nor the code goes into a log.
        log.warning("A one-time code could not be sent: %s", type(failed).__name__)
