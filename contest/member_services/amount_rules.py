"""How much a service is worth: brackets, stairs, prices and the hardship test, exact to the fen.

Shares are rounded down to the fen once for each part, as a fund pays no more than its rule says.
"""

from dataclasses import dataclass

from contest.errors import Conflict, Invalid
from contest.i18n import joined
from contest.member_services.entry_rules import is_answer
from contest.member_services.money_rules import yuan


@dataclass(frozen=True)
class Had:
    """What a person had from the same service before, in fen. once: keys of parts that are paid once."""

    in_year: int = 0
    parts_in_year: tuple = ()  # pairs (key of a part, fen)
    once: frozenset = frozenset()

    def part(self, key):
        """What the person had of one part in the year."""
        return sum(fen for name, fen in self.parts_in_year if name == key)


@dataclass(frozen=True)
class Line:
    """One part of an amount with how it came about, in fen."""

    key: str
    name: str
    name_en: str
    base: int  # what the field says
    raw: int  # by the rule
    paid: int  # within every limit


@dataclass(frozen=True)
class Counted:
    """An amount with its lines, in fen."""

    lines: tuple
    total: int

    def stored(self):
        """As a case keeps it."""
        return [
            {"key": one.key, "base": one.base, "raw": one.raw, "paid": one.paid} for one in self.lines
        ]


def by_brackets(part, base):
    """The share of `base` fen by the brackets above the threshold, rounded down to the fen."""
    hundredths, low = 0, part.above
    for bracket in part.brackets:
        high = base if bracket.to is None else min(base, bracket.to)
        if high > low:
            hundredths += (high - low) * bracket.percent
            low = high
    return hundredths // 100


def by_stairs(part, base):
    """The fixed amount of the highest line that `base` fen lies above."""
    return max((one.pays for one in part.stairs if base > one.above), default=0)


def count(service, answers, had=None):
    """What the rule of a service gives for these answers: a Counted; nothing of it is decided yet."""
    rule, had = service.amount, had or Had()
    lines, total = [], 0
    for part in rule.parts:
        base, raw = _raw(service, part, answers)
        paid = raw
        if part.once and part.key in had.once:
            paid = 0
        if part.most is not None:
            paid = max(0, min(paid, part.most - (had.part(part.key) if rule.per_year else 0)))
        if rule.most is not None:
            left = rule.most - total - (had.in_year if rule.per_year else 0)
            paid = max(0, min(paid, left))
        total += paid
        lines.append(Line(part.key, part.name, part.name_en, base, raw, paid))
    return Counted(tuple(lines), total)


def _raw(service, part, answers):
    if part.when is not None and not is_answer(answers.get(part.when[0]), part.when[1]):
        return 0, 0
    if part.prices:
        base = sum(price_of(service, part.of, key) for key in answers.get(part.of) or ())
        return base, base
    base = answers.get(part.of) or 0
    return base, by_brackets(part, base) if part.brackets else by_stairs(part, base)


def price_of(service, field_key, option_key):
    """The price of an option in fen; 0 when it has none."""
    option = service.field(field_key).option(option_key)
    return (option.price or 0) if option else 0


def check_entered(rule, fen):
    """An amount that an officer decides on lies between the least and the most; Invalid otherwise."""
    least, most = rule.least or 0, rule.most
    if fen < least or (most is not None and fen > most):
        raise Invalid(
            "The amount lies between %(least)s and %(most)s yuan.", least=yuan(least), most=yuan(most),
            fields={"amount": Invalid("The amount lies between %(least)s and %(most)s yuan.",
                                      least=yuan(least), most=yuan(most))},
        )


@dataclass(frozen=True)
class MeansTest:
    """Whether a household is below the local minimum standard. All in fen a month.

    It passes when income - spending < standard x heads: nothing is divided, so nothing is rounded.
    """

    heads: int
    income: int
    spending: int
    standard: int | None  # None: not set for the region

    @property
    def left(self):
        """What is left to the household after its necessary spending."""
        return self.income - self.spending

    @property
    def per_head(self):
        """The same a head, rounded down to the fen, for people to read."""
        return self.left // self.heads

    @property
    def passes(self):
        """True when the household is below the standard; None when the standard is not known."""
        return None if self.standard is None else self.left < self.standard * self.heads


def means_test(service, answers, standard):
    """The MeansTest of an application. standard: of its region in fen a head and month, or None."""
    rule = service.means
    household = answers.get(rule.household) or []
    income = sum(row.get(rule.income) or 0 for row in household)
    return MeansTest(max(1, len(household)), income, answers.get(rule.spending) or 0, standard)


def check_means(test, region, known):
    """Only who passes the test is granted; Conflict says what is missing. known: the regions that are set."""
    if test.passes is None:
        raise Conflict(
            "The minimum standard of “%(region)s” is not set (set are: %(known)s). Enter it under the "
            "settings, or return the application for the region as it is called there.",
            region=region, known=joined(known, 10) or "–",
        )
    if not test.passes:
        raise Conflict("The household is not below the local minimum standard, so this cannot be granted.")


def is_share_kept(total, for_members, percent):
    """True when at least `percent` in a hundred of a budget goes to members; exact in fen."""
    return for_members * 100 >= total * percent
