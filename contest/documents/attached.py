"""Which files people may send with something: told by their first bytes, few, small, never run."""

import hashlib
import unicodedata
from dataclasses import dataclass

from contest.errors import Invalid
from contest.i18n import N_

MOST_FILES = 3
MOST_BYTES = 5 * 1024 * 1024
LONGEST_NAME = 80
# What a file begins with, and ends with where its kind has an end: {ending: (kind, beginning, end)}.
KINDS = {
    "pdf": ("application/pdf", b"%PDF-", b"%%EOF"),
    "jpg": ("image/jpeg", b"\xff\xd8\xff", b"\xff\xd9"),
    "jpeg": ("image/jpeg", b"\xff\xd8\xff", b"\xff\xd9"),
    "png": ("image/png", b"\x89PNG\r\n\x1a\n", b"IEND\xaeB`\x82"),
}
# What others sent is shown as a document of no site: it runs and loads nothing, and no page frames it.
UPLOAD_POLICY = "default-src 'none'; sandbox; frame-ancestors 'none'"
# Cameras and scanners may write a little behind the end of a file.
TAIL = 1024


@dataclass(frozen=True)
class Attachment:
    """A file that was taken. name: for people only, never a path."""

    name: str
    ending: str
    content: bytes

    @property
    def sha256(self):
        """The file's fingerprint."""
        return hashlib.sha256(self.content).hexdigest()


def read_attachments(files):
    """The Attachments among pairs (name, content); Invalid with the sentence for the first wrong one."""
    given = [(name, content) for name, content in files if name or content]
    if len(given) > MOST_FILES:
        raise _refused(N_("At most %(most)s files are taken."), most=MOST_FILES)
    return tuple(_read(name, content) for name, content in given)


def _read(name, content):
    clean = _clean(name)
    ending = clean.rpartition(".")[2].lower() if "." in clean else ""
    if ending not in KINDS:
        raise _refused(N_("“%(name)s” is not taken: send a PDF, JPG or PNG file."), name=clean)
    if not content:
        raise _refused(N_("“%(name)s” is empty."), name=clean)
    if len(content) > MOST_BYTES:
        raise _refused(
            N_("“%(name)s” is too large: at most %(most)s MB are taken."),
            name=clean, most=MOST_BYTES // 1024 // 1024,
        )
    _, begins, ends = KINDS[ending]
    if not content.startswith(begins) or ends not in content[-TAIL:]:
        raise _refused(
            N_("“%(name)s” is not what its name says, or it is cut off. Save it again as PDF, JPG or PNG."),
            name=clean,
        )
    return Attachment(clean, ending, content)


def _clean(name):
    """A file's name without folders, control and direction characters."""
    last = unicodedata.normalize("NFC", name or "").replace("\\", "/").rpartition("/")[2]
    kept = "".join(c for c in last if unicodedata.category(c)[0] != "C").strip()
    return kept[-LONGEST_NAME:] or "–"


def _refused(sentence, **params):
    return Invalid(sentence, fields={"files": Invalid(sentence, **params)}, **params)
