"""A person's own account: where it is signed in, and its password."""

from flask import flash, g, redirect, request, session, url_for
from flask_babel import gettext

from contest.accounts import actions, factor_queries, forms, queries, rules
from contest.accounts.guards import MUST_REPLACE, lead_to, signed_in
from contest.accounts.own_words import own_words
from contest.accounts.reentry import proven_actor
from contest.accounts.routes import bp
from contest.audit import contest_queries
from contest.errors import Invalid
from contest.pages import form_refusal, show

ON_THE_WAY = frozenset({"accounts.my_sessions", "accounts.change_password", "accounts.say_here"})


@bp.before_app_request
def lead_to_new_password():
    """Whoever came in with a one-time password replaces it before anything else."""
    if not session.get(MUST_REPLACE):
        return None
    sentence = gettext("Somebody else made your password: choose one of your own first.")
    return lead_to("accounts.my_sessions", sentence, "given_password", ON_THE_WAY)


@bp.get("/my/account")
@signed_in
def my_sessions():
    """Name, roles, password, and every device on which this account is open."""
    return _show_my_sessions()


@bp.get("/my/account/here")
@signed_in
def say_here():
    """A page says that its screen is in use, and since when it was not (static/idle.js)."""
    return "", 204


@bp.post("/my/account/password")
@signed_in
def change_password():
    """Replace one's own password."""
    form = request.form
    try:
        login = queries.get_user(g.person.user_id).login
        new = forms.read_new_password(form, login, own_words())
        actions.change_password(g.person, form.get("old", ""), new)
        session.pop(MUST_REPLACE, None)
    except Invalid as error:
        return _show_my_sessions(status=422, **form_refusal(error, {}))
    flash(gettext("The password was changed. Other devices have been signed out."), "good")
    return redirect(url_for("accounts.my_sessions"), 303)


@bp.post("/my/account/sessions/<int:session_id>/end")
@signed_in
def end_my_session(session_id):
    """Sign this device out, or another one, once the own password or PIN was typed again."""
    if session_id == g.person.session_id:
        actions.end_own_session(g.person, session_id)
        session.clear()
        return redirect(url_for("accounts.front"), 303)
    queries.check_own_session(g.person.user_id, session_id)  # before the word is asked
    try:
        if _has_word():  # whoever comes in by one-time codes or the union alone has nothing to type
            proven_actor(g.person, request.form.get("word", ""))
        actions.end_own_session(g.person, session_id)
    except Invalid as refused:
        return _show_my_sessions(refused.status, ending=session_id, end_refused=refused)
    flash(gettext("That device has been signed out."), "good")
    return redirect(url_for("accounts.my_sessions"), 303)


def _has_word():
    user = queries.get_user(g.person.user_id)
    return user.password_hash is not None or user.pin_hash is not None


def _show_my_sessions(status=200, **facts):
    user = queries.get_user(g.person.user_id)
    contest_ids = {held.contest_id for held in user.grants}
    contests = {heading.id: heading for heading in contest_queries.list_headings(contest_ids)}
    held = [
        (contests.get(number), [rules.ROLES[role] for role in queries.roles_of(user, number)])
        for number in sorted(contest_ids, key=lambda number: number or 0)
    ]
    return show(
        "accounts/my_sessions.html", status=status, login=user.login, held=held,
        has_factor=factor_queries.is_enrolled(user.id), codes_left=factor_queries.recovery_left(user.id),
        has_password=user.password_hash is not None, asks_word=_has_word(),
        sessions=queries.list_sessions(user.id), ways_in=rules.WAYS_IN,
        password_least=rules.PASSWORD_LEAST, **facts,
    )
