"""Settings of one installation, read from the environment once and strictly."""

import ipaddress
import os
import re
import secrets
from importlib.util import find_spec
from pathlib import Path
from urllib.parse import urlsplit

ROOT = Path(__file__).resolve().parent.parent


SENDERS = (
    "CONTEST_CODE_SENDER must be console, file:/path or smtp(s)://user:password@host:port?from=address."
)


SMS_SECRET = re.compile(r"whsec_(?=.{32,88}$)(?:[A-Za-z0-9+/]{4})+(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?")


class BadSetting(Exception):
    """A setting that stops the start, with the sentence that says why."""


def _switch(name, default):
    text = os.environ.get(name, "").strip()
    if text == "":
        return default
    if text in {"1", "0"}:
        return text == "1"
    raise BadSetting(f"{name} is {text!r}; it must be 1, 0 or empty.")


def _whole_number(name, default, least, most):
    text = os.environ.get(name, "").strip()
    if text == "":
        return default
    if not text.isdecimal() or not least <= int(text) <= most:
        raise BadSetting(f"{name} is {text!r}; it must be a whole number from {least} to {most}.")
    return int(text)


def _address(name):
    text = os.environ.get(name, "").strip().rstrip("/")
    if text and not text.startswith(("http://", "https://")):
        raise BadSetting(f"{name} is {text!r}; it must begin with http:// or https://.")
    return text


def speaks_chinese():
    """True when the terminal's language is Chinese, or is not stated at all."""
    words = os.environ.get("LC_ALL") or os.environ.get("LC_MESSAGES") or os.environ.get("LANG") or ""
    return words == "" or words.lower().startswith("zh")


def data_folder():
    """The folder that holds the embedded database and the secret key; made when absent."""
    folder = Path(os.environ.get("CONTEST_DATA", "") or ROOT / "instance").resolve()
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def secret_key(folder):
    """The key that signs cookies: from the environment, else made once and kept in the data folder."""
    if given := os.environ.get("CONTEST_SECRET_KEY", ""):
        if len(given) < 32:
            raise BadSetting("CONTEST_SECRET_KEY is too short; it must have at least 32 characters.")
        return given
    return _kept_key(folder / "secret_key")


def codes_key(folder, may_make=True):
    """The key that seals blind codes at rest: never in the database, and not to be lost with it.

    "" where there is none and none may be made: whether one may, draw.sealing asks the database.
    """
    if given := os.environ.get("CONTEST_CODES_KEY", ""):
        if len(given) < 32:
            raise BadSetting("CONTEST_CODES_KEY is too short; it must have at least 32 characters.")
        return given
    path = codes_key_path(folder)
    return _kept_key(path) if may_make or path.exists() else ""


def codes_key_path(folder):
    """The file that holds that key: in the data folder, or elsewhere (a stick, another disk)."""
    given = os.environ.get("CONTEST_CODES_KEY_FILE", "").strip()
    if not given:
        return folder / "codes_key"
    path = Path(given)
    if not path.is_absolute():
        raise BadSetting(f"CONTEST_CODES_KEY_FILE is {given!r}; it must be a whole path: /mnt/stick/key.")
    if not path.parent.is_dir():
        raise BadSetting(f"CONTEST_CODES_KEY_FILE: there is no folder {path.parent}. Is the stick put in?")
    return path


def _kept_key(path):
    if not path.exists():
        _make_key(path)
    if path.stat().st_mode & 0o077:
        try:
            path.chmod(0o600)
        except OSError as error:
            raise BadSetting(f"{path} may be read by others. Allow its owner alone: chmod 600.") from error
    return path.read_text().strip()


def _make_key(path):
    """The file appears whole: another process of the same installation must not read half a key."""
    fresh = path.with_name(f"{path.name}.{secrets.token_hex(4)}")
    with open(fresh, "x", opener=lambda name, flags: os.open(name, flags, 0o600)) as file:
        file.write(secrets.token_urlsafe(48))
    try:
        os.link(fresh, path)
    except FileExistsError:
        pass  # The other one was first; both must sign alike.
    finally:
        fresh.unlink()


def code_sender():
    """How one-time codes are sent (members/sending.py); empty: not at all."""
    given = os.environ.get("CONTEST_CODE_SENDER", "").strip()
    if given not in ("", "console") and not given.startswith(("file:/", "smtp://", "smtps://")):
        raise BadSetting(SENDERS)
    return given


