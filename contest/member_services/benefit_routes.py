"""What is due month by month and what of it was paid, as a page and as a file for whoever pays."""

from io import BytesIO

from flask import flash, redirect, request, send_file, url_for
from flask_babel import gettext

from contest.accounts.guards import needs
from contest.documents import MIMETYPES
from contest.errors import Conflict, Invalid, Refusal
from contest.member_services import (
    benefit_actions,
    benefit_queries,
    deadline_rules,
    look_actions,
    payment_file,
)
from contest.member_services.blueprint import OFFICE, actor, bp
from contest.member_services.money_rules import yuan
from contest.numbers import read_whole
from contest.pages import language, show


@bp.get("/service-desk/payments/monthly")
@needs(*OFFICE, everywhere=True)
def list_benefits():
    """The months at a glance, and of one month who waits to be paid and who was."""
    return _list()


def _list(refused=None, returning_id=None):
    typed = request.values.get("month", "")
    month = benefit_queries.this_month()
    try:
        month = deadline_rules.read_month(typed) or month
    except Invalid as wrong:
        refused = refused or wrong
    due = benefit_queries.Due()
    waits = benefit_queries.with_units(due.open_of(month))
    return show(
        "member_services/list_benefits.html", status=refused.status if refused else 200, refused=refused,
        month=month, named_month=f"{month:%Y-%m}", months=benefit_queries.months(due), waits=waits,
        services=benefit_queries.paying_services(), totals=benefit_queries.totals(waits),
        paid=benefit_queries.paid_of(month), returning_id=returning_id,
        values=request.form, chosen=request.form.getlist("chosen") if request.form else None,
        field_errors=getattr(refused, "fields", None) or {},
    )


@bp.post("/service-desk/payments/monthly")
@needs(*OFFICE, everywhere=True)
def pay_benefits():
    """A month was paid to those who are chosen; what cannot be is said, and the choice stays."""
    try:
        month = deadline_rules.read_month(request.form.get("month", ""))
        fen = benefit_actions.pay_month(
            actor(), request.form.get("service", ""), month, _chosen(), request.form.get("voucher")
        )
    except Refusal as refused:
        if not isinstance(refused, Invalid | Conflict):
            raise
        return _list(refused)
    flash(gettext("Written down as paid: %(amount)s yuan.", amount=yuan(fen)))
    return redirect(url_for("member_services.list_benefits", month=f"{month:%Y-%m}"), 303)


@bp.post("/service-desk/payments/monthly/<int:payment_id>/returned")
@needs(*OFFICE, everywhere=True)
def note_return(payment_id):
    """The transfer of a month came back; what was typed stays with what is wrong."""
    try:
        row = benefit_actions.note_return(actor(), payment_id, request.form)
    except (Invalid, Conflict) as refused:
        return _list(refused, payment_id)
    flash(gettext("Written down as come back: the month can be paid once more."))
    return redirect(url_for("member_services.list_benefits", month=f"{row.month:%Y-%m}"), 303)


def _chosen():
    """{person's id: fen as it was seen} of the boxes that are ticked, each “id:fen”."""
    found = {}
    for one in request.form.getlist("chosen"):
        human_id, _, fen = one.partition(":")
        found[read_whole(human_id, 0)] = read_whole(fen, 0)
    return found


@bp.get("/service-desk/payments/monthly.xlsx")
@needs(*OFFICE, everywhere=True)
def download_benefits():
    """What is to be paid for a month, with accounts; that it was taken stands in the access log."""
    month = deadline_rules.read_month(request.args.get("month", "")) or benefit_queries.this_month()
    waits = benefit_queries.Due().open_of(month)
    noted = {(one.human.id, one.case.id) for one in waits}
    look_actions.note_payments(actor(), [(one.human.id, one.case) for one in waits])
    # Noting it ended the work that read them. Who came on the list since is on the next one, and in its log.
    waits = benefit_queries.with_units([
        one for one in benefit_queries.Due().open_of(month) if (one.human.id, one.case.id) in noted
    ])
    data = payment_file.benefit_list(waits, language())
    return send_file(
        BytesIO(data), mimetype=MIMETYPES["xlsx"], as_attachment=True,
        download_name=f"benefits-{month:%Y-%m}.xlsx",
    )
