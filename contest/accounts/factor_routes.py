"""Pages of the second factor: setting it up, coming in with it, resetting somebody's, asking it of roles."""

from datetime import datetime, timedelta

from flask import flash, g, redirect, request, session, url_for
from flask_babel import gettext

from contest import kept_forms
from contest.accounts import factor_actions, factor_queries, factor_rules, queries, rules, totp
from contest.accounts.account_routes import heading_of, show_person_page, two_addresses
from contest.accounts.entering import CodeWanted, Half
from contest.accounts.entry_routes import device_here, first_page, tell_other_devices
from contest.accounts.guards import (
    MUST_ENROL,
    MUST_REPLACE,
    SESSION_KEY,
    enter,
    lead_to,
    needs,
    open_to_all,
    signed_in,
)
from contest.accounts.qr import qr_picture
from contest.accounts.reentry import check_own_word, lacks_factor, proven_actor
from contest.accounts.routes import bp, load_person
from contest.accounts.second import second_at_screen
from contest.errors import Invalid
from contest.pages import local_goal, show, show_kept_form

HALF = "half-entry"
SECONDS = ("organiser", "chief_judge", "supervisor")
# Open to whoever still has to set a second factor up.
ON_THE_WAY = frozenset({
    "accounts.show_factor", "accounts.begin_factor", "accounts.confirm_factor",
})


@bp.before_app_request
def lead_to_enrolment():
    """Whoever's role asks for a second factor sets it up before anything else."""
    if not session.get(MUST_ENROL) or session.get(MUST_REPLACE):  # the password first
        return None
    sentence = gettext("Your role asks for a second factor: set it up first.")
    return lead_to("accounts.show_factor", sentence, "second_factor", ON_THE_WAY)


@bp.app_template_global()
def asks_factor():
    """True when whoever asks types a second factor's code beside the password."""
    person = g.get("person") or g.get("locked")
    if person is None:
        return False
    known = request.environ.setdefault("contest.asks_factor", {})  # several fields of one page
    if person.user_id not in known:
        known[person.user_id] = factor_queries.is_enrolled(person.user_id)
    return known[person.user_id]


@bp.app_template_global("lacks_factor")
def lacks_own_factor():
    """True when the contest of this page asks a second factor of whoever asks, who has none."""
    person = g.get("person")
    return person is not None and lacks_factor(person.user_id)


bp.add_app_template_global(factor_queries.is_anyone_enrolled, "is_factor_used")


@bp.app_errorhandler(CodeWanted)
def want_code(wanted):
    """The page that asks for the code, after any way in; password or PIN need not be typed again."""
    half = wanted.half
    session[HALF] = {
        "user": half.user_id, "by": half.entered_by, "seconds": half.length.total_seconds(),
        "mark": half.mark, "at": half.at.isoformat(),
    }
    return _show_ask(request.values)


@bp.get("/sign-in/factor")
@open_to_all
def ask_code():
    """The same page again."""
    return _show_over(request.args) if _half() is None else _show_ask(request.args)


@bp.post("/sign-in/factor")
@open_to_all
def check_factor():
    """Check the code and begin the session."""
    form, half = request.form, _half()
    if half is None:
        return _show_over(form)
    try:
        token = factor_actions.enter_by_code(
            half, form.get("factor", ""), device_here(), session.get(SESSION_KEY)
        )
    except factor_actions.EntryOver as over:
        session.pop(HALF)
        return _show_over(form, over)
    except Invalid as refused:
        return _show_ask(form, refused)
    is_by_card = half.entered_by == "card"
    enter(token, is_lasting=is_by_card)
    if is_by_card:
        tell_other_devices(token)
    if (kept := kept_forms.unpack(form.get(kept_forms.CARRIED))) is not None:
        load_person()
        sentence = gettext("You are signed in. Look at what you had typed, and send it again.")
        return show_kept_form(kept, sentence, 200, is_welcome=True)
    goal = form.get("next")
    if is_by_card and not goal:
        return redirect(first_page(queries.find_person(token)), 303)
    return redirect(local_goal(goal), 303)


def _show_over(values, refused=None):
    """Whoever has not begun to sign in, or too long ago, begins here."""
    return show(
        "accounts/sign_in.html", status=409 if refused else 200, refused=refused, values=values
    )


def _half():
    kept = session.get(HALF)
    if kept is None:
        return None
    return Half(
        kept["user"], kept["by"], timedelta(seconds=kept["seconds"]), kept["mark"],
        datetime.fromisoformat(kept["at"]),
    )


def _show_ask(values, refused=None):
    return show(
        "accounts/ask_code.html", status=refused.status if refused else 200, refused=refused,
        values={"next": values.get("next", ""), "kept": values.get(kept_forms.CARRIED, "")},
    )