def sms_gateway():
    """How text messages are sent (letters/channels.py): the gateway's address and a secret."""
    url, secret = (os.environ.get(f"CONTEST_SMS_{key}", "").strip() for key in ("URL", "SECRET"))
    if url and not url.startswith(("https://", "http://")):
        raise BadSetting(f"CONTEST_SMS_URL is {url!r}; it must begin with https://.")
    if url and not SMS_SECRET.fullmatch(secret):
        raise BadSetting("CONTEST_SMS_URL needs CONTEST_SMS_SECRET: whsec_ and base64 of 24 to 64 bytes.")
    return {"SMS_URL": url, "SMS_SECRET": secret}


def is_safe_issuer(address):
    """True for https, or plain http on this very machine."""
    parts = urlsplit(address)
    is_here = parts.hostname in ("127.0.0.1", "localhost", "::1")
    return bool(parts.hostname) and (parts.scheme == "https" or parts.scheme == "http" and is_here)


def union_settings():
    """How a union's own sign-in is reached (members/union.py); an empty issuer: there is none."""
    issuer, client, name, path = (
        os.environ.get(f"CONTEST_OIDC_{key}", "").strip()
        for key in ("ISSUER", "CLIENT", "NAME", "SECRET_FILE")
    )
    if issuer and not client:
        raise BadSetting("CONTEST_OIDC_ISSUER needs CONTEST_OIDC_CLIENT, by which the issuer knows us.")
    if issuer and not is_safe_issuer(issuer):
        raise BadSetting("CONTEST_OIDC_ISSUER must begin with https:// (http:// on this machine alone).")
    if issuer and find_spec("jwt") is None:
        raise BadSetting("CONTEST_OIDC_ISSUER needs the extra sso: pip install 'contest[sso]'.")
    try:
        secret = Path(path).read_text(encoding="utf-8").strip() if path else ""
    except OSError as error:
        raise BadSetting(f"CONTEST_OIDC_SECRET_FILE cannot be read: {error.strerror}.") from error
    return {"OIDC": {"issuer": issuer, "client": client, "secret": secret, "name": name or client}}


def backup_minutes():
    """While marks are taken, so old at most is the newest copy of the database; 0: none are made."""
    return _whole_number("CONTEST_BACKUP_MINUTES", 5, 0, 1440)


def follow_to():
    """The folder in the second place that follows the database within seconds; empty: none does."""
    return os.environ.get("CONTEST_FOLLOW_TO", "").strip()


def feed_key():
    """The key that public nodes and their origin sign with; empty: there is no feed."""
    given = os.environ.get("CONTEST_FEED_KEY", "").strip()
    if given and len(given) < 32:
        raise BadSetting("CONTEST_FEED_KEY is too short; it must have at least 32 characters.")
    return given


def needed_feed_key():
    """The feed's key of a public node, which is nothing without one."""
    if not (key := feed_key()):
        raise BadSetting("A public node needs CONTEST_FEED_KEY (or --key-file), the same as its origin's.")
    return key


def audience_limits():
    """What the board's process takes on: listeners in all and from one address, proxies in front."""
    return {
        "MOST_LISTENERS": _whole_number("CONTEST_MOST_LISTENERS", 20_000, 0, 1_000_000),
        # A whole hall often has one address; so the limit is only against a single mischief.
        "MOST_PER_ADDRESS": _whole_number("CONTEST_MOST_PER_ADDRESS", 10_000, 0, 1_000_000),
        # How many proxies of one's own stand in front: so many names of X-Forwarded-For are believed.
        "PROXIES": _whole_number("CONTEST_PROXIES", 0, 0, 9),
    }


def own_words():
    """Words that are no passwords here, beside the names of contests; separated by commas."""
    return tuple(filter(None, (part.strip() for part in os.environ.get("CONTEST_OWN_WORDS", "").split(","))))


def time_zone():
    """The zone in which moments are shown."""
    return os.environ.get("CONTEST_TIME_ZONE", "") or "Asia/Shanghai"


def addresses(name):
    """Several addresses, separated by commas."""
    found = [text.strip().rstrip("/") for text in os.environ.get(name, "").split(",") if text.strip()]
    if wrong := [text for text in found if not text.startswith(("http://", "https://"))]:
        raise BadSetting(f"{name} is {wrong[0]!r}; it must begin with http:// or https://.")
    return found


