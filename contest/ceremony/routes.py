"""The reveal's controller: entered with the password or PIN, one step at a time, ahead of the hall."""

from datetime import datetime, timedelta

from flask import g, redirect, request, session, url_for

from contest import clock
from contest.accounts.guards import needs
from contest.accounts.reentry import proven_actor
from contest.ceremony import actions, queries, rules, screen_queries, screen_routes  # noqa: F401
from contest.ceremony.blueprint import LEADERS, actor, bp
from contest.errors import Conflict, Invalid, Missing, NotAllowed, Refusal
from contest.names import spoken_name
from contest.numbers import read_whole
from contest.pages import form_refusal, show, wants_piece
from contest.setup.queries import get_contest

# As long as a ceremony with its speeches lasts; then the PIN is asked for again.
HELD_FOR = timedelta(hours=4)


@bp.app_template_filter("spoken")
def spoken(name):
    """How a Chinese name is read out."""
    return spoken_name(name)


@bp.post("/contests/<int:contest_id>/ceremony/reveal")
@needs(*LEADERS)
def begin_reveal(contest_id):
    """Make the script and stand before the curtain."""
    try:
        actions.begin_reveal(actor(), contest_id, request.form.get("kind"), request.form)
    except (Invalid, Conflict) as refused:
        return screen_routes.show_desk_with(contest_id, refused, request.form, "reveal")
    return redirect(url_for("ceremony.show_control", contest_id=contest_id), 303)


@bp.get("/contests/<int:contest_id>/ceremony/control")
@needs(*LEADERS)
def show_control(contest_id):
    """The controller, or the question for the PIN before it."""
    get_contest(contest_id)
    return _show_control(contest_id) if _is_in_hand(contest_id) else _ask_word(contest_id)


@bp.post("/contests/<int:contest_id>/ceremony/control/enter")
@needs(*LEADERS)
def enter_control(contest_id):
    """Take the controller in hand with the password or PIN."""
    get_contest(contest_id)
    try:
        proven = proven_actor(g.person, request.form.get("word", ""))
    except Invalid as refused:
        return _ask_word(contest_id, refused)
    held = dict(session.get("ceremony") or {})
    held[str(contest_id)] = [g.person.session_id, proven.word_at.isoformat()]
    session["ceremony"] = held
    return redirect(url_for("ceremony.show_control", contest_id=contest_id), 303)


def _is_in_hand(contest_id):
    # Bound to this signing in: who signs in after another one is asked again.
    session_id, at = (session.get("ceremony") or {}).get(str(contest_id), (None, None))
    if session_id != g.person.session_id or at is None:
        return False
    return clock.now() - datetime.fromisoformat(at) < HELD_FOR


def _ask_word(contest_id, refused=None):
    facts = form_refusal(refused, {}) if refused else {"values": {}, "field_errors": {}}
    return show(
        "ceremony/enter_control.html", status=refused.status if refused else 200,
        contest=get_contest(contest_id), **facts,
    )


def _show_control(contest_id, refused=None):
    contest = get_contest(contest_id)
    reveal = queries.find_running(contest_id)
    facts = {"reveal": reveal, "script": None}
    if reveal is not None:
        script = queries.script_of(reveal)
        newest = queries.latest_sheet(contest_id)
        facts |= {
            "script": script, "scene": rules.scene(script, reveal.step),
            "notes": rules.notes(script, reveal.step),
            "is_outdated": newest is not None and newest.id != reveal.result_sheet_id,
        }
    return show(
        "ceremony/show_control.html", "ceremony/_control.html",
        status=200 if refused is None or wants_piece() else refused.status, contest=contest,
        refused=refused, kinds=rules.KINDS, screens=screen_queries.list_screens(contest), **facts,
    )


def _press(contest_id, act):
    """Do what a button says and show where the reveal stands; what is refused is said there."""
    get_contest(contest_id)
    if not _is_in_hand(contest_id):
        raise NotAllowed("Type your password or PIN first: the controller is not in your hand.")
    try:
        act()
    except Refusal as refused:
        return _show_control(contest_id, refused)
    if wants_piece():
        return _show_control(contest_id)
    return redirect(url_for("ceremony.show_control", contest_id=contest_id), 303)


@bp.post("/contests/<int:contest_id>/ceremony/control/step")
@needs(*LEADERS)
def move_reveal(contest_id):
    """Go to another step, from the one that was on the controller."""
    seen, to = (read_whole(request.form.get(name), -1) for name in ("seen", "step"))
    return _press(contest_id, lambda: actions.move_reveal(actor(), contest_id, seen, to))


@bp.post("/contests/<int:contest_id>/ceremony/control/blank")
@needs(*LEADERS)
def blank_reveal(contest_id):
    """Darken the hall's screens, or bring them back."""
    is_blank = request.form.get("is_blank") == "1"
    return _press(contest_id, lambda: actions.blank_reveal(actor(), contest_id, is_blank))


@bp.post("/contests/<int:contest_id>/ceremony/control/pause")
@needs(*LEADERS)
def pause_reveal(contest_id):
    """Hold the reveal where it stands, or go on."""
    is_paused = request.form.get("is_paused") == "1"
    return _press(contest_id, lambda: actions.pause_reveal(actor(), contest_id, is_paused))


@bp.post("/contests/<int:contest_id>/ceremony/control/end")
@needs(*LEADERS)
def end_reveal(contest_id):
    """End the reveal; the board opens with it when that is wished."""
    opens = request.form.get("opens_board") == "1"
    return _press(contest_id, lambda: actions.end_reveal(actor(), contest_id, opens))


@bp.get("/contests/<int:contest_id>/ceremony/control/preview/<int:step>")
@needs(*LEADERS)
def preview_step(contest_id, step):
    """One scene as a screen would show it, for the controller's frame."""
    contest = get_contest(contest_id)
    if not _is_in_hand(contest_id):
        raise NotAllowed("Type your password or PIN first: the controller is not in your hand.")
    script = queries.script_of(queries.get_running(contest_id))
    if step > script.last:
        raise Missing("There is no such step.")
    shown = screen_queries.preview(contest, rules.scene(script, step))
    return show("ceremony/preview_step.html", contest=contest, shown=shown, scene=shown.scene)
