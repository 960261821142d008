"""What is taken from a tablet's file: only what that tablet can have made."""

from dataclasses import dataclass
from datetime import datetime

from contest.errors import Invalid
from contest.i18n import N_
from contest.setup.rules import Note


@dataclass(frozen=True)
class Carried:
    """What became of one operation of a file: accepted, known, refused or conflicting."""

    sheet_id: int
    op_id: str
    seq: int | None
    kind: str
    entered_at: datetime | None
    outcome: str
    sentence: Exception | None = None
    rev: int | None = None


def check_seen(is_seen):
    """A file comes from a tablet that this judge has used before; Invalid."""
    if not is_seen:
        raise Invalid(
            "This server has never heard of that tablet in the hands of that judge, so the file is not "
            "taken. Bring the tablet itself onto the network, signed in by its judge."
        )


def check_same_tablet(said, device_id):
    """An operation is of the tablet whose file it comes in; Invalid."""
    if said != device_id:
        raise Invalid("This was made on another tablet than the file says.")


def check_number(seq):
    """Whatever comes in a file has its order number; Invalid."""
    if seq is None:
        raise Invalid("This has no order number, so it is not taken from a file.")


def is_above(file, known):
    """True when the file holds numbers above the highest that its tablet told of or sent itself."""
    return any((made.device_seq or 0) > known for _, made in (*file.operations, *file.flags))


def carrying_note(file, judge):
    """What a second person reads before confirming."""
    return Note(
        N_("Take from a file what tablet %(tablet)s holds of %(judge)s: operations %(operations)s, "
           "reports %(reports)s."),
        {"tablet": file.device_id[:4].upper(), "judge": judge, "operations": len(file.operations),
         "reports": len(file.flags)},
    )
