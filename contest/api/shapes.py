"""What goes over the wire: every request and every answer, as the description prints them."""

from datetime import date, datetime
from typing import Annotated, Any, ClassVar, Literal

from pydantic import BaseModel, ConfigDict, FailFast, Field, StringConstraints

from contest.api.rules import PAGE_MOST, PAGE_SIZE
from contest.i18n import N_

Text = Annotated[str, StringConstraints(max_length=200)]


class Asked(BaseModel):
    """What a program sends: nothing more than is named here."""

    model_config = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False)


class Told(BaseModel):
    """What it is answered; read from the program's own rows.

    NOT_KEPT: texts that no Idempotency-Key keeps, for they would outlive an erasure; a repeat has them empty.
    """

    model_config = ConfigDict(from_attributes=True, extra="ignore", frozen=True)
    NOT_KEPT: ClassVar[frozenset] = frozenset()


class ErrorFacts(Told):
    code: str
    message: str
    fields: dict[str, str]


class Error(Told):
    """The one shape of everything that is refused."""

    error: ErrorFacts


class PageQuery(Asked):
    limit: Annotated[int, Field(ge=1, le=PAGE_MOST, description=N_("How many at most."))] = PAGE_SIZE
    after: Annotated[Text, Field(description=N_("`next` of the page before."))] = ""


class StageQuery(Asked):
    stage: Annotated[Text, Field(description=N_("Key of a stage; empty: the one being held."))] = ""
    by: Annotated[Literal["", "name"], Field(
        description=N_("While blind modules name nobody: `name` shows the marks of the others.")
    )] = ""


class CraftsmenQuery(Asked):
    text: Text = ""
    trade: Text = ""
    unit: Text = ""
    level: Text = ""
    place: Text = ""
    honour: Annotated[Text, Field(description=N_("Name of an honour that stands on the register."))] = ""
    year: Annotated[int, Field(ge=1900, le=2999, description=N_(
        "In which an honour on the list was granted, or a level confirmed."))] | None = None
    page: Annotated[int, Field(ge=1, le=100_000)] = 1


class Page(Told):
    next: Annotated[str | None, Field(description=N_("Cursor of the next page; null on the last."))]


class Contest(Told):
    id: int
    slug: str
    name: str
    name_en: str
    host: str
    place: str
    starts_on: date | None
    ends_on: date | None
    state: str
    is_public: bool


class Contests(Page):
    items: list[Contest]


class Module(Told):
    key: str
    name: str
    name_en: str
    kind: str


class Stage(Told):
    key: str
    name: str
    name_en: str
    modules: list[Module]


class ContestFacts(Contest):
    """A contest with the stages and modules of the plan in force (none before there is one)."""

    stage: str
    stages: list[Stage]


class Entrant(Told):
    id: int
    number: str
    name: str
    organisation: str
    team: str
    group: str
    trade: str
    gender: str
    born_on: str
    skill_level: str
    employment: str
    room: str
    titles: str


class Entrants(Page):
    items: list[Entrant]


class RosterRow(Asked):
    """A line of a roster, in the words that a file would have; what is empty is not known."""

    organisation: Text
    name: Text
    team: Text = ""
    gender: Text = ""
    born_on: Text = ""
    group: Text = ""
    trade: Text = ""
    skill_level: Text = ""
    employment: Text = ""
    room: Text = ""
    titles: Text = ""
    number: Text = ""
    phone: Annotated[Text, Field(description=N_("Kept sealed; no answer tells it."))] = ""


class Roster(Asked):
    # The first row that is not as described ends the reading: a body of hostile rows gets one sentence.
    rows: Annotated[list[RosterRow], Field(min_length=1, max_length=5000), FailFast()]
    is_trial: Annotated[bool, Field(description=N_("Only say what would change."))] = False


class RosterTaken(Told):
    is_trial: bool
    counts: Annotated[dict[str, int], Field(description=N_("Lines by what they do: new, changed, …"))]


class SheetLine(Told):
    """One of the judge's own sheets; name null in a blind module, where only the code is known."""

    id: int
    contest_id: int
    module: str
    code: str
    name: str | None
    state: str
    given: int
    count: int
    total: str
    entrant_state: str
    rev: int


