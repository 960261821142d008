"""What a catalogue entry may say: a service as data, read from a TOML file or a page, checked whole.

Money is written in yuan (3000 or "3000.50") and kept in fen; deadlines in working days, hours or
calendar days, exactly one of them a step.
"""

import json
import tomllib
from functools import cached_property
from hashlib import sha256
from typing import Annotated, Literal

from pydantic import Field, ValidationError, model_validator

from contest.errors import Invalid
from contest.i18n import N_
from contest.member_services.duty_rules import CONFIDENTIAL, DUTIES, KEEPER
from contest.member_services.entry_rules import Amount, Contribution, Fen, Key, Monthly, Name, Named, Part

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
# What a step may do beyond the case itself (effect_actions).
EFFECTS = (
    "open_file", "review_file", "to_register", "match_line", "place_member", "confirm_member", "welcome_pack",
    "certificate", "pay", "extend_to_master",
)
# Names that the form itself uses, or that pages fill in (kept_forms.BY_THE_PAGE).
TAKEN_NAMES = frozenset({
    "name", "phone", "words", "channel", "agent", "slot_id", "station_id", "honour_id", "files", "about",
    "act", "base_rev", "device", "found", "language", "layer", "mine", "module", "next", "op_id", "panel",
    "rev", "seen", "sheet", "show", "sort", "to", "version", "year", "csrf_token", "kept",
})


class Option(Named):
    """One thing to choose; price: in fen, for services that add prices up."""

    price: Fen | None = None


class FormField(Named):
    """One thing that an application asks for."""

    kind: Literal["text", "long", "number", "money", "month", "day", "choice", "several", "table", "file",
                  "consent", "account", "id_number"] = "text"
    most: Annotated[int, Field(ge=1, le=2000)] = 200
    optional: bool = False
    hint: str = ""
    hint_en: str = ""
    options: tuple[Option, ...] = ()
    columns: tuple["FormField", ...] = ()  # of a table
    rows: Annotated[int, Field(ge=1, le=12)] = 6
    least: int | None = None  # of a number
    largest: int | None = None  # of a number, or of money in yuan
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
    since: Literal["step", "application", "slot"] = "step"  # slot: the end of the booked time
    who: Key = "service_officer"  # a role, or a duty that people are named for
    kind: Literal["work", "decide"] = "work"
    settles: bool = False  # the matter may be settled here, and the steps after it fall away
    does: Key | None = None  # an effect beyond the case, of EFFECTS

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
    proven: bool = False  # of everybody, granted only to whom an entitlement is known
    starts: Literal["day", "next_month"] = "day"


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


class Limit(Part):
    """How often a person may have the service in a calendar year; when: with this answer alone."""

    most: Annotated[int, Field(ge=1, le=366)]
    when: tuple[str, str] | None = None


class Register(Part):
    """A register of grouped items that the service keeps: suggestions, wants, wishes, problems."""

    item: Name
    item_en: Name
    topic: str = ""  # items are drawn together under topics of this name
    topic_en: str = ""
    groups: tuple[Name, ...] = ()
    days: Annotated[int, Field(ge=1, le=250)] = 20  # working days until an answer, unless told otherwise
    cost: Key | None = None  # the field of money that says what an item costs; typed ones carry it as well
    giver: bool = False  # each item is matched with somebody who grants it
    officers: Annotated[int, Field(ge=0, le=5)] = 0  # so many answer for a list besides its head
    public: bool = False
    ends: Literal["done", "answered"] = "done"  # what a line has come to before the list is closed


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
    monthly: Monthly | None = None
    contribution: Contribution | None = None
    means: Means | None = None
    priority: Priority = Priority()
    limits: tuple[Limit, ...] = ()
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
        if not self.amount and any(one.does == "pay" for one in self.steps):
            raise ValueError("a step that pays needs an amount")
        if self.monthly and not (self.amount and self.amount.by_level and self.entitled.standing):
            raise ValueError("what is due monthly needs standing entitlements and an amount by_level")
        if self.contribution and not self.decides:
            raise ValueError("a contribution needs a step that decides")
        day = self.contribution.year_of if self.contribution else None
        if day and day not in {one.key for one in self.fields if one.kind == "day"}:
            raise ValueError(f"there is no field {day} that asks for a day")
        named = [part.of for part in self.amount.parts] if self.amount else []
        named += [one.when[0] for one in self.limits if one.when]
        named += [self.register_.cost] if self.register_ and self.register_.cost else []
        named += [self.means.household, self.means.spending, self.means.region] if self.means else []
        if missing := set(named) - set(keys):
            raise ValueError(f"there is no field {sorted(missing)[0]}")
        if self.slots is None and any(one.since == "slot" for one in self.steps):
            raise ValueError("a step counted from the booked time needs slots")
        return self

    @property
    def is_restricted(self):
        """True when it is granted only to whom an entitlement is known."""
        return self.entitled.proven or not self.entitled.everyone

    @property
    def decides(self):
        """True when a step decides; where none does, accepting an application is the decision."""
        return any(one.kind == "decide" for one in self.steps[1:])

    @property
    def kept_by(self):
        """The duty whose holders alone read and move its cases, as of a letter to the chair; or None."""
        return self.steps[0].who if self.steps[0].who in CONFIDENTIAL else None

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


