"""The OpenAPI description, made of the operations themselves, so that it cannot say something else.

Made by hand of pydantic's schemas: flask-openapi wants to be the application object and to parse the
body before a view is reached, and here the guard comes first, and then whether the thing is there.
"""

import re
from functools import cache
from importlib.util import find_spec
from pathlib import Path

from flask_babel import force_locale, gettext
from pydantic.json_schema import models_json_schema

from contest.api import door, shapes
from contest.errors import Missing
from contest.i18n import N_
from contest.judging.forms import _OperationDocument

REF = "#/components/schemas/{model}"
PART = re.compile(r"<(?:(int):)?(\w+)>")
FILES = {
    "swagger-ui.css": "css", "swagger-ui-bundle.js": "js", "swagger-ui-standalone-preset.js": "js",
}
ABOUT = N_(
    "The same rules as on the pages. A program shows a token (`Authorization: Bearer jst_…`) that an "
    "organiser, a judge or a service officer made on the page Tokens; it does what its scopes name, also "
    "where nobody needs a token, and never more than its owner may. Points are decimal strings. Every "
    "refusal has the shape `Error`; `message` is a sentence in the language that Accept-Language asks for. "
    "Lists come in pages: pass `next` as `after`. A POST may carry Idempotency-Key: the same key with the "
    "same body is done once and answered alike for ever (to a guest: for a week), with another body it is "
    "refused (422)."
)
IDEMPOTENCY = {
    "name": "Idempotency-Key", "in": "header", "required": False,
    "schema": {"type": "string", "pattern": "^[!-~]{1,100}$"},
}


@cache
def document(language):
    """The whole description (OpenAPI 3.1) as a dict; its sentences in this language, whoever asks."""
    with force_locale(language):
        return _document()


def _document():
    models = {shapes.Error, _OperationDocument}
    for one in door.OPERATIONS.values():
        models |= {model for model in (one.answer, one.body, one.query) if model is not None}
    ordered = sorted(models, key=lambda model: model.__name__)
    keys, schema = models_json_schema(
        [(model, _mode(model)) for model in ordered], ref_template=REF
    )
    paths = {}
    for endpoint, one in door.OPERATIONS.items():
        paths.setdefault(PART.sub(r"{\2}", one.path), {})[one.method.lower()] = _operation(
            endpoint, one, keys, schema
        )
    paths["/api/v1/sheets/{sheet_id}/operations"] = {"post": _tablet_door()}
    return {
        "openapi": "3.1.0",
        "info": {"title": "Jiangsai 匠赛", "version": "1", "description": gettext(ABOUT)},
        "paths": paths,
        "components": {
            "schemas": schema["$defs"],
            "securitySchemes": {"token": {"type": "http", "scheme": "bearer"}},
        },
    }


def _mode(model):
    return "serialization" if issubclass(model, shapes.Told) else "validation"


def _ref(model, keys):
    return keys[(model, _mode(model))]


def _operation(endpoint, one, keys, schema):
    is_post = one.method == "POST"
    return {
        "operationId": endpoint.partition(".")[2],
        "tags": [gettext(one.tag)],
        "summary": gettext(one.summary),
        "description": f"Scope: `{one.scope}`.",
        "security": [{}, {"token": []}] if one.is_open else [{"token": []}],
        "parameters": [*_parts(one.path), *_asked(one, keys, schema), *([IDEMPOTENCY] if is_post else [])],
        **({"requestBody": _content(_ref(one.body, keys), required=True)} if is_post else {}),
        "responses": {
            str(one.status): {"description": gettext("Done"), **_content(_ref(one.answer, keys))},
            **_refusals(is_post), "429": _too_many(),
        },
    }


def _too_many():
    """No part of the tablets' door: what judges send is never counted (limits.py)."""
    wait = {"description": gettext("Seconds until the next try"), "schema": {"type": "integer", "minimum": 1}}
    return {
        "description": gettext("Too much in a minute; nothing was stored"), "headers": {"Retry-After": wait},
        **_content({"$ref": REF.format(model="Error")}),
    }


def _content(reference, **more):
    return {"content": {"application/json": {"schema": reference}}, **more}


def _refusals(is_post):
    said = {
        "400": N_("Not understood, or JSON that cannot be read"), "401": N_("The token opens nothing"),
        "403": N_("The role or the scope does not reach"), "404": N_("There is no such thing"),
        "409": N_("The state of things does not permit it now"), "422": N_("Refused; `fields` says where"),
        "503": N_("Try again in a moment; nothing was stored"),
    }
    if is_post:
        said |= {"413": N_("More than 1 MB"), "415": N_("Not application/json")}
    error = _content({"$ref": REF.format(model="Error")})
    return {status: {"description": gettext(why), **error} for status, why in sorted(said.items())}


def _parts(path):
    kinds = {"int": {"type": "integer", "minimum": 0}, "": {"type": "string", "minLength": 1}}
    return [
        {"name": name, "in": "path", "required": True, "schema": kinds[kind]}
        for kind, name in PART.findall(path)
    ]


def _asked(one, keys, schema):
    if one.query is None:
        return []
    name = _ref(one.query, keys)["$ref"].rpartition("/")[2]
    return [
        {"name": name, "in": "query", "required": False, "schema": field,
         **{key: gettext(words) for key, words in field.items() if key == "description"}}
        for name, field in schema["$defs"][name]["properties"].items()
    ]


def _tablet_door():
    """The door of the tablets and of programs alike; described here, since it stands in judging."""
    answers = {"200": {"description": gettext("Stored, or stored before (`replayed`)"), **_content(
        {"type": "object", "required": ["rev", "state", "total", "missing", "replayed"]}
    )}}
    return {
        "operationId": "post_operation", "tags": [gettext("Marks")],
        "summary": gettext("Save or submit one's own sheet; the same op_id is taken once"),
        "description": "Scope: `marks:write`. "
        + gettext("409: another revision came first. 423: the sheet is closed."),
        "security": [{"token": []}],
        "parameters": [
            {"name": "sheet_id", "in": "path", "required": True, "schema": {"type": "integer", "minimum": 0}},
            {"name": "X-Contest", "in": "header", "required": True, "schema": {"const": "1"}},
        ],
        "requestBody": _content({"$ref": REF.format(model="_OperationDocument")}, required=True),
        "responses": answers | _refusals(True) | {
            status: {"description": gettext(why), **_content({"$ref": REF.format(model="Error")})}
            for status, why in (
                ("412", N_("Offer again what was accepted")), ("423", N_("The sheet is closed")),
            )
        },
    }


def file_of(name):
    """(folder, name) of a file of the documentation page; Missing."""
    if name not in FILES:
        raise Missing("There is no such page.")
    # Found, not imported: the package's own code would import a second framework for three files.
    [package] = find_spec("flask_openapi_swagger").submodule_search_locations
    return Path(package) / "templates" / "swagger" / FILES[name], name