class Sheets(Page):
    items: list[SheetLine]


class Sheet(Told):
    """A sheet as its judge sees it. marks: as the operations' door takes them."""

    id: int
    contest_id: int
    module: str
    code: str
    name: str | None
    state: str
    entrant_state: str
    rev: int
    marks: dict[str, Any]
    total: str
    missing: list[str]
    is_open: bool


class Mark(Told):
    text: str | None
    done: bool
    note: str


class Standing(Told):
    number: str
    name: str
    organisation: str
    team: str
    group: str
    place: int | None
    place_overall: Annotated[int | None, Field(
        description=N_("Place among all, where the plan ranks each group apart.")
    )]
    team_place: Annotated[int | None, Field(description=N_("Place of the contestant's team."))]
    is_shared: bool
    total: str | None
    complete: bool
    state: str
    modules: dict[str, Mark]


class TeamStanding(Told):
    name: str
    organisation: str
    place: int | None
    is_shared: bool
    total: str | None
    complete: bool


class ChainHead(Told):
    """The last link of a contest's chain: whoever keeps it can tell if something is changed later."""

    seq: int
    hash: str


class Standings(Told):
    """The officials' table. is_by_code: rows are works under their codes, with the blind marks only."""

    contest_id: int
    stage: str
    is_final: bool
    is_by_code: bool
    hidden: list[str]
    rows: list[Standing]
    teams: list[TeamStanding]
    chain: Annotated[ChainHead | None, Field(description=N_("Head of the contest's chain now."))]


class BoardCell(Told):
    text: str | None
    note: str
    place: int | None


class BoardRow(Told):
    number: str
    name: str
    organisation: str
    team: str
    group: str
    place: int | None
    is_shared: bool
    total: str | None
    complete: bool
    state: str
    cells: Annotated[list[BoardCell], Field(description=N_("In the order of `columns`."))]


class BoardColumn(Told):
    key: str
    name: str
    name_en: str


class Board(Told):
    """What everybody may see. frozen_at: the moment up to which marks are shown; null when all are."""

    slug: str
    name: str
    name_en: str
    stage: str
    state: Annotated[str, Field(description=N_("coming, scoring, provisional, final or correction"))]
    is_final: bool
    frozen_at: datetime | None
    revision: int | None
    columns: list[BoardColumn]
    rows: list[BoardRow]
    teams: list[BoardRow]
    chain: Annotated[ChainHead | None, Field(
        description=N_("Head of the contest's chain when this revision was published; else null.")
    )]


class Winner(Told):
    award: str
    award_name: str
    award_name_en: str
    name: str
    organisation: str
    group: Annotated[str, Field(description=N_("Where the plan ranks each group apart."))]
    team: str
    place: Annotated[int | None, Field(description=N_("Place at grant: the one the award was granted for."))]
    place_now: Annotated[int | None, Field(
        description=N_("Place in the results as they are now: another one, or null, after an annulment.")
    )]
    place_overall: Annotated[int | None, Field(
        description=N_("Place among all, where the plan ranks each group apart.")
    )]
    award_place: Annotated[int | None, Field(
        description=N_("Place among those who may take the award, where it is another one.")
    )]
    team_place: Annotated[int | None, Field(description=N_("Place of the contestant's team."))]
    total: str


class Winners(Page):
    items: list[Winner]
    chain: Annotated[ChainHead | None, Field(description=N_("Head of the contest's chain now."))]


class HonourFacts(Told):
    id: int
    name: str
    name_en: str
    level: str
    is_title: bool
    authority: str
    document_number: str
    granted_on: date
    place: Annotated[int | None, Field(
        description=N_("Place at grant: the one the award was granted for.")
    )]
    state: str


class CraftsmanLine(Told):
    token: str
    name: str
    trade: str
    level: str
    unit: str
    place: str


class Craftsmen(Told):
    items: list[CraftsmanLine]
    count: int
    pages: int


class CraftsmanFacts(CraftsmanLine):
    words: str
    honours: list[HonourFacts]
