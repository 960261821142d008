"""What a tablet says of itself, reports and files of operations, turned into values."""

import json
from typing import Annotated, Literal

from pydantic import (
    AfterValidator,
    AwareDatetime,
    BaseModel,
    ConfigDict,
    Field,
    StringConstraints,
    model_validator,
)

from contest.audit.device_signatures import operation_text
from contest.judging import forms
from contest.judging.key_rules import Proof
from contest.judging.rules import Operation
from contest.judging.tablet_rules import LONGEST_FLAG, Flag, OperationsFile, Pulse

MOST_OPERATIONS = 20_000
MOST_RANGES = 1000
MOST_TEXT = 64 * 1024
Count = Annotated[int, Field(ge=0, le=1_000_000_000)]
Id = Annotated[int, Field(ge=1, le=2**31 - 1)]
DeviceId = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{16,32}$")]


class _HeadDocument(BaseModel):
    model_config = ConfigDict(strict=True, extra="ignore", frozen=True)

    contest: Id
    seq: Count
    hash: Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]


Number = Annotated[int, Field(ge=1, le=1_000_000_000)]


def _in_order(pair):
    if pair[0] > pair[1]:
        raise ValueError("a range ends before it begins")
    return pair


Range = Annotated[list[Number], Field(min_length=2, max_length=2), AfterValidator(_in_order)]
Ranges = Annotated[list[Range], Field(max_length=MOST_RANGES)]


class _OwnNumbersDocument(BaseModel):
    model_config = ConfigDict(strict=True, extra="forbid", frozen=True)

    contest: Annotated[int, Field(ge=0, le=2**31 - 1)]  # 0: the tablet cannot say
    accepted: Ranges = []
    waiting: Ranges = []
    refused: Ranges = []


class _NumbersDocument(BaseModel):
    model_config = ConfigDict(strict=True, extra="forbid", frozen=True)

    contests: Annotated[list[_OwnNumbersDocument], Field(max_length=50)] = []
    others: Ranges = []


class _PulseDocument(BaseModel):
    model_config = ConfigDict(strict=True, extra="forbid", frozen=True)

    v: Literal[1, 2] = 2
    device_id: DeviceId
    name: Annotated[str, StringConstraints(min_length=1, max_length=40)]
    now: AwareDatetime
    version: Annotated[str, StringConstraints(max_length=40)] = ""
    battery: Annotated[int, Field(ge=0, le=100)] | None = None
    is_charging: bool | None = None
    unsent: Count = 0
    refused: Count = 0
    clashing: Count = 0
    made: Count = 0
    keeps_pages: bool = False
    is_lasting: bool | None = None
    sheet: Id | None = None
    heads: Annotated[list[_HeadDocument], Field(max_length=20)] = []
    numbers: _NumbersDocument | None = None


class _FlagDocument(forms._Made):
    reason: Annotated[str, StringConstraints(max_length=20)]
    text: Annotated[str, StringConstraints(max_length=LONGEST_FLAG)] = ""


Base64 = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_-]{0,128}$")]
KeyPrint = Annotated[str, StringConstraints(pattern=r"^([0-9a-f]{16})?$")]


class _KeyDocument(BaseModel):
    model_config = ConfigDict(strict=True, extra="ignore", frozen=True)

    public: Base64
    signature: Base64


class _ShownKeyDocument(_KeyDocument):
    v: Literal[2]
    device_id: DeviceId
    name: Annotated[str, StringConstraints(max_length=40)] = ""


class _CarriedOperation(BaseModel):
    model_config = ConfigDict(strict=True, extra="ignore", frozen=True)

    sheet: Id
    body: forms._OperationDocument
    # The bytes that were signed, where they were: JSON that was read and written again may be others.
    text: Annotated[str, StringConstraints(max_length=MOST_TEXT)] = ""
    key: KeyPrint = ""
    signature: Base64 = ""

    @model_validator(mode="after")
    def _says_the_same(self):
        if self.text and forms._OperationDocument.model_validate_json(self.text) != self.body:
            raise ValueError("text and body are two operations")
        return self


class _CarriedFlag(BaseModel):
    model_config = ConfigDict(strict=True, extra="ignore", frozen=True)

    sheet: Id
    body: _FlagDocument


class _FileDocument(BaseModel):
    model_config = ConfigDict(strict=True, extra="ignore", frozen=True)

    format: Literal["contest-operations"]
    v: Literal[2]
    user: Id
    device_id: DeviceId
    installation: Annotated[str, StringConstraints(max_length=40)] = ""
    operations: Annotated[list[_CarriedOperation], Field(max_length=MOST_OPERATIONS)]
    flags: Annotated[list[_CarriedFlag], Field(max_length=MOST_OPERATIONS)] = []
    key: _KeyDocument | None = None


def pulse_from_json(body):
    """What a tablet says of itself (bytes); Invalid names the first place that is not as agreed."""
    document = dict(forms.read_document(_PulseDocument, body))
    del document["v"]
    document["heads"] = tuple((head.contest, head.seq, head.hash) for head in document["heads"])
    if document["numbers"] is not None:
        document["numbers"] = document["numbers"].model_dump()
    return Pulse(**document)


def flag_from_json(body):
    """A judge's report in a JSON body (bytes); Invalid as above."""
    return _flag_of(forms.read_document(_FlagDocument, body))


def _flag_of(document):
    return Flag(**{key: value for key, value in document if key != "v"})


def operations_from_file(data):
    """A tablet's file of operations (bytes), in the order in which the tablet made them; Invalid."""
    return _file_of(forms.read_document(_FileDocument, data))


def operations_from_document(document):
    """The same file again, from what was kept of it."""
    return operations_from_file(json.dumps(document).encode())


def _file_of(document):
    operations = [
        (one.sheet, Operation(**{key: value for key, value in one.body if key != "v"}))
        for one in document.operations
    ]
    operations.sort(key=lambda pair: pair[1].device_seq or 0)
    flags = [(one.sheet, _flag_of(one.body)) for one in document.flags]
    return OperationsFile(
        document.user, document.device_id, tuple(operations), tuple(flags), document.installation,
        document.model_dump(mode="json"), _proofs_of(document),
        (document.key.public, document.key.signature) if document.key else (),
    )


def _proofs_of(document):
    return {
        one.body.op_id: Proof(one.key, one.signature, operation_text(
            document.installation, document.user, one.sheet, one.text
        )) for one in document.operations if one.key and one.signature and one.text
    }


def key_from_json(body):
    """(device id, its name, public half, signature) of a key that a tablet shows (bytes); Invalid."""
    document = forms.read_document(_ShownKeyDocument, body)
    return document.device_id, document.name, document.public, document.signature
