"""What goes over the wire about records: what is compared, who holds it, and who held it before."""

from datetime import date, datetime
from typing import Annotated

from pydantic import Field

from contest.api.shapes import Page, Told
from contest.i18n import N_

Value = Annotated[str, Field(description=N_("A decimal number, as it is printed."))]


class RecordContest(Told):
    slug: str
    name: str
    name_en: str


class RecordMember(Told):
    """Who was in a team when it set a record, as far as the public reads it."""

    name: Annotated[str, Field(description=N_("Empty where it is not told."))]
    craftsman: Annotated[str | None, Field(description=N_("Token of the holder's page on the register."))]


class RecordHolder(Told):
    """Who holds or held a record, as far as the public reads it."""

    value: Value
    name: Annotated[str, Field(description=N_("Empty where it is not told."))]
    unit: str
    craftsman: Annotated[str | None, Field(description=N_("Token of the holder's page on the register."))]
    contest: Annotated[RecordContest | None, Field(description=N_(
        "Null for a contest that is not public, and from before this program."))]
    source: Annotated[str, Field(description=N_(
        "Of a record from before this program: where it can be read."))]
    on: date
    until: Annotated[date | None, Field(description=N_("Null: it stands."))]
    is_shared: bool
    organisation: Annotated[int | None, Field(description=N_("Of a team: number of its unit's page."))]
    members: Annotated[list[RecordMember], Field(description=N_("Of a team: who was in it then."))]
    revision: Annotated[int | None, Field(description=N_("Of the published results behind it."))]
    document_hash: str | None


class RecordLine(Told):
    """A record and who holds it now; several where it was equalled."""

    id: int
    name: str
    name_en: str
    event: str
    holder: Annotated[str, Field(description=N_("Who sets it: person or team."))]
    what: str
    key: str
    better: str
    unit: str
    level: str
    group: str
    top: Annotated[Value | None, Field(description=N_("Null for a recorded figure."))]
    places: int
    is_compared: Annotated[bool, Field(description=N_("False once the record was laid down."))]
    standing: list[RecordHolder]


class Records(Page):
    items: list[RecordLine]


class TakenBack(Told):
    value: Value
    on: date
    taken_back_at: datetime


class RecordFacts(RecordLine):
    """A record with its history, the latest first, and what was confirmed once and counts no longer."""

    history: list[RecordHolder]
    taken_back: list[TakenBack]
