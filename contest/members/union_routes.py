"""The road to a union's own sign-in and back."""

from dataclasses import asdict

from flask import current_app, flash, g, redirect, request, session, url_for
from flask_babel import gettext

from contest import clock
from contest.accounts.guards import SESSION_KEY, enter, open_to_all, signed_in
from contest.accounts.own_words import own_words
from contest.accounts.reentry import proven_actor
from contest.errors import Conflict, Invalid, Missing
from contest.guess_limit import GuessLimit
from contest.members import entry_actions, entry_forms, union, union_actions
from contest.members.blueprint import bp
from contest.members.entry_routes import device, show_invitation
from contest.members.own_routes import show_my_data
from contest.pages import form_refusal, local_goal, outside_address, show

ROAD, PROVED = "union-road", "union-identity"
GOOD_FOR = 600  # seconds
JOURNEYS = GuessLimit(120, 600)


def _union():
    found = current_app.config["UNION"]
    if found is None:
        raise Missing("No sign-in of a union is set up here.")
    return found


def _back():
    return outside_address("members.come_from_union")


@bp.get("/sign-in/union")
@open_to_all
def go_to_union():
    """Send the browser to the union's sign-in; token: of an invitation that is taken up with it."""
    return _set_out("enter", token=request.args.get("token", ""), next=request.args.get("next", ""))


def _set_out(purpose, **more):
    if not JOURNEYS.may_ask(request.remote_addr):
        raise Conflict("Too many attempts from here. Wait ten minutes.")
    journey = union.Journey.begin()
    there = union.address_of(_union(), journey, _back())
    session[ROAD] = {
        "journey": asdict(journey), "purpose": purpose, "until": clock.now().timestamp() + GOOD_FOR, **more
    }
    if purpose == "link":
        return show("members/go_to_union.html", address=there, union=_union().name)
    return redirect(there, 303)


@bp.post("/my/union")
@signed_in
def tie_union():
    """Begin to tie the union's sign-in to the own account, once the own password was typed again."""
    _union()
    try:
        proven_actor(g.person, request.form.get("word", ""))
    except Invalid as refused:
        return show_my_data(refused, "union")
    return _set_out("link", user_id=g.person.user_id)


@bp.post("/my/union/part")
@signed_in
def part_union():
    """The union's sign-in opens this account no more, once the own password was typed again."""
    union_actions.check_may_unlink(g.person.user_id)
    try:
        proven_actor(g.person, request.form.get("word", ""))
    except Invalid as refused:
        return show_my_data(refused, "part")
    union_actions.unlink(g.person)
    flash(gettext("The union's sign-in opens your page no more."), "good")
    return redirect(url_for("members.my_data"), 303)


@bp.get("/sign-in/union/back")
@open_to_all
def come_from_union():
    """Whoever comes back from the union's sign-in: known, taking up an invitation, or tying it."""
    road = session.pop(ROAD, None)
    if road is None or road["until"] < clock.now().timestamp():
        raise Conflict("The way from the union's sign-in was too long, or began elsewhere. Begin again.")
    journey = union.Journey(**road["journey"])
    identity = union.identity_of(_union(), journey, request.args, _back())
    if road["purpose"] == "link":
        if g.person is None or g.person.user_id != road["user_id"]:
            raise Conflict("Somebody else is signed in now. Begin again.")
        union_actions.link(g.person, identity)
        flash(gettext("From now on the union's sign-in opens your page."), "good")
        return redirect(url_for("members.my_data"), 303)
    opened = union_actions.sign_in(identity, device(), session.get(SESSION_KEY))
    if opened is not None:
        enter(opened)
        return redirect(local_goal(road["next"]), 303)
    if not road["token"]:
        raise Conflict(
            "Nobody here is tied to this sign-in yet. Open the link of your invitation and choose the "
            "union's sign-in there, or sign in and tie it on the page of your data."
        )
    until = clock.now().timestamp() + GOOD_FOR
    session[PROVED] = {**asdict(identity), "token": road["token"], "until": until}
    return redirect(url_for("members.join_by_union", token=road["token"]), 303)


@bp.get("/join/<token>/union")
@open_to_all
def join_by_union(token):
    """The form of an invitation for whoever has just proved to be somebody to the union."""
    _proved(token)
    return show_invitation(token, identity=True)


@bp.post("/join/<token>/union")
@open_to_all
def take_by_union(token):
    """Make the account that the union's sign-in opens."""
    identity, form = _proved(token), request.form
    try:
        opened = entry_actions.join(
            token, entry_forms.read_account(form, needs_password=False, own_words=own_words()),
            form.get("address", ""), device(),
            session.get(SESSION_KEY), identity,
        )
    except Invalid as error:
        return show_invitation(token, status=422, identity=True, **form_refusal(error, form))
    enter(opened)
    return redirect(url_for("members.my_page"), 303)


def _proved(token):
    entry_actions.get_invitation(token)
    found = session.get(PROVED)
    if found is None or found["token"] != token or found["until"] < clock.now().timestamp():
        raise Conflict("Begin at the link of the invitation again.")
    return union.Identity(found["issuer"], found["subject"])
