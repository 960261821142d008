"""Certificates: one page each, in one of several designs, with a code that anybody can check."""

import functools
import json
from dataclasses import dataclass

from contest.documents.code_modules import modules_of, svg_of
from contest.documents.document import LANGUAGES
from contest.documents.fonts import missing_glyphs, named_signs
from contest.documents.print_file import made, typeset
from contest.documents.words import words_of

DESIGNS = ("classic", "plain", "blue")
PICTURES = ("seal", "signature", "name_picture")
MODULE_MM = 0.4  # the narrowest module that a phone reads well from paper
LEAST_CODE_MM = 25


@dataclass(frozen=True)
class CertificatePaper:
    """What one certificate shows; pictures are PNG or JPEG bytes, `address` is what its code opens.

    name_picture: drawn in place of the name. members: of a team, one line.
    """

    name: str
    prize: str
    event: str
    issuer: str
    issued_on: str
    number: str
    address: str
    unit: str = ""
    members: str = ""
    signer_title: str = ""
    signer_name: str = ""
    check_at: str = ""
    seal: bytes | None = None
    signature: bytes | None = None
    name_picture: bytes | None = None
    is_void: bool = False


def certificates_pdf(papers, design="classic", language="zh", at=None):
    """Certificates as a PDF, one page each; ValueError names characters that our letters lack.

    at: as in `as_pdf`.

    Nothing is ever drawn as a box or a stand-in: a certificate is right or it is not made.
    """
    return typeset("certificate", *_facts(papers, design, language, "pdf"), **made(at))


def certificates_pngs(papers, design="classic", language="zh", dots_per_inch=72):
    """The same pages as pictures, a list of PNG bytes."""
    pages = typeset("certificate", *_facts(papers, design, language, "png"), ppi=dots_per_inch)
    return pages if isinstance(pages, list) else [pages]


def code_drawing(address):
    """The QR code of an address as (SVG without quiet, its width on paper in millimetres).

    The mask is fixed: most of the address is a signature, which is even noise under any mask.
    """
    modules = modules_of(address)
    return svg_of(modules), max(LEAST_CODE_MM, round(len(modules) * MODULE_MM, 1))


def _facts(papers, design, language, output):
    """What `typeset` is given: what all these papers share, the output, and the files beside the template."""
    papers = tuple(papers)
    if not papers or design not in DESIGNS or language not in LANGUAGES:
        raise ValueError("there is no certificate, or no such design or language")
    shown, beside = [], {}
    for place, paper in enumerate(papers):
        pictures = {
            f"{key}-{place}": getattr(paper, key) for key in PICTURES if getattr(paper, key) is not None
        }
        named = {key: f"{key}-{place}" if f"{key}-{place}" in pictures else "" for key in PICTURES}
        shown.append(_paper_facts(paper) | named)
        beside |= pictures
    beside["papers.json"] = json.dumps(shown, ensure_ascii=False).encode()
    return {"design": design, "language": language, "words": words_of(language)}, output, beside


def _paper_facts(paper):
    shown = {
        key: getattr(paper, key)
        for key in ("name", "prize", "event", "issuer", "issued_on", "number", "unit", "members",
                    "signer_title", "signer_name", "check_at", "is_void")
    }
    if paper.name_picture is not None:
        shown["name"] = ""
    if missing := missing_glyphs("".join(text for text in shown.values() if isinstance(text, str))):
        raise ValueError(f"our letters lack {named_signs(missing)}")
    qr, across = code_drawing(paper.address)
    return shown | {"qr": qr, "qr_mm": across}


@functools.lru_cache(maxsize=64)
def is_readable(picture):
    """True when a PNG or JPEG can be read to its last dot; a page would leave a broken one out in silence."""
    kind = "png" if picture.startswith(b"\x89PNG") else "jpg"
    try:
        typeset("picture", {"kind": kind, "bytes": list(picture)}, "png", ppi=72)
    except RuntimeError:
        return False
    return True
