"""What is to be paid and was paid, as a page and as a file for whoever pays."""

from io import BytesIO

from flask import request, send_file

from contest import clock
from contest.accounts.guards import needs
from contest.documents import MIMETYPES
from contest.errors import Invalid
from contest.member_services import deadline_rules, look_actions, payment_file, payment_queries
from contest.member_services.blueprint import OFFICE, actor, bp
from contest.pages import language, show


@bp.get("/service-desk/payments")
@needs(*OFFICE, everywhere=True)
def list_payments():
    """What waits to be paid, and what was paid in a month."""
    today, refused = clock.today(), None
    try:
        month = deadline_rules.read_month(request.args.get("month", "")) or today
    except Invalid as wrong:
        month, refused = today, wrong
    due, paid = payment_queries.due(), payment_queries.paid(month)
    return show(
        "member_services/list_payments.html", status=refused.status if refused else 200, due=due, paid=paid,
        due_total=payment_queries.total(due), paid_total=payment_queries.total(paid), refused=refused,
        month=request.args.get("month", "") if refused else f"{month:%Y-%m}",
    )


@bp.get("/service-desk/payments.xlsx")
@needs(*OFFICE, everywhere=True)
def download_payments():
    """The list of what is to be paid, with accounts; that it was taken stands in the access log."""
    waits = payment_queries.due()
    noted = {one.case.id for one in waits}
    look_actions.note_payments(actor(), [(one.case.human_id, one.case) for one in waits])
    # Noting it ended the work that read them. Who came on the list since is on the next one, and in its log.
    waits = [one for one in payment_queries.due() if one.case.id in noted]
    data = payment_file.payment_list(waits, language())
    return send_file(
        BytesIO(data), mimetype=MIMETYPES["xlsx"], as_attachment=True,
        download_name=f"payments-{clock.today():%Y-%m-%d}.xlsx",
    )