def webhook_networks():
    """The private networks that webhooks may be sent into: a union's own, separated by commas."""
    name = "CONTEST_WEBHOOK_NETWORKS"
    found = []
    for text in filter(None, (part.strip() for part in os.environ.get(name, "").split(","))):
        try:
            found.append(ipaddress.ip_network(text))
        except ValueError as wrong:
            raise BadSetting(f"{name} is {text!r}; it must be a network such as 10.20.0.0/16.") from wrong
    return tuple(found)


def settings():
    """Every setting of the program as a dict for Flask; raises BadSetting with a sentence."""
    folder = data_folder()
    database = os.environ.get("CONTEST_DATABASE", "") or f"sqlite:///{folder / 'contest.sqlite'}"
    if not database.startswith(("sqlite:///", "postgresql+psycopg://")):
        raise BadSetting(
            "CONTEST_DATABASE must begin with sqlite:/// or postgresql+psycopg://."
        )
    return {
        "DATA_FOLDER": folder,
        "SECRET_KEY": secret_key(folder),
        "CODES_KEY": codes_key(folder, may_make=False),
        "SQLALCHEMY_DATABASE_URI": database,
        "REDIS_URL": os.environ.get("CONTEST_REDIS", ""),
        # Installations that share a Redis each need a channel of their own.
        "REDIS_CHANNEL": os.environ.get("CONTEST_REDIS_CHANNEL", "") or "contest-board",
        # How tablets reach the office; the codes on cards printed by a command lead there.
        "ADDRESS": _address("CONTEST_ADDRESS"),
        # Where the audience's board lives when it has a process of its own; empty: served here.
        "BOARD_URL": os.environ.get("CONTEST_BOARD_URL", "").rstrip("/"),
        # The local address on which the board node hears that something changed; 0: no node.
        "NUDGE_PORT": _whole_number("CONTEST_NUDGE_PORT", 0, 0, 65535),
        **audience_limits(),
        # Public nodes: the key of the feed, and those to whom it is brought because they cannot ask.
        "FEED_KEY": feed_key(),
        "FEED_AUTHORITY": os.environ.get("CONTEST_FEED_CA", "") or None,
        "PUSH_TO": addresses("CONTEST_PUSH_TO"),
        "WEBHOOK_NETWORKS": webhook_networks(),
        # The last public board as files in the data folder, for when everything else is down.
        "KEPT_COPIES": _switch("CONTEST_KEPT_COPIES", True),
        # The private key that signs bulletins; on a stick of its own where it is used only to publish.
        # Empty: in the data folder.
        "SIGNING_KEY": os.environ.get("CONTEST_SIGNING_KEY", ""),
        "KEY_PASSPHRASE": os.environ.get("CONTEST_KEY_PASSPHRASE", ""),
        # The keys that seal personal data, in a file of their own. Empty: in the data folder.
        "PERSONAL_KEYS": os.environ.get("CONTEST_PERSONAL_KEYS", "") or folder / "personal_keys.json",
        # The terms of retention (members/retention.toml is the example); empty: those that are shipped.
        "RETENTION": os.environ.get("CONTEST_RETENTION", "").strip(),
        # How one-time codes are sent: console, file:/path, smtp(s)://…; empty: they are only handed out.
        "CODE_SENDER": code_sender(),
        **sms_gateway(),
        # A union's own sign-in by OpenID Connect.
        **union_settings(),
        # Where verified copies of the database are kept; empty: beside it. 0 minutes: none are made.
        "BACKUP_TO": os.environ.get("CONTEST_BACKUP_TO", "").strip(),
        "BACKUP_MINUTES": backup_minutes(),
        "FOLLOW_TO": follow_to(),
        "OWN_WORDS": own_words(),
        "SECURE_COOKIES": _switch("CONTEST_SECURE_COOKIES", False),
        "TIME_ZONE": time_zone(),
        "MAX_CONTENT_LENGTH": 20 * 1024 * 1024,
        "MAX_FORM_MEMORY_SIZE": 4 * 1024 * 1024,
        "MAX_FORM_PARTS": 2000,
        "WTF_CSRF_TIME_LIMIT": None,  # The token lives as long as the session: a long lunch loses no work.
        "SESSION_COOKIE_SAMESITE": "Lax",
        "SESSION_COOKIE_HTTPONLY": True,
    }
