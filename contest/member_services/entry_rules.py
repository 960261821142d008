"""What a catalogue entry says of money: brackets, stairs, limits, what is due each month, what members pay.

Money is written in yuan and kept in fen, as everywhere in an entry.
"""

from typing import Annotated

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, model_validator

from contest.member_services.money_rules import fen_of

Fen = Annotated[int, BeforeValidator(fen_of)]
Key = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,39}$")]
Name = Annotated[str, Field(min_length=1, max_length=120)]


def is_answer(given, wanted):
    """True when an answer is this one; of several it is enough that this one is among them."""
    return wanted in given if isinstance(given, list) else given == wanted


class Part(BaseModel):
    """A piece of an entry; nothing in it is unknown, and it never changes."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Named(Part):
    """A piece with a key and a name in both languages."""

    key: Key
    name: Name
    name_en: Name


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

    @property
    def is_limited(self):
        """True when what a person had before counts, so that it must be known who the person is."""
        return self.per_year or any(one.once for one in self.parts)


class Monthly(Part):
    """Money that is due every month on whose first day an entitlement holds, once it was applied for.

    who: the duty that pays it. back: so many months before the one of the application are paid too.
    """

    who: Key = "cashier"
    back: Annotated[int, Field(ge=0, le=60)] = 0


class Contribution(Part):
    """What each who is entitled pays a year; nothing is granted for a year of which no payment is on record.

    year_of: the field of a day in whose year it must be paid; empty: the year of the application. who: the
    duty that enters payments.
    """

    name: Name
    name_en: Name
    amount: Fen
    year_of: Key | None = None
    who: Key = "cashier"
