"""The letters we ship for printing: where they are, and which characters they cannot show."""

import functools
import struct
import unicodedata

from contest.config import ROOT

FOLDER = ROOT / "static" / "fonts"
# The bold cut has fewer characters; what it lacks is set in the regular one, so this one decides.
WIDEST = FOLDER / "NotoSerifCJKsc-Regular.otf"
STAND_IN = "〓"  # The printer's old sign for a character that is not in the case (U+3013).
GROUPS = 12  # The number of the table format (segmented coverage) in the OpenType specification.


@functools.cache
def coverage():
    """Every character the shipped fonts can show, as a frozenset of code points."""
    data = _table(WIDEST, b"cmap")
    (count,) = struct.unpack_from(">2xH", data)
    offsets = {struct.unpack_from(">4xI", data, 4 + 8 * place)[0] for place in range(count)}
    covered = set()
    for offset in offsets:
        if struct.unpack_from(">H", data, offset)[0] == GROUPS:
            (groups,) = struct.unpack_from(">I", data, offset + 12)
            for place in range(groups):
                first, last = struct.unpack_from(">II", data, offset + 16 + 12 * place)
                covered.update(range(first, last + 1))
    if not covered:
        raise ValueError(f"{WIDEST.name} has no table of characters that can be read")
    return frozenset(covered)


def _table(path, tag):
    """One table of an OpenType file (specification: "Organization of an OpenType Font")."""
    with open(path, "rb") as file:
        (count,) = struct.unpack(">4xH6x", file.read(12))
        for _ in range(count):
            name, offset, length = struct.unpack(">4s4xII", file.read(16))
            if name == tag:
                file.seek(offset)
                return file.read(length)
    raise ValueError(f"{path.name} has no table {tag!r}")


def missing_glyphs(text):
    """The characters of `text` that the shipped fonts cannot show, each once, in order met.

    Line ends and signs that are never drawn (direction marks, joiners) are not missed.
    """
    return [sign for sign in dict.fromkeys(text) if _is_missing(sign)]


def _is_missing(sign):
    return ord(sign) not in coverage() and not (
        sign in "\t\n\r" or unicodedata.category(sign) == "Cf"
    )


def without_missing(text):
    """The text with the stand-in 〓 for every character that cannot be shown."""
    if missing := missing_glyphs(text):
        return text.translate({ord(sign): STAND_IN for sign in missing})
    return text


def named_signs(signs):
    """Characters by their code points, for a note that must itself be printable."""
    return ", ".join(f"U+{ord(sign):04X}" for sign in signs)
