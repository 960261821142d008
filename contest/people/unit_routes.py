"""Pages about units: their teams and invitations, and the page of a unit's own contact."""

from flask import flash, g, redirect, request, url_for
from flask_babel import gettext

from contest.accounts.guards import needs
from contest.accounts.qr import qr_picture
from contest.errors import Conflict, Invalid
from contest.pages import form_refusal, outside_address, show
from contest.people import (
    entrant_actions,
    forms,
    message_queries,
    queries,
    roster_actions,
    unit_actions,
    unit_queries,
)
from contest.people.blueprint import READERS, actor, bp, facts_of
from contest.people.columns import PHONE, UNIT_ROSTER
from contest.people.entrant_routes import word_lists
from contest.people.roster_routes import sent_file, show_import, show_preview, tell_counts
from contest.people.rules import check_registration_open
from contest.setup.queries import get_contest

UNIT_KEYS = tuple(column.key for column in UNIT_ROSTER if column.key != "organisation")
UNIT_LIST = {
    "back": "people.my_unit",
    "columns": (*UNIT_ROSTER, PHONE),
    "upload": "people.upload_unit_roster",
    "confirm": "people.confirm_unit_roster",
    "again": "people.import_unit_roster",
}


@bp.get("/contests/<int:contest_id>/units")
@needs(*READERS)
def list_units(contest_id):
    return _show_units(contest_id)


@bp.post("/contests/<int:contest_id>/units/invitations")
@needs("organiser")
def invite_unit(contest_id):
    try:
        unit, token = unit_actions.invite_unit(actor(), contest_id, request.form.get("name", ""))
    except Invalid as refused:
        return _show_units(contest_id, status=422, **form_refusal(refused, request.form))
    link = outside_address("accounts.open_invitation", token=token)
    # Shown in the answer itself: the word in the link is kept nowhere and cannot be shown again.
    return show(
        "people/show_invitation.html",
        unit=unit,
        link=link,
        picture=qr_picture(link),
        **facts_of(contest_id),
    )


@bp.post("/contests/<int:contest_id>/units/invitations/<int:invitation_id>/withdraw")
@needs("organiser")
def withdraw_invitation(contest_id, invitation_id):
    unit_actions.withdraw_invitation(actor(), contest_id, invitation_id)
    flash(gettext("The invitation was withdrawn."), "good")
    return redirect(url_for("people.list_units", contest_id=contest_id), 303)


@bp.post("/contests/<int:contest_id>/teams/<int:team_id>")
@needs("organiser")
def rename_team(contest_id, team_id):
    try:
        unit_actions.rename_team(actor(), contest_id, team_id, request.form.get("name", ""))
    except Invalid as refused:
        return _show_units(
            contest_id, status=422, team_id=team_id, **form_refusal(refused, request.form)
        )
    flash(gettext("The team was renamed."), "good")
    return redirect(url_for("people.list_units", contest_id=contest_id), 303)


def _show_units(contest_id, status=200, **facts):
    return show(
        "people/list_units.html",
        status=status,
        units=unit_queries.list_units(contest_id),
        team_sizes=queries.team_sizes(contest_id),
        invitations=unit_queries.list_invitations(contest_id),
        all_organisations=queries.list_all_organisations(),
        **facts_of(contest_id),
        **facts,
    )


@bp.get("/contests/<int:contest_id>/my-unit")
@needs("contact")
def my_unit(contest_id):
    unit = _unit(contest_id)
    return show(
        "people/my_unit.html",
        unit=unit,
        entrants=queries.list_entrants(contest_id, unit.id),
        messages=message_queries.list_messages(contest_id, "contacts"),
        is_open=_is_open(contest_id),
        **facts_of(contest_id),
    )


def _unit(contest_id):
    return unit_queries.get_unit(contest_id, g.person.user_id)


def _is_open(contest_id):
    try:
        check_registration_open(get_contest(contest_id).state)
    except Conflict:
        return False
    return True


@bp.get("/contests/<int:contest_id>/my-unit/new")
@needs("contact")
def new_unit_entrant(contest_id):
    return _show_own(contest_id, values={})


