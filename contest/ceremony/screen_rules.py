"""What a screen may show, what it says of itself, and which pictures are taken."""

import hashlib
import re
import struct
import unicodedata
from dataclasses import dataclass
from datetime import timedelta

from contest.board.rules import read_moment
from contest.errors import Invalid
from contest.i18n import LANGUAGES, N_
from contest.numbers import read_whole

SHOWS = {
    "board": N_("Board"), "reveal": N_("Reveal"), "message": N_("Message"),
    "countdown": N_("Countdown"), "sponsors": N_("Sponsors"), "blank": N_("Dark screen"),
}
LISTS = {
    "": N_("Everything in turn"), "entrants": N_("Individuals"), "teams": N_("Teams"),
    "race": N_("Team race"), "organisations": N_("Units"), "modules": N_("Module by module"),
}
LONGEST_NAME = 40
LONGEST_TITLE = 60
LONGEST_TEXT = 300
MOST_SCREENS = 40
SILENT = timedelta(seconds=10)
# A page speaks every few seconds; not every word is worth a write.
HEARD_AGAIN = timedelta(seconds=3)
MOST_BYTES = 5 * 1024 * 1024
MOST_PICTURES = 40
WIDEST = 8192
PICTURES = {"png": "image/png", "jpg": "image/jpeg"}


@dataclass(frozen=True)
class Health:
    """How a screen does. kind: good, dark (it shows nothing), silent, new (never heard), late."""

    kind: str
    seconds: int | None

    @property
    def is_alarm(self):
        """True when somebody should go and look."""
        return self.kind in ("dark", "silent", "new")


def health(now, seen_at, is_dark, meant_dark, is_current):
    """The Health of a screen. meant_dark: it was switched to nothing; is_current: it shows what it should."""
    if seen_at is None:
        return Health("new", None)
    seconds = max(0, int((now - seen_at).total_seconds()))
    if now - seen_at > SILENT:
        return Health("silent", seconds)
    if is_dark and not meant_dark:
        return Health("dark", seconds)
    return Health("good" if is_current else "late", seconds)


def mark_of(facts):
    """A short name of what a screen is to show: equal while nothing changes."""
    return hashlib.sha256(repr(facts).encode()).hexdigest()[:12]


def read_heard(words):
    """(mark, is dark) of what a page says of itself; anything odd is nothing."""
    mark = words.get("shown", "")
    return (mark if re.fullmatch("[0-9a-f]{12}", mark) else ""), words.get("dark") == "1"


def is_worth_a_write(now, seen_at, before, heard):
    """Whether what a page says is written down: something else than before, or a while later."""
    return seen_at is None or before != heard or now - seen_at >= HEARD_AGAIN


def read_name(text):
    """A screen's name; Invalid when it is empty or too long."""
    name = _one_line(text)
    if not 1 <= len(name) <= LONGEST_NAME:
        raise _wrong("name", N_("The name must have 1 to %(most)s characters."), most=LONGEST_NAME)
    return name


def read_language(text):
    """A screen speaks Chinese or English."""
    if text not in LANGUAGES:
        raise _wrong("screen_language", N_("Choose the language of the screen."))
    return text


def read_show(form, zone, pictures, groups=()):
    """(what, options) of a form that switches a screen; Invalid names the field.

    pictures: ids of the contest's pictures; groups: those its entrants compete in.
    """
    shows = form.get("shows", "")
    if shows not in SHOWS:
        raise _wrong("shows", N_("Choose what the screen shows."))
    readers = {
        "board": lambda form, zone: _board(form, groups), "message": _message, "countdown": _countdown,
        "sponsors": lambda form, zone: _sponsors(form, pictures),
    }
    return shows, readers[shows](form, zone) if shows in readers else {}


