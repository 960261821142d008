"""Yearly contributions on pages: what is on record, entering by hand, a spreadsheet, taking back."""

from flask import flash, redirect, request, url_for
from flask_babel import gettext

from contest import clock
from contest.accounts.guards import needs
from contest.errors import Conflict, Invalid
from contest.member_services import contribution_actions, contribution_queries, contribution_rules
from contest.member_services.blueprint import OFFICE, actor, bp
from contest.member_services.desk_routes import refused_as_invalid
from contest.member_services.duty_rules import DUTIES
from contest.member_services.money_rules import yuan
from contest.numbers import read_whole
from contest.pages import show


@bp.get("/service-desk/contributions")
@needs(*OFFICE, everywhere=True)
def list_contributions():
    """The contributions of a year, and the forms to enter them."""
    return _list()


def _list(refused=None, form="", back_id=None):
    services = contribution_queries.contributing_services()
    service = services.get(request.values.get("service", "")) or next(iter(services.values()), None)
    this_year = clock.today().year
    year = read_whole(request.args.get("for_year"), this_year)
    text = request.args.get("text", "").strip()
    rows, count, fen = contribution_queries.entered(service.key, year, text) if service else ([], 0, 0)
    return show(
        "member_services/list_contributions.html", status=refused.status if refused else 200, refused=refused,
        services=services, service=service, this_year=this_year, for_year=year, text=text, rows=rows,
        count=count, fen=fen, shown=contribution_queries.SHOWN, columns=contribution_rules.COLUMNS,
        duties=DUTIES, form=form, back_id=back_id, problems=getattr(refused, "problems", ()),
        values=request.form if refused else {}, field_errors=refused.fields if refused else {},
    )


@bp.post("/service-desk/contributions")
@needs(*OFFICE, everywhere=True)
def enter_contribution():
    """One payment by hand."""
    try:
        row = contribution_actions.enter(actor(), request.form.get("service", ""), request.form)
    except (Invalid, Conflict) as refused:
        return _list(refused if isinstance(refused, Invalid) else refused_as_invalid(refused), "hand")
    flash(gettext(
        "Entered: %(name)s, %(for_year)s, %(amount)s yuan.", name=row.human.name, for_year=str(row.year),
        amount=yuan(row.amount),
    ), "good")
    return _back(row.service_key, row.year)


@bp.post("/service-desk/contributions/list")
@needs(*OFFICE, everywhere=True)
def import_contributions():
    """The payments of a spreadsheet."""
    file, key = request.files.get("file"), request.form.get("service", "")
    try:
        if file is None or not file.filename:
            sentence = Invalid("Choose a file.")
            raise Invalid(sentence.message, fields={"file": sentence})
        counts = contribution_actions.import_list(
            actor(), key, file.read(), file.filename, looked=request.form.get("lines_right") == "1",
            leaves_out=request.form.get("leave_out") == "1",
        )
    except Invalid as refused:
        return _list(refused, "list")
    flash(gettext(
        "Entered: %(new)s. On record already: %(known)s. Left out: %(left_out)s.", **counts,
    ), "good")
    return _back(key, None)


@bp.post("/service-desk/contributions/<int:contribution_id>/taken-back")
@needs(*OFFICE, everywhere=True)
def take_contribution_back(contribution_id):
    """A payment that was entered wrongly counts no longer."""
    try:
        row = contribution_actions.take_back(actor(), contribution_id, request.form.get("reason", ""))
    except Invalid as refused:
        return _list(refused, "back", contribution_id)
    flash(gettext("Taken back. It stays on the list with the reason."), "good")
    return _back(row.service_key, row.year)


def _back(key, year):
    return redirect(url_for("member_services.list_contributions", service=key, for_year=year), 303)
