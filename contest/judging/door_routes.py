"""The door through which tablets and programs send operations on sheets, as JSON."""

from flask import g, request

from contest.accounts.guards import signed_in
from contest.audit.chain_queries import find_head
from contest.audit.chaining import head_now
from contest.audit.device_signatures import operation_text
from contest.audit.work import Actor
from contest.errors import Refusal
from contest.judging import actions, forms, operation_queries, queries, rules
from contest.judging.blueprint import bp
from contest.judging.key_rules import Proof
from contest.judging.refused_actions import keep_refused
from contest.judging.sender import check_sender
from contest.judging.tablet_rules import SetBack, check_installation
from contest.pages import csrf, say

MOST_BYTES = 64 * 1024
NO_EPOCH = "-"  # a tablet that has met no start of the server yet


@csrf.exempt
@bp.post("/api/v1/sheets/<int:sheet_id>/operations")
@signed_in
def post_operation(sheet_id):
    """Take one operation on a sheet; what comes back is what the server holds.

    200: stored, or stored before (`replayed`). 409: another revision came first; its marks come
    back and nothing was stored. 423: the sheet is closed. 422: the content is refused, `fields`
    names each aspect. 401: sign in and send the same bytes again. 412: offer again what was
    accepted, then send the same bytes again. 403, 404, 413, 415: never retry.
    """
    check_sender()
    installation, contest_id = operation_queries.find_door(sheet_id)
    check_installation(request.headers.get("X-Installation"), installation)
    request.max_content_length = MOST_BYTES
    queries.check_found(contest_id)
    operation = forms.operation_from_json(request.get_data())
    actor = Actor(g.person.user_id, g.person.name)
    proof = _proof(sheet_id)
    # Not a guard: whoever lost the role still has to hear that what was sent before is stored.
    is_judge = g.person.has_role("judge", contest_id)
    try:
        outcome = actions.take_operation(
            actor, sheet_id, operation, is_judge=is_judge, epoch=_known_epoch(), proof=proof
        )
    except SetBack as refused:
        return {**_error_document(refused), "epoch": refused.epoch}, refused.status
    except Refusal as refused:
        keep_refused(actor.user_id, sheet_id, operation, refused)
        raise
    if isinstance(outcome, rules.Clash):
        keep_refused(actor.user_id, sheet_id, operation, rules.ChangedMeanwhile())
        return _clash_document(outcome), 409
    return {
        "rev": outcome.rev,
        "state": outcome.state,
        "total": outcome.total,
        "missing": list(outcome.missing),
        "aspects": {key: {"points": points} for key, points in outcome.points.items()},
        "notes": outcome.notes,
        "lost": outcome.is_lost,
        "at": outcome.at.isoformat() if outcome.at else None,
        "replayed": outcome.replayed,
        "head": _head_document(contest_id),
    }


def _proof(sheet_id):
    """The tablet's signature, in headers since it is over the bytes; None where there is none."""
    key, signature = (request.headers.get(f"X-{name}", "") for name in ("Key", "Signature"))
    if not key or not signature:
        return None
    # The bytes were read as JSON by now, so they are UTF-8.
    body = request.get_data().decode()
    installation = request.headers.get("X-Installation", "")
    return Proof(key, signature, operation_text(installation, g.person.user_id, sheet_id, body))


def _known_epoch():
    """The start of the server that the tablet knows: a header, since an operation's bytes never change."""
    said = request.headers.get("X-Epoch")
    return "" if said == NO_EPOCH else said


def _error_document(refused):
    return {"error": {"code": refused.code, "message": say(refused), "fields": {}}}


def _head_document(contest_id):
    """The end of the contest's chain: this operation is bound into it, and the tablet is its witness."""
    head = head_now(contest_id) or find_head(contest_id)
    if head is None:
        return None
    return {
        "contest": contest_id, "seq": head.seq, "hash": head.hash.hex(), "at": head.at.isoformat(),
    }


def _clash_document(clash):
    return {
        **_error_document(rules.ChangedMeanwhile()),
        "rev": clash.rev,
        "state": clash.state,
        "marks": clash.marks,
        "at": clash.at.isoformat() if clash.at else None,
        "device": clash.device,
        "by": clash.by,
    }
