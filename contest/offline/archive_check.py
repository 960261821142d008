"""Checking an exported archive without Flask and without a database: chain, figures, bulletin, heads."""

import json
import zipfile
from dataclasses import dataclass, field
from pathlib import Path

from contest.offline.archived_chain import NotAnArchive, check_archive
from contest.offline.archived_files import Archive, Unreadable
from contest.offline.archived_published import compare_published
from contest.offline.archived_rows import ArchivedRows
from contest.offline.archived_sheets import ArchivedSheets
from contest.recount.refusal import Refused
from contest.results.ledger_files import (
    ABOUT,
    ANSWER,
    BULLETIN,
    CERTIFICATES,
    CHAIN,
    FILES,
    FORMATS,
    PUBLISHED,
    SIGNATURE,
    digest_of,
)
from contest.results.second_scorer import CannotCount, count_again
from contest.results.verification_rules import differences, figures_of


@dataclass(frozen=True)
class HeadSeen:
    """A head given by whoever checks: what the chain says of it. state: fits, differs, beyond."""

    seq: int
    digits: str
    state: str


@dataclass
class Report:
    """What a check of an archive found.

    ledger: (seq, revision) of the publication that vouches for the files, or None. bulletin: pairs
    (is good, line), or None; certificates: likewise of their signed lists. sheets: how many were compared
    with the linked revisions; silent: of how many the chain does not say whose they are. lines: how many
    others of MARKS.csv were compared with linked rows; None for a chain that binds no such rows. wrong:
    sentences on what does not belong together.
    settled: (seq, row of the trail) of each act by which two people vouched for heads that do not fit.
    published_file: the document of PUBLISHED, or None; documents: how many of it were compared with the
    chain. rows: the linked rows, as ArchivedRows has them; genesis: the first link's hash.
    signatures: archived_keys.Signatures.
    """

    about: dict
    findings: object
    heads: list
    ledger: tuple | None
    published: bool
    digest: str
    figures: int
    differences: list
    bulletin: object = None
    certificates: list = field(default_factory=list)
    sheets: int = 0
    silent: int = 0
    lines: int | None = None
    wrong: list = field(default_factory=list)
    settled: list = field(default_factory=list)
    published_file: dict | None = None
    documents: int = 0
    rows: dict = field(default_factory=dict)
    genesis: str = ""
    signatures: object = None

    @property
    def vouched(self):
        """The seq up to which a head that was given fits; 0 for none."""
        return max((head.seq for head in self.heads if head.state == "fits"), default=0)


def is_archive(path):
    """Can this be an archive with a chain?"""
    return Path(path, CHAIN).is_file() or (Path(path).is_file() and zipfile.is_zipfile(path))


def check(path, heads=(), wait=None, key=None, limits=None):
    """The Report on an archive. heads: (seq, digits) seen elsewhere; key: the fingerprint to expect.

    path: also a zip file that is open; limits: how much of it is unpacked (none: all there is). Unreadable.
    """
    archive = Archive(path, limits)
    about = _about(archive)
    bulletin = _read_bulletin(archive)
    sheets, rows = ArchivedSheets(), ArchivedRows()
    watch = {1} | {seq for seq, _ in heads} | ({bulletin.head[0]} if bulletin else set())
    try:
        contest_id, findings, hashes, told = check_archive(archive.lines(CHAIN), watch, sheets, rows)
    except NotAnArchive as why:
        raise Unreadable(f"{archive.path}: {why}") from why
    files = {name: archive.read(name) for name in FILES}
    digest = digest_of(files)
    published = [
        (seq, row["facts"]) for seq, kind, row in told
        if kind == "trail" and row["did"] in ("results.provisional", "results.final")
        and row["subject"] == f"stage {about['stage']}"
    ]
    ledger = next(
        ((seq, facts["revision"]) for seq, facts in reversed(published) if facts["ledger"] == digest), None
    )
    figures, found = _count(archive, files, about["stage"], wait)
    report = Report(
        about, findings, [_seen(seq, digits, hashes) for seq, digits in heads], ledger,
        bool(published), digest, figures, found,
    )
    report.sheets, report.silent, report.wrong = _compare(sheets.compare, files, about)
    if findings.binds:
        report.lines, wrong = _compare(rows.compare, files, about["stage"])
        report.wrong += wrong
    report.rows, report.genesis = rows.rows, hashes[1].hex() if hashes[1] else ""
    report.signatures = sheets.keys.judge(rows.rows["device_ruling"])
    report.wrong += report.signatures.wrong
    _add_published(report, archive)
    report.settled = [
        (seq, row) for seq, kind, row in told if kind == "trail" and row["did"] == "chain.settle"
    ]
    if contest_id != about["contest"]:
        report.wrong.append("The chain and the archive are not of the same contest.")
    if about["head"] and findings.head and about["head"] != str(findings.head):
        report.wrong.append("The chain does not end where the archive says it does.")
    if bulletin is not None:
        report.bulletin = bulletin.judge(key, hashes, told)
    report.certificates = _judge_certificates(archive, key, told, contest_id)
    return report


def _about(archive):
    about = _document(archive, ABOUT)
    known = about.get("format") if isinstance(about, dict) else None
    if known not in FORMATS:
        raise Unreadable(
            f"{archive.path}: this archive is of the format {known!r}, and this program reads "
            f"{', '.join(FORMATS)}. Use a newer program."
        )
    return about


def _add_published(report, archive):
    if not archive.has(PUBLISHED):
        return
    report.published_file = _document(archive, PUBLISHED)
    report.documents, wrong = _compare(compare_published, report.published_file, report.rows)
    report.wrong += wrong


def _compare(compare, files, about):
    try:
        return compare(files, about)
    except (Refused, ValueError, KeyError, TypeError) as error:
        raise Unreadable(f"Plan, marks or published lists cannot be read: {error}") from error


def _seen(seq, digits, hashes):
    made = hashes[seq]
    if made is None:
        return HeadSeen(seq, digits, "beyond")
    return HeadSeen(seq, digits, "fits" if made.hex().startswith(digits) else "differs")


def _count(archive, files, stage, wait):
    try:
        first = figures_of(_document(archive, ANSWER))
        second = figures_of(count_again(files, stage, wait))
    except (CannotCount, KeyError, TypeError, AttributeError) as error:
        raise Unreadable(f"The figures cannot be counted again: {error}") from error
    return len(first), differences(first, second)


def _document(archive, name):
    try:
        return json.loads(archive.read(name))
    except ValueError as error:
        raise Unreadable(f"{archive.path}: {name} is not JSON ({error}).") from error


def _judge_certificates(archive, key, told, contest_id):
    if not archive.has(CERTIFICATES):
        if any("list_hash" in row["facts"] for _, kind, row in told if kind == "trail"):
            return [(False, "Certificates: the chain knows of signed lists that are NOT in this archive.")]
        return []
    from contest.offline.certificates_check import CertificateLists

    try:
        return CertificateLists(_document(archive, CERTIFICATES)).judge(key, told, contest_id)
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise Unreadable(f"{archive.path}: {CERTIFICATES} cannot be read ({error}).") from error


def _read_bulletin(archive):
    if not archive.has(BULLETIN):
        return None
    from contest.offline.bulletin_check import Bulletin

    return Bulletin(archive.read(BULLETIN), archive.read(SIGNATURE))
