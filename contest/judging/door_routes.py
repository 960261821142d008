"""The door through which tablets and programs send operations on sheets, as JSON."""

from urllib.parse import urlsplit

from flask import g, request

from contest.accounts.guards import needs
from contest.audit.work import Actor
from contest.errors import NotAllowed, Refusal
from contest.i18n import N_
from contest.judging import actions, forms, queries, rules
from contest.judging.blueprint import bp
from contest.pages import csrf, say

MOST_BYTES = 64 * 1024


class WrongKind(Refusal):
    """The body is not JSON."""

    status = 415
    code = "wrong_kind"


@csrf.exempt
@bp.post("/api/v1/sheets/<int:sheet_id>/operations")
@needs("judge")
def post_operation(sheet_id):
    """Take one operation on a sheet; what comes back is what the server holds.

    200: stored, or stored before (`replayed`). 409: another revision came first; its marks come
    back and nothing was stored. 423: the sheet is closed. 422: the content is refused, `fields`
    names each aspect. 401: sign in and send the same bytes again. 403, 404, 413, 415: never retry.
    """
    _check_sender()
    request.max_content_length = MOST_BYTES
    contest_id = queries.contest_of_sheet(sheet_id)
    rules.check_is_judge(g.person.has_role("judge", contest_id))
    operation = forms.operation_from_json(request.get_data())
    actor = Actor(g.person.user_id, g.person.name)
    outcome = actions.take_operation(actor, sheet_id, operation)
    if isinstance(outcome, rules.Clash):
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
    }


def _check_sender():
    """Only our own pages and programs that mean it: a foreign page cannot send this without asking.

    A token in the page would grow old while a tablet is offline (reliability.md, 4.7).
    """
    if request.mimetype != "application/json":
        raise WrongKind(N_("Operations are sent as application/json."))
    if request.headers.get("X-Contest") != "1":
        raise NotAllowed("Operations carry the header X-Contest: 1.")
    origin = request.headers.get("Origin")
    if origin and urlsplit(origin).netloc != request.host:
        raise NotAllowed("Operations come from pages of this site only.")


def _clash_document(clash):
    refused = rules.ChangedMeanwhile()
    return {
        "error": {"code": refused.code, "message": say(refused), "fields": {}},
        "rev": clash.rev,
        "state": clash.state,
        "marks": clash.marks,
        "at": clash.at.isoformat() if clash.at else None,
        "device": clash.device,
        "by": clash.by,
    }