def _board(form, groups):
    shown, group = form.get("list") or "", form.get("board_group") or ""
    if shown not in LISTS:
        raise _wrong("list", N_("Choose what the screen shows."))
    if group and group not in groups:
        raise _wrong("board_group", N_("Choose one of the contest's groups."))
    rows, seconds = read_whole(form.get("rows") or "8", 0), read_whole(form.get("seconds") or "9", 0)
    if not 3 <= rows <= 20:
        raise _wrong("rows", N_("From 3 to 20 lines a page."))
    if not 3 <= seconds <= 120:
        raise _wrong("seconds", N_("From 3 to 120 seconds a page."))
    options = {"list": shown, "rows": rows, "seconds": seconds}
    return {**options, "group": group} if group else options


def _message(form, _zone):
    title, text = _title(form), _lines(form.get("text"))
    if not title and not text:
        raise _wrong("title", N_("Write what the screen says."))
    return {"title": title, "text": text}


def _countdown(form, zone):
    moment = read_moment(form.get("moment"), zone)
    return {"title": _title(form), "until": moment.isoformat()}


def _sponsors(form, pictures):
    chosen = [read_whole(one, 0) for one in form.getlist("pictures")]
    if not chosen or not set(chosen) <= set(pictures):
        raise _wrong("pictures", N_("Choose at least one picture."))
    seconds = read_whole(form.get("seconds") or "9", 0)
    if not 3 <= seconds <= 120:
        raise _wrong("seconds", N_("From 3 to 120 seconds a page."))
    return {"pictures": chosen, "seconds": seconds, "title": _title(form)}


def _title(form):
    title = _one_line(form.get("title"))
    if len(title) > LONGEST_TITLE:
        raise _wrong("title", N_("At most %(most)s characters."), most=LONGEST_TITLE)
    return title


def _lines(text):
    lines = "\n".join(_one_line(line) for line in (text or "").splitlines()).strip()
    if len(lines) > LONGEST_TEXT:
        raise _wrong("text", N_("At most %(most)s characters."), most=LONGEST_TEXT)
    return lines


def _one_line(text):
    spaced = " ".join(unicodedata.normalize("NFC", text or "").split())
    return "".join(c for c in spaced if unicodedata.category(c) not in {"Cc", "Cf"}).strip()


def read_picture(name, content):
    """(name, ending) of a picture that is taken; Invalid with the reason for any other file."""
    clean = _one_line((name or "").replace("\\", "/").rpartition("/")[2])[-80:] or "–"
    if not content:
        raise _wrong("picture", N_("Choose a picture."))
    if len(content) > MOST_BYTES:
        raise _wrong("picture", N_("The picture is too large: at most %(most)s MB are taken."),
                     most=MOST_BYTES // 1024 // 1024)
    size = _png_size(content) or _jpeg_size(content)
    if size is None:
        raise _wrong("picture", N_("“%(name)s” is not taken: send a PNG or JPG picture."), name=clean)
    if not all(1 <= side <= WIDEST for side in size):
        raise _wrong("picture", N_("The picture is too large: at most %(most)s dots a side."), most=WIDEST)
    return clean, "png" if content.startswith(b"\x89PNG") else "jpg"


def hash_of(content):
    """A picture's fingerprint."""
    return hashlib.sha256(content).hexdigest()


def _png_size(content):
    if not content.startswith(b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR") or len(content) < 33:
        return None
    return struct.unpack(">II", content[16:24]) if b"IEND\xaeB`\x82" in content[-1024:] else None


def _jpeg_size(content):
    """Width and height from the first frame header; None for anything that is no whole JPEG."""
    if not content.startswith(b"\xff\xd8\xff") or b"\xff\xd9" not in content[-1024:]:
        return None
    at = 2
    while at + 9 < len(content) and content[at] == 0xFF:
        marker = content[at + 1]
        if 0xC0 <= marker <= 0xCF and marker not in (0xC4, 0xC8, 0xCC):
            height, width = struct.unpack(">HH", content[at + 5 : at + 9])
            return width, height
        at += 2 + struct.unpack(">H", content[at + 2 : at + 4])[0]
    return None


def _wrong(field, sentence, **params):
    return Invalid(sentence, fields={field: Invalid(sentence, **params)}, **params)
