"""Which copies are kept, when the next is due, and what a copy says of itself."""

import hashlib
import json
import re
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta

from contest.errors import Conflict, Invalid

FORMAT = "contest-backup/1"
MANIFEST = "manifest.json"
NAME = re.compile(r"\d{8}T\d{6}Z(?:-\d+)?")
# The last ones as they are, then one an hour of the last day, then one a day.
KEPT = 12
KEPT_HOURLY = timedelta(days=1)
# A copy takes its time too; the next begins so much earlier that no gap is longer than was promised.
BEGIN_AT = 0.8
LATE_BY = timedelta(minutes=1)
AGAIN_AFTER = timedelta(minutes=1)
# While no marks are taken: so often, and only when something was done.
QUIET = timedelta(hours=1)
# The second place holds all but the last five seconds; a machine that is short of time is told later.
# Bytes that are brought to the disk together: the office's commits stand in line behind one piece, not all.
PIECE = 1 << 20
FOLLOW_EVERY, FOLLOW_WITHIN, FOLLOW_LATE_BY = (timedelta(seconds=n) for n in (1, 5, 10))


@dataclass(frozen=True)
class Contents:
    """What a database holds, as far as a copy of it must hold the same.

    revision: the migration it stands at. rows: {table: how many}. heads: {contest id: "seq:hash"}.
    problems: how many things are wrong with its chains; None where nobody looked.
    """

    revision: str
    rows: dict
    heads: dict
    problems: int | None = None


@dataclass(frozen=True)
class Manifest:
    """What a copy says of itself.

    at: when the copying began; all that was answered before is in it. keys: fingerprints of the keys
    that its database needs.
    """

    at: datetime
    program: str
    engine: str
    file: str
    size: int
    sha256: str
    contents: Contents
    keys: dict

    @property
    def is_whole(self):
        """True when every chain in the copy held when it was made."""
        return self.contents.problems == 0

    @property
    def may_be_whole(self):
        """True unless a chain in it is known not to hold; restoring looks at every chain again."""
        return not self.contents.problems

    @property
    def installation(self):
        """Whose copy it is; several installations may keep theirs in one folder."""
        return self.keys["codes_key"]

    def text(self):
        """The manifest as it lies beside the copy."""
        plain = {"format": FORMAT, **asdict(self), "at": self.at.isoformat()}
        return json.dumps(plain, indent=2, sort_keys=True) + "\n"


def read_manifest(text):
    """The Manifest in a text; Invalid when it is none."""
    try:
        plain = json.loads(text)
        if plain.pop("format") != FORMAT:
            raise ValueError("another format")
        plain["at"] = datetime.fromisoformat(plain["at"])
        found = Manifest(**plain | {"contents": Contents(**plain["contents"])})
        if found.at.tzinfo is None or not isinstance(found.installation, str):
            raise ValueError("not complete")
    except (ValueError, TypeError, KeyError, AttributeError) as wrong:
        raise Invalid("The manifest of this copy cannot be read.") from wrong
    return found


def fingerprint(key):
    """By what a key is known without being told."""
    return hashlib.sha256(b"contest-backup-key/1" + key.encode()).hexdigest()[:16]


def name_of(moment, taken=()):
    """The name of a copy's folder; names in order are moments in order."""
    name = f"{moment:%Y%m%dT%H%M%SZ}"
    number = 1
    while (found := name if number == 1 else f"{name}-{number}") in taken:
        number += 1
    return found


def superfluous(copies, now):
    """Names that need not be kept, of {name: (moment, is it whole)}; never the newest whole one."""
    newest_first = sorted(copies, key=lambda name: (copies[name][0], name), reverse=True)
    kept = set(newest_first[:KEPT])
    kept |= {next((name for name in newest_first if copies[name][1]), None)}
    spans = set()
    for name in newest_first:
        moment = copies[name][0]
        is_hourly = now - moment < KEPT_HOURLY
        span = f"{moment:%Y%m%d%H}" if is_hourly else f"{moment:%Y%m%d}"
        if span not in spans:
            spans.add(span)
            kept.add(name)
    return [name for name in newest_first if name not in kept]


def is_due(now, newest, minutes, takes_marks, is_changed):
    """True when a copy is to be begun; is_changed() is asked only when it matters."""
    if newest is None:
        return takes_marks or is_changed()
    age = now - newest
    if takes_marks:
        return age >= timedelta(minutes=minutes) * BEGIN_AT
    return age >= QUIET and is_changed()


def is_late(now, newest, minutes):
    """True when the newest copy is older than was promised, by more than it may be."""
    return now - newest > timedelta(minutes=minutes) + LATE_BY


def is_behind(now, up_to):
    """True when what was done up to that moment is all that the second place has, and it is too little."""
    return now - up_to > FOLLOW_WITHIN + FOLLOW_LATE_BY


def changed_pages(old, new):
    """Numbers, from 0, of the pages of an SQLite database's image that the older image has otherwise."""
    size = page_size(new)
    return {
        number for number in range(len(new) // size)
        if new[number * size:(number + 1) * size] != old[number * size:(number + 1) * size]
    }


def write_pages(file, image, numbers, settle):
    """Make a file the image by writing these pages; all of them when numbers is None.

    settle() is called after each piece of PIECE bytes, for the disk's sake.
    """
    size, since = page_size(image), 0
    every = range(len(image) // size) if numbers is None else sorted(numbers)
    for number in every:
        if (at := number * size) < len(image):
            file.seek(at)
            file.write(image[at:at + size])
            since += size
        if since >= PIECE:
            file.flush()
            settle()
            since = 0
    file.truncate(len(image))


def page_size(image):
    """Bytes of a page, from the image's own header (sqlite.org/fileformat2.html, 1.3.2)."""
    return int.from_bytes(image[16:18]) if image[16:18] != b"\0\1" else 65_536


def check_copy(before, found, is_on_chain):
    """A copy holds what stood in the living database when it was begun; Conflict when it does not.

    is_on_chain(contest id, "seq:hash"): whether the living database knows this head.
    """
    if found.revision != before.revision:
        raise Conflict("No copy was made: it is of another version than the database.")
    for name, count in before.rows.items():
        if found.rows[name] < count:
            raise Conflict("No copy was made: it lacks rows that the database has.")
    for contest, head in before.heads.items():
        if contest not in found.heads or _seq(found.heads[contest]) < _seq(head):
            raise Conflict("No copy was made: a chain in it is shorter than in the database.")
    if not all(is_on_chain(contest, head) for contest, head in found.heads.items()):
        raise Conflict("No copy was made: a chain in it is another one than in the database.")


def check_promise(manifest, sha256, found):
    """What a copy holds is what its manifest says; Conflict when it was changed since."""
    promised = manifest.contents
    if sha256 != manifest.sha256:
        raise Conflict("This copy is not what was written: its SHA-256 is another one than in its manifest.")
    if found is not None and (found.rows != promised.rows or found.heads != promised.heads):
        raise Conflict("This copy does not hold what its manifest says.")


def _seq(head):
    return int(head.partition(":")[0])
