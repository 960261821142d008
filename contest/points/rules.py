"""What earns how many points, and how a told line is read. The kinds stand in points.toml (mission C12)."""

import re
import tomllib
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from contest.errors import Conflict, Invalid
from contest.i18n import N_, listed

ALL_WRONG = N_("Please check the marked fields.")
MOST_QUANTITY = 100_000
MOST_LINES = 5000
FIRST_DAY = date(2000, 1, 1)  # day_rules: periods are of this century
_WHOLE = re.compile(r"[0-9]{1,6}", re.ASCII)


@dataclass(frozen=True)
class Kind:
    """Something that earns points; per_unit and most_a_day: whole points until the office says otherwise."""

    key: str
    name: str
    name_en: str
    unit: str
    unit_en: str
    per_unit: int
    most_a_day: int  # 0: no limit


def _shipped():
    text = Path(__file__).with_name("points.toml").read_text(encoding="utf-8")
    return {one["key"]: Kind(**one) for one in tomllib.loads(text)["kinds"]}


KINDS = _shipped()


@dataclass(frozen=True)
class Told:
    """One line of what a system tells: who did how much of what on which day, under its own reference."""

    row: int
    reference: str
    name: str
    organisation: str
    born_on: date | None
    kind: str
    quantity: int
    earned_on: date
    what: str


class BadLines(Invalid):
    """Lines that cannot be taken; nothing is stored. problems: pairs (row, Refusal)."""

    def __init__(self, problems):
        super().__init__(
            N_("Nothing was stored: lines that must be mended first: %(count)s."), count=len(problems),
            fields={f"rows.{row}": sentence for row, sentence in problems[:20]},
        )
        self.problems = problems


def read_lines(rows, today):
    """The Told of pairs (row number, dict of texts); BadLines names every wrong one.

    Keys: reference, name, organisation, kind, quantity, earned_on; born_on and what may be missing.
    """
    told, problems, seen = [], [], {}
    if not 1 <= len(rows) <= MOST_LINES:
        raise Invalid("From 1 to %(most)s lines are taken at once.", most=MOST_LINES)
    for row, values in rows:
        try:
            one = _read(row, {key: (value or "").strip() for key, value in values.items()}, today)
        except Invalid as refused:
            problems.append((row, refused))
            continue
        if one.reference in seen:
            problems.append((row, Invalid(
                "The reference %(reference)s stands in row %(row)s too.",
                reference=one.reference, row=seen[one.reference],
            )))
        seen.setdefault(one.reference, row)
        told.append(one)
    if problems:
        raise BadLines(problems)
    return told


def _read(row, values, today):
    for key, most in (("reference", 80), ("name", 60), ("organisation", 100)):
        if not 1 <= len(values.get(key, "")) <= most:
            raise Invalid("%(column)s must have 1 to %(most)s characters.", column=key, most=most)
    kind = next(
        (one.key for one in KINDS.values() if values.get("kind") in (one.key, one.name, one.name_en)), None
    )
    if kind is None:
        raise Invalid("“%(kind)s” is none of the kinds that earn points: %(kinds)s.",
                      kind=values.get("kind", "")[:30], kinds=listed(KINDS))
    quantity = values.get("quantity", "")
    if not _WHOLE.fullmatch(quantity) or not 1 <= int(quantity) <= MOST_QUANTITY:
        raise Invalid("The quantity is a whole number from 1 to %(most)s.", most=MOST_QUANTITY)
    earned_on = _day(values.get("earned_on", ""))
    if earned_on > today:
        raise Invalid("This day lies in the future.")
    if earned_on < FIRST_DAY:  # the lists begin with that year; what lies before is a slip of the year
        raise Invalid("Points are taken for days from %(day)s on.", day=FIRST_DAY.isoformat())
    born_on = _day(values["born_on"]) if values.get("born_on") else None
    return Told(
        row, values["reference"], values["name"], values["organisation"], born_on, kind, int(quantity),
        earned_on, values.get("what", "")[:100],
    )


def _day(text):
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise Invalid("Write the date as year-month-day, for example 2026-11-23.") from None


def points_of(quantity, per_unit, most_a_day, had):
    """Whole points for a quantity, after `had` points of the same kind on the same day.

    >>> points_of(30, 1, 20, 0), points_of(5, 1, 20, 18), points_of(5, 1, 20, 20), points_of(2, 50, None, 999)
    (20, 2, 0, 100)
    """
    earned = quantity * per_unit
    return earned if most_a_day is None else max(0, min(earned, most_a_day - had))


def read_source(text):
    """The name of the system that tells points; Invalid."""
    words = (text or "").strip()
    if not 1 <= len(words) <= 60 or words == REVERSED:
        why = Invalid("Name the system that the points come from, in 1 to %(most)s characters.", most=60)
        raise Invalid(why.message, fields={"source": why}, **why.params)
    return words


# The source under which reversals are booked; no system may use it.
REVERSED = "reversal"


def read_rule(form, today):
    """(kind, per_unit, most_a_day or None, valid_from) of the form for a rule; Invalid by field.

    A rule begins today or later: points that were booked stay as they are.
    """
    wrong, kind = {}, form.get("kind", "")
    if kind not in KINDS:
        wrong["kind"] = Invalid("Choose one of the kinds.")
    per_unit, most = ((form.get(key) or "").strip() for key in ("per_unit", "most_a_day"))
    if not _WHOLE.fullmatch(per_unit) or int(per_unit) > 10_000:
        wrong["per_unit"] = Invalid("A whole number from 0 to %(most)s.", most=10_000)
    if most and (not _WHOLE.fullmatch(most) or int(most) > 100_000):
        wrong["most_a_day"] = Invalid("A whole number from 0 to %(most)s, or nothing.", most=100_000)
    valid_from = None
    try:
        valid_from = _day((form.get("valid_from") or "").strip())
        if valid_from < today:
            wrong["valid_from"] = Invalid("A rule begins today or later.")
    except Invalid as refused:
        wrong["valid_from"] = refused
    if wrong:
        raise Invalid(ALL_WRONG, fields=wrong)
    return kind, int(per_unit), int(most) if most else None, valid_from


def check_reversal(entry, is_reversed, reason):
    """Points are taken back once, with a reason, and a reversal never; tidied reason."""
    if entry.reverses_id is not None or is_reversed:
        raise Conflict("These points have been taken back already.")
    words = (reason or "").strip()
    if not 1 <= len(words) <= 300:
        why = Invalid("Give the reason, in at most %(most)s characters.", most=300)
        raise Invalid(why.message, fields={"reason": why}, **why.params)
    return words


def check_same(row, kind, quantity, earned_on, is_same, entry):
    """What was told under a reference before must be told the same again; Invalid at its row.

    is_same: the person whom the entry counts for today is one of those who may be meant.
    """
    if not is_same or (entry.kind, entry.quantity, entry.earned_on) != (kind, quantity, earned_on):
        raise BadLines([(row, Invalid(
            "The reference %(reference)s was told before with other facts; take that back first.",
            reference=entry.reference,
        ))])
