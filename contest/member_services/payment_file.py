"""The lists of what is to be paid, as spreadsheets for whoever pays."""

from decimal import Decimal

from flask_babel import gettext

from contest import clock
from contest.documents import Column, Table, as_xlsx
from contest.i18n import pick_name


def payment_list(payments, language):
    """The xlsx of Payments that are due: who, unit, for what, how much, to which account."""
    columns = (
        *_columns(Column("granted_on", gettext("Granted on"), kind="date", width=12)),
        Column("aids", gettext("Kinds of aid"), width=24),
    )
    rows = tuple(_row(line, one, language) for line, one in enumerate(payments, start=1))
    return as_xlsx(Table(gettext("To be paid"), columns, rows))


def benefit_list(benefits, language):
    """The xlsx of Benefits that are due for a month, in the same columns."""
    columns = _columns(Column("month", gettext("Month"), width=12))
    rows = tuple(_benefit_row(line, one, language) for line, one in enumerate(benefits, start=1))
    return as_xlsx(Table(gettext("To be paid"), columns, rows))


def _columns(*own):
    return (
        Column("line", gettext("No."), kind="number", width=6),
        Column("receipt", gettext("Receipt code"), width=20),
        Column("name", gettext("Name"), width=14), Column("unit", gettext("Unit"), width=30),
        Column("service", gettext("Service"), width=20), *own,
        Column("amount", gettext("Amount in yuan"), kind="number", width=14),
        Column("bank", gettext("Bank"), width=26), Column("account", gettext("Account"), width=26),
    )


def _row(line, one, language):
    return {
        "line": line, "receipt": one.case.receipt, "name": one.case.name, "unit": one.unit,
        "service": pick_name(one.service, language), "granted_on": clock.day_of(one.case.decided_at),
        "aids": gettext(", ").join(pick_name(aid, language) for aid in one.aids),
        "amount": _yuan(one.case.amount), **_account(one.case, one.service),
    }


def _benefit_row(line, one, language):
    return {
        "line": line, "receipt": one.case.receipt, "name": one.human.name, "unit": one.unit,
        "service": pick_name(one.service, language), "month": f"{one.month:%Y-%m}",
        "amount": _yuan(one.amount), **_account(one.case, one.service),
    }


def _yuan(fen):
    return f"{Decimal(fen) / 100:.2f}"


def _account(case, service):
    answers = case.answers or {}
    account = next((answers.get(field.key) for field in service.fields if field.kind == "account"), "")
    return {"bank": answers.get("bank", ""), "account": account or ""}
