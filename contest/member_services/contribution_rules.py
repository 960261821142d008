"""Yearly contributions: how a line of a list or of the form is read, and of which year one is asked for."""

from dataclasses import dataclass, replace
from datetime import date

from contest.errors import Invalid
from contest.i18n import N_
from contest.member_services.case_rules import is_same_name
from contest.member_services.money_rules import read_yuan, yuan
from contest.member_services.row_guards import FIRST_YEAR
from contest.people.columns import NAME, ORGANISATION
from contest.people.problems import Problem
from contest.people.roster_rules import same_words
from contest.people.tables import Column
from contest.registry.rules import read_day

LONGEST_REASON = 300
COLUMNS = (
    Column("card_number", N_("Card number"),
           ("会员号", "会员卡号", "会员编号", "card number", "member number"), most=40),
    NAME,
    replace(ORGANISATION, required=False),
    Column("for_year", N_("Year"), ("年度", "缴费年度", "所属年度", "year"), kind="number", required=True,
           least=str(FIRST_YEAR), top="2100", places=0),
    Column("amount", N_("Amount in yuan"),
           ("金额", "缴费金额", "金额（元）", "缴费金额（元）", "金额元", "amount", "amount in yuan"),
           kind="number", required=True, least="0.01", top="100000", places=2),
    Column("paid_on", N_("Day of payment"), ("缴费日期", "缴纳日期", "日期", "day of payment", "paid on"),
           kind="date", required=True),
    Column("reference", N_("Receipt or transfer"),
           ("票据号", "收据号", "流水号", "receipt or transfer", "receipt", "reference"), most=60),
)
LABELS = {column.key: column.label for column in COLUMNS}


class BadLines(Invalid):
    """Lines of a list that cannot be taken as they are; nothing is stored. problems: of people.problems."""

    def __init__(self, message, problems, **params):
        super().__init__(message, **params)
        self.problems = problems


@dataclass(frozen=True)
class Told:
    """One line: who paid how much (fen), for which year, when. row: of the file; 0: typed."""

    row: int
    name: str
    card_number: str
    unit: str
    year: int
    amount: int
    paid_on: date
    reference: str


@dataclass(frozen=True)
class Candidate:
    """Somebody of the name that a line gives: the person's id, the units, each as it is compared."""

    human_id: int
    name: str
    units: frozenset


def told_of(row, values):
    """The Told of a row that read_table gave, every cell of which is good."""
    return Told(
        row, values["name"], values["card_number"] or "", values["organisation"] or "",
        int(values["for_year"]), read_yuan(values["amount"]), date.fromisoformat(values["paid_on"]),
        values["reference"] or "",
    )


def read_form(form):
    """The Told of what was typed; Invalid names every field that is wrong."""
    wrong, found = {}, {"row": 0}
    for key, most in (("name", NAME.most), ("card_number", 40), ("unit", 100), ("reference", 60)):
        found[key] = " ".join((form.get(key) or "").split())
        if len(found[key]) > most:
            wrong[key] = Invalid("At most %(most)s characters are taken here.", most=most)
    if not found["name"]:
        wrong["name"] = Invalid("This is needed.")
    year = (form.get("for_year") or "").strip()
    if not (year.isascii() and year.isdecimal() and len(year) == 4 and FIRST_YEAR <= int(year) <= 2100):
        wrong["for_year"] = Invalid("Write a year, for example 2026.")
    for key, read in (("amount", read_yuan), ("paid_on", read_day)):
        try:
            found[key] = read(form.get(key))
        except Invalid as refused:
            wrong[key] = refused
    if found.get("amount") == 0:
        wrong["amount"] = Invalid("Write an amount above 0.")
    if wrong:
        raise Invalid("Some fields are missing or wrong; nothing was stored.", fields=wrong)
    return Told(year=int(year), **found)


def check_days(told, today):
    """Nobody has paid tomorrow, nor for a year that is further off than the next; Invalid by field."""
    if told.paid_on > today:
        raise _at("paid_on", Invalid("This day lies in the future."))
    if told.year > today.year + 1:
        raise _at("for_year", Invalid(
            "Contributions are taken up to the year %(most)s.", most=str(today.year + 1)
        ))


