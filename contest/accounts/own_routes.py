"""A person's own account: where it is signed in, and its password."""

from flask import flash, g, redirect, request, session, url_for
from flask_babel import gettext

from contest.accounts import actions, forms, queries, rules
from contest.accounts.guards import signed_in
from contest.accounts.routes import bp
from contest.audit import contest_queries
from contest.errors import Invalid
from contest.pages import form_refusal, show


@bp.get("/my/account")
@signed_in
def my_sessions():
    """Name, roles, password, and every device on which this account is open."""
    return _show_my_sessions()


@bp.post("/my/account/password")
@signed_in
def change_password():
    """Replace one's own password."""
    form = request.form
    try:
        login = queries.get_user(g.person.user_id).login
        new = forms.read_new_password(form, login)
        actions.change_password(g.person, form.get("old", ""), new)
    except Invalid as error:
        return _show_my_sessions(status=422, **form_refusal(error, {}))
    flash(gettext("The password was changed. Other devices have been signed out."), "good")
    return redirect(url_for("accounts.my_sessions"), 303)


@bp.post("/my/account/sessions/<int:session_id>/end")
@signed_in
def end_my_session(session_id):
    """Sign one device out."""
    actions.end_own_session(g.person, session_id)
    if session_id == g.person.session_id:
        session.clear()
        return redirect(url_for("accounts.front"), 303)
    flash(gettext("That device has been signed out."), "good")
    return redirect(url_for("accounts.my_sessions"), 303)


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
        has_password=user.password_hash is not None, sessions=queries.list_sessions(user.id),
        ways_in=rules.WAYS_IN,
        password_least=rules.PASSWORD_LEAST, **facts,
    )
