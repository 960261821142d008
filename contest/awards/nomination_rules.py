"""Nominations: their kinds, the way a case goes, the pieces of its pack."""

import hashlib
import io
import zipfile
from dataclasses import dataclass
from datetime import date

from contest.errors import Conflict, Invalid
from contest.i18n import N_

# Of a crew, of a person, of a person.
KINDS = {
    "pioneer": N_("Workers' Pioneer (a crew)"), "medal": N_("May Day Labour Medal (a person)"),
    "expert": N_("Technical Expert (a person)"),
}
TITLES = {"pioneer": "工人先锋号", "medal": "五一劳动奖章", "expert": "技术能手"}
OF_CREWS = frozenset({"pioneer"})
STATES = {
    "prepared": N_("Prepared"), "sent": N_("Sent out"), "returned": N_("Returned for completion"),
    "granted": N_("Granted by the authority"), "refused": N_("Refused by the authority"),
    "withdrawn": N_("Taken back"),
}
# From each state, where the case may go.
STEPS = {
    "prepared": ("sent", "withdrawn"), "sent": ("granted", "refused", "returned"),
    "returned": ("sent", "withdrawn"), "granted": (), "refused": (), "withdrawn": (),
}
OVER = frozenset({"granted", "refused", "withdrawn"})
# Scans that the office may put into the pack beside what is made from the records.
SLOTS = {
    "notice": N_("Notice of the contest"), "result": N_("Results with the stamp"),
    "form": N_("Form, signed and stamped"), "other": N_("Another paper"),
}
NEEDED = ("notice", "result", "form")  # authorities take no pack without them
LONGEST_LINE, LONGEST_DEEDS = 100, 2000
FIRST_DAY = (1980, 1, 1, 0, 0, 0)  # the one time in an archive: only what is in it makes its fingerprint


@dataclass(frozen=True)
class Piece:
    """One file of a pack: its name there, what it is, where it comes from ("records" or "scan")."""

    name: str
    title: str
    source: str
    content: bytes

    @property
    def sha256(self):
        return hashlib.sha256(self.content).hexdigest()

    def told(self):
        """What is written down of it when the pack goes out."""
        return {
            "name": self.name, "title": self.title, "source": self.source, "size": len(self.content),
            "sha256": self.sha256,
        }


@dataclass(frozen=True)
class Pack:
    """The archive of a nomination, and what is in it."""

    pieces: tuple
    content: bytes

    @property
    def sha256(self):
        return hashlib.sha256(self.content).hexdigest()

    def told(self):
        """What is written down of each piece."""
        return [piece.told() for piece in self.pieces]


def pack_of(pieces, contents):
    """The Pack of pieces: the same pieces make the same bytes, whenever and wherever it is made.

    contents: the list of contents for people, beside SHA256SUMS for `sha256sum -c`.
    """
    pieces = tuple(sorted(pieces, key=lambda piece: piece.name))
    sums = "".join(f"{piece.sha256}  {piece.name}\n" for piece in pieces)
    files = [
        ("00-contents.txt", contents.encode()), ("SHA256SUMS", sums.encode()),
        *((piece.name, piece.content) for piece in pieces),
    ]
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_STORED) as archive:
        for name, content in files:
            entry = zipfile.ZipInfo(name, FIRST_DAY)
            entry.create_system, entry.external_attr = 3, 0o644 << 16
            archive.writestr(entry, content)
    return Pack(pieces, file.getvalue())


def read_nomination(typed):
    """{kind, title, authority, deeds, crew} as typed; Invalid names each field that cannot be taken."""
    values, wrong = {"kind": typed.get("kind", "")}, {}
    if values["kind"] not in KINDS:
        wrong["kind"] = Invalid("Choose what the nomination is for.")
    needed = ["title", "authority"] + (["crew"] if values["kind"] in OF_CREWS else [])
    for name in ("title", "authority", "crew"):
        values[name] = " ".join((typed.get(name) or "").split())
        if len(values[name]) > LONGEST_LINE or (name in needed and not values[name]):
            wrong[name] = Invalid("Write one line of 1 to %(most)s characters.", most=LONGEST_LINE)
    if values["kind"] not in OF_CREWS:
        values["crew"] = ""
    values["deeds"] = (typed.get("deeds") or "").strip()
    if len(values["deeds"]) > LONGEST_DEEDS:
        wrong["deeds"] = Invalid("At most %(most)s characters are taken here.", most=LONGEST_DEEDS)
    if wrong:
        raise Invalid("Some of the fields cannot be taken; nothing was saved.", fields=wrong)
    return values


def read_step(state, typed, latest):
    """{document_number, on, note} of a step; Invalid names each field that cannot be taken.

    A letter and an answer have a document number; a return or a withdrawal says why. latest: the last
    day that it can be of.
    """
    values, wrong = {}, {}
    for name in ("document_number", "note"):
        values[name] = " ".join((typed.get(name) or "").split())
        if len(values[name]) > (LONGEST_LINE if name == "document_number" else 500):
            wrong[name] = Invalid("This is too long.")
    if state in ("granted", "refused") and not values["document_number"]:
        wrong["document_number"] = Invalid("Enter the number of the authority's document.")
    if state == "sent" and not values["document_number"]:
        wrong["document_number"] = Invalid("Enter the number of the letter that goes with it.")
    if state in ("returned", "withdrawn", "refused") and not values["note"]:
        wrong["note"] = Invalid("Write down the reason.")
    try:
        values["on"] = date.fromisoformat((typed.get("on") or "").strip())
        if values["on"] > latest:
            raise ValueError
    except ValueError:
        wrong["on"] = Invalid("Write the day as year-month-day, not later than today.")
    if wrong:
        raise Invalid("Some of the fields cannot be taken; nothing was saved.", fields=wrong)
    return values


def check_step(state, to):
    """A case goes on only by its steps; Conflict."""
    if to not in STEPS[state]:
        raise Conflict("The nomination cannot take this step now.")


def check_open(state):
    """Papers are added while the case is in the office's hands; Conflict."""
    if state not in ("prepared", "returned"):
        raise Conflict("The pack has gone out; nothing is added to it any more.")


def missing_scans(slots):
    """The scans that a pack still needs; slots: those that are there."""
    return [slot for slot in NEEDED if slot not in slots]


def check_complete(slots):
    """A pack goes out with every scan that it needs; Invalid names each that is missing."""
    if missing := missing_scans(slots):
        refused = Invalid("The pack is not complete and does not go out yet.")
        refused.also = tuple(Invalid("There is no scan yet: %(paper)s.", paper=SLOTS[one]) for one in missing)
        raise refused


def check_winner(kind, award):
    """A person's title needs a person's award, a crew's one of a contestant or team; Conflict."""
    if award.entrant_id is None and (kind not in OF_CREWS or award.team_id is None):
        raise Conflict("This award cannot be put forward for this title.")


def check_not_held(title, titles):
    """Whoever holds the title already is not nominated again (domain.md 1.9); Conflict."""
    if title in titles:
        raise Conflict("They hold the title %(title)s already and cannot be nominated again.", title=title)
