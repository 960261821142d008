"""Who may enter a route: every view carries exactly one of these guards."""

from functools import wraps

from flask import current_app, g, redirect, request, session, url_for
from flask_babel import gettext

from contest import kept_forms
from contest.accounts import queries
from contest.accounts.rules import ROLES
from contest.errors import NotAllowed
from contest.pages import show_kept_form, wants_json

SESSION_KEY = "entry"


def enter(token, is_lasting=False):
    """Begin the session of somebody who just proved who they are; nothing of the old one stays."""
    language = session.get("language")
    session.clear()
    person = queries.find_person(token)
    if language and not person.language:
        session["language"] = language
    session[SESSION_KEY] = token
    # A judge's tablet that restarts must not ask for the card again; an office computer should.
    session.permanent = is_lasting


def needs(*roles, everywhere=False):
    """Let in people who hold one of `roles`, in the contest that the address names.

    A guest is sent to sign in; anybody else gets 403. In an address with `contest_id` the
    role must be held in that contest (or in the whole installation). In an address without one
    a role held anywhere is enough, unless `everywhere` asks for the whole installation.
    """
    unknown = set(roles) - set(ROLES)
    if unknown or not roles:
        raise ValueError(f"not roles: {unknown}")

    def guard(view):
        @wraps(view)
        def guarded(*args, **kwargs):
            if g.person is None:
                return _to_sign_in()
            contest_id = kwargs.get("contest_id")
            if everywhere and contest_id is None:
                is_let_in = any(g.person.has_role(role) for role in roles)
            else:
                is_let_in = g.person.has_any(roles, contest_id)
            if not is_let_in:
                raise NotAllowed("Your role does not open this page.")
            return view(*args, **kwargs)

        guarded.guard, guarded.is_everywhere = roles, everywhere
        return guarded

    return guard


def signed_in(view):
    """Let in everybody who is signed in."""

    @wraps(view)
    def guarded(*args, **kwargs):
        if g.person is None:
            return _to_sign_in()
        return view(*args, **kwargs)

    guarded.guard = ("signed in",)
    return guarded


def open_to_all(view):
    """Let in everybody, also guests."""
    view.guard = ("everybody",)
    return view


def find_door(endpoint, contest_id):
    """The address of a page of a contest if there is one and whoever asks may enter it, else None."""
    view = current_app.view_functions.get(endpoint)
    if view is None or g.get("person") is None:
        return None
    is_for_many = view.guard in (("signed in",), ("everybody",))
    if not is_for_many and not g.person.has_any(view.guard, contest_id):
        return None
    return url_for(endpoint, contest_id=contest_id)


def _to_sign_in():
    if wants_json():
        # The tablet's queue must learn that it is signed out; a redirect would look like success.
        sentence = gettext("You are signed out. Sign in again; what is waiting here stays.")
        return {"error": {"code": "signed_out", "message": sentence, "fields": {}}}, 401
    if request.headers.get("HX-Request") == "true":
        # htmx follows a redirect silently and would put the sign-in page into a piece.
        return "", 401, {"HX-Redirect": url_for("accounts.sign_in")}
    if (kept := kept_forms.read()) is not None:
        sentence = gettext("You are signed out, so nothing was saved. Sign in, then send it again.")
        return show_kept_form(kept, sentence, 401, must_sign_in=True)
    goal = request.full_path.rstrip("?") if request.method == "GET" else None
    return redirect(url_for("accounts.sign_in", next=goal), 303)
