"""Who may enter a route: every view carries exactly one of these guards."""

from functools import wraps

from flask import current_app, flash, g, make_response, redirect, render_template, request, session, url_for
from flask_babel import gettext

from contest import kept_forms
from contest.accounts import factor_queries, queries
from contest.accounts.rules import ROLES
from contest.errors import NotAllowed
from contest.pages import show_kept_form, wants_json

SESSION_KEY = "entry"
MUST_REPLACE = "must-replace"  # in the cookie of whoever came in with a one-time password
# What a tablet sends by itself comes in whatever its person still has to do first.
TABLET_DOORS = frozenset({"judging.post_operation", "judging.post_pulse", "judging.post_flag"})
MUST_ENROL = "must-enrol"  # in the cookie of whoever came in without the second factor that the role asks for


def enter(token, is_lasting=False):
    """Begin the session of somebody who just proved who they are; nothing of the old one stays."""
    language = session.get("language")
    session.clear()
    person = queries.find_person(token)
    if language and not person.language:
        session["language"] = language
    session[SESSION_KEY] = token
    if factor_queries.must_enrol(person.user_id, person.roles):
        session[MUST_ENROL] = True
    if queries.came_by_given_password(person.session_id):
        session[MUST_REPLACE] = True
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


def lead_to(endpoint, sentence, code, on_the_way):
    """Send whoever asks to the page on which something is to be done first; None where the way is open.

    on_the_way: the endpoints that are open meanwhile, besides a tablet's doors and what is for everybody.
    """
    if g.person is None or request.endpoint in on_the_way | TABLET_DOORS:
        return None
    view = current_app.view_functions.get(request.endpoint)
    if getattr(view, "guard", ("everybody",)) == ("everybody",):  # also files, and addresses that are none
        return None
    if wants_json():
        return {"error": {"code": code, "message": sentence, "fields": {}}}, 403
    flash(sentence, "warn")
    return redirect(url_for(endpoint), 303)


def _to_sign_in():
    if g.get("locked") is not None:
        return _to_unlock()
    if wants_json():
        # The tablet's queue must learn that it is signed out; a redirect would look like success.
        sentence = gettext("You are signed out. Sign in again; what is waiting here stays.")
        if "X-Contest" not in request.headers and request.path.startswith("/api/"):  # no tablet, no page
            sentence = gettext("This needs a token: send the header Authorization: Bearer and a token.")
        return (
            {"error": {"code": "signed_out", "message": sentence, "fields": {}}}, 401,
            {"WWW-Authenticate": "Bearer"} if request.path.startswith("/api/") else {},
        )
    if request.headers.get("HX-Request") == "true":
        # htmx follows a redirect silently and would put the sign-in page into a piece.
        return "", 401, {"HX-Redirect": url_for("accounts.sign_in")}
    if (kept := kept_forms.read()) is not None:
        sentence = gettext("You are signed out, so nothing was saved. Sign in, then send it again.")
        return show_kept_form(kept, sentence, 401, must_sign_in=True)
    goal = request.full_path.rstrip("?") if request.method == "GET" else None
    return redirect(url_for("accounts.sign_in", next=goal), 303)


def _to_unlock():
    """The word is typed again on the page that also signs in; what is open elsewhere stays as it is."""
    sentence = gettext(
        "Nobody touched this screen for a while: type your PIN or password again. What you typed stays here, "
        "and is sent afterwards."
    )
    if wants_json():
        return {"error": {"code": "locked", "message": sentence, "fields": {}}}, 401
    if request.headers.get("HX-Request") == "true":
        # A form on that page may be half typed: it says so there, and takes nobody away from it.
        answer = make_response(render_template("accounts/_locked.html", sentence=sentence), 401)
        answer.headers["HX-Retarget"], answer.headers["HX-Reswap"] = "#notice", "innerHTML"
        return answer
    if (kept := kept_forms.read()) is not None:
        return show_kept_form(kept, sentence, 401, must_sign_in=True)
    goal = request.full_path.rstrip("?") if request.method == "GET" else None
    return redirect(url_for("accounts.sign_in", next=goal), 303)