@bp.get("/my/account/factor")
@signed_in
def show_factor():
    """One's own second factor: whether there is one, and how to set it up."""
    return _show_factor()


@bp.post("/my/account/factor")
@signed_in
def begin_factor():
    """Make a secret for the app, once the password was typed again."""
    try:
        check_own_word(g.person, request.form.get("word", ""))
        factor_actions.begin(g.person)
    except Invalid as refused:
        return _show_factor(refused)
    return redirect(url_for("accounts.show_factor"), 303)


@bp.post("/my/account/factor/confirm")
@signed_in
def confirm_factor():
    """Let the second factor count, and show the recovery codes this once."""
    try:
        codes = factor_actions.confirm(g.person, request.form.get("factor", ""))
    except Invalid as refused:
        return _show_factor(refused)
    session.pop(MUST_ENROL, None)
    return _show_factor(codes=codes)


@bp.post("/my/account/factor/codes")
@signed_in
def renew_recovery():
    """Make ten new recovery codes and show them this once."""
    try:
        codes = factor_actions.renew_recovery(proven_actor(g.person, request.form.get("word", "")))
    except Invalid as refused:
        return _show_factor(refused)
    return _show_factor(codes=codes)


@bp.post("/my/account/factor/off")
@signed_in
def turn_factor_off():
    """Turn the own second factor off, for good or to set up another phone."""
    try:
        factor_actions.turn_off(proven_actor(g.person, request.form.get("word", "")))
    except Invalid as refused:
        return _show_factor(refused)
    if factor_queries.must_enrol(g.person.user_id, g.person.roles):
        session[MUST_ENROL] = True
    flash(gettext("The second factor is off: password or PIN alone open the account again."), "warn")
    return redirect(url_for("accounts.show_factor"), 303)


def _show_factor(refused=None, codes=None):
    user_id = g.person.user_id
    secret = factor_actions.find_waiting_secret(g.person)
    login = queries.get_user(user_id).login
    address = secret and totp.enrolment_address(secret, login, f"Jiangsai {request.host}")
    request.environ.pop("contest.asks_factor", None)  # it may have begun just now
    return show(
        "accounts/show_factor.html", status=refused.status if refused else 200, refused=refused,
        errors=refused.fields if refused else {}, codes=codes, secret=secret,
        picture=qr_picture(address) if address else None, is_on=factor_queries.is_enrolled(user_id),
        left=factor_queries.recovery_left(user_id), has_role=bool(g.person.grants),
        is_required=factor_rules.is_required(g.person.roles, factor_queries.required_roles()),
    )


@two_addresses("/accounts/<int:user_id>/factor/reset", methods=["POST"])
@needs("organiser", everywhere=True)
def reset_factor(contest_id, user_id):
    """Take a lost second factor away; the second person types login and password at this screen."""
    contest, form = heading_of(contest_id), request.form
    user = queries.get_user_of(contest_id, user_id)
    rules.check_may_administer(g.person, queries.grants_of(user))
    try:
        first = proven_actor(g.person, form.get("word", ""))
        second = second_at_screen(contest_id, form, SECONDS)
        factor_actions.reset(first, second, user_id, form.get("reason"), contest_id)
    except Invalid as refused:
        return show_person_page(
            contest, user_id, status=refused.status, factor_refused=refused, factor_errors=refused.fields,
            factor_values=form,
        )
    flash(gettext("The second factor was taken away; the person signs in without one."), "good")
    return redirect(url_for("accounts.show_account", contest_id=contest_id, user_id=user_id), 303)


@bp.get("/accounts/factor")
@needs("organiser", everywhere=True)
def show_factor_rule():
    """Which roles must have a second factor, and who on the staff has one."""
    return _show_rule(factor_queries.required_roles())


@bp.post("/accounts/factor")
@needs("organiser", everywhere=True)
def set_factor_rule():
    """Ask a second factor of some roles from now on."""
    chosen = request.form.getlist("roles")
    try:
        factor_rules.check_roles(chosen)
        actor = proven_actor(g.person, request.form.get("word", ""))
        factor_actions.require(actor, g.person, chosen)
    except Invalid as refused:
        return _show_rule(chosen, refused)
    flash(gettext("Asked of these roles from now on."), "good")
    return redirect(url_for("accounts.show_factor_rule"), 303)


def _show_rule(chosen, refused=None):
    return show(
        "accounts/show_factor_rule.html", status=refused.status if refused else 200, refused=refused,
        errors=refused.fields if refused else {}, chosen=chosen, role_names=rules.ROLES,
        staff=factor_queries.list_staff(),
        roles=[(role, gettext(rules.ROLES[role]), gettext(rules.ROLE_NOTES[role]))
               for role in factor_rules.STAFF],
    )
