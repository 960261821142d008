"""Screens: their pages in the hall, and the one desk from which they are made and switched.

The board node serves the screens' pages faster; these routes serve the same without it.
"""

from flask import Response, flash, redirect, request, url_for
from flask_babel import gettext

from contest import clock
from contest.accounts.guards import needs, open_to_all
from contest.ceremony import (
    queries,
    rules,
    screen_actions,
    screen_pages,
    screen_queries,
    screen_rules,
)
from contest.ceremony.blueprint import LEADERS, actor, bp, zone
from contest.errors import Conflict, Invalid, Missing
from contest.numbers import read_whole
from contest.pages import form_refusal, show
from contest.people.queries import list_groups
from contest.setup.queries import get_contest

POLL_MILLISECONDS = 1000


@bp.get("/screens/<token>")
@open_to_all
def show_screen(token):
    """A screen in the hall."""
    _pieces, page_text = screen_pages.render(token)
    answer = Response(page_text(screen_pages.find(token)), content_type="text/html; charset=utf-8")
    answer.headers["Cache-Control"] = "no-cache"
    return answer


@bp.get("/screens/<token>/events")
@open_to_all
def stream_screen(token):
    """A screen's stream without a board node: one answer, then the browser asks again."""
    mark = screen_queries.get_shown(token).pulse
    known = request.headers.get("Last-Event-ID") or request.args.get("after")
    text = f"retry: {POLL_MILLISECONDS}\nid: {mark}\n"
    text += ":\n\n" if known == mark else "event: reload\ndata: \n\n"
    return Response(
        text, content_type="text/event-stream",
        headers={"Cache-Control": "no-cache", "X-Accel-Buffering": "no"},
    )


@bp.get("/screens/<token>/seen")
@open_to_all
def hear_screen(token):
    """A screen says what it shows; the answer is the server's clock."""
    told = screen_pages.hear(token, request.args)
    if told is None:
        raise Missing("There is no such screen.")
    return Response(told, content_type="text/plain; charset=utf-8")


@bp.get("/screens/<token>/pictures/<int:picture_id>")
@open_to_all
def show_picture(token, picture_id):
    """A sponsor's picture for a screen."""
    found = screen_pages.fetch(token, f"pictures/{picture_id}")
    if found is None:
        raise Missing("There is no such picture.")
    content, kind = found
    return Response(content, content_type=kind, headers={"Cache-Control": "max-age=600"})


@bp.get("/contests/<int:contest_id>/ceremony")
@needs(*LEADERS, "chief_judge", "supervisor")
def show_desk(contest_id):
    """The ceremony's desk: reveals, screens, pictures."""
    return show_desk_with(contest_id)


def show_desk_with(contest_id, refused=None, values=None, about=""):
    """The desk, with what was refused at the form that it is about."""
    contest = get_contest(contest_id)
    screens, pictures = screen_queries.list_screens(contest), screen_queries.list_pictures(contest_id)
    is_form = isinstance(refused, Invalid)
    facts = form_refusal(refused, values) if is_form else {
        "values": {}, "field_errors": {}, "refused": refused
    }
    return show(
        "ceremony/show_desk.html", status=refused.status if refused else 200, contest=contest,
        screens=screens, about=about, pictures=pictures, kinds=rules.KINDS,
        screen_options=[(line.screen.id, line.screen.name) for line in screens],
        picture_options=[(one.id, one.name) for one in pictures],
        group_options=[(group, group) for group in queries.find_groups(contest_id)],
        list_options=[(key, gettext(words)) for key, words in screen_rules.LISTS.items()],
        board_groups=[(group, group) for group in list_groups(contest_id) if group],
        running=queries.find_running(contest_id), reveals=queries.list_reveals(contest_id)[:8],
        sheet=queries.latest_sheet(contest_id), from_place=rules.FROM_PLACE,
        chosen=values.getlist("screen_id") if values else [],
        chosen_pictures=values.getlist("pictures") if values else [],
        soon=clock.now().astimezone(zone()).strftime("%Y-%m-%dT%H:%M"), **facts,
    )


@bp.get("/contests/<int:contest_id>/ceremony/screens")
@needs(*LEADERS, "chief_judge", "supervisor")
def list_screens(contest_id):
    """How the screens do, as a piece that the desk asks for every few seconds."""
    contest = get_contest(contest_id)
    return show(
        "ceremony/show_screens.html", "ceremony/_screen_lines.html", contest=contest,
        screens=screen_queries.list_screens(contest),
    )


@bp.post("/contests/<int:contest_id>/ceremony/screens")
@needs(*LEADERS)
def add_screen(contest_id):
    """Make a screen."""
    try:
        screen = screen_actions.add_screen(
            actor(), contest_id, request.form.get("name"), request.form.get("screen_language")
        )
    except (Invalid, Conflict) as refused:
        return show_desk_with(contest_id, refused, request.form, "screen")
    flash(gettext("Open the address of “%(name)s” on its screen.", name=screen.name), "good")
    return _back(contest_id)


@bp.post("/contests/<int:contest_id>/ceremony/screens/switch")
@needs(*LEADERS)
def switch_screens(contest_id):
    """Let the chosen screens show something else."""
    get_contest(contest_id)
    pictures = [one.id for one in screen_queries.list_pictures(contest_id)]
    try:
        shows, options = screen_rules.read_show(
            request.form, zone(), pictures, list_groups(contest_id)
        )
        chosen = [read_whole(one, 0) for one in request.form.getlist("screen_id")]
        screen_actions.switch_screens(actor(), contest_id, chosen, shows, options)
    except (Invalid, Conflict) as refused:
        return show_desk_with(contest_id, refused, request.form, "switch")
    flash(gettext("Switched."), "good")
    return _back(contest_id)


@bp.post("/contests/<int:contest_id>/ceremony/screens/<int:screen_id>/remove")
@needs(*LEADERS)
def remove_screen(contest_id, screen_id):
    """Take a screen away."""
    screen_actions.remove_screen(actor(), contest_id, screen_id)
    return _back(contest_id)


@bp.post("/contests/<int:contest_id>/ceremony/pictures")
@needs(*LEADERS)
def add_picture(contest_id):
    """Keep a picture for the screens."""
    file = request.files.get("picture")
    try:
        screen_actions.add_picture(
            actor(), contest_id, file.filename if file else "", file.read() if file else b""
        )
    except (Invalid, Conflict) as refused:
        return show_desk_with(contest_id, refused, request.form, "picture")
    return _back(contest_id)


@bp.post("/contests/<int:contest_id>/ceremony/pictures/<int:picture_id>/remove")
@needs(*LEADERS)
def remove_picture(contest_id, picture_id):
    """Forget a picture that no screen shows."""
    screen_actions.remove_picture(actor(), contest_id, picture_id)
    return _back(contest_id)


def _back(contest_id):
    return redirect(url_for("ceremony.show_desk", contest_id=contest_id), 303)
