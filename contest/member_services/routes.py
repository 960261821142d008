"""The catalogue, applying, asking how things stand, and the service desk."""

from flask import Blueprint, g, redirect, request, url_for

from contest.accounts.guards import needs, open_to_all
from contest.audit.work import Actor
from contest.errors import Invalid
from contest.member_services import actions, queries, rules
from contest.numbers import whole
from contest.pages import show

bp = Blueprint("member_services", __name__)


@bp.get("/services")
@open_to_all
def list_services():
    return show("member_services/list_services.html", services=queries.catalogue().values())


@bp.get("/services/<key>")
@open_to_all
def show_service(key):
    return _show_service(key)


@bp.post("/services/<key>")
@open_to_all
def apply_for(key):
    try:
        application = actions.apply_for(
            key, request.form.get("honour_id", 0, type=whole), request.form
        )
    except Invalid as refused:
        return _show_service(key, refused)
    return redirect(url_for("member_services.show_receipt", receipt=application.receipt), 303)


def _show_service(key, refused=None):
    honour_id = request.values.get("honour_id", 0, type=whole)
    honour = queries.find_honour(honour_id) if honour_id else None
    service = queries.get_service(key)
    return show(
        "member_services/show_service.html",
        status=refused.status if refused else 200,
        service=service,
        honour=honour,
        opens=honour is not None and service in queries.services_of(honour),
        values=request.form,
        refused=refused,
        field_errors=refused.fields if refused else {},
    )


@bp.get("/applications")
@open_to_all
def find_receipt():
    if receipt := request.args.get("receipt", "").replace("-", "").replace(" ", ""):
        return redirect(url_for("member_services.show_receipt", receipt=receipt), 303)
    return show("member_services/find_receipt.html")


@bp.get("/applications/<receipt>")
@open_to_all
def show_receipt(receipt):
    application = queries.get_application_by_receipt(receipt)
    return show(
        "member_services/show_receipt.html",
        application=application,
        service=queries.get_service(application.service_key),
        states=rules.STATES,
    )


@bp.get("/service-desk")
@needs("service_officer", "organiser")
def show_desk():
    return _show_desk()


@bp.post("/service-desk/<int:application_id>")
@needs("service_officer", "organiser")
def answer_application(application_id):
    try:
        actions.answer_application(
            Actor(g.person.user_id, g.person.name), application_id,
            request.form.get("state", ""), request.form.get("answer", ""),
        )
    except Invalid as refused:
        return _show_desk(refused, application_id)
    return redirect(url_for("member_services.show_desk"), 303)


def _show_desk(refused=None, refused_id=None):
    state = request.args.get("state", "")
    return show(
        "member_services/show_desk.html",
        status=refused.status if refused else 200,
        applications=queries.list_applications(state if state in rules.STATES else ""),
        services=queries.catalogue(),
        states=rules.STATES,
        next_steps=rules.next_steps,
        is_holder=rules.is_holder,
        state=state,
        refused=refused,
        refused_id=refused_id,
    )
