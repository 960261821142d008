"""Which service an honour opens, and what an application must say."""

import re
import tomllib
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from contest.errors import Conflict, Invalid
from contest.i18n import N_

CATALOGUE = Path(__file__).with_name("catalogue.toml")
STATES = {
    "applied": N_("Applied"),
    "accepted": N_("Accepted"),
    "declined": N_("Declined"),
    "done": N_("Done"),
}
NEXT = {"applied": ("accepted", "declined"), "accepted": ("done",), "declined": (), "done": ()}
# What is left for an application on an honour that was revoked meanwhile.
NEXT_WHEN_REVOKED = {"applied": ("declined",), "accepted": ("declined",), "declined": (), "done": ()}
MONTH = re.compile(r"(?:19|20)[0-9]{2}-(?:0[1-9]|1[0-2])", re.ASCII)
# An application in one of these states is still being dealt with.
OPEN_STATES = ("applied", "accepted")
# The same form within this time is the same application, sent twice by a double tap.
SENT_TWICE_WITHIN = timedelta(minutes=10)
PHONE = re.compile(r"\+?[0-9][0-9 -]{5,18}[0-9]")


@dataclass(frozen=True)
class Field:
    """One thing an application asks for; kind: text, or month for a year and a month."""

    key: str
    name: str
    name_en: str
    most: int
    optional: bool = False
    kind: str = "text"


@dataclass(frozen=True)
class Step:
    """One step of a service, with its deadline in working days."""

    name: str
    name_en: str
    days: int


@dataclass(frozen=True)
class Entitlement:
    """Who may have a service; one condition that holds is enough."""

    titles: bool = False
    levels: tuple[str, ...] = ()
    best_place: int = 0
    members: bool = False


@dataclass(frozen=True)
class Service:
    """One entry of the catalogue."""

    key: str
    name: str
    name_en: str
    summary: str
    summary_en: str
    worth: str
    worth_en: str
    authority: str
    authority_en: str
    channels: tuple[str, ...]
    channels_en: tuple[str, ...]
    entitled: Entitlement
    steps: tuple[Step, ...]
    fields: tuple[Field, ...]


def read_catalogue(text):
    """The services of a catalogue file in its order; ValueError names the entry that is wrong."""
    services = {}
    for number, entry in enumerate(tomllib.loads(text)["services"], start=1):
        try:
            entitled = dict(entry["entitled"])
            entitled["levels"] = tuple(entitled.get("levels", ()))
            service = Service(
                **{
                    **entry,
                    "channels": tuple(entry["channels"]),
                    "channels_en": tuple(entry["channels_en"]),
                    "entitled": Entitlement(**entitled),
                    "steps": tuple(Step(**step) for step in entry["steps"]),
                    "fields": tuple(Field(**field) for field in entry["fields"]),
                }
            )
        except (KeyError, TypeError) as wrong:
            raise ValueError(f"service {number} of the catalogue: {wrong}") from wrong
        if service.key in services:
            raise ValueError(f"service {number} of the catalogue: {service.key} is there twice")
        services[service.key] = service
    return services


def is_entitled(service, is_title, level, place):
    """True when an honour of this kind opens the service."""
    entitled = service.entitled
    return (
        (entitled.titles and is_title)
        or (bool(level) and level in entitled.levels)
        or (place is not None and 0 < place <= entitled.best_place)
    )


def read_application(service, form):
    """Name, phone, words and answers of an application; Invalid names every field that is wrong."""
    fields, taken = {}, {}
    for key, most in (("name", 40), ("phone", 20), ("words", 500)):
        taken[key] = (form.get(key) or "").strip()
        if len(taken[key]) > most:
            fields[key] = Invalid("At most %(most)s characters are taken here.", most=most)
    if not taken["name"]:
        fields["name"] = Invalid("Please write your name.")
    if not PHONE.fullmatch(taken["phone"]):
        fields["phone"] = Invalid("A telephone number has 7 to 20 digits, with spaces or hyphens.")
    answers = {}
    for field in service.fields:
        answers[field.key] = (form.get(field.key) or "").strip()
        if not answers[field.key] and not field.optional:
            fields[field.key] = Invalid("This is needed for the service.")
        elif field.kind == "month" and answers[field.key] and not MONTH.fullmatch(answers[field.key]):
            fields[field.key] = Invalid("Write the year and the month, for example 2019-05.")
        elif len(answers[field.key]) > field.most:
            fields[field.key] = Invalid(
                "At most %(most)s characters are taken here.", most=field.most
            )
    if fields:
        raise Invalid("Some fields are missing or wrong; nothing was sent.", fields=fields)
    return {**taken, "answers": answers}


def is_holder(name, holder):
    """True when the applicant's name is that of the honour's holder, but for spaces."""
    return "".join(name.split()) == "".join(holder.split())


def check_one_open(names, name, holder):
    """One open application for each honour and service; names: the applicants of the open ones.

    Whoever applies under another name does not keep the holder from applying.
    """
    if is_holder(name, holder):
        names = [each for each in names if is_holder(each, holder)]
    if names:
        raise Conflict("An application for this service on this honour is open already.")


def next_steps(state, is_revoked):
    """The states that may follow; a revoked honour leaves only the refusal."""
    return (NEXT_WHEN_REVOKED if is_revoked else NEXT)[state]


def check_next(state, wanted, is_revoked=False):
    """An application goes from applied to accepted or declined, and from accepted to done.

    On an honour that was revoked meanwhile it can only be declined.
    """
    if is_revoked and wanted in NEXT.get(state, ()) and wanted != "declined":
        raise Conflict("The honour has been revoked, so the application can only be declined.")
    if is_revoked and wanted in NEXT_WHEN_REVOKED.get(state, ()):
        return
    if wanted not in NEXT.get(state, ()):
        raise Conflict("The application is %(state)s; that step does not follow.", state=STATES[state])
