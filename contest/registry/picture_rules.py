"""Pictures for public pages: told by their content, of a bounded size, without what a camera wrote into them.

A picture is taken apart into the pieces of its format and put together again from those that draw it. Place,
time, camera, names and thumbnails stay behind, and so does whatever stands behind the picture's end. Of a
JPEG's EXIF only the turn is kept, or it would lie on its side.
"""

import hashlib
import struct
import zlib
from dataclasses import dataclass

from contest.errors import Invalid
from contest.i18n import N_

KINDS = {"jpeg": "image/jpeg", "png": "image/png", "webp": "image/webp"}
MOST_BYTES = 5 * 1024 * 1024
MOST_SIDE, MOST_PIXELS = 10_000, 40_000_000
PNG_MARK = b"\x89PNG\r\n\x1a\n"
# What draws a PNG: its critical pieces, transparency, and how its colours are meant; with the sizes that they
# may have, so that nothing is hidden in them.
PNG_KEPT = {
    b"IHDR": (13, 13), b"PLTE": (3, 768), b"IDAT": (0, MOST_BYTES), b"IEND": (0, 0), b"tRNS": (1, 256),
    b"gAMA": (4, 4), b"cHRM": (32, 32), b"sRGB": (1, 1), b"cICP": (4, 4), b"iCCP": (3, MOST_BYTES),
}
PNG_MANY = {b"IDAT"}  # all others stand there once
CHANNELS = {0: 1, 2: 3, 3: 1, 4: 2, 6: 4}  # of a PNG's kinds of colour
FRAMES_OF_WEBP = {b"VP8 ", b"VP8L"}
WEBP_KEPT = {*FRAMES_OF_WEBP, b"ALPH", b"ICCP"}
# Start of frame: the sizes stand there. C4, C8 and CC are other segments.
FRAMES = set(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
# Tables, scans, numbers of lines, restarts: what else decodes a JPEG.
TABLES = {0xC4, 0xCC, 0xDA, 0xDB, 0xDC, 0xDD}
JFIF, ADOBE = 14, 12  # bytes of the two signs; what stands behind is a thumbnail or somebody's own


@dataclass(frozen=True)
class Picture:
    """A picture as it is kept. kind: KINDS; width and height as they are stored, before any turn."""

    kind: str
    width: int
    height: int
    content: bytes

    @property
    def sha256(self):
        """The kept picture's fingerprint."""
        return hashlib.sha256(self.content).hexdigest()


class _Broken(Exception):
    """The content is no picture of its kind, or it is cut off."""


def read_picture(content):
    """The Picture of a file's content, whatever its name says; Invalid otherwise."""
    if not content:
        raise _refused(N_("Choose a picture."))
    if len(content) > MOST_BYTES:
        raise _refused(N_("The picture is too large: at most %(most)s MB are taken."),
                       most=MOST_BYTES // 1024 // 1024)
    try:
        picture = _taken_apart(content)
    except (_Broken, IndexError, struct.error, zlib.error):
        raise _refused(N_("This is no JPEG, PNG or WebP picture, or it is cut off.")) from None
    if max(picture.width, picture.height) > MOST_SIDE or picture.width * picture.height > MOST_PIXELS:
        raise _refused(
            N_("The picture has %(width)s × %(height)s points; at most %(most)s million are taken."),
            width=picture.width, height=picture.height, most=MOST_PIXELS // 1_000_000,
        )
    if not picture.width or not picture.height:
        raise _refused(N_("This is no JPEG, PNG or WebP picture, or it is cut off."))
    return picture


def _refused(sentence, **params):
    return Invalid(sentence, fields={"picture": Invalid(sentence, **params)}, **params)


def _taken_apart(content):
    if content.startswith(b"\xff\xd8\xff"):
        return _jpeg(content)
    if content.startswith(PNG_MARK):
        return _png(content)
    if content[:4] == b"RIFF" and content[8:12] == b"WEBP":
        return _webp(content)
    raise _Broken


def _jpeg(content):
    """Segment by segment: tables, frames and scans are kept, of the rest JFIF, colours and Adobe's sign.

    What nobody needs for decoding goes, known or not; of JFIF its thumbnail.
    """
    kept, at, size, turn, has_scan = [], 2, None, 1, False
    while True:
        if content[at] != 0xFF:
            raise _Broken
        code = content[at + 1]
        if code == 0xFF:  # a byte that fills up
            at += 1
            continue
        if code == 0xD9:
            break
        length = struct.unpack_from(">H", content, at + 2)[0]
        end = at + 2 + length
        body = content[at + 4:end]
        if length < 2 or end > len(content):
            raise _Broken
        if code in FRAMES:
            if size is not None:
                raise _Broken
            size = struct.unpack_from(">xHH", body)
        if code == 0xE1 and body.startswith(b"Exif\0\0"):
            turn = _turn_of(body[6:])
        if code == 0xDA:
            has_scan, end = True, _end_of_scan(content, end)
        if code in FRAMES or code in TABLES:
            kept.append(content[at:end])
        else:
            kept += _signs(code, body)
        at = end
    if size is None or not has_scan:
        raise _Broken
    exif = [_exif_of(turn)] if turn != 1 else []
    # EXIF stands behind JFIF, where both are.
    first = 1 if kept[0][1] == 0xE0 else 0
    pieces = [*kept[:first], *exif, *kept[first:]]
    return Picture("jpeg", size[1], size[0], b"\xff\xd8" + b"".join(pieces) + b"\xff\xd9")


def _signs(code, body):
    """[what is kept of a segment of an application], [] for none of it."""
    if code == 0xE0 and body.startswith(b"JFIF\0") and len(body) >= JFIF:
        return [_segment(code, body[:JFIF - 2] + b"\0\0")]
    if code == 0xE2 and body.startswith(b"ICC_PROFILE\0"):
        return [_segment(code, body)]
    if code == 0xEE and body.startswith(b"Adobe") and len(body) >= ADOBE:
        return [_segment(code, body[:ADOBE])]
    return []


def _segment(code, body):
    return bytes([0xFF, code]) + struct.pack(">H", len(body) + 2) + body


def _end_of_scan(content, at):
    """Where the next marker stands that ends a scan's data."""
    while True:
        at = content.find(b"\xff", at)
        if at < 0:
            raise _Broken
        code = content[at + 1]
        if code not in (0x00, 0xFF) and not 0xD0 <= code <= 0xD7:
            return at
        at += 1 if code == 0xFF else 2


def _turn_of(tiff):
    """The turn that EXIF asks for, 1 to 8; 1 where it cannot be read."""
    order = {b"II*\0": "<", b"MM\0*": ">"}.get(tiff[:4])
    if order is None or len(tiff) < 8:
        return 1
    first = struct.unpack_from(order + "I", tiff, 4)[0]
    if first + 2 > len(tiff):
        return 1
    for number in range(struct.unpack_from(order + "H", tiff, first)[0]):
        at = first + 2 + 12 * number
        if at + 12 > len(tiff):
            return 1
        tag, kind, count, value = struct.unpack_from(order + "HHIH", tiff, at)
        if (tag, kind, count) == (0x0112, 3, 1):
            return value if 1 <= value <= 8 else 1
    return 1


def _exif_of(turn):
    """An EXIF segment that says the turn and nothing else."""
    return _segment(0xE1, b"Exif\0\0MM\0*" + struct.pack(">IHHHIHHI", 8, 1, 0x0112, 3, 1, turn, 0, 0))


def _png(content):
    """Chunk by chunk, each with its sum checked; the pixels must be as many as the head says."""
    kept, at, data, head = [PNG_MARK], 8, zlib.decompressobj(), None
    pixels, seen = 0, set()
    while True:
        length, name = struct.unpack_from(">I4s", content, at)
        end = at + 12 + length
        body = content[at + 8:end - 4]
        if end > len(content) or struct.unpack_from(">I", content, end - 4)[0] != zlib.crc32(name + body):
            raise _Broken
        if (name == b"IHDR") != (head is None):
            raise _Broken
        if name == b"IHDR":
            head = struct.unpack(">IIBBBBB", body)
        if name == b"IDAT":
            pixels += _unpacked(data, body, MOST_PIXELS * 8 - pixels)
        if _is_kept(name, length, seen):
            kept.append(content[at:end])
        seen.add(name)
        at = end
        if name == b"IEND":
            break
    # Behind the end of the packed pixels anything could stand that no page shows.
    if not data.eof or data.unused_data or pixels < _least(head):
        raise _Broken
    return Picture("png", head[0], head[1], b"".join(kept))


def _is_kept(name, length, seen):
    least, most = PNG_KEPT.get(name, (1, 0))
    return least <= length <= most and (name in PNG_MANY or name not in seen)


def _least(head):
    """How many bytes the pixels unpack to, each row with its filter; of an interlaced picture at least."""
    width, height, depth, colours, _, _, interlaced = head
    if colours not in CHANNELS:
        raise _Broken
    return height * (1 if interlaced else 1 + -(-width * depth * CHANNELS[colours] // 8))


def _unpacked(data, body, most):
    """How many bytes a piece unpacks to, without keeping them."""
    count = 0
    while body:
        count += len(data.decompress(body, 1 << 20))
        if count > most:
            raise _Broken
        body = data.unconsumed_tail
    return count


def _webp(content):
    """Chunk by chunk; a picture that moves is not taken."""
    size = struct.unpack_from("<I", content, 4)[0] + 8
    if size > len(content):
        raise _Broken
    kept, at, frame, canvas, seen = [], 12, None, None, set()
    while at < size:
        name, length = struct.unpack_from("<4sI", content, at)
        end = at + 8 + length + length % 2
        body = content[at + 8:at + 8 + length]
        if at + 8 + length > size:
            raise _Broken
        if name in seen:  # each stands there once; a second one draws nothing
            at = end
            continue
        if name == b"VP8X":
            flags, canvas = body[0], _canvas(body)
            if flags & 0x02:
                raise _Broken
            # EXIF and XMP go, so the head must not announce them; what is reserved says nothing.
            kept.append(struct.pack("<4sI", name, 10) + bytes([flags & 0x30, 0, 0, 0]) + body[4:10])
        elif name in FRAMES_OF_WEBP:
            frame = _frame(name, body)
            seen |= FRAMES_OF_WEBP
        if name in WEBP_KEPT:
            kept.append(content[at:at + 8 + length] + b"\0" * (length % 2))
        seen.add(name)
        at = end
    if frame is None:
        raise _Broken
    body = b"WEBP" + b"".join(kept)
    return Picture("webp", *(canvas or frame), b"RIFF" + struct.pack("<I", len(body)) + body)


def _canvas(body):
    if len(body) < 10:
        raise _Broken
    return tuple(1 + int.from_bytes(body[at:at + 3], "little") for at in (4, 7))


def _frame(name, body):
    if name == b"VP8 ":
        if body[3:6] != b"\x9d\x01\x2a":
            raise _Broken
        return tuple(value & 0x3FFF for value in struct.unpack_from("<HH", body, 6))
    if body[0] != 0x2F:
        raise _Broken
    bits = struct.unpack_from("<I", body, 1)[0]
    return 1 + (bits & 0x3FFF), 1 + (bits >> 14 & 0x3FFF)


def read_words(alternative, consent):
    """(what is seen, how whoever is seen agreed), tidied; Invalid names each that cannot be taken."""
    alternative, consent = (" ".join((text or "").split()) for text in (alternative, consent))
    wrong = {}
    if not 1 <= len(alternative) <= 200:
        wrong["alternative"] = Invalid(
            "Say in 1 to %(most)s characters what is seen on the picture, for whoever cannot see it.",
            most=200,
        )
    if not 1 <= len(consent) <= 120:
        wrong["consent"] = Invalid("Say how the person agreed to the picture, in at most 120 characters.")
    if wrong:
        raise Invalid("Nothing was saved: please look at the marked fields.", fields=wrong)
    return alternative, consent
