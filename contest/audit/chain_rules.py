"""The chain of what happened in a contest: how a row becomes a link, and what a check of links finds.

Nothing but the standard library: an exported archive is checked by these lines without Flask and
without a database. The format is described in docs/chain.md; whatever changes here that moves a hash
needs a new domain tag.
"""

import hashlib
import json
import re
import struct
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

DOMAIN = b"contest-chain/1"
CONTENT_DOMAIN = b"contest-row/1"
NOTHING = bytes(32)  # what stands before the first link
SALT_BYTES = 16
# Rows that decide a result, or whether it may be published, and are never changed, bound once each, …
DECIDING = (
    "penalty", "theory_entry", "recorded_figure", "quiz_entry", "quiz_setting", "state_event",
    "tie_ruling", "stage_opening", "result_sheet", "awards_left_out", "correction",
    "committee_decision", "stated_moment", "notice", "notice_change", "review_draw", "review_addition",
    "sheet_check", "check_statement", "paper_sample", "signature", "score_check", "score_statement",
    "annulment", "unchanged_reason", "device_ruling",
)
ROWS = {"revision": "sheet_revision", "trail": "trail", **{name: name for name in DECIDING}}
# … and rows that may change or go: a link for every change, of which the latest one is compared.
KEPT = (
    "contest", "plan_version", "team", "entrant", "committee_vote", "award", "reopening", "appeal",
    "objection",
)
# What has no table of its own: the beginning, the rules frozen, the installation's key, a signed
# bulletin, rows taken in as they were found at an upgrade, the end, awards of teams shared behind it.
RECORDS = ("genesis", "plan", "key", "bulletin", "found", "close", "share")
KINDS = (*ROWS, *KEPT, *RECORDS)
# Rows of the trail that say whose sheet it is that somebody wrote on; their subject is “sheet 12”.
TELL_PLACES = (
    *(f"sheet.{act}" for act in ("draft", "submit", "resubmit", "reopen", "excuse")),
    *(f"practice.{act}" for act in ("draft", "submit", "resubmit")),
    *(f"paper.{act}" for act in ("first", "second", "settle")),
)

_ENCODER = json.JSONEncoder(sort_keys=True, separators=(",", ":"))
_decode = json.JSONDecoder().decode
_quote = json.encoder.encode_basestring_ascii
_FIXED = struct.Struct(">QQq?32s32s")
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_HEAD = re.compile(r"(\d{1,18})[:\s#-]+([0-9a-f][0-9a-f\s-]*)", re.IGNORECASE)
_MICROSECOND = timedelta(microseconds=1)


@dataclass(frozen=True)
class Head:
    """The last link of a contest at a moment: whoever wrote it down can tell a chain rewritten since."""

    seq: int
    hash: bytes
    at: datetime

    def __str__(self):
        return f"{self.seq}:{self.hash.hex()}"

    @property
    def groups(self):
        """The hash as eight groups of four characters, as it is printed: half of it, 128 bits."""
        return grouped(self.hash)


@dataclass(frozen=True)
class Link:
    """One link. row_id: in the table of its kind, 0 for a record, whose content stands here.

    late: linked after it was committed; micros: the server's time in microseconds since 1970.
    """

    seq: int
    kind: str
    row_id: int
    micros: int
    late: bool
    salt: bytes
    digest: bytes
    hash: bytes
    content: dict | None = None


def gone(row_id):
    """What the link of a row of KEPT attests that was taken away by the program."""
    return {"gone": True, "id": row_id}


def is_gone(salt, digest, row_id):
    """Does a link with this salt and digest say that its row was taken away?"""
    return content_digest(salt, canonical(gone(row_id))) == digest


def found_record(digests):
    """The content of the record after the links of what was found at an upgrade: how many, and over what."""
    return {"rows": len(digests), "digest": hashlib.sha256(b"".join(digests)).hexdigest()}


def place_of(facts):
    """(module key, entrant id, seat) of a sheet as a row of TELL_PLACES says it, or None."""
    place = tuple(facts.get(name) for name in ("module", "entrant", "seat"))
    return None if None in place else place


def grouped(digest):
    """The first half of a hash in eight groups of four hexadecimal digits."""
    text = digest.hex()[:32]
    return " ".join(text[at:at + 4] for at in range(0, 32, 4))


def micros_of(moment):
    """A moment as microseconds since 1970 in UTC."""
    return (moment - _EPOCH) // _MICROSECOND


