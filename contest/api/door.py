"""One way in for every operation: guard, kind, thing, body; one shape out. What it knows, it describes."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from hashlib import sha256

from flask import g, jsonify, request
from pydantic import BaseModel, ValidationError
from pydantic_core import from_json

from contest.accounts.guards import open_to_all
from contest.api import actions, rules
from contest.errors import Invalid
from contest.i18n import N_
from contest.judging.sender import check_sender

OPERATIONS = {}  # endpoint: Operation


@dataclass(frozen=True)
class Operation:
    """What the description says of one operation; is_open: whoever shows no token may do it, too."""

    view: Callable
    method: str
    path: str
    scope: str
    is_open: bool
    summary: str
    answer: type[BaseModel]
    query: type[BaseModel] | None = None
    body: type[BaseModel] | None = None
    status: int = 200
    tag: str = ""


def operation(
    bp, method, path, answer, *, guard, summary, tag, scope, query=None, body=None, find=None, status=200
):
    """Register a view: view(**parts, query=…, body=…) returns a dict that is an `answer`.

    find(**parts): raises Missing, asked before the body is read, so that what is not there is not found.
    """

    def register(view):
        @wraps(view)
        def opened(**parts):
            if method == "POST":
                _check_sender()
            if find is not None:
                find(**parts)
            if query is not None:
                parts["query"] = _read(query, request.args.to_dict(flat=True), is_text=True)
            if body is None:
                return _told(answer, view(**parts), status)
            data = _json()
            return _once(answer, status, data, lambda: view(**parts, body=_read(body, data)))

        name = view.__name__
        guarded = guard(opened)
        bp.add_url_rule(path, name, guarded, methods=[method])
        OPERATIONS[f"{bp.name}.{name}"] = Operation(
            view, method, f"{bp.url_prefix}{path}", scope, guard is open_to_all, summary, answer, query,
            body, status, tag,
        )
        return guarded

    return register


def _check_sender():
    if g.get("api_token") is None:
        check_sender()  # a browser's session: a foreign page must not be able to send this
    elif request.mimetype != "application/json":
        raise rules.WrongKind(N_("Send the body as application/json."))


def _json():
    request.max_content_length = rules.MOST_BYTES
    try:
        value = from_json(request.get_data(), allow_inf_nan=False)
    except ValueError as error:
        raise rules.BadJson(N_("The body is no JSON that can be read.")) from error
    rules.check_shape(value)
    return value


def _read(model, value, is_text=False):
    try:
        return model.model_validate(value, strict=not is_text)
    except ValidationError as error:
        fields = {}
        for one in error.errors(include_url=False, include_input=False, include_context=False)[:20]:
            where = ".".join(str(part) for part in one["loc"][:6])[:80] or "body"
            fields[where] = Invalid("Not as the description says: %(why)s.", why=one["msg"][:200])
        raise Invalid(N_("The request is not as the description says; see the fields."),
                      fields=fields) from error


def _once(answer, status, data, run):
    """Do it, or give the answer that an Idempotency-Key got before."""
    key = request.headers.get("Idempotency-Key")
    if key is None:
        return _told(answer, run(), status)
    user_id = g.person.user_id if g.person else None  # guests share their keys
    sent = sha256(f"{request.method} {request.full_path}\n{_canonical(data)}".encode()).hexdigest()
    if (kept := actions.begin_answer(user_id, key, sent)) is not None:
        told = jsonify(kept[1])
        told.status_code = kept[0]
        told.headers["Idempotency-Replayed"] = "true"
        return told
    with actions.freed_on_failure(user_id, key):
        body = run()
    told = _told(answer, body, status)
    kept = {name: "" if name in answer.NOT_KEPT else value for name, value in told.get_json().items()}
    actions.end_answer(user_id, key, status, kept)
    return told


def _canonical(data):
    return json.dumps(data, sort_keys=True, ensure_ascii=True, separators=(",", ":"))


def _told(answer, value, status):
    told = jsonify(answer.model_validate(value).model_dump(mode="json"))
    told.status_code = status
    return told


def scope_of(endpoint):
    """The scope that a token needs here, also where nobody needs a token; None: no token opens it."""
    if endpoint in TABLET_SCOPES:
        return TABLET_SCOPES[endpoint]
    found = OPERATIONS.get(endpoint)
    return None if found is None else found.scope


# The tablets' doors are the same for programs: one door, one rule.
TABLET_SCOPES = {"judging.post_operation": "marks:write"}
