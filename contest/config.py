"""Settings of one installation, read from the environment once and strictly."""

import os
import secrets
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


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
    path = folder / "secret_key"
    try:
        with open(path, "x", opener=lambda name, flags: os.open(name, flags, 0o600)) as file:
            file.write(secrets.token_urlsafe(48))
    except FileExistsError:
        pass  # Another process of the same installation made it first; both must sign alike.
    return path.read_text().strip()


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
        "SECURE_COOKIES": _switch("CONTEST_SECURE_COOKIES", False),
        "TIME_ZONE": os.environ.get("CONTEST_TIME_ZONE", "") or "Asia/Shanghai",
        "MAX_CONTENT_LENGTH": 20 * 1024 * 1024,
        "MAX_FORM_MEMORY_SIZE": 4 * 1024 * 1024,
        "MAX_FORM_PARTS": 2000,
        "WTF_CSRF_TIME_LIMIT": None,  # The token lives as long as the session: a long lunch loses no work.
        "SESSION_COOKIE_SAMESITE": "Lax",
        "SESSION_COOKIE_HTTPONLY": True,
    }
