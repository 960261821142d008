"""What a catalogue entry may say: a service as data, read from a TOML file or a page, checked whole.

Money is written in yuan (3000 or "3000.50") and kept in fen; deadlines in working days, hours or
calendar days, exactly one of them a step.
"""

import json
import tomllib
from functools import cached_property
from hashlib import sha256
from typing import Annotated, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError, model_validator

from contest.errors import Invalid
from contest.i18n import N_
from contest.member_services.money_rules import fen_of

# The six kinds of the 1+6+N frame (S11), and two that stand beside them.
KINDS = {
    "housing": N_("Housing"), "culture": N_("Culture and sport"), "visits": N_("Visits and hardship"),
    "care_fund": N_("Care fund"), "health": N_("Health"), "rights": N_("Rights"),
    "skills": N_("Skills"), "voice": N_("Voice and membership"),
}
FRAME = ("housing", "culture", "visits", "care_fund", "health", "rights")
CHANNELS = {
    "online": N_("online"), "station": N_("at a station"), "door": N_("at the door"),
    "agent": N_("by an agent"), "phone": N_("by telephone"),
}
# Names that the form itself uses, or that pages fill in (kept_forms.BY_THE_PAGE).
TAKEN_NAMES = frozenset({
    "name", "phone", "words", "channel", "agent", "slot_id", "station_id", "honour_id", "files", "about",
    "act", "base_rev", "device", "found", "language", "layer", "mine", "module", "next", "op_id", "panel",
    "rev", "seen", "sheet", "show", "sort", "to", "version", "year", "csrf_token", "kept",
})
Fen = Annotated[int, BeforeValidator(fen_of)]
Key = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,39}$")]
Name = Annotated[str, Field(min_length=1, max_length=120)]


