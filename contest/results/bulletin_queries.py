"""Signed bulletins: finding one, what it says, and whether a bulletin that somebody shows is ours."""

import json
from dataclasses import dataclass

from sqlalchemy import select

from contest.audit import signing
from contest.audit.chain_queries import find_head, is_prefix, list_settled
from contest.db import db
from contest.errors import Missing
from contest.results import bulletin_rules, queries
from contest.results.bulletin_models import Bulletin
from contest.results.ledger_files import BULLETIN, SIGNATURE
from contest.results.models import ResultSheet


@dataclass(frozen=True)
class Shown:
    """What is said of a bulletin that somebody shows: the signature, whose key, whether it is the latest.

    state: broken, foreign, unlisted, replaced, listed. document: what it says, where the signature holds.
    """

    state: str
    fingerprint: str = ""
    document: dict | None = None
    latest: int = 0


def find_bulletin(sheet):
    """The Bulletin of a published revision, or None."""
    return db.session.scalar(select(Bulletin).filter_by(result_sheet_id=sheet.id))


def get_bulletin(contest_id, stage, revision):
    """(the ResultSheet, its Bulletin); Missing."""
    sheet = queries.get_sheet(contest_id, stage, revision)
    bulletin = find_bulletin(sheet)
    if bulletin is None:
        raise Missing("This revision has no signed bulletin.")
    return sheet, bulletin


def latest_bulletin(contest_id, stage):
    """The Bulletin of the latest revision of a stage that has one, or None."""
    return db.session.scalar(
        select(Bulletin).join(ResultSheet, ResultSheet.id == Bulletin.result_sheet_id)
        .where(ResultSheet.contest_id == contest_id, ResultSheet.stage == stage)
        .order_by(ResultSheet.revision.desc()).limit(1)
    )


def signature_file(bulletin):
    """The bytes of the signature's file."""
    return bulletin_rules.signature_bytes(
        bulletin.public, signing.fingerprint_of(bulletin.public), bulletin.signature
    )


def files_of(bulletin):
    """The two files of a bulletin, {name: bytes}."""
    return {BULLETIN: bulletin.data, SIGNATURE: signature_file(bulletin)}


def draft(contest, sheet, signer):
    """The bulletin's document as it stands to be signed now."""
    plan = queries.plan_of_sheet(sheet)
    stage = plan.stage(sheet.stage)
    head = find_head(contest.id)
    names = {"host": contest.host, "stage": stage.name, "stage_en": stage.name_en}
    return bulletin_rules.bulletin_document(
        sheet.document, sheet, names, head, signer.fingerprint, _approvers(sheet),
        list_settled(contest.id),
    )


def _approvers(sheet):
    """Who published: the provisional revision that the final one rests on, and this one."""
    rows = [sheet]
    if sheet.kind == "final":
        earlier = db.session.scalar(
            select(ResultSheet).where(
                ResultSheet.contest_id == sheet.contest_id, ResultSheet.stage == sheet.stage,
                ResultSheet.kind == "provisional", ResultSheet.revision < sheet.revision,
            ).order_by(ResultSheet.revision.desc()).limit(1)
        )
        rows = [earlier, sheet] if earlier else rows
    return [
        {"did": row.kind, "name": queries.name_of_publisher(row) or "", "at": row.at.isoformat()}
        for row in rows
    ]


def judge(data, signature):
    """What is to be said of a bulletin's bytes with the bytes of its signature's file (Shown)."""
    try:
        facts, document = json.loads(signature), json.loads(data)
        public = bytes.fromhex(facts["public_key"])
        holds = signing.is_signed(public, data, bytes.fromhex(facts["signature"]))
        contest_id, stage = document["contest"]["id"], document["stage"]["key"]
        head = document["chain"]["seq"], document["chain"]["hash"]
    except (ValueError, KeyError, TypeError):
        return Shown("broken")
    if not holds:
        return Shown("broken")
    name = signing.fingerprint_of(public)
    if signing.find_key(public) is None:
        return Shown("foreign", name, document)
    kept = db.session.scalar(
        select(Bulletin).where(Bulletin.contest_id == contest_id, Bulletin.data == data)
    )
    if kept is None or not is_prefix(contest_id, *head):
        return Shown("unlisted", name, document)
    latest = queries.find_latest_sheet(contest_id, stage)
    state = "listed" if latest.id == kept.result_sheet_id else "replaced"
    return Shown(state, name, document, latest.revision)