def check_deciding(service):
    """Nothing passes the step that decides: it is there where it must be, nothing ends before it; Invalid.

    Asked of an entry that is entered, not of one that was kept: its open cases go on.
    """
    at = next((place for place, one in enumerate(service.steps) if one.kind == "decide"), None)
    if at is None and service.entitled.proven:
        raise Invalid("With “proven” one step must decide, so that an officer answers for the entitlement.")
    if at == 0:
        raise Invalid("The first step takes the application; a later one decides.")
    if at is not None and any(one.settles for one in service.steps[:at]):
        raise Invalid("No step before the one that decides can settle the matter.")


def check_answered(service):
    """Somebody can answer for every step, and each does something that is known; Invalid names the step.

    Asked of an entry that is entered, as check_deciding is.
    """
    for step in service.steps:
        if step.who not in DUTIES:
            raise Invalid(
                "The step “%(step)s” is for “%(duty)s”, a duty that nobody can hold. There are: %(known)s.",
                step=step.key, duty=step.who, known=", ".join(DUTIES),
            )
        if step.who == KEEPER and not (service.stations or service.slots):
            raise Invalid(
                "The step “%(step)s” is for the person in charge of a station, and nobody who applies names "
                "one: write stations = true, or name another duty.", step=step.key,
            )
        if step.does not in (None, *EFFECTS):
            raise Invalid(
                "The step “%(step)s” does “%(effect)s”, which is nothing known. There are: %(known)s.",
                step=step.key, effect=step.does, known=", ".join(EFFECTS),
            )
    if service.monthly and service.monthly.who not in DUTIES:
        raise Invalid(
            "What is due monthly is paid by “%(duty)s”, a duty that nobody can hold. There are: %(known)s.",
            duty=service.monthly.who, known=", ".join(DUTIES),
        )
    if service.contribution and service.contribution.who not in DUTIES:
        raise Invalid(
            "Contributions are entered by “%(duty)s”, a duty that nobody can hold. There are: %(known)s.",
            duty=service.contribution.who, known=", ".join(DUTIES),
        )


def check_conditions(service):
    """Every condition on an answer can come true; Invalid names the one that cannot.

    Asked of an entry that is entered, as check_deciding is.
    """
    asked = set()
    for one in service.fields:
        key, answers = one.when or ("", ())
        _check_asked([(key, each) for each in answers], asked)
        asked |= {(one.key, option.key) for option in one.options}
    parts = service.amount.parts if service.amount else ()
    whens = [one.when for one in (*service.limits, *parts) if one.when]
    _check_asked([*whens, *service.priority.answers], asked)


def _check_asked(pairs, asked):
    for field, answer in pairs:
        if (field, answer) not in asked:
            raise Invalid(
                "The condition “%(field)s = %(answer)s” never comes true: no choice before it has this "
                "answer.", field=field, answer=answer,
            )


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