class Part(BaseModel):
    """A piece of an entry; nothing in it is unknown, and it never changes."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Named(Part):
    """A piece with a key and a name in both languages."""

    key: Key
    name: Name
    name_en: Name


class Option(Named):
    """One thing to choose; price: in fen, for services that add prices up."""

    price: Fen | None = None


class FormField(Named):
    """One thing that an application asks for."""

    kind: Literal["text", "long", "number", "money", "month", "day", "choice", "several", "table", "file",
                  "consent"] = "text"
    most: Annotated[int, Field(ge=1, le=2000)] = 200
    optional: bool = False
    hint: str = ""
    hint_en: str = ""
    options: tuple[Option, ...] = ()
    columns: tuple["FormField", ...] = ()  # of a table
    rows: Annotated[int, Field(ge=1, le=12)] = 6
    least: int | None = None  # of a number
    largest: int | None = None
    when: tuple[str, tuple[str, ...]] | None = None  # asked for only with these choices of another field

    @model_validator(mode="after")
    def _fits(self):
        if (self.kind in ("choice", "several")) != bool(self.options):
            raise ValueError("options belong to a choice, and a choice needs them")
        if (self.kind == "table") != bool(self.columns):
            raise ValueError("columns belong to a table, and a table needs them")
        if any(one.kind not in ("text", "number", "money", "choice") for one in self.columns):
            raise ValueError("a column is text, number, money or choice")
        return self

    def option(self, key):
        """The option with this key, or None."""
        return next((one for one in self.options if one.key == key), None)


class Step(Named):
    """One step: who answers for it, and until when, counted from where it begins or from the application."""

    days: Annotated[int, Field(ge=0, le=250)] | None = None  # working days; 0: the same day
    hours: Annotated[int, Field(ge=1, le=2400)] | None = None
    calendar_days: Annotated[int, Field(ge=1, le=366)] | None = None
    since: Literal["step", "application"] = "step"
    who: Key = "service_officer"  # a role, or a duty that people are named for
    kind: Literal["work", "decide"] = "work"
    settles: bool = False  # the matter may be settled here, and the steps after it fall away
    does: Key | None = None  # an effect beyond the case (case_effects)

    @model_validator(mode="after")
    def _one_deadline(self):
        if sum(each is not None for each in (self.days, self.hours, self.calendar_days)) != 1:
            raise ValueError("a step has one deadline: days, hours or calendar_days")
        return self


class LevelGround(Part):
    """A level that opens the service; amount: what it is worth a month, in fen."""

    level: Name
    also: tuple[str, ...] = ()  # other words and keys for the same step of a ladder
    amount: Fen | None = None


class Entitled(Part):
    """Who may have the service; one condition that holds is enough."""

    everyone: bool = False
    members: bool = False
    titles: bool = False  # every title, not every prize
    levels: tuple[LevelGround, ...] = ()
    best_place: Annotated[int, Field(ge=0)] = 0
    needs: tuple[Key, ...] = ()  # a standing file of these services, for instance hardship
    title_amount: Fen | None = None
    standing: bool = False  # grounds open an entitlement of their own, with start and end
    single: bool = False  # one entitlement a person, on the best ground
    proven: bool = False  # granted only to whom an entitlement is known
    starts: Literal["day", "next_month"] = "day"


class Bracket(Part):
    """A share of what lies between the bracket before and `to` (none: without an end)."""

    to: Fen | None = None
    percent: Annotated[int, Field(ge=0, le=100)]


class Stair(Part):
    """A fixed amount for everything above a line."""

    above: Fen
    pays: Fen


class AmountPart(Named):
    """One part of an amount: brackets or stairs over a money field, or prices of what was chosen."""

    of: Key
    brackets: tuple[Bracket, ...] = ()
    above: Fen = 0  # the threshold: what lies below is the applicant's own
    stairs: tuple[Stair, ...] = ()
    prices: bool = False
    when: tuple[str, str] | None = None
    most: Fen | None = None
    once: bool = False  # paid once to a person, ever

    @model_validator(mode="after")
    def _one_rule(self):
        if sum(map(bool, (self.brackets, self.stairs, self.prices))) != 1:
            raise ValueError("a part has brackets, stairs or prices")
        ends = [one.to for one in self.brackets[:-1]]
        if None in ends or ends != sorted(set(ends)) or (ends and ends[0] <= self.above):
            raise ValueError("brackets rise from the threshold, and only the last has no end")
        lines = [one.above for one in self.stairs]
        if lines != sorted(set(lines)):
            raise ValueError("stairs rise")
        return self


class Amount(Part):
    """What the service is worth. entered: an officer decides between least and most."""

    parts: tuple[AmountPart, ...] = ()
    entered: bool = False
    by_level: bool = False  # what the entitlement says, a month
    least: Fen | None = None
    most: Fen | None = None
    per_year: bool = False  # the most counts what the person had in the same calendar year
    budget: bool = False  # what is granted comes from the unit's yearly budget for its members


class Means(Part):
    """The hardship test: (income - necessary spending) a head is below a standard of the region."""

    household: Key
    income: Key
    spending: Key
    region: Key
    standard: Key  # the setting's name


class Priority(Part):
    """Who goes first (green lane): holders of an entitlement, or who says one of these."""

    entitlements: tuple[Key, ...] = ()
    answers: tuple[tuple[str, str], ...] = ()
    channels: tuple[str, ...] = ()


class Register(Part):
    """A register of grouped items that the service keeps: suggestions, wants, wishes, problems."""

    item: Name
    item_en: Name
    topic: str = ""  # items are drawn together under topics of this name
    topic_en: str = ""
    groups: tuple[Name, ...] = ()
    days: Annotated[int, Field(ge=1, le=250)] = 20  # working days until an answer, unless told otherwise
    giver: bool = False  # each item is matched with somebody who grants it
    officers: Annotated[int, Field(ge=0, le=5)] = 0  # so many answer for a list besides its head
    public: bool = False


class Slots(Part):
    """Places that are booked: a counsellor's hour, a stand at a fair, a course."""

    needed: bool = True
    sessions: bool = False  # several meetings, attendance at each is counted
    attend_percent: Annotated[int, Field(ge=0, le=100)] = 0  # of the meetings, for the certificate
    nearest: bool = False  # slots of the nearest station stand first


