"""Certificates as files: drawn one by one into a folder, so that a thousand are no long wait for one answer.

What was drawn stays there: after a restart, or in another process, the drawing goes on where it was.
"""

import time
import zipfile
from dataclasses import dataclass

from contest.awards import certificate_queries as queries
from contest.awards.certificate_models import Certificate, CertificateStyle
from contest.documents import CertificatePaper, certificates_pdf, certificates_pngs
from contest.documents.certificates import is_readable
from contest.errors import Conflict

AT_ONCE = 2.0  # seconds that one answer draws before it tells how far it is


@dataclass(frozen=True)
class Progress:
    """How many certificates of a contest are drawn, of how many."""

    drawn: int
    of: int

    @property
    def is_done(self):
        return self.drawn >= self.of


def paper_of(certificate, style, base, printed=None):
    """The CertificatePaper of a Certificate; `base` is the public address of the page that checks it.

    printed: its PrintedName, or None for the name as it is.
    """
    picture = printed.picture if printed else None
    for one in (style.seal, style.signature, picture):
        # From before pictures were read to their end: left out in silence it would be a wrong certificate.
        if one is not None and not is_readable(one):
            raise Conflict(
                "The picture of the seal, of the signature or of the name is broken and cannot be printed; "
                "give it anew."
            )
    name = printed.text if printed and printed.text and picture is None else certificate.name
    return CertificatePaper(
        name=name, prize=certificate.prize, event=certificate.event, issuer=certificate.issuer,
        issued_on=certificate.issued_on, number=certificate.number,
        address=f"{base}#{certificate.code}", unit=certificate.unit, members=certificate.members,
        signer_title=style.signer_title, signer_name=style.signer_name,
        check_at=base.partition("//")[2], seal=style.seal, signature=style.signature,
        name_picture=picture, is_void=certificate.state != "issued",
    )


def certificate_pdf(certificate, style, base, language, at=None):
    """One certificate as the bytes of a PDF; one that stands no more says so across the page."""
    printed = queries.find_printed(certificate.award_id)
    return certificates_pdf([paper_of(certificate, style, base, printed)], style.design, language, at)


def sample_png(style, base, language):
    """How a certificate of this look would come out, as a PNG; its code opens nothing."""
    sample = {"zh": ("某某某", "某某单位", "一等奖"), "en": ("First Last", "Unit", "First prize")}[language]
    certificate = Certificate(
        award_id=0, name=sample[0], unit=sample[1], members="", prize=sample[2], event=style.event,
        issuer=style.issuer, issued_on="2026-01-01", number="0000-0000", code="0" * 290,
    )
    return certificates_pngs([paper_of(certificate, style, base)], style.design, language, 60)[0]


def draw_some(folder, contest_id, base, language, seconds=AT_ONCE):
    """Draw certificates that stand into the folder for so many seconds, at least one; the Progress."""
    style, printed = queries.find_style(contest_id), queries.printed_names(contest_id)
    paths = _paths(folder, style, printed, language)
    waiting = [(one, path) for one, path in paths if not path.exists()]
    ends, drawn = time.monotonic() + seconds, 0
    for certificate, path in waiting:
        path.parent.mkdir(parents=True, exist_ok=True)
        paper = paper_of(certificate, style, base, printed.get(certificate.award_id))
        data = certificates_pdf([paper], style.design, language)
        fresh = path.with_suffix(f".{time.monotonic_ns()}")
        fresh.write_bytes(data)
        fresh.replace(path)  # two who draw the same one do no harm
        drawn += 1
        if time.monotonic() > ends:
            break
    return Progress(len(paths) - len(waiting) + drawn, len(paths))


def progress(folder, contest_id, language):
    """The Progress of a contest's certificates."""
    style, printed = queries.find_style(contest_id), queries.printed_names(contest_id)
    paths = _paths(folder, style, printed, language)
    return Progress(sum(path.exists() for _, path in paths), len(paths))


def write_zip(file, folder, contest_id, language):
    """Every drawn certificate that stands into an archive, each named by its number."""
    style, printed = queries.find_style(contest_id), queries.printed_names(contest_id)
    with zipfile.ZipFile(file, "w") as archive:
        for certificate, path in _paths(folder, style, printed, language):
            archive.write(path, f"{certificate.number}.pdf")


def _paths(folder, style: CertificateStyle, printed, language):
    """Pairs of each certificate that stands and the file in which it is drawn."""
    return [
        (one, _path(folder, style, one, printed.get(one.award_id), language))
        for one in queries.list_certificates(style.contest_id)
    ]


def _path(folder, style, certificate, printed, language):
    # A changed look or a changed way to print a name asks for another file.
    at = f"-{printed.at:%Y%m%d%H%M%S%f}" if printed else ""
    return folder / str(style.contest_id) / f"{certificate.number}-{style.rev}-{language}{at}.pdf"
