"""What an honour that is entered by hand must say, and whose it can be."""

from dataclasses import dataclass
from datetime import date

from contest.errors import Conflict, Invalid
from contest.i18n import N_
from contest.numbers import read_whole
from contest.registry import day_rules
from contest.registry.ladder_rules import CONTEST_LEVELS

ALL_WRONG = N_("Nothing was saved: please look at the marked fields.")
LONGEST = {"name": 80, "name_en": 120, "authority": 80, "document_number": 60, "person_name": 60,
           "unit_name": 100, "team_name": 100, "trade": 50}
REQUIRED = ("name", "authority", "document_number")
HOLDERS = ("person", "organisation")


@dataclass(frozen=True)
class Typed:
    """An honour as it was typed, each field checked."""

    name: str
    name_en: str
    authority: str
    document_number: str
    granted_on: date
    place: int | None
    is_title: bool
    contest_level: str


@dataclass(frozen=True)
class HolderTyped:
    """Whose an honour is: of whom there is a row already (found_id), or somebody new."""

    kind: str  # HOLDERS
    found_id: int | None
    person_name: str
    unit_name: str
    team_name: str
    trade: str
    is_another: bool


def read_honour(form, now):
    """The Typed of a form; Invalid names each field that cannot be taken."""
    wrong = {}
    texts = {key: _text(form, key, wrong) for key in ("name", "name_en", "authority", "document_number")}
    granted_on = None
    try:
        granted_on = day_rules.read_past_day(form.get("granted_on"), now)
    except Invalid as refused:
        wrong["granted_on"] = refused
    place = read_whole(form.get("honour_place") or "")
    if (form.get("honour_place") or "").strip() and not place:
        wrong["honour_place"] = Invalid("A place is a whole number from 1.")
    level = form.get("contest_level") or ""
    if level and level not in CONTEST_LEVELS:
        wrong["contest_level"] = Invalid("Choose the level of the contest.")
    if wrong:
        raise Invalid(ALL_WRONG, fields=wrong)
    return Typed(**texts, granted_on=granted_on, place=place, is_title=form.get("is_title") == "1",
                 contest_level=level)


def read_holder(form):
    """The HolderTyped of a form; the choice is “person-7”, “organisation-3”, “person-new” or so."""
    kind, _, found = (form.get("holder") or "").partition("-")
    if kind not in HOLDERS:
        sentence = Invalid("Say whose honour it is.")
        raise Invalid(sentence.message, fields={"holder": sentence})
    wrong = {}
    texts = {key: _text(form, key, wrong) for key in ("person_name", "unit_name", "team_name", "trade")}
    found_id = read_whole(found)
    needed = "person_name" if kind == "person" else "unit_name"
    if found_id is None and not texts[needed]:
        wrong[needed] = Invalid("Please fill this in.")
    if wrong:
        raise Invalid(ALL_WRONG, fields=wrong)
    return HolderTyped(kind, found_id, **texts, is_another=form.get("is_another") == "1")


def _text(form, key, wrong):
    text = " ".join((form.get(key) or "").split())
    if not text and key in REQUIRED:
        wrong[key] = Invalid("Please fill this in.")
    if len(text) > LONGEST[key]:
        wrong[key] = Invalid("At most %(most)s characters are taken here.", most=LONGEST[key])
    return text


def check_another(namesakes, is_another):
    """Whoever makes a new row for a name that is known says that it is somebody else; Conflict otherwise."""
    if namesakes and not is_another:
        raise Conflict(
            "%(count)s people of this name are known already. Choose the right one, or tick that this is "
            "somebody else.", count=namesakes,
        )


def check_not_twice(found):
    """Conflict when the same honour by the same document is held already."""
    if found:
        raise Conflict("This honour by this document is on record for the same holder already.")