@bp.post("/contests/<int:contest_id>/my-unit/new")
@needs("contact")
def add_unit_entrant(contest_id):
    unit = _unit(contest_id)
    try:
        values = {"organisation": None, **forms.read_entrant(request.form, UNIT_KEYS)}
        entrant_actions.add_entrant(actor(), contest_id, values, unit.id)
    except Invalid as refused:
        return _show_own(contest_id, status=422, **form_refusal(refused, request.form))
    flash(gettext("%(name)s is registered.", name=values["name"]), "good")
    return redirect(url_for("people.my_unit", contest_id=contest_id), 303)


@bp.get("/contests/<int:contest_id>/my-unit/<int:entrant_id>")
@needs("contact")
def show_unit_entrant(contest_id, entrant_id):
    entrant = entrant_actions.get_own_entrant(contest_id, entrant_id, _unit(contest_id).id)
    values = {"name": entrant.human.name, **queries.values_of(entrant)}
    return _show_own(contest_id, entrant, values=values)


@bp.post("/contests/<int:contest_id>/my-unit/<int:entrant_id>")
@needs("contact")
def edit_unit_entrant(contest_id, entrant_id):
    unit = _unit(contest_id)
    entrant = entrant_actions.get_own_entrant(contest_id, entrant_id, unit.id)
    try:
        values = forms.read_entrant(request.form, UNIT_KEYS)
        entrant_actions.edit_entrant(actor(), contest_id, entrant_id, values, unit.id)
    except Invalid as refused:
        return _show_own(contest_id, entrant, status=422, **form_refusal(refused, request.form))
    flash(gettext("Saved."), "good")
    return redirect(url_for("people.my_unit", contest_id=contest_id), 303)


@bp.post("/contests/<int:contest_id>/my-unit/<int:entrant_id>/remove")
@needs("contact")
def remove_unit_entrant(contest_id, entrant_id):
    unit = _unit(contest_id)
    entrant = entrant_actions.get_own_entrant(contest_id, entrant_id, unit.id)
    name = request.form.get("confirmed_name", "")
    try:
        entrant_actions.remove_entrant(actor(), contest_id, entrant_id, name, unit.id)
    except Invalid as refused:
        values = {"name": entrant.human.name, **queries.values_of(entrant)}
        return _show_own(contest_id, entrant, status=422, values=values, removal_refused=refused)
    flash(gettext("%(name)s is no longer registered.", name=name.strip()), "good")
    return redirect(url_for("people.my_unit", contest_id=contest_id), 303)


def _show_own(contest_id, entrant=None, status=200, **facts):
    unit = _unit(contest_id)
    return show(
        "people/show_unit_entrant.html",
        status=status,
        unit=unit,
        entrant=entrant,
        is_open=_is_open(contest_id),
        is_removable=entrant is not None
        and queries.is_removable(get_contest(contest_id).state, entrant),
        **word_lists(contest_id, unit.id),
        **facts_of(contest_id),
        **facts,
    )


@bp.get("/contests/<int:contest_id>/my-unit/import")
@needs("contact")
def import_unit_roster(contest_id):
    return show_import(contest_id, "roster", **{**UNIT_LIST, "unit": _unit(contest_id)})


@bp.post("/contests/<int:contest_id>/my-unit/import")
@needs("contact")
def upload_unit_roster(contest_id):
    unit_id = _unit(contest_id).id
    try:
        data, name = sent_file()
        pending_id = roster_actions.upload_roster(actor(), contest_id, data, name, unit_id)
    except Invalid as refused:
        facts = {**UNIT_LIST, "unit": _unit(contest_id)}
        return show_import(contest_id, "roster", refused, **facts)
    return redirect(
        url_for("people.preview_unit_roster", contest_id=contest_id, pending_id=pending_id), 303
    )


@bp.get("/contests/<int:contest_id>/my-unit/import/<int:pending_id>")
@needs("contact")
def preview_unit_roster(contest_id, pending_id):
    return show_preview(contest_id, pending_id, "roster", _unit(contest_id), **UNIT_LIST)


@bp.post("/contests/<int:contest_id>/my-unit/import/<int:pending_id>")
@needs("contact")
def confirm_unit_roster(contest_id, pending_id):
    unit = _unit(contest_id)
    try:
        counts = roster_actions.confirm_roster(actor(), contest_id, pending_id, unit.id)
    except Invalid as refused:
        facts = {**UNIT_LIST, "unit": _unit(contest_id)}
        return show_import(contest_id, "roster", refused, **facts)
    tell_counts(counts)
    return redirect(url_for("people.my_unit", contest_id=contest_id), 303)
