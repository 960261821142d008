"""Numbers, codes and states of certificates; the format of the code is in docs/certificates.md."""

import base64
import binascii
import re
from dataclasses import astuple, dataclass

from contest.awards.pattern_rules import stored
from contest.errors import Conflict, Invalid
from contest.i18n import N_

DESIGNS = {
    "classic": N_("Classic, red and gold"), "plain": N_("Plain, black on white"), "blue": N_("Upright, blue"),
}
DEFAULT_PATTERN = "{issuer}-{year}-{event}-{level}-{serial:04d}"
PARTS = ("issuer", "year", "event", "group", "level", "serial")
SIGNS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
CODE_PART = re.compile(r"[A-Z0-9]{1,12}")
PATTERN = re.compile(r"(\{(issuer|year|event|group|level)\}|\{serial:0[1-8]d\}|[A-Z0-9-])+")
NUMBER = re.compile(r"[A-Z0-9]+(-[A-Z0-9]+)*")
LONGEST_NUMBER = 80  # characters, with the check character
CODE_VERSION = 1
KEY_BYTES, TOKEN_BYTES, SIGNATURE_BYTES = 4, 16, 64
DOMAIN = b"contest-certificate/1\n"
SEPARATOR = "\x1f"
LONGEST_CODE = 2000  # characters: more than any code of ours, and nothing is read beyond it
MOST_LOOKUPS = 20  # numbers that one address may ask for in WINDOW seconds
WINDOW = 60
MODULE_MM = 0.4  # the narrowest printed QR module that phones read well
LARGEST_PICTURE = 500_000  # bytes
JPEG_ENDS = b"\xff\xd9"
TAIL = 1024  # cameras may write so much behind the end of a picture


@dataclass(frozen=True)
class Said:
    """What a certificate says, in the order in which its code holds it; issued_on is an ISO day."""

    number: str
    name: str
    prize: str
    event: str
    issuer: str
    issued_on: str


@dataclass(frozen=True)
class Code:
    """A code taken apart: what was signed, by which key (the first bytes of its hash), and the token."""

    data: bytes
    signature: bytes
    key_hint: bytes
    token: str
    said: Said


def check_character(text):
    """The check character of ISO/IEC 7064, MOD 37,36, over the letters and digits of `text`.

    It finds every single wrong character and every swap of two neighbours. Hyphens do not count.
    Raises ValueError for a sign that is neither A-Z nor 0-9.
    """
    product = 36
    for sign in text.replace("-", ""):
        found = (SIGNS.index(sign) + product) % 36 or 36
        product = found * 2 % 37
    return SIGNS[(37 - product) % 36]


def number_of(pattern, **parts):
    """A certificate's number by the pattern, with its check character behind a last hyphen."""
    body = pattern.format(**parts)
    return f"{body}-{check_character(body)}"


def tidy_number(typed):
    """A number as somebody typed it, in capitals and without blanks; None when it cannot be one of ours."""
    text = re.sub(r"\s", "", typed or "").upper().replace("－", "-").replace("–", "-")
    if len(text) > LONGEST_NUMBER or not NUMBER.fullmatch(text) or "-" not in text:
        return None
    body, _, check = text.rpartition("-")
    return text if len(check) == 1 and check_character(body) == check else None


def read_pattern(typed):
    """The pattern of numbers; Invalid unless it makes different numbers of capitals, digits and hyphens."""
    pattern = stored(typed) or DEFAULT_PATTERN
    if not PATTERN.fullmatch(pattern) or pattern.count("{serial:") != 1 or len(pattern) > 100:
        raise _bad_pattern()
    longest = {name: "A" * 12 for name in PARTS} | {"year": 2026, "serial": 1}
    made = pattern.format(**longest)
    if not NUMBER.fullmatch(made) or len(made) > LONGEST_NUMBER - 2:
        raise _bad_pattern()
    return pattern


def _bad_pattern():
    return Invalid(
        "The pattern of the numbers cannot be taken: it may hold {issuer}, {year}, {event}, {group} and "
        "{level}, and must hold the running number once, such as {0001}; everything else is capitals, "
        "digits and hyphens."
    )


def read_code_part(typed):
    """The short code of an issuer or event in numbers: 1 to 12 capitals or digits."""
    text = (typed or "").strip().upper()
    if not CODE_PART.fullmatch(text):
        raise Invalid("A code in the number is 1 to 12 letters A-Z or digits.")
    return text


def level_code(key, position):
    """What stands for a prize in a number: its key where that is short and plain, else A and its position."""
    plain = key.upper().replace("_", "")
    return plain if CODE_PART.fullmatch(plain) else f"A{position}"


def read_picture(data):
    """A PNG, JPEG or plain SVG of a seal, signature or name, or None for no file; Invalid otherwise."""
    if not data:
        return None
    if len(data) > LARGEST_PICTURE:
        raise Invalid("A picture may have at most 500 KB.")
    if data.startswith((b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff")):
        if data.startswith(b"\xff") and JPEG_ENDS not in data[-TAIL:]:
            raise broken_picture()
        return data
    raise Invalid("A picture must be a PNG or JPEG file; PNG with a clear background looks best.")


def broken_picture():
    """The refusal of a picture that begins well and cannot be read to its end."""
    return Invalid(
        "This picture is broken or cut off: it cannot be read to its end. Save it again as PNG or JPEG."
    )


def payload(key_hint, token, said):
    """The bytes that are signed: version, hint of the key, token, then what it says as UTF-8.

    Raises ValueError when a field holds the separator.
    """
    fields = astuple(said)
    if any(SEPARATOR in text for text in fields):
        raise ValueError("a certificate's text cannot hold U+001F")
    return bytes([CODE_VERSION]) + key_hint + bytes.fromhex(token) + SEPARATOR.join(fields).encode()


def code_text(data, signature):
    """The code that stands behind # in the address: base64 for addresses, without padding."""
    return base64.urlsafe_b64encode(data + signature).rstrip(b"=").decode()


def read_code(text):
    """The Code of a text (a whole address or only what stands behind #), or None for what is none.

    Every text has one spelling: a code that decodes to the same bytes but is written otherwise is none.
    """
    text = (text or "").strip().rpartition("#")[2]
    if not text or len(text) > LONGEST_CODE:
        return None
    try:
        raw = base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
    except (binascii.Error, ValueError):
        return None
    head = 1 + KEY_BYTES + TOKEN_BYTES
    if len(raw) <= head + SIGNATURE_BYTES or raw[0] != CODE_VERSION:
        return None
    data, signature = raw[:-SIGNATURE_BYTES], raw[-SIGNATURE_BYTES:]
    try:
        fields = data[head:].decode().split(SEPARATOR)
    except UnicodeDecodeError:
        return None
    if len(fields) != len(Said.__dataclass_fields__) or code_text(data, signature) != text:
        return None
    return Code(
        data, signature, data[1:1 + KEY_BYTES], data[1 + KEY_BYTES:head].hex(), Said(*fields)
    )


def check_granted(count):
    """Certificates rest on granted awards."""
    if not count:
        raise Conflict("The awards have not been granted yet; certificates are made for granted awards only.")


def read_line(typed, most=120):
    """One line of text that is printed on a certificate; Invalid when it is too long or holds a line end."""
    text = (typed or "").strip()
    if len(text) > most or any(ord(sign) < 32 for sign in text):
        raise Invalid("One line of at most %(most)s characters is taken here.", most=most)
    return text