def doubt_of(told, rule):
    """(field, Invalid) of what somebody has to look at before it is taken, or None. rule: a Contribution."""
    if told.amount != rule.amount:
        return "amount", Invalid(
            "The contribution is %(asked)s yuan, here stand %(given)s.", asked=yuan(rule.amount),
            given=yuan(told.amount),
        )
    if abs(told.paid_on.year - told.year) > 1:
        return "for_year", Invalid(
            "Paid on %(day)s for the year %(for_year)s: is it the right year?", day=told.paid_on.isoformat(),
            for_year=str(told.year),
        )
    return None


def person_of(told, by_number, by_name):
    """The id of the person whom a line means; Invalid by field when it is nobody or may be several.

    by_number, by_name: the Candidates under the card number and under the name. Nobody is made here: who
    pays is a member already, or is on some list.
    """
    if told.card_number:
        if not by_number:
            raise _at("card_number", Invalid(
                "No member has the card number %(number)s.", number=told.card_number
            ))
        if not is_same_name(by_number[0].name, told.name):
            raise _at("card_number", Invalid(
                "The card number %(number)s is that of somebody of another name.", number=told.card_number
            ))
        return by_number[0].human_id
    if not by_name:
        raise _at("name", Invalid("Nobody called %(name)s is known here.", name=told.name))
    if told.unit:
        by_name = [one for one in by_name if same_words(told.unit) in one.units]
        if not by_name:
            raise _at("unit", Invalid(
                "Nobody called %(name)s is known at %(unit)s.", name=told.name, unit=told.unit
            ))
    if len(by_name) > 1:
        raise _at("name", Invalid(
            "%(count)s people are called %(name)s: write the card number, or the unit if they differ in it.",
            count=len(by_name), name=told.name,
        ))
    return by_name[0].human_id


def check_new(told, known):
    """False when the very same stands on record already; Invalid when that year is paid otherwise.

    known: what is on record for the person and year, each with amount and paid_on.
    """
    if not known:
        return True
    if any((one.amount, one.paid_on) == (told.amount, told.paid_on) for one in known):
        return False
    raise _at("for_year", Invalid(
        "The contribution of %(name)s for %(for_year)s is on record already: %(given)s yuan, paid on "
        "%(day)s. If that is wrong, take it back first.", name=told.name, for_year=str(told.year),
        given=yuan(known[0].amount), day=known[0].paid_on.isoformat(),
    ))


def twice(row):
    """The Invalid of a line whose person and year stand in an earlier row of the same list."""
    return _at("for_year", Invalid("The same person and year stand in row %(first)s too.", first=row))


def problem_of(kind, row, refused):
    """A refusal by field as a Problem of a row. kind: bad, warn."""
    [(key, sentence)] = refused.fields.items()
    column = LABELS["organisation" if key == "unit" else key]
    return Problem(kind, sentence.message, row=row, column=column, **sentence.params)


def _at(key, sentence):
    return Invalid(sentence.message, fields={key: sentence}, **sentence.params)


def year_of(service, answers, applied_on):
    """The year for which an application needs the contribution. applied_on: its day."""
    key = service.contribution.year_of
    given = (answers or {}).get(key) if key else None
    return date.fromisoformat(given).year if given else applied_on.year


def read_exception(text, year):
    """Why something is granted without a contribution on record, as it was typed; Invalid at its field."""
    words = " ".join((text or "").split())
    if not words:
        raise _at("without_contribution", Invalid(
            "No contribution for %(for_year)s is on record. Wait until it is entered, or write down why this "
            "is granted without it.", for_year=str(year),
        ))
    if len(words) > LONGEST_REASON:
        raise _at("without_contribution", Invalid(
            "At most %(most)s characters are taken here.", most=LONGEST_REASON
        ))
    return words


def read_reason(text):
    """Why a contribution is taken back; Invalid at its field."""
    words = " ".join((text or "").split())
    if not 1 <= len(words) <= LONGEST_REASON:
        raise _at("reason", Invalid("Give the reason, in at most %(most)s characters.", most=LONGEST_REASON))
    return words
