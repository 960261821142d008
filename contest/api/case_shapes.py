"""What goes over the wire about the work of the service desk: its list, one case, acts, files."""

from datetime import UTC, date, datetime
from typing import Annotated, Any, Literal

from pydantic import AwareDatetime, Field

from contest.api.service_shapes import Long, Message, Number, ServiceOption, ServiceStep
from contest.api.shapes import Asked, Page, PageQuery, Text, Told
from contest.i18n import N_
from contest.member_services import case_rules

Revision = Annotated[int, Field(ge=0, le=2**31 - 1, description=N_(
    "The revision that was seen; after another one the act is refused (409)."))]


class CasesQuery(PageQuery):
    service: Annotated[Text, Field(description=N_("Key of a service; empty: of all."))] = ""
    state: Annotated[Literal[("", "open", "over", *case_rules.STATES)], Field(
        description=N_("One state; open or over: all of these; empty: every one."))] = ""
    late: Annotated[bool, Field(description=N_("Only what is late now."))] = False
    since: Annotated[
        AwareDatetime | None,
        Field(ge=datetime(2000, 1, 1, tzinfo=UTC), le=datetime(2999, 1, 1, tzinfo=UTC), description=N_(
            "Only cases to which something happened from this moment on, with its time zone.")),
    ] = None


class CaseLine(Told):
    """A case as it stands, by numbers: who applied and for what is read in the case itself."""

    id: int
    revision: int
    service: str
    state: str
    step: str
    at: datetime
    changed_at: Annotated[datetime, Field(description=N_("When something happened to it last."))]
    due_at: Annotated[datetime | None, Field(
        description=N_("When the step is due; null while no clock runs."))]
    is_late: bool
    is_first: Annotated[bool, Field(description=N_("Goes first (green lane)."))]
    assignee: Annotated[int | None, Field(description=N_("Number of the account that has the case."))]
    person: int | None


class Cases(Page):
    items: list[CaseLine]


class CaseAnswer(ServiceOption):
    """One field of the application. value: choices by their keys, money in fen."""

    kind: str
    value: Any


class CaseStep(ServiceStep):
    """who: the role or duty that answers for it; is_now: its clock runs."""

    who: str
    kind: str
    is_done: bool
    is_now: bool


class CaseEventFacts(Told):
    """One line of the history. is_inner: the office alone reads it."""

    at: datetime
    who: str
    kind: str
    was: str
    now: str
    step: str
    words: str
    is_inner: bool
    is_late: bool


class CaseFileFacts(Told):
    """A file of a case. is_by_office: the office added it, and alone sees it."""

    number: int
    field: str
    name: str
    size: int
    sha256: str
    is_by_office: bool


class CaseFileContent(Told):
    number: int
    name: str
    media_type: str
    size: int
    sha256: str
    content: Annotated[str, Field(description=N_("Base64."))]


class Officer(Told):
    id: int
    name: str


class CaseContribution(Told):
    """The yearly contribution that the case is granted on. paid_on, amount: null while none is on record."""

    year: int
    paid_on: date | None
    amount: Annotated[int | None, Field(description=N_("In fen."))]


class CaseFacts(CaseLine):
    """Everything that the desk's page of a case tells. acts: what the office may do now."""

    receipt: str
    name: str
    phone: str
    words: str
    channel: str
    agent: str
    version: Annotated[int, Field(description=N_("Of the service's entry with which the case began."))]
    answers: list[CaseAnswer]
    unit: int | None
    honour: int | None
    entitlement: int | None
    contribution: Annotated[CaseContribution | None, Field(
        description=N_("Null where the service asks for none, or nobody knows yet whose case it is."))]
    station: int | None
    slot: int | None
    amount: Annotated[int | None, Field(description=N_("What was granted, in fen."))]
    aids: list[str]
    answer: Annotated[str, Field(description=N_("The office's last word to the applicant."))]
    step_at: datetime | None
    decided_at: datetime | None
    done_at: datetime | None
    over_at: datetime | None
    times_late: Annotated[int, Field(description=N_("Steps that were done after their deadline."))]
    steps: list[CaseStep]
    history: list[CaseEventFacts]
    files: list[CaseFileFacts]
    acts: list[Literal[tuple(case_rules.ACT_WORDS)]]
    aid_choices: Annotated[list[ServiceOption], Field(description=N_("What `aid` of an act is chosen from."))]
    officers: Annotated[list[Officer], Field(description=N_("To whom the case may be given."))]


class CaseAct(Asked):
    """One act, as on the page of the case; what the step asks for goes with it."""

    revision: Revision
    act: Annotated[Literal[tuple(case_rules.ACT_WORDS)], Field(description=N_("One of `acts` of the case."))]
    words: Annotated[Long, Field(description=N_(
        "For the applicant: what is missing (return), why (refuse), how it was settled."))] = ""
    aid: Annotated[list[Text], Field(max_length=20, description=N_("Kinds of aid, to decide."))] = []
    amount: Annotated[Text, Field(description=N_("Yuan, to decide, where the officer enters it."))] = ""
    voucher: Annotated[Text, Field(description=N_("Number of the transfer, at a step that pays."))] = ""
    giver: Annotated[Text, Field(description=N_("Who grants a wish, at a step that matches it."))] = ""
    without_contribution: Annotated[Text, Field(
        description=N_("Why it is granted without the year's contribution on record, to decide."))] = ""
    organisation_id: Annotated[Number | None, Field(
        description=N_("Unit in which a member is placed, at a step that does so."))] = None
    is_another: Annotated[bool, Field(
        description=N_("The applicant is somebody else than the people of this name."))] = False


class CaseNote(Message):
    is_inner: Annotated[bool, Field(description=N_(
        "True: a note that the office alone reads; false: a message to the applicant."))] = True


class CaseAssignment(Asked):
    revision: Revision
    assignee: Annotated[Number, Field(description=N_("One of `officers` of the case."))]


class CasePerson(Asked):
    revision: Revision
    person: Annotated[Number, Field(description=N_("Number of the person whose case it is."))]
