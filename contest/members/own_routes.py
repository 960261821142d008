"""A member's own page, own certificates on paper, and own rights about one's data."""

from flask import Response, current_app, flash, g, redirect, request, url_for
from flask_babel import gettext

from contest.accounts.guards import signed_in
from contest.awards import certificate_papers
from contest.awards.certificate_queries import find_style
from contest.awards.signed_list_queries import proof_of
from contest.errors import Invalid
from contest.member_services import case_rules
from contest.members import own_actions, own_queries, personal_queries, personal_rules, telling, union_actions
from contest.members.blueprint import actor, bp
from contest.pages import language, outside_address, show
from contest.people import phone_queries
from contest.registry import record_history_queries


@bp.get("/my")
@signed_in
def my_page():
    """Contests, results, honours, certificates, level, entitlements and cases of whoever is signed in."""
    return show(
        "members/my_page.html", found=own_queries.own_page(g.person.user_id), states=case_rules.STATES,
        badges=case_rules.BADGES, kinds=personal_rules.KINDS,
    )


@bp.get("/my/certificates/<int:certificate_id>.pdf")
@signed_in
def download_my_certificate(certificate_id):
    """One's own certificate on paper."""
    human = own_queries.get_own(g.person.user_id)
    found = own_queries.get_certificate(human.id, certificate_id)
    base = outside_address("awards.show_certificate_check")
    style = find_style(found.contest_id)
    data = certificate_papers.certificate_pdf(found, style, base, language())
    return _file(data, "application/pdf", f"{found.number}.pdf")


@bp.get("/my/certificates/<int:certificate_id>.proof")
@signed_in
def download_my_proof(certificate_id):
    """The file that proves, without a network, that one's own certificate stands in the signed list."""
    human = own_queries.get_own(g.person.user_id)
    found = own_queries.get_certificate(human.id, certificate_id)
    return _file(proof_of(found), "application/json", f"{found.number}-proof.json")


@bp.get("/my/data")
@signed_in
def my_data():
    """What is kept of oneself, who looked at it, and what one may ask for."""
    return show_my_data()


def show_my_data(refused=None, form=""):
    """The page of one's own data; after a refusal of one of its forms with what was typed there."""
    human = own_queries.get_own(g.person.user_id)
    return show(
        "members/my_data.html", status=refused.status if refused else 200, human=human, refused=refused,
        refused_form=form,
        field_errors=refused.fields if refused else {}, values=request.form,
        accesses=personal_queries.accesses_of(human.id), kinds=personal_rules.KINDS,
        fields=personal_rules.FIELDS, has_number=personal_queries.find_number(human.id) is not None,
        phone=phone_queries.masked_phone(human.id),
        asked=personal_queries.asked_at(human.id), records=record_history_queries.held_by(human.id),
        ways=personal_queries.ways_of(human.id), can_tell=_can_tell(),
        identities=union_actions.list_identities(g.person.user_id),
    )


def _can_tell():
    """Which ways this installation has."""
    return {"mail": bool(current_app.config["CODE_SENDER"]), "sms": bool(current_app.config["SMS_URL"])}


def _chosen():
    return gettext(own_actions.BY_PERSON)


@bp.post("/my/data/mail")
@signed_in
def tell_by_mail():
    """Be told by mail that there is something to read, or no more."""
    human = own_queries.get_own(g.person.user_id)
    own_actions.tell_by_mail(actor(), human.id, request.form.get("wanted") == "1", _chosen())
    flash(gettext("Your choice holds from now on."), "good")
    return redirect(url_for("members.my_data"), 303)


@bp.post("/my/data/phone")
@signed_in
def set_phone():
    """Be told so by text message on this telephone; an empty number stops it."""
    human = own_queries.get_own(g.person.user_id)
    try:
        own_actions.set_phone(actor(), human.id, request.form.get("phone", ""), _chosen())
    except Invalid as refused:
        return show_my_data(refused, "phone")
    flash(gettext("Your choice holds from now on."), "good")
    return redirect(url_for("members.my_data"), 303)


@bp.post("/my/data/copy")
@signed_in
def take_my_data():
    """A copy of everything that is kept of oneself, at once."""
    human = own_queries.get_own(g.person.user_id)
    data = telling.take_copy(actor(), human.id, gettext("Asked for by the person"))
    return _file(data, "application/zip", "my-data.zip")


@bp.post("/my/data/erase")
@signed_in
def ask_for_erasure():
    """Ask that one's data be erased; a keeper does it, and says what stays."""
    human = own_queries.get_own(g.person.user_id)
    try:
        own_actions.ask_for_erasure(actor(), human.id, request.form.get("reason", ""))
    except Invalid as refused:
        return show_my_data(refused)
    flash(gettext("Your request is with those who keep the register; they answer it here."), "good")
    return redirect(url_for("members.my_data"), 303)


def _file(data, kind, name):
    return Response(data, mimetype=kind, headers={"Content-Disposition": f'attachment; filename="{name}"'})
