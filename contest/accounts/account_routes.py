"""The organiser's pages about other people's accounts, in one contest or everywhere."""

from flask import flash, g, redirect, request, url_for
from flask_babel import gettext

from contest.accounts import account_actions, factor_queries, forms, queries, rules
from contest.accounts.guards import needs
from contest.accounts.qr import qr_picture
from contest.accounts.routes import bp
from contest.audit import contest_queries
from contest.errors import Invalid
from contest.i18n import N_
from contest.kept_words import CHOICES
from contest.pages import form_refusal, show

CHOICES["roles"] = (N_("Roles"), rules.ROLES)


def two_addresses(rule, **options):
    """The same page below a contest and below the whole installation."""

    def add(view):
        name = view.__name__
        bp.add_url_rule(f"/contests/<int:contest_id>{rule}", name, view, **options)
        bp.add_url_rule(rule, name, view, defaults={"contest_id": None}, **options)
        return view

    return add


def heading_of(contest_id):
    """The contest that an address below one names, or None below the whole installation."""
    return contest_queries.get_heading(contest_id) if contest_id is not None else None


@two_addresses("/accounts", methods=["GET"])
@needs("organiser", everywhere=True)
def list_accounts(contest_id):
    """Everybody with a role here, sought by name or login."""
    text = request.args.get("text", "").strip()
    return show(
        "accounts/list_accounts.html", "accounts/_account_lines.html",
        contest=heading_of(contest_id), lines=queries.list_accounts(contest_id, text), text=text,
        role_names=rules.ROLES,
    )


@two_addresses("/accounts/new", methods=["GET"])
@needs("organiser", everywhere=True)
def new_person(contest_id):
    """The form to add somebody."""
    return _show_new_person(contest_id)


@two_addresses("/accounts/new", methods=["POST"])
@needs("organiser", everywhere=True)
def add_person(contest_id):
    """Add somebody and show the one-time password."""
    contest = heading_of(contest_id)
    form = request.form
    try:
        new = forms.read_person(form, contest_id)
        user_id, password = account_actions.add_person(g.person, new, contest_id)
    except Invalid as error:
        return _show_new_person(contest_id, status=422, **form_refusal(error, form))
    if password is None:
        flash(gettext("The login existed already; that account was given the roles."), "good")
        return redirect(
            url_for("accounts.show_account", contest_id=contest_id, user_id=user_id), 303
        )
    return show_person_page(contest, user_id, password=password, status=201)


def _show_new_person(contest_id, status=200, **facts):
    facts.setdefault("values", {})
    return show(
        "accounts/new_person.html", status=status, contest=heading_of(contest_id),
        roles=[line for line in _offered_roles(contest_id) if line[0] != "contact"],
        chosen=request.form.getlist("roles"), **facts,
    )


def _offered_roles(contest_id):
    offered = rules.ROLES_EVERYWHERE if contest_id is None else rules.ROLES_IN_CONTEST
    return [
        (role, gettext(rules.ROLES[role]), gettext(rules.ROLE_NOTES[role])) for role in offered
    ]


@two_addresses("/accounts/<int:user_id>", methods=["GET"])
@needs("organiser", everywhere=True)
def show_account(contest_id, user_id):
    """One person's roles, ways in and sessions."""
    return show_person_page(heading_of(contest_id), user_id)


@two_addresses("/accounts/<int:user_id>/roles", methods=["POST"])
@needs("organiser", everywhere=True)
def set_roles(contest_id, user_id):
    """Give and take roles."""
    contest = heading_of(contest_id)
    try:
        roles = forms.read_roles(request.form, contest_id)
    except Invalid as error:
        return show_person_page(contest, user_id, status=422, **form_refusal(error, {}))
    account_actions.set_roles(g.person, user_id, roles, contest_id)
    if contest_id is not None and not roles:
        flash(gettext("The person no longer has a role in this contest."), "good")
        return redirect(url_for("accounts.list_accounts", contest_id=contest_id), 303)
    return _back(contest_id, user_id, gettext("The roles were changed."))


@two_addresses("/accounts/<int:user_id>/password", methods=["POST"])
@needs("organiser", everywhere=True)
def give_new_password(contest_id, user_id):
    """Make a one-time password and show it once."""
    contest = heading_of(contest_id)
    password = account_actions.give_new_password(g.person, user_id, contest_id)
    return show_person_page(contest, user_id, password=password)


@two_addresses("/accounts/<int:user_id>/card", methods=["POST"])
@needs("organiser", everywhere=True)
def issue_card(contest_id, user_id):
    """Issue a card with a PIN and show both once."""
    contest = heading_of(contest_id)
    token, pin = account_actions.issue_card(g.person, user_id, contest_id)
    address = url_for("accounts.enter_by_card", token=token, _external=True)
    return show_person_page(
        contest, user_id, pin=pin, card_at=address, card_picture=qr_picture(address)
    )


@two_addresses("/accounts/<int:user_id>/card/revoke", methods=["POST"])
@needs("organiser", everywhere=True)
def revoke_card(contest_id, user_id):
    """Take a card back."""
    heading_of(contest_id)
    account_actions.revoke_card(g.person, user_id, contest_id)
    return _back(contest_id, user_id, gettext("The card no longer works."))


@two_addresses("/accounts/<int:user_id>/switch", methods=["POST"])
@needs("organiser", everywhere=True)
def switch_account(contest_id, user_id):
    """Switch an account off or on."""
    heading_of(contest_id)
    is_active = request.form.get("to") == "on"
    account_actions.switch_account(g.person, user_id, is_active, contest_id)
    said = gettext("The account is switched on.") if is_active else gettext("The account is switched off.")
    return _back(contest_id, user_id, said)


@two_addresses("/accounts/<int:user_id>/sessions/<int:session_id>/end", methods=["POST"])
@needs("organiser", everywhere=True)
def end_session_of(contest_id, user_id, session_id):
    """Sign one device of somebody else out."""
    heading_of(contest_id)
    account_actions.end_session_of(g.person, user_id, session_id, contest_id)
    return _back(contest_id, user_id, gettext("That device has been signed out."))


def _back(contest_id, user_id, said):
    flash(said, "good")
    return redirect(url_for("accounts.show_account", contest_id=contest_id, user_id=user_id), 303)


def show_person_page(contest, user_id, status=200, **facts):
    """The page of one account, after something was made or refused too."""
    contest_id = contest.id if contest else None
    user = queries.get_user_of(contest_id, user_id)
    facts.setdefault("field_errors", {})
    return show(
        "accounts/show_account.html", status=status, contest=contest, user=user,
        roles=_offered_roles(contest_id), chosen=queries.roles_of(user, contest_id),
        elsewhere=_elsewhere(user, contest_id), sessions=queries.list_sessions(user_id),
        ways_in=rules.WAYS_IN,
        has_card=queries.has_card(user_id), has_factor=factor_queries.is_enrolled(user_id),
        may_administer=rules.may_administer(g.person, queries.grants_of(user)),
        is_own=user_id == g.person.user_id, **facts,
    )


def _elsewhere(user, contest_id):
    """The person's roles in other places than the one of this page."""
    ids = {held.contest_id for held in user.grants} - {contest_id}
    names = {heading.id: heading for heading in contest_queries.list_headings(ids)}
    return [
        (names.get(number), [rules.ROLES[role] for role in queries.roles_of(user, number)])
        for number in sorted(ids, key=lambda number: number or 0)
    ]
