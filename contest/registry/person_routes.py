"""People once, and organisations by their names, on the curator's pages."""

from flask import flash, redirect, request, url_for
from flask_babel import gettext

from contest import clock
from contest.accounts.guards import needs
from contest.errors import Conflict, Invalid
from contest.numbers import whole
from contest.pages import show
from contest.people import person_queries as people
from contest.people.queries import get_organisation
from contest.registry import (
    person_actions,
    person_queries,
    person_rules,
)
from contest.registry.blueprint import actor, bp


@bp.get("/curation/people")
@needs("curator")
def show_people():
    """Who may stand here twice, a search, and what was made one or parted."""
    return _show_people()


def _show_people(refused=None):
    text = request.args.get("text", "").strip()
    return show(
        "registry/show_people.html", status=refused.status if refused else 200, text=text,
        found=people.known_people(text), pairs=person_queries.likely_pairs(), why=person_rules.LIKENESS,
        merges=person_queries.merges(), refused=refused, one_id=request.args.get("first", 0, type=whole),
    )


@bp.get("/curation/people/<int:human_id>/beside/<int:other_id>")
@needs("curator")
def compare_people(human_id, other_id):
    """Two rows side by side, to be made one or told apart."""
    return _compare(human_id, other_id)


def _compare(human_id, other_id, refused=None):
    sides = [person_queries.side_of(human_id), person_queries.side_of(other_id)]
    known = person_queries.traits_of([side.human for side in sides])
    return show(
        "registry/compare_people.html", status=refused.status if refused else 200, sides=sides,
        why=[person_rules.LIKENESS[one] for one in person_rules.likeness(known[human_id], known[other_id])]
        if human_id != other_id else [],
        refused=refused, values=request.form,
    )


@bp.post("/curation/people/<int:human_id>/beside/<int:other_id>")
@needs("curator")
def merge_people(human_id, other_id):
    """The first is kept."""
    try:
        person_actions.merge_people(actor(), human_id, other_id, request.form.get("reason", ""))
    except (Invalid, Conflict) as refused:
        return _compare(human_id, other_id, refused)
    flash(gettext("They are one person now; it can be parted again."), "good")
    return redirect(url_for("registry.show_people"), 303)


@bp.post("/curation/people/<int:human_id>/apart/<int:other_id>")
@needs("curator")
def tell_apart(human_id, other_id):
    try:
        person_actions.tell_apart(actor(), human_id, other_id, request.form.get("reason", ""))
    except (Invalid, Conflict) as refused:
        return _compare(human_id, other_id, refused)
    return redirect(url_for("registry.show_people"), 303)


@bp.post("/curation/merges/<int:merge_id>/split")
@needs("curator")
def split_people(merge_id):
    try:
        person_actions.split_people(actor(), merge_id, request.form.get("reason", ""))
    except (Invalid, Conflict) as refused:
        return _show_people(refused)
    flash(gettext("They are two people again."), "good")
    return redirect(url_for("registry.show_people"), 303)


@bp.get("/curation/organisations")
@needs("curator")
def list_names():
    """Organisations by name, to see and change what they are called."""
    text = request.args.get("text", "").strip()
    return show(
        "registry/list_names.html", text=text,
        rows=[(one, people.former_names(one.id)) for one in person_queries.organisations(text)],
    )


@bp.get("/curation/organisations/<int:organisation_id>")
@needs("curator")
def show_names(organisation_id):
    """One organisation with its names."""
    return _show_names(organisation_id)


def _show_names(organisation_id, refused=None):
    return show(
        "registry/show_names.html", status=refused.status if refused else 200,
        organisation=get_organisation(organisation_id), names=people.former_names(organisation_id),
        refused=refused, values=request.form, today=clock.today(),
    )


@bp.post("/curation/organisations/<int:organisation_id>")
@needs("curator")
def rename_organisation(organisation_id):
    form = request.form
    try:
        person_actions.rename_organisation(
            actor(), organisation_id, form.get("organisation_name", ""), form.get("name_en", ""),
            form.get("since"), form.get("document_number", ""),
        )
    except (Invalid, Conflict) as refused:
        return _show_names(organisation_id, refused)
    return redirect(url_for("registry.show_names", organisation_id=organisation_id), 303)
