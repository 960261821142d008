"""Ways in for members: the invitation, and the one-time code."""

from flask import current_app, g, redirect, request, session, url_for
from flask_babel import gettext

from contest.accounts import rules as account_rules
from contest.accounts.devices import name_device
from contest.accounts.guards import SESSION_KEY, enter, open_to_all, signed_in
from contest.accounts.own_words import own_words
from contest.errors import Conflict, Invalid
from contest.guess_limit import GuessLimit
from contest.members import entry_actions, entry_forms, sending
from contest.members.blueprint import bp
from contest.pages import form_refusal, local_goal, show

# From one address within ten minutes: a whole service hall may stand behind it.
CODES_ASKED = GuessLimit(20, 600)
CODES_TRIED = GuessLimit(60, 600)


def device():
    """The browser that asks, in words."""
    return name_device(request.headers.get("User-Agent", ""))


@bp.app_template_global("union_name")
def union_name():
    """The name of the union's own sign-in, or None where none is set up."""
    found = current_app.config["UNION"]
    return found.name if found else None


@bp.get("/join/<token>")
@open_to_all
def open_invitation(token):
    """Whose page it is, and the form for the account."""
    return show_invitation(token)


@bp.post("/join/<token>")
@open_to_all
def join(token):
    """Make the member's account."""
    form = request.form
    try:
        opened = entry_actions.join(
            token, entry_forms.read_account(form, own_words=own_words()), form.get("address", ""), device(),
            session.get(SESSION_KEY),
        )
    except Invalid as error:
        return show_invitation(token, status=422, **form_refusal(error, form))
    enter(opened)
    return redirect(url_for("members.my_page"), 303)


@bp.post("/join/<token>/take")
@signed_in
def take_invitation(token):
    """Tie the account that is signed in to the person."""
    entry_actions.join_as(g.person, token)
    return redirect(url_for("members.my_page"), 303)


def show_invitation(token, status=200, **facts):
    """The page of an invitation that still works."""
    invitation = entry_actions.get_invitation(token)
    facts.setdefault("values", {})
    return show(
        "members/open_invitation.html", status=status, token=token, human=invitation.human,
        expires_at=invitation.expires_at, can_send=bool(current_app.config["CODE_SENDER"]),
        union=union_name(), **facts,
    )


@bp.get("/sign-in/code")
@open_to_all
def enter_code():
    """The form for a one-time code, and the one that asks for it."""
    return _show_code()


def _show_code(status=200, **facts):
    facts.setdefault("values", {"next": request.args.get("next", "")})
    return show(
        "members/enter_code.html", status=status, can_send=bool(current_app.config["CODE_SENDER"]), **facts
    )


@bp.post("/sign-in/code")
@open_to_all
def check_code():
    """Check a one-time code and begin a session."""
    form = request.form
    try:
        if not CODES_TRIED.may_ask(request.remote_addr):
            raise Invalid("Too many attempts from here. Wait ten minutes.")
        opened = entry_actions.enter_by_code(
            form.get("login", ""), form.get("code", ""), device(), session.get(SESSION_KEY)
        )
    except Invalid as error:
        return _show_code(status=422, **form_refusal(error, form))
    enter(opened)
    return redirect(local_goal(form.get("next")), 303)


@bp.post("/sign-in/code/send")
@open_to_all
def send_code():
    """Send a code to whoever can get one; whoever asks hears the same in every case."""
    sender = sending.sender_of(current_app.config["CODE_SENDER"])
    if sender is None:
        raise Conflict("No way of sending codes is set up here. Ask the service desk for one.")
    if not CODES_ASKED.may_ask(request.remote_addr):
        return _show_code(status=422, **form_refusal(
            Invalid("Too many codes were asked for from here. Wait ten minutes."), request.form
        ))
    login = account_rules.clean_login(request.form.get("login", ""))
    if (made := entry_actions.make_code_to_send(login)) is not None:
        address, code = made
        sending.send_apart(
            sender, address, gettext("Your one-time code"),
            gettext("%(code)s opens your page within ten minutes. Tell it to nobody.", code=code),
        )
    return _show_code(is_sent=True, values={"login": login, "next": request.form.get("next", "")})
