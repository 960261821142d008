"""What a tablet tells of the sheets that it handed in, as JSON."""

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from contest.judging import forms
from contest.judging.tablet_forms import DeviceId, Id
from contest.judging.total_rules import Told

MOST_SHEETS = 2000


class _SheetDocument(BaseModel):
    model_config = ConfigDict(strict=True, extra="forbid", frozen=True)

    sheet: Id
    rev: Annotated[int, Field(ge=1, le=1_000_000)]
    digest: Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]


class _ContestDocument(BaseModel):
    model_config = ConfigDict(strict=True, extra="forbid", frozen=True)

    contest: Id
    sheets: Annotated[list[_SheetDocument], Field(max_length=MOST_SHEETS)]


class _TotalsDocument(BaseModel):
    model_config = ConfigDict(strict=True, extra="forbid", frozen=True)

    v: Literal[1]
    device_id: DeviceId
    name: Annotated[str, StringConstraints(min_length=1, max_length=40)]
    contests: Annotated[list[_ContestDocument], Field(max_length=20)]


def totals_from_json(body):
    """(device id, name, {contest id: Told rows}) of a body (bytes); Invalid names the first wrong place."""
    document = forms.read_document(_TotalsDocument, body)
    told = {
        one.contest: tuple(Told(row.sheet, row.rev, row.digest) for row in one.sheets)
        for one in document.contests
    }
    return document.device_id, document.name, told
