"""Telephone numbers at the desk of people, and of a contestant for organisers: masked until asked for."""

from flask import flash, redirect, request, url_for
from flask_babel import gettext

from contest.accounts.guards import needs
from contest.audit import contest_queries
from contest.errors import Invalid
from contest.members import personal_actions
from contest.members.blueprint import KEEPERS, actor, bp
from contest.members.person_routes import show_person_page
from contest.pages import show
from contest.people import phone_queries, queries


@bp.post("/people/<int:human_id>/phone")
@needs(*KEEPERS)
def enter_phone(human_id):
    """Keep the telephone number."""
    form = request.form
    try:
        personal_actions.enter_phone(actor(), human_id, form.get("phone", ""), form.get("reason", ""))
    except Invalid as refused:
        return show_person_page(human_id, refused, "phone")
    flash(gettext("Saved."), "good")
    return redirect(url_for("members.show_person", human_id=human_id), 303)


@bp.post("/people/<int:human_id>/phone/show")
@needs(*KEEPERS)
def reveal_phone(human_id):
    """Show the telephone number whole, once, for a reason."""
    try:
        phone = personal_actions.reveal_phone(actor(), human_id, request.form.get("reason", ""))
    except Invalid as refused:
        return show_person_page(human_id, refused, "phone-show")
    return show_person_page(human_id, phone=phone)


@bp.get("/contests/<int:contest_id>/entrants/<int:entrant_id>/phone")
@needs("organiser")
def show_entrant_phone(contest_id, entrant_id):
    """A contestant's telephone number, masked, and the form that shows it whole."""
    return _show_entrant_phone(contest_id, entrant_id)


@bp.post("/contests/<int:contest_id>/entrants/<int:entrant_id>/phone")
@needs("organiser")
def reveal_entrant_phone(contest_id, entrant_id):
    """Show it whole, once, for a reason that the person can read."""
    human_id = queries.get_entrant(contest_id, entrant_id).human_id
    try:
        phone = personal_actions.reveal_phone(
            actor(), human_id, request.form.get("reason", ""), contest_id
        )
    except Invalid as refused:
        return _show_entrant_phone(contest_id, entrant_id, refused)
    return _show_entrant_phone(contest_id, entrant_id, phone=phone)


def _show_entrant_phone(contest_id, entrant_id, refused=None, phone=""):
    entrant = queries.get_entrant(contest_id, entrant_id)
    return show(
        "members/show_entrant_phone.html", status=refused.status if refused else 200, entrant=entrant,
        contest=contest_queries.get_heading(contest_id), refused=refused, phone=phone, values=request.form,
        field_errors=refused.fields if refused else {}, masked=phone_queries.masked_phone(entrant.human_id),
    )
