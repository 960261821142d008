"""Coming in and going out: sign-in, set-up code, judge's card, invitation."""

from flask import flash, g, redirect, request, session, url_for
from flask_babel import gettext

from contest import kept_forms
from contest.accounts import actions, forms, queries, rules, session_queries
from contest.accounts.devices import name_device
from contest.accounts.guards import SESSION_KEY, enter, open_to_all, signed_in
from contest.accounts.own_words import own_words
from contest.accounts.reentry import proven_actor
from contest.accounts.routes import bp, load_person
from contest.audit import contest_queries
from contest.clock import now
from contest.errors import Conflict, Invalid
from contest.pages import find_address, form_refusal, local_goal, show, show_kept_form


def device_here():
    """What a person calls the browser that asks."""
    return name_device(request.headers.get("User-Agent", ""))


@bp.get("/sign-in")
@open_to_all
def sign_in():
    """The form for login and password."""
    if g.person is not None:
        return redirect(local_goal(request.args.get("next")), 303)
    if g.locked is not None:
        return show("accounts/unlock.html", values={"next": request.args.get("next", "")})
    if not queries.has_any_user():
        return redirect(url_for("accounts.set_up"), 303)
    return show(
        "accounts/sign_in.html", values={"next": request.args.get("next", "")},
        has_ended=session.pop("has_ended", False),
    )


@bp.post("/sign-in")
@open_to_all
def enter_by_password():
    """Check login and password and begin a session."""
    form = request.form
    try:
        token = actions.sign_in(
            form.get("login", ""), form.get("password", ""), device_here(), session.get(SESSION_KEY)
        )
    except Invalid as error:
        return show("accounts/sign_in.html", status=422, **form_refusal(error, form))
    enter(token)
    if (kept := kept_forms.unpack(form.get(kept_forms.CARRIED))) is not None:
        load_person()
        sentence = gettext("You are signed in. Look at what you had typed, and send it again.")
        return show_kept_form(kept, sentence, 200, is_welcome=True)
    return redirect(local_goal(form.get("next")), 303)


@bp.post("/unlock")
@open_to_all
def unlock():
    """Open a session again that was left alone, with its own person's word."""
    form = request.form
    if g.locked is None:
        return redirect(local_goal(form.get("next")), 303)
    try:
        actor = proven_actor(g.locked, form.get("word", ""))
    except Invalid as error:
        return show("accounts/unlock.html", status=422, **form_refusal(error, form))
    actions.unlock_session(actor, g.locked.session_id)
    if (kept := kept_forms.unpack(form.get(kept_forms.CARRIED))) is not None:
        load_person()
        sentence = gettext("Look at what you had typed, and send it again.")
        return show_kept_form(kept, sentence, 200, is_welcome=True)
    return redirect(local_goal(form.get("next")), 303)


@bp.post("/sign-out")
@open_to_all
def sign_out():
    """End this session; a guest who presses it again is simply a guest."""
    if (person := g.person or g.locked) is not None:
        actions.sign_out(person)
    language = session.get("language")
    session.clear()
    if language:
        session["language"] = language
    answer = redirect(url_for("accounts.front"), 303)
    if person is not None and "judge" not in person.roles:
        # What the browser keeps of pages, also those that the back button shows. Never "storage": on a
        # tablet that is operations not yet sent and sheets that open without a network, which "cache" keeps.
        answer.headers["Clear-Site-Data"] = '"cache"'
    return answer


@bp.get("/set-up")
@open_to_all
def set_up():
    """The first page of an empty installation."""
    _check_not_set_up()
    return show("accounts/set_up.html", values={"code": request.args.get("code", "")})


@bp.post("/set-up")
@open_to_all
def make_organiser():
    """Make the first organiser with the one-time code."""
    _check_not_set_up()
    form = request.form
    try:
        account = forms.read_new_account(form, own_words())
        token = actions.set_up(form.get("code", ""), account, device_here())
    except Invalid as error:
        return show("accounts/set_up.html", status=422, **form_refusal(error, form))
    enter(token)
    return redirect(url_for("accounts.front"), 303)


def _check_not_set_up():
    if queries.is_set_up():
        raise Conflict("This installation has been set up already.")


@bp.get("/enter/<token>")
@open_to_all
def enter_by_card(token):
    """The PIN page behind a judge's card."""
    return _show_pin(token)


@bp.post("/enter/<token>")
@open_to_all
def check_pin(token):
    """Check the PIN and begin the judge's session."""
    try:
        opened = actions.enter_by_card(
            token, request.form.get("pin", ""), device_here(), session.get(SESSION_KEY)
        )
    except Invalid as error:
        return _show_pin(token, error)
    enter(opened, is_lasting=True)
    tell_other_devices(opened)
    return redirect(first_page(queries.find_person(opened)), 303)


def _show_pin(token, refused=None):
    card = queries.get_card(token)
    rules.check_card(card.revoked_at, card.user.is_active)
    return show(
        "accounts/enter_by_card.html", status=422 if refused else 200,
        token=token, name=card.user.name, pin_length=rules.PIN_LENGTH, refused=refused,
    )


def tell_other_devices(token):
    """Say where else this person is signed in, and what was signed out to make room."""
    person = queries.find_person(token)
    ended = session_queries.ended_for(person.session_id)
    others = [row for row in queries.list_sessions(person.user_id) if row.id != person.session_id]
    if ended:
        names = gettext(", ").join(row.device or gettext("Unknown device") for row in ended)
        flash(gettext("You were signed in on too many devices, so this one was signed out: %(names)s. "
                      "What it holds stays on it.", names=names), "warn")
    if others:
        names = gettext(", ").join(row.device or gettext("Unknown device") for row in others)
        flash(gettext("You are signed in elsewhere, too: %(names)s. Is that not you? Sign it out on the "
                      "page of your account.", names=names), "warn")


def first_page(person):
    """A judge of exactly one contest goes straight to the sheets; others choose on page one."""
    contests = {contest_id for role, contest_id in person.grants if role == "judge"}
    sheets_at = None
    if len(contests) == 1 and person.roles == {"judge"}:
        sheets_at = find_address("judging.my_sheets", contest_id=contests.pop())
    return sheets_at or url_for("accounts.front")


@bp.get("/invitation/<token>")
@open_to_all
def open_invitation(token):
    """What the invitation is for, and the form for the contact's account."""
    return _show_invitation(token)


@bp.post("/invitation/<token>")
@open_to_all
def accept_invitation(token):
    """Make the contact's account."""
    form = request.form
    try:
        opened = actions.accept_invitation(token, forms.read_new_account(form, own_words()), device_here())
    except Invalid as error:
        return _show_invitation(token, status=422, **form_refusal(error, form))
    enter(opened)
    return redirect(url_for("accounts.front"), 303)


@bp.post("/invitation/<token>/take")
@signed_in
def take_invitation(token):
    """Accept with the account that is signed in."""
    contest_id = actions.accept_invitation_as(g.person, token)
    goal = find_address("people.my_unit", contest_id=contest_id)
    return redirect(goal or url_for("accounts.front"), 303)


def _show_invitation(token, status=200, **facts):
    invitation = queries.get_invitation(token)
    rules.check_invitation(
        invitation.used_by_id is not None, invitation.revoked_at, invitation.expires_at, now()
    )
    facts.setdefault("values", {})
    return show(
        "accounts/open_invitation.html", status=status, token=token,
        contest=contest_queries.get_heading(invitation.contest_id),
        unit=contest_queries.find_unit_name(invitation.organisation_id),
        role=rules.ROLES[invitation.role], expires_at=invitation.expires_at, **facts,
    )