def moment_of(micros):
    """The moment of a number of microseconds."""
    return _EPOCH + micros * _MICROSECOND


def canonical(values):
    """A row as bytes that are the same on every database: JSON with sorted keys, in plain ASCII.

    Columns without a value stand in no row, so that a later release may add one.
    """
    return _ENCODER.encode({
        name: _plain(value) for name, value in values.items() if value is not None and value != ""
    }).encode("ascii")


def writer_of(names, moments=(), documents=()):
    """A function that makes of a stored row, its values in the order of these names, what `canonical` makes.

    Quicker where there are many: names are sorted and written once. moments, documents: the names of
    columns that come as the text in which SQLite keeps them.
    """
    special = dict.fromkeys(moments, _write_stored_moment) | dict.fromkeys(documents, _write_stored_document)
    columns = [
        (f"{_quote(name)}:", at, special.get(name)) for name, at in
        sorted((name, at) for at, name in enumerate(names))
    ]
    writer = _WRITERS.get

    def written(row):
        pieces = [
            label + text for label, at, write in columns
            if (value := row[at]) is not None and value != ""
            and (text := (write or writer(type(value), _write_other))(value))
        ]
        return ("{" + ",".join(pieces) + "}").encode("ascii")

    return written


def _write_other(value):
    return _ENCODER.encode(_plain(value))


def _write_moment(moment):
    since = moment - _EPOCH
    return repr((since.days * 86_400 + since.seconds) * 1_000_000 + since.microseconds)


def _write_stored_moment(text):
    moment = datetime.fromisoformat(text)
    return _write_moment(moment if moment.tzinfo else moment.replace(tzinfo=UTC))


def _write_stored_document(text):
    value = _decode(text)
    return "" if value is None or value == "" else _ENCODER.encode(value)


# By type exactly: a bool is no int here. What the database gives as a document is plain already.
_WRITERS = {
    str: _quote, int: int.__repr__, datetime: _write_moment, dict: _ENCODER.encode, list: _ENCODER.encode,
}


def _plain(value):
    if isinstance(value, datetime):
        return micros_of(value)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, dict | list | tuple):
        # As it comes back from the database: keys are text, tuples are lists.
        return json.loads(json.dumps(value))
    return value


def content_digest(salt, content):
    """The commitment to a row: without its salt, which may be thrown away, it says nothing of it."""
    return hashlib.sha256(
        CONTENT_DOMAIN + salt + len(content).to_bytes(8, "big") + content
    ).digest()


def link_hash(seq, prev, kind, row_id, micros, late, digest):
    """SHA-256 of a link: domain tag, everything it attests at fixed widths, its kind with its length."""
    name = kind.encode("ascii")
    return hashlib.sha256(
        DOMAIN + _FIXED.pack(seq, row_id, micros, late, prev, digest) + bytes((len(name),)) + name
    ).digest()


def make_link(seq, prev, kind, row_id, micros, values, salt, late=False, content=None):
    """The next Link of a chain whose last hash is `prev`."""
    digest = content_digest(salt, canonical(values))
    made = link_hash(seq, prev, kind, row_id, micros, late, digest)
    return Link(seq, kind, row_id, micros, late, salt, digest, made, content)


def is_settled(settled, seq, digits):
    """True when two people have vouched for this head; of one typed from a paper half the hash is known.

    settled: things with `seq` and `hash`.
    """
    return any(
        one.seq == seq and (one.hash.startswith(digits) or digits.startswith(one.hash))
        for one in settled
    )


def archive_header(contest_id):
    """The first line of an archived chain."""
    return b"%s\t%d\n" % (DOMAIN, contest_id)


def archive_line(seq, kind, row_id, micros, late, salt, digest, made, text):
    """One link as a line: its fields with tabs between, then the canonical text of what it binds."""
    fields = (seq, kind, row_id, micros, int(late), salt.hex(), digest.hex(), made.hex())
    return "\t".join(map(str, fields)).encode("ascii") + b"\t" + text + b"\n"


def read_head(text):
    """(seq, first characters of the hash) of a head that somebody typed or a tablet sent; None.

    >>> read_head("12: ab12 cd34 ef56 ab78")
    (12, 'ab12cd34ef56ab78')
    """
    found = _HEAD.fullmatch((text or "").strip())
    if found is None:
        return None
    digits = re.sub(r"[\s-]", "", found[2]).lower()
    return (int(found[1]), digits) if 16 <= len(digits) <= 64 else None
