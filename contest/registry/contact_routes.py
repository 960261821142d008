"""Contact asked for and answered on pages, and the picture of a page."""

from io import BytesIO

from flask import g, redirect, request, send_file, url_for

from contest.accounts.guards import needs, open_to_all, signed_in
from contest.documents.attached import KINDS, UPLOAD_POLICY
from contest.errors import Conflict, Invalid
from contest.pages import show
from contest.registry import contact_actions, contact_queries, contact_rules, queries
from contest.registry.blueprint import actor, bp


@bp.get("/register/<token>/contact")
@open_to_all
def new_contact(token):
    """The form by which an employer asks for contact."""
    return _new_contact(token)


def _new_contact(token, refused=None):
    return show(
        "registry/new_contact.html", status=refused.status if refused else 200, refused=refused,
        craftsman=queries.get_craftsman(token), values=request.form, longest=contact_rules.LONGEST,
        field_errors=getattr(refused, "fields", {}),
    )


@bp.post("/register/<token>/contact")
@open_to_all
def ask_contact(token):
    try:
        asked = contact_actions.ask_contact(token, request.form)
    except (Invalid, Conflict) as refused:
        return _new_contact(token, refused)
    return redirect(url_for("registry.show_contact", receipt=asked.receipt), 303)


@bp.get("/register/contact/<receipt>")
@open_to_all
def show_contact(receipt):
    """How a request stands, for whoever has its receipt code."""
    asked = contact_queries.get_by_receipt(receipt)
    return show(
        "registry/show_contact.html", asked=asked, craftsman=contact_queries.craftsman_of(asked),
        states=contact_rules.STATES, badges=contact_rules.BADGES,
    )


@bp.get("/curation/contact")
@needs("curator")
def list_contacts():
    """What employers asked, to be answered after the person was asked."""
    return _list_contacts()


def _list_contacts(refused=None, request_id=None):
    return show(
        "registry/list_contacts.html", status=refused.status if refused else 200, refused=refused,
        rows=contact_queries.requests(), states=contact_rules.STATES, badges=contact_rules.BADGES,
        values=request.form, refused_id=request_id,
    )


@bp.post("/curation/contact/<int:request_id>")
@needs("curator")
def answer_contact(request_id):
    form = request.form
    try:
        contact_actions.answer_for(
            actor(), request_id, form.get("agrees") == "yes", form.get("answer", ""),
            form.get("asked_how", ""),
        )
    except (Invalid, Conflict) as refused:
        return _list_contacts(refused, request_id)
    return redirect(url_for("registry.list_contacts"), 303)


@bp.get("/register/mine")
@signed_in
def my_contacts():
    """What employers asked about the person who is signed in."""
    return _my_contacts()


def _my_contacts(refused=None, request_id=None):
    craftsman, rows = contact_queries.requests_of(g.person.user_id)
    return show(
        "registry/my_contacts.html", status=refused.status if refused else 200, refused=refused, rows=rows,
        craftsman=craftsman, states=contact_rules.STATES, badges=contact_rules.BADGES, values=request.form,
        refused_id=request_id,
    )


@bp.post("/register/mine/<int:request_id>")
@signed_in
def answer_own_contact(request_id):
    form = request.form
    try:
        contact_actions.answer_own(actor(), request_id, form.get("agrees") == "yes", form.get("answer", ""))
    except (Invalid, Conflict) as refused:
        return _my_contacts(refused, request_id)
    return redirect(url_for("registry.my_contacts"), 303)


@bp.get("/register/<token>/picture")
@open_to_all
def show_picture(token):
    """The picture on a craftsman's page."""
    picture = contact_queries.get_picture(queries.get_craftsman(token))
    answer = send_file(BytesIO(picture.content), mimetype=KINDS[picture.ending][0], etag=picture.sha256)
    answer.headers["Content-Security-Policy"] = UPLOAD_POLICY
    return answer
