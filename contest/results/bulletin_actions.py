"""Signing the bulletin of a published revision."""

import hashlib

from contest import clock
from contest.audit.chaining import note_record
from contest.audit.signing import find_key
from contest.audit.work import work
from contest.db import db
from contest.errors import Conflict
from contest.results import bulletin_queries, queries
from contest.results.bulletin_models import Bulletin
from contest.results.bulletin_rules import bulletin_bytes


def sign_bulletin(actor, contest_id, stage, revision, signer):
    """Sign the bulletin of a published revision, once; returns the Bulletin.

    It names the head of the chain as it stands, so that whoever holds it is a witness of everything
    up to its publication; the signature then becomes a link itself. Conflict without a known key.
    """
    contest = queries.lock_contest(contest_id)
    sheet = queries.get_sheet(contest_id, stage, revision)
    if bulletin_queries.find_bulletin(sheet) is not None:
        raise Conflict("This revision's bulletin is signed already.")
    if signer is None or find_key(signer.public) is None:
        raise Conflict(
            "There is no signing key here that this installation knows. Make one: contest key make"
        )
    data = bulletin_bytes(bulletin_queries.draft(contest, sheet, signer))
    bulletin = Bulletin(
        contest_id=contest_id, result_sheet_id=sheet.id, data=data, public=signer.public,
        signature=signer.sign(data), by_id=actor.user_id, at=clock.now(),
    )
    with work(
        actor, "bulletin.sign", contest_id=contest_id, subject=f"stage {stage}", revision=revision,
        hash=hashlib.sha256(data).hexdigest(), key=signer.fingerprint,
    ):
        db.session.add(bulletin)
        note_record(contest_id, "bulletin", {
            "stage": stage, "revision": revision, "hash": hashlib.sha256(data).hexdigest(),
            "key": signer.public.hex(),
        })
    return bulletin
