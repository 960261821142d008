"""What a tablet or a plain form sends, turned into an operation."""

import json
import re
from typing import Annotated, Literal
from uuid import uuid4

from pydantic import (
    AwareDatetime,
    BaseModel,
    ConfigDict,
    Field,
    StringConstraints,
    ValidationError,
    model_validator,
)

from contest.errors import Invalid
from contest.judging.rules import Operation
from contest.judging.sheet_rules import FormAspect
from contest.numbers import read_whole
from contest.scoring.marks import MarkError, parse_number

OP_ID = r"^[0-9a-f]{8}-[0-9a-f]{4}-[1-8][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$"
RULES = r"^([0-9a-f]{32})?$"
DEVICE_ID = r"^([0-9a-f]{16,32})?$"
PREV = r"^([0-9a-f]{64})?$"
MOST_ASPECTS = 300
VOID = "x"  # an attempt that was tried and failed

Key = Annotated[str, StringConstraints(max_length=16)]
Text = Annotated[str, StringConstraints(max_length=40)]
# A list is a checklist's answers, or an aspect's attempts.
Mark = Text | int | list[bool | None] | list[Text | int | None] | dict[Key, int] | None


class _Made(BaseModel):
    """What every operation says of the tablet that made it; old tablets say none of it."""

    model_config = ConfigDict(strict=True, extra="forbid", frozen=True)

    v: Literal[1, 2] = 1
    op_id: Annotated[str, StringConstraints(pattern=OP_ID)]
    device_id: Annotated[str, StringConstraints(pattern=DEVICE_ID)] = ""
    device_seq: Annotated[int, Field(ge=1, le=1_000_000_000)] | None = None
    entered_at: AwareDatetime | None = None
    prev: Annotated[str, StringConstraints(pattern=PREV)] = ""

    @model_validator(mode="after")
    def _both_or_neither(self):
        if bool(self.device_id) != (self.device_seq is not None):
            raise ValueError("device_id and device_seq come together")
        return self


class _OperationDocument(_Made):
    base_rev: Annotated[int, Field(ge=0, le=1_000_000)]
    kind: Literal["draft", "submit"]
    marks: Annotated[dict[Key, Mark], Field(max_length=MOST_ASPECTS)]
    device: Annotated[str, StringConstraints(max_length=40)] = ""
    rules: Annotated[str, StringConstraints(pattern=RULES)] = ""


def operation_from_json(body):
    """The operation in a JSON body (bytes); Invalid names the first place that is not as agreed."""
    return _operation_of(read_document(_OperationDocument, body))


def read_document(model, body):
    """A JSON body (bytes) as a model; Invalid names the first place that is not as agreed."""
    try:
        return model.model_validate_json(body)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        where = ".".join(str(part) for part in first["loc"][:2]) or "JSON"
        raise Invalid("The operation cannot be read: %(where)s is not as agreed.",
                      where=where[:60]) from error


def _operation_of(document):
    return Operation(**{key: value for key, value in document if key != "v"})


def operation_from_form(form, kind, marks):
    """The operation in a plain form; `marks` as read by `marks_from_form`."""
    return operation_from_fields(
        form.get("op_id", ""), form.get("base_rev", ""), kind, marks, form.get("device", ""),
        form.get("rules", ""),
    )


def operation_from_fields(op_id, base_rev, kind, marks, device, rules=""):
    """The operation made of a form's fields; Invalid when a hidden field was tampered with."""
    try:
        document = _OperationDocument.model_validate(
            {"op_id": op_id, "base_rev": read_whole(base_rev, -1),
             "kind": kind, "marks": marks, "device": device[:40], "rules": rules}
        )
    except ValidationError as error:
        raise Invalid("The page is incomplete. Reload it and send it again.") from error
    return _operation_of(document)


def marks_from_form(form, module):
    """The marks typed into the fields of a plain form, unchecked: {aspect: value as typed}.

    module: as on the sheet's seat (`rules.on_seat`).
    """
    marks = {aspect.key: _READERS[aspect.kind](form, aspect) for aspect in module.aspects}
    return {key: value for key, value in marks.items() if value is not None}


def asked_by_form(form, module):
    """What a plain form asked for, aspect by aspect: {aspect: FormAspect}, {} when it does not say."""
    return {
        aspect.key: _asked(form, aspect.key) for aspect in module.aspects
        if f"rules-{aspect.key}" in form
    }


def _asked(form, key):
    kind, _, rules = form[f"rules-{key}"].partition(" ")
    field = re.compile(rf"mark-{re.escape(key)}(?:-(\d{{1,3}}))?(?:-void|-none)?", re.ASCII)
    nothing = ("", "0") if kind == "deductions" else ("",)
    filled = [
        found for name, value in form.items()
        if (found := field.fullmatch(name)) and value.strip() not in nothing
    ]
    return FormAspect(kind, rules, bool(filled), max((int(f[1] or 0) + 1 for f in filled), default=0))


def _typed(form, aspect):
    name = f"mark-{aspect.key}"
    if aspect.attempts == 1:
        return _field(form, name)
    attempts = [_field(form, f"{name}-{index}") for index in range(aspect.attempts)]
    return None if all(one is None for one in attempts) else attempts


def _field(form, name):
    if form.get(f"{name}-void"):
        return VOID
    # Longer than any number: kept short so that the form can show it again.
    return form.get(name, "").strip()[:40] or None


def _deductions(form, aspect):
    counts = {}
    for index in range(len(aspect.reasons)):
        typed = form.get(f"mark-{aspect.key}-{index}", "").strip()
        if typed and (count := _count(typed)) != 0:
            counts[str(index)] = count
    if counts or form.get(f"mark-{aspect.key}-none"):
        return counts
    return None


def _count(typed):
    try:
        number = parse_number(typed)
    except MarkError:
        return -1  # no count can be -1, so the mark is refused with the allowed range
    return int(number) if number == number.to_integral_value() else -1


def _checklist(form, aspect):
    words = {"yes": True, "no": False}
    fields = (f"mark-{aspect.key}-{index}" for index in range(len(aspect.items)))
    answers = [words.get(form.get(field, "")) for field in fields]
    return None if all(answer is None for answer in answers) else answers


_READERS = {
    "points": _typed,
    "measured": _typed,
    "judgement": _typed,
    "deductions": _deductions,
    "checklist": _checklist,
    "grade": _typed,
    "rank": _typed,
}


def choices_from_form(form, module):
    """After a clash: {aspect: "mine" or "stored"}, as chosen."""
    keys = [aspect.key for aspect in module.aspects]
    return {key: form[f"choose-{key}"] for key in keys if f"choose-{key}" in form}


def mine_from_form(form):
    """After a clash: the marks this tablet held, as the page carried them; Invalid when damaged."""
    try:
        mine = json.loads(form.get("mine", ""))
    except (ValueError, RecursionError) as error:
        raise Invalid("The page is incomplete. Reload it and send it again.") from error
    if not isinstance(mine, dict):
        raise Invalid("The page is incomplete. Reload it and send it again.")
    return mine


def new_op_id():
    """A fresh operation id for a plain form, made when the form is shown."""
    return str(uuid4())


def seen_revisions(pairs):
    """{sheet id: revision} from fields such as "12:3"; what is no such pair is left out."""
    found = {}
    for pair in pairs:
        sheet_id, _, rev = pair.partition(":")
        if (one := read_whole(sheet_id)) is not None and (two := read_whole(rev)) is not None:
            found[one] = two
    return found
