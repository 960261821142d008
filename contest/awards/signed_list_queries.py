"""Signed lists of certificates: which there are, whether one is due, and the proof of a certificate."""

import hashlib

from sqlalchemy import func, or_, select

from contest.audit import signing
from contest.audit.chain_queries import find_head
from contest.awards import signed_list_rules as rules
from contest.awards.certificate_models import Certificate
from contest.awards.models import Award
from contest.awards.signed_list_models import CertificateLeaf, CertificateList
from contest.board.hidden_queries import is_hidden
from contest.db import db
from contest.errors import Conflict, Missing
from contest.results import verification_queries
from contest.results.bulletin_queries import find_bulletin
from contest.results.bulletin_rules import signature_bytes
from contest.results.ledger_files import CERTIFICATES
from contest.results.models import ResultSheet


def lists_of(contest_id):
    """The CertificateLists of a contest, the newest first."""
    return db.session.scalars(
        select(CertificateList).filter_by(contest_id=contest_id).order_by(CertificateList.number.desc())
    ).all()


def newest_list(contest_id):
    """The newest CertificateList of a contest, or None."""
    return db.session.scalar(
        select(CertificateList).filter_by(contest_id=contest_id)
        .order_by(CertificateList.number.desc()).limit(1)
    )


def public_lists(contest_id):
    """Those that everybody may see, the newest first: none that was signed behind a frozen board."""
    return [one for one in lists_of(contest_id) if not is_hidden(contest_id, one.at)]


def get_public(contest_id, number):
    """One that everybody may see; Missing."""
    found = next((one for one in public_lists(contest_id) if one.number == number), None)
    if found is None:
        raise Missing("There is no such signed list of certificates.")
    return found


def summary(found):
    """What pages tell of a CertificateList: its document, and its fingerprints."""
    return {
        "row": found, "document": rules.read_list(found.data),
        "hash": hashlib.sha256(found.data).hexdigest(), "key": signing.fingerprint_of(found.public),
    }


def signature_file(found):
    """The bytes of a list's signature as a file, in the form of a bulletin's."""
    return signature_bytes(found.public, signing.fingerprint_of(found.public), found.signature)


def leaves_of(contest_id, size=None):
    """The hashes of a contest's leaves in their order, the first `size` of them."""
    return db.session.scalars(
        select(CertificateLeaf.hash).filter_by(contest_id=contest_id)
        .order_by(CertificateLeaf.position).limit(size)
    ).all()


def without_leaf(contest_id):
    """The Certificates that stand in no tree yet, as they were issued."""
    return db.session.scalars(
        select(Certificate).outerjoin(CertificateLeaf, CertificateLeaf.certificate_id == Certificate.id)
        .where(Certificate.contest_id == contest_id, CertificateLeaf.id.is_(None)).order_by(Certificate.id)
    ).all()


def withdrawn_of(contest_id):
    """{hash of a leaf: revoked or replaced} of the certificates that do not stand any more."""
    rows = db.session.execute(
        select(CertificateLeaf.hash, Certificate.revoked_at)
        .join(Certificate, Certificate.id == CertificateLeaf.certificate_id)
        .where(
            CertificateLeaf.contest_id == contest_id,
            or_(Certificate.revoked_at.is_not(None), Certificate.replaced_by_id.is_not(None)),
        )
    )
    return {row.hash: "revoked" if row.revoked_at is not None else "replaced" for row in rows}


def is_due(contest_id):
    """Does the newest signed list say something else than the certificates do?"""
    if without_leaf(contest_id):
        return True
    newest = newest_list(contest_id)
    return newest is not None and rules.withdrawn_in(rules.read_list(newest.data)) != withdrawn_of(contest_id)


def draft(contest, signer, at):
    """(number, bytes) of the next list as it stands to be signed; every certificate has its leaf by then."""
    before = newest_list(contest.id)
    number = before.number + 1 if before else 1
    document = rules.list_document(
        contest, _results(contest.id), number, hashlib.sha256(before.data).hexdigest() if before else "",
        leaves_of(contest.id), withdrawn_of(contest.id), find_head(contest.id), at, signer.fingerprint,
    )
    return number, rules.list_bytes(document)


def _results(contest_id):
    """The published results on which the certificates rest, with the fingerprints of their bulletins."""
    sheets = db.session.scalars(
        select(ResultSheet).where(ResultSheet.id.in_(
            select(Award.result_sheet_id).join(Certificate, Certificate.award_id == Award.id)
            .where(Certificate.contest_id == contest_id)
        )).order_by(ResultSheet.id)
    )
    return [
        {"stage": sheet.stage, "revision": sheet.revision, "results_hash": sheet.document_hash,
         "bulletin": hashlib.sha256(signed.data).hexdigest() if (signed := find_bulletin(sheet)) else ""}
        for sheet in sheets
    ]


def place_of(certificate):
    """(the newest CertificateList, the certificate's place in it), or None for one that stands in none."""
    leaf = db.session.scalar(select(CertificateLeaf).filter_by(certificate_id=certificate.id))
    return (newest_list(certificate.contest_id), leaf.position) if leaf else None


def proof_of(certificate):
    """The holder's file, as bytes: that the certificate stands in the newest signed list.

    Missing for one that is in no list yet, Conflict for one that does not stand any more.
    """
    if certificate.state != "issued":
        raise Conflict("This certificate does not stand any more.")
    place = place_of(certificate)
    if place is None:
        raise Missing("This certificate stands in no signed list yet.")
    found, position = place
    leaves = leaves_of(certificate.contest_id)
    return rules.proof_bytes(certificate.code, leaves, position, found.data, signature_file(found))


def count_leaves(contest_id):
    """How many certificates stand in the tree of a contest."""
    return db.session.scalar(
        select(func.count()).select_from(CertificateLeaf).filter_by(contest_id=contest_id)
    )


def archive_files(contest_id):
    """What an archive holds of signed lists, {name: bytes}; nothing where none is signed."""
    signed = [(one.data, signature_file(one)) for one in reversed(lists_of(contest_id))]
    return {CERTIFICATES: rules.archive_bytes(signed, leaves_of(contest_id))} if signed else {}


verification_queries.MORE_FILES.append(archive_files)
