"""Honours by hand on pages: whose it is, what it says, its documents, the list; organisations in public."""

from io import BytesIO

from flask import current_app, flash, g, redirect, request, send_file, url_for
from flask_babel import gettext

from contest import clock
from contest.accounts.guards import needs, open_to_all
from contest.awards import list_signing
from contest.documents.attached import KINDS, UPLOAD_POLICY
from contest.errors import Conflict, Invalid
from contest.numbers import whole
from contest.pages import show
from contest.people import person_queries
from contest.people.queries import get_organisation
from contest.registry import (
    actions,
    archive_queries,
    honour_actions,
    honour_queries,
    level_rules,
    queries,
    record_history_queries,
    rules,
)
from contest.registry.blueprint import actor, bp


@bp.get("/curation/honours")
@needs("curator")
def list_honours():
    """Every honour by state, the latest first."""
    state = request.args.get("state", "")
    state = state if state in rules.HONOUR_STATES else ""
    page = max(1, request.args.get("page", 1, type=whole))
    rows, count = honour_queries.list_honours(state, page)
    return show(
        "registry/list_honours.html", rows=[(row, queries.holder_of(row)) for row in rows], count=count,
        page=page, pages=max(1, -(-count // honour_queries.PAGE_SIZE)), state=state,
        states=rules.HONOUR_STATES, counts=honour_queries.count_states(),
    )


@bp.get("/curation/honours/new")
@needs("curator")
def new_honour():
    """First whose honour it is, from what is known; then what it says."""
    return _new_honour()


def _new_honour(refused=None):
    form = request.form
    text = request.args.get("text", "") or form.get("person_name", "") or form.get("unit_name", "")
    return show(
        "registry/new_honour.html", status=refused.status if refused else 200, text=text.strip(),
        people=person_queries.known_people(text), organisations=person_queries.known_organisations(text),
        refused=refused, values=form, levels=level_rules.CONTEST_LEVELS, today=clock.today(),
        field_errors=getattr(refused, "fields", {}),
    )


@bp.post("/curation/honours/new")
@needs("curator")
def grant_honour():
    try:
        honour = honour_actions.grant_honour(actor(), request.form, _files())
    except (Invalid, Conflict) as refused:
        return _new_honour(refused)
    flash(gettext("The honour is on record; it is public once it is listed."), "good")
    return redirect(url_for("registry.show_honour", honour_id=honour.id), 303)


def _files():
    return [(file.filename, file.read()) for file in request.files.getlist("files")]


@bp.get("/curation/honours/<int:honour_id>")
@needs("curator")
def show_honour(honour_id):
    """One honour with everything that is on record of it."""
    return _show_honour(honour_id)


def _show_honour(honour_id, refused=None):
    honour = queries.get_honour(honour_id)
    return show(
        "registry/show_honour.html", status=refused.status if refused else 200, honour=honour,
        holder=queries.holder_of(honour), files=honour_queries.files_of(honour_id), refused=refused,
        values=request.form, states=rules.HONOUR_STATES, levels=level_rules.CONTEST_LEVELS,
        contest=queries.contest_of(honour),
    )


@bp.post("/curation/honours/<int:honour_id>/list")
@needs("curator")
def list_honour(honour_id):
    return _act(honour_id, lambda: honour_actions.list_honour(
        actor(), honour_id, request.form.get("is_checked") == "1"
    ))


@bp.post("/curation/honours/<int:honour_id>/documents")
@needs("curator")
def add_document(honour_id):
    return _act(honour_id, lambda: honour_actions.add_document(actor(), honour_id, _files()))


@bp.post("/curation/honours/<int:honour_id>/revoke")
@needs("curator")
def revoke_by_hand(honour_id):
    reason = request.form.get("reason", "")
    return _act(honour_id, lambda: tell_unsigned(actions.revoke_honour(actor(), honour_id, reason)))


def tell_unsigned(honour):
    """Sign the list of certificates in which that of a revoked honour stands; say why where it cannot be."""
    if honour.award_id is not None and (sentence := list_signing.sign_due(actor(), honour.contest_id)):
        flash(sentence, "warn")


def _act(honour_id, act):
    try:
        act()
    except (Invalid, Conflict) as refused:
        return _show_honour(honour_id, refused)
    return redirect(url_for("registry.show_honour", honour_id=honour_id), 303)


@bp.get("/curation/honours/<int:honour_id>/documents/<int:number>")
@needs("curator")
def download_document(honour_id, number):
    """A document behind an honour, for the curator alone."""
    row = honour_queries.get_file(honour_id, number)
    answer = send_file(
        BytesIO(row.content), mimetype=KINDS[row.ending][0], as_attachment=True,
        download_name=f"honour-{honour_id}-{number}.{row.ending}",
    )
    answer.headers["Content-Security-Policy"] = UPLOAD_POLICY
    return answer


@bp.get("/register/organisations")
@open_to_all
def list_organisations():
    """Organisations and teams with honours on the list."""
    text = request.args.get("text", "").strip()
    return show(
        "registry/list_organisations.html", rows=honour_queries.units_with_honours(text), text=text
    )


@bp.get("/register/organisations/<int:organisation_id>")
@open_to_all
def show_organisation(organisation_id):
    """An organisation with its line of life, its honours, its names, and its people on the register."""
    return _show_organisation(organisation_id)


def _show_organisation(organisation_id, refused=None):
    honours = honour_queries.public_honours_of(organisation_id)
    organisation, words = get_organisation(organisation_id), honour_queries.find_words(organisation_id)
    return show(
        "registry/show_organisation.html", status=refused.status if refused else 200,
        organisation=organisation, lines=queries.with_contests(honours),
        archives=archive_queries.archives_of(honours), words=words.words if words else "",
        names=person_queries.former_names(organisation_id),
        craftsmen=honour_queries.craftsmen_of(organisation), refused=refused, values=request.form,
        records=record_history_queries.held_by_unit(organisation_id),
        is_keeper=g.person is not None and g.person.has_any(("curator",)),
        has_board="board.show_board" in current_app.view_functions,
    )


@bp.post("/register/organisations/<int:organisation_id>/words")
@needs("curator")
def describe_unit(organisation_id):
    try:
        actions.describe_unit(actor(), organisation_id, request.form.get("words", ""))
    except Invalid as refused:
        return _show_organisation(organisation_id, refused)
    return redirect(url_for("registry.show_organisation", organisation_id=organisation_id), 303)


@bp.get("/register/organisations/<int:organisation_id>/evidence/<int:honour_id>")
@open_to_all
def show_unit_evidence(organisation_id, honour_id):
    """The published record that an honour of a unit or a team rests on."""
    return show("registry/show_evidence.html", found=queries.get_unit_evidence(organisation_id, honour_id))
