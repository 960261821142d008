"""What goes over the wire about member services: the catalogue, times, applications, entitlements."""

from datetime import date, datetime
from typing import Annotated, ClassVar, Literal

from pydantic import Field, StringConstraints

from contest.api.shapes import Asked, Page, PageQuery, Text, Told
from contest.i18n import N_

Number = Annotated[int, Field(ge=1, le=2**31 - 1)]
Long = Annotated[str, StringConstraints(max_length=2000)]
Several = Annotated[list[Text], Field(max_length=60)]
Answers = Annotated[
    dict[Annotated[str, StringConstraints(max_length=60)], Long | Several],
    Field(max_length=60, description=N_(
        "By the keys of the service's fields, and `name`, `phone`, `words`. Choices by the keys of their "
        "options, several of them as a list; a cell of a table as `field-0-column`.")),
]


class EntitlementsQuery(PageQuery):
    person: Annotated[int, Field(ge=0, le=2**31 - 1, description=N_("Of this person; 0: of everybody."))] = 0
    service: Annotated[Text, Field(description=N_("Key of a service; empty: of all."))] = ""


class EntitlementFacts(Told):
    """One right of one person, as webhooks tell of it; neither its amount nor why it ended."""

    id: int
    person: int
    service: str
    ground: str
    honour: int | None
    ladder: str
    level: str
    start_on: date
    end_on: date | None
    is_open: bool


class Entitlements(Page):
    items: list[EntitlementFacts]


class ServiceOption(Told):
    key: str
    name: str
    name_en: str


class ServiceColumn(Told):
    key: str
    name: str
    name_en: str
    kind: str
    most: int
    optional: bool
    options: list[ServiceOption]


class ServiceField(ServiceColumn):
    """One thing that is asked for. when: only with one of these answers to another field."""

    hint: str
    hint_en: str
    least: int | None
    largest: int | None
    rows: Annotated[int, Field(description=N_("Of a table: how many lines it has at most."))]
    columns: list[ServiceColumn]
    when: tuple[str, list[str]] | None


class ServiceStep(Told):
    key: str
    name: str
    name_en: str


class ServiceFacts(Told):
    key: str
    kind: str
    name: str
    name_en: str
    summary: str
    summary_en: str
    own_words: Annotated[str, Field(description=N_("What `words` are; empty where they need not be said."))]
    is_for_everybody: bool
    needs_slot: Annotated[bool, Field(description=N_("Whether `slot_id` is needed, from the list of times."))]
    fields: list[ServiceField]
    steps: list[ServiceStep]


class Services(Told):
    items: list[ServiceFacts]


class SlotFacts(Told):
    id: int
    topic: str
    occasion: str
    place: str
    station: str
    starts_at: datetime
    ends_at: datetime
    sessions: int
    capacity: int
    free: int


class Slots(Page):
    items: list[SlotFacts]


class SentFile(Asked):
    """A file for a field, PDF, JPG or PNG; the whole body is 1 MB at most."""

    field: Annotated[str, StringConstraints(min_length=1, max_length=200)]
    name: Text
    content: Annotated[str, Field(description=N_("Base64."))]


class Completing(Asked):
    answers: Answers
    files: Annotated[list[SentFile], Field(max_length=6)] = []


class Applying(Completing):
    honour_id: Number | None = None
    slot_id: Annotated[Number | None, Field(description=N_("The time that is booked."))] = None
    station_id: Number | None = None


class Booking(Asked):
    slot_id: Annotated[Number, Field(description=N_("The time that is booked."))]


class Withdrawing(Asked):
    reason: Long = ""


class Message(Asked):
    text: Annotated[str, StringConstraints(min_length=1, max_length=2000)]


class Feedback(Asked):
    scores: Annotated[dict[Text, Annotated[int, Field(ge=1, le=5)]], Field(max_length=20, description=N_(
        "By the keys of the service's questions, from 1 (bad) to 5 (very good)."))]
    text: Long = ""


class FileFacts(Told):
    """A file that came with an application; the office alone opens it."""

    number: int
    field: str
    size: int
    sha256: str


class ApplicationFacts(Told):
    """How an application stands. acts: what the applicant may do now."""

    NOT_KEPT: ClassVar[frozenset] = frozenset({"answer"})

    receipt: str
    service: str
    state: str
    step: str
    at: datetime
    due_at: Annotated[datetime | None, Field(
        description=N_("When the step is due; null while no clock runs."))]
    is_late: bool
    answer: Annotated[str, Field(description=N_(
        "The office's last word to the applicant; empty in the repeat of a POST, which does not keep it."))]
    slot_id: int | None
    files: list[FileFacts]
    acts: list[Literal["complete", "messages", "withdraw", "feedback", "slot"]]
