"""Certificates as files: drawn one by one into a folder, so that a thousand are no long wait for one answer.

What was drawn stays there: after a restart, or in another process, the drawing goes on where it was.
"""

import os
import time
import zipfile
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial

from contest.awards import certificate_queries as queries
from contest.awards.certificate_models import Certificate, CertificateStyle
from contest.documents import CertificatePaper, certificates_pdf, certificates_pngs
from contest.documents.certificates import is_readable
from contest.errors import Conflict

AT_ONCE = 2.0  # seconds that one answer draws before it tells how far it is
# The typesetter works beside Python: two draw in two thirds of the time of one by the clock, on two cores.
# Each keeps a press of its own (28 MB); more would take the cores from whoever marks at the moment.
DRAWERS = 2
AT_A_TIME = 8  # certificates read and handed to both, before somebody looks at the clock again
_drawers = ThreadPoolExecutor(DRAWERS, thread_name_prefix="certificates")


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
    """Draw certificates that stand into the folder for so many seconds, some at least; the Progress."""
    style, printed = queries.find_style(contest_id), queries.printed_names(contest_id)
    place, files = folder / str(contest_id), _files(style, printed, language)
    place.mkdir(parents=True, exist_ok=True)
    there = _drawn(place)
    waiting = [(row.id, name) for row, name in files if name not in there]
    ends, drawn = time.monotonic() + seconds, 0
    for first in range(0, len(waiting), AT_A_TIME):
        some, papers = waiting[first : first + AT_A_TIME], []
        for certificate_id, _ in some:
            certificate = queries.get_certificate(contest_id, certificate_id)
            papers.append(paper_of(certificate, style, base, printed.get(certificate.award_id)))
        places = [place / name for _, name in some]
        draw = partial(_draw, style.design, language)
        drawn += len(list(_drawers.map(draw, papers, places)))
        if time.monotonic() > ends:
            break
    return Progress(len(files) - len(waiting) + drawn, len(files))


def _draw(design, language, paper, path):
    """One certificate into its file; asks no table."""
    fresh = path.with_name(f"{path.name}.{time.monotonic_ns()}")
    fresh.write_bytes(certificates_pdf([paper], design, language))
    fresh.replace(path)  # two who draw the same one do no harm


def progress(folder, contest_id, language):
    """The Progress of a contest's certificates."""
    files = _files(queries.find_style(contest_id), queries.printed_names(contest_id), language)
    there = _drawn(folder / str(contest_id))
    return Progress(sum(name in there for _, name in files), len(files))


def write_zip(file, folder, contest_id, language):
    """Every drawn certificate that stands into an archive, each named by its number."""
    style, printed = queries.find_style(contest_id), queries.printed_names(contest_id)
    with zipfile.ZipFile(file, "w") as archive:
        for row, name in _files(style, printed, language):
            archive.write(folder / str(contest_id) / name, f"{row.number}.pdf")


def _drawn(place):
    """The names of all files in a folder: one look for a thousand of them."""
    return set(os.listdir(place)) if place.exists() else set()


def _files(style: CertificateStyle, printed, language):
    """Pairs of each certificate that stands (id, award_id, number) and the name of its file."""
    return [
        (row, _file_name(style, row.number, printed.get(row.award_id), language))
        for row in queries.standing_numbers(style.contest_id)
    ]


def _file_name(style, number, printed, language):
    # A changed look or a changed way to print a name asks for another file.
    at = f"-{printed.at:%Y%m%d%H%M%S%f}" if printed else ""
    return f"{number}-{style.rev}-{language}{at}.pdf"
