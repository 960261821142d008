"""Cards to cut out: what a judge signs in with, and what a contestant is checked in by."""

from dataclasses import dataclass

from contest.documents.document import LANGUAGES
from contest.documents.print_file import in_our_letters, missing_note, typeset
from contest.documents.qr import qr_svg
from contest.documents.words import words_of

KINDS = ("judge", "entrant")


@dataclass(frozen=True)
class Card:
    """One card: who it is for, a few labelled facts, and the address its QR code opens, if any.

    `code` is printed large for reading aloud or typing (a contestant's number); `short_url` is the
    address to type where a camera fails. A card that opens a door is a key: print it, hand it over,
    keep no copy.
    """

    name: str
    role: str
    url: str = ""
    facts: tuple[tuple[str, str], ...] = ()
    code: str = ""
    short_url: str = ""
    note: str = ""

    def __post_init__(self):
        object.__setattr__(self, "facts", tuple((str(a), str(b)) for a, b in self.facts))


def cards_pdf(cards, contest, language="zh", kind="judge"):
    """Cards as a PDF, eight to an A4 sheet with cut marks; the QR code opens each card's address.

    Raises ValueError when there is no card or an address is too long for a QR code.
    """
    return typeset("cards", _facts(cards, contest, language, kind), "pdf")


def cards_pngs(cards, contest, language="zh", kind="judge", dots_per_inch=72):
    """The same sheets as `cards_pdf`, as pictures: a list of PNG bytes, one for each sheet."""
    facts = _facts(cards, contest, language, kind)
    sheets = typeset("cards", facts, "png", ppi=dots_per_inch)
    return sheets if isinstance(sheets, list) else [sheets]


def _facts(cards, contest, language, kind):
    cards = tuple(cards)
    if not cards:
        raise ValueError("there is no card to print")
    if kind not in KINDS or language not in LANGUAGES:
        raise ValueError(f"cards are of {KINDS} in {LANGUAGES}, not {kind!r} in {language!r}")
    plain = {
        "contest": contest,
        "cards": [
            {
                "name": card.name,
                "role": card.role,
                "facts": [list(pair) for pair in card.facts],
                "code": card.code,
                "short_url": card.short_url,
                "note": card.note,
            }
            for card in cards
        ],
    }
    facts = in_our_letters(plain)
    for shown, card in zip(facts["cards"], cards, strict=True):
        # The white of the card is the rest of the quiet.
        shown["qr"] = qr_svg(card.url, border=2) if card.url else ""
    return facts | {
        "language": language,
        "words": words_of(language),
        "kind": kind,
        "missing": missing_note(plain, language),
    }