class Service(Part):
    """One entry of the catalogue."""

    key: Key
    scenario: str = ""
    order: int = 100
    kind: Literal[tuple(KINDS)] = "rights"
    name: Name
    name_en: Name
    summary: str
    summary_en: str
    worth: str
    worth_en: str
    authority: str
    authority_en: str
    channels: tuple[Literal[tuple(CHANNELS)], ...]
    is_offered: bool = True
    entitled: Entitled
    steps: tuple[Step, ...] = Field(min_length=1)
    fields: tuple[FormField, ...] = ()
    aids: tuple[Option, ...] = ()  # what a decision may grant, one or several
    amount: Amount | None = None
    means: Means | None = None
    priority: Priority = Priority()
    register_: Register | None = Field(default=None, alias="register")
    slots: Slots | None = None
    stations: bool = False  # an application names a station, whose keeper answers for it
    first_asked: bool = False  # who takes the case answers for it to the end
    review_days: Annotated[int, Field(ge=0, le=3660)] = 0  # a file is checked again after so many
    own_words: str = ""  # what the free text is called, where it is the matter itself
    own_words_en: str = ""
    recurring: Annotated[int, Field(ge=0)] = 0  # so many cases with one topic in 90 days become a survey
    questions: tuple[Named, ...] = ()  # of the feedback, each answered from 1 to 5

    @model_validator(mode="after")
    def _hangs_together(self):
        keys = [one.key for one in self.fields]
        if len(set(keys)) < len(keys) or set(keys) & TAKEN_NAMES:
            raise ValueError("fields have keys of their own, and none that the form itself uses")
        if len({one.key for one in self.steps}) < len(self.steps):
            raise ValueError("steps have keys of their own")
        if sum(one.kind == "decide" for one in self.steps) > 1:
            raise ValueError("at most one step decides")
        if self.amount and not any(one.kind == "decide" for one in self.steps):
            raise ValueError("an amount needs a step that decides")
        named = [part.of for part in self.amount.parts] if self.amount else []
        named += [self.means.household, self.means.spending, self.means.region] if self.means else []
        if missing := set(named) - set(keys):
            raise ValueError(f"there is no field {sorted(missing)[0]}")
        return self

    @cached_property
    def step_keys(self):
        """The keys of the steps in order."""
        return [one.key for one in self.steps]

    def step(self, key):
        """The step with this key, or None."""
        return next((one for one in self.steps if one.key == key), None)

    def field(self, key):
        """The field with this key, or None."""
        return next((one for one in self.fields if one.key == key), None)


def read_service(document):
    """The Service that a document describes; Invalid says at which place it is wrong."""
    try:
        return Service.model_validate(document)
    except ValidationError as wrong:
        first = wrong.errors()[0]
        place = ".".join(str(one + 1 if isinstance(one, int) else one) for one in first["loc"]) or "–"
        raise Invalid(
            "The entry is wrong at “%(place)s”: %(problem)s", place=place,
            problem=first["msg"].removeprefix("Value error, "),
        ) from wrong


def read_toml(text):
    """The document of a catalogue file; Invalid when it is no TOML."""
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as wrong:
        raise Invalid("This is no TOML: %(problem)s", problem=str(wrong)) from wrong


def write_toml(document):
    """A document as TOML, one key a line; what stands in lists and tables is written inline."""
    return "".join(f"{key} = {_inline(value)}\n" for key, value in document.items())


def _inline(value):
    if isinstance(value, dict):
        return "{" + ", ".join(f"{key} = {_inline(one)}" for key, one in value.items()) + "}"
    if isinstance(value, list):
        inner = [_inline(one) for one in value]
        apart = "\n  " if any(isinstance(one, dict) for one in value) else " "
        return "[" + apart.strip(" ") + ("," + apart).join(inner) + ("\n]" if "\n" in apart else "]")
    return json.dumps(value, ensure_ascii=False)  # texts, numbers and truths are written alike


def fingerprint(document):
    """The SHA-256 of an entry's document, whatever the order of its keys."""
    return sha256(json.dumps(document, sort_keys=True, ensure_ascii=False).encode()).hexdigest()


def opens_for_honour(service, is_title, level, place):
    """The LevelGround, or True, by which an honour of this kind opens the service; None when it does not."""
    entitled = service.entitled
    if level and (ground := level_ground(service, level)):
        return ground
    if (entitled.titles and is_title) or (place is not None and 0 < place <= entitled.best_place):
        return True
    return None


def level_ground(service, level):
    """The LevelGround for a level by its name or one of its other words, or None."""
    return next(
        (one for one in service.entitled.levels if level == one.level or level in one.also), None
    )
