"""The public board, the wall, and the organiser's switches.

The board node serves the public pages faster; these routes serve the same bytes without it.
"""

from hashlib import sha256
from zoneinfo import ZoneInfo

from flask import Blueprint, Response, current_app, flash, g, redirect, request, url_for
from flask_babel import gettext

from contest import clock
from contest.accounts.guards import needs, open_to_all
from contest.audit.work import Actor
from contest.board import (  # nudge listens, state_queries says what is told
    actions,
    nudge,  # noqa: F401
    pulse_queries,
    queries,
    rendering,
    rules,
    state_queries,  # noqa: F401
)
from contest.documents.qr import qr_svg
from contest.errors import Invalid
from contest.pages import FRAMED_POLICY, form_refusal, show
from contest.setup.hiding import why_kept_public

bp = Blueprint("board", __name__)

POLL_MILLISECONDS = 4000
# The host leads the ceremony; only an organiser opens the board to the public or takes it away.
FREEZERS = ("organiser", "chief_judge", "host")


@bp.get("/board/<slug>")
@open_to_all
def show_board(slug):
    """The board on a phone, with its first lines."""
    return _show_public(slug, "page")


@bp.get("/board/<slug>/all")
@open_to_all
def show_all(slug):
    """The board on a phone, with every line."""
    return _show_public(slug, "all")


@bp.get("/board/<slug>/wall")
@open_to_all
def show_wall(slug):
    """The board on a screen in the hall."""
    return _show_public(slug, "wall")


@bp.get("/board/<slug>/overlay")
@open_to_all
def show_overlay(slug):
    """What lies over the picture of a live stream: the latest mark or the first five."""
    return _show_public(slug, "overlay")


@bp.get("/board/<slug>/side")
@open_to_all
def show_side(slug):
    """The screen of a side venue: one module, how far it has come, its latest marks."""
    return _show_public(slug, "side")


@bp.get("/board/<slug>/embed")
@open_to_all
def show_embed(slug):
    """A small board that other sites may show in a frame."""
    return _show_public(slug, "embed")


@bp.get("/board/<slug>/print")
@open_to_all
def show_print(slug):
    """Every list of the board on paper, which is also the board for browsers without a script."""
    return _show_public(slug, "print")


def _language():
    return rendering.choose_language(
        request.args.get("lang"), request.headers.get("Accept-Language")
    )


def _pulse_id(slug, board_now):
    # The same for equal boards; while the board is frozen nothing newer is in it.
    pulse = pulse_queries.pulses(board_now).get(slug)
    return sha256(repr(pulse and pulse.public).encode()).hexdigest()[:16]


def _show_public(slug, view):
    now, language = clock.now(), _language()
    event_id = _pulse_id(slug, now)
    board = queries.public_board(slug, now)
    with rendering.in_language(slug, language):
        pieces = rendering.render_pieces(board, view)
        text = rendering.render_page(board, view, pieces, event_id)
    answer = _answer(text, "text/html; charset=utf-8")
    if rendering.VIEWS[view].is_framed:
        answer.headers["Content-Security-Policy"] = FRAMED_POLICY
    return answer


def _answer(text, content_type):
    answer = Response(text, content_type=content_type)
    answer.headers["Cache-Control"] = "no-cache"
    answer.vary.update(["Accept-Language", "Accept-Encoding"])
    answer.add_etag()
    return answer.make_conditional(request)


@bp.get("/board/<slug>/events")
@open_to_all
def stream_events(slug):
    """The board's stream without a board node: one answer, then the browser asks again."""
    now = clock.now()
    queries.public_board(slug, now)
    return _poll(_pulse_id(slug, now), "reload", "")


@bp.get("/board/<slug>/feed")
@open_to_all
def stream_feed(slug):
    """The board for other programs as events; without a board node each change is a whole board."""
    now = clock.now()
    data = rendering.data_of(queries.public_board(slug, now))
    answer = _poll(_pulse_id(slug, now), "snapshot", data)
    answer.headers["Access-Control-Allow-Origin"] = "*"
    return answer


def _poll(event_id, name, data):
    known = request.headers.get("Last-Event-ID") or request.args.get("after")
    text = f"retry: {POLL_MILLISECONDS}\nid: {event_id}\n"
    text += ":\n\n" if known == event_id else f"event: {name}\ndata: {data}\n\n"
    return Response(
        text, content_type="text/event-stream",
        headers={"Cache-Control": "no-cache", "X-Accel-Buffering": "no"},
    )


@bp.get("/board/<slug>/data.json")
@open_to_all
def show_data(slug):
    """The board for programs: only what is public."""
    answer = _answer(
        rendering.data_of(queries.public_board(slug, clock.now())), "application/json"
    )
    # Public, and the same for everybody: pages of other sites may read it.
    answer.headers["Access-Control-Allow-Origin"] = "*"
    return answer


@bp.get("/board/<slug>/qr.svg")
@open_to_all
def show_code(slug):
    """The QR code that leads phones to the board."""
    queries.public_board(slug, clock.now())
    base = current_app.config["BOARD_URL"] or request.host_url.rstrip("/")
    return _answer(qr_svg(base + url_for("board.show_board", slug=slug)), "image/svg+xml")


@bp.app_context_processor
def _facts_for_officials():
    # Earlier areas' pages say by this what the public sees, without knowing this area.
    return {
        "public_view": lambda contest_id: queries.switches(contest_id, clock.now()),
        "public_cutoff": lambda contest_id: queries.find_cutoff(contest_id, clock.now()),
    }


@bp.get("/contests/<int:contest_id>/board")
@needs("organiser", "host", "chief_judge", "supervisor")
def show_switches(contest_id):
    """The public board's switches, and what the public sees now."""
    return _show_switches(contest_id)


def _show_switches(contest_id, refused=None, values=None):
    facts = form_refusal(refused, values) if refused else {"values": {}, "field_errors": {}}
    state = queries.switches(contest_id, clock.now())
    zone = ZoneInfo(current_app.config["TIME_ZONE"])
    return show(
        "board/show_switches.html", status=refused.status if refused else 200,
        contest=state.contest, switches=state, now=clock.now(),
        modules=queries.list_modules(contest_id),
        may_freeze=g.person.has_any(FREEZERS, contest_id),
        may_open=g.person.has_role("organiser", contest_id), kept_public=why_kept_public(contest_id),
        soon=clock.now().astimezone(zone).strftime("%Y-%m-%dT%H:%M"), **facts,
    )


@bp.post("/contests/<int:contest_id>/board/freeze")
@needs(*FREEZERS)
def freeze_board(contest_id):
    """Freeze the public board now, or at the moment that was typed."""
    try:
        _freeze(contest_id, request.form)
    except Invalid as refused:
        return _show_switches(contest_id, refused, request.form)
    flash(gettext("The public board is frozen from that moment on."), "good")
    return redirect(url_for("board.show_switches", contest_id=contest_id), 303)


def _freeze(contest_id, form):
    if form.get("when") == "after":
        actions.freeze_after_module(_actor(), contest_id, form.get("after_module"))
        return
    moment = None
    if form.get("when") == "later":
        moment = rules.read_moment(form.get("moment"), ZoneInfo(current_app.config["TIME_ZONE"]))
    actions.freeze_board(_actor(), contest_id, moment)


@bp.post("/contests/<int:contest_id>/board/reveal")
@needs(*FREEZERS)
def reveal_board(contest_id):
    """Show the public everything again, or call off a freeze that has not begun."""
    actions.reveal_board(_actor(), contest_id)
    flash(gettext("The public sees every mark again."), "good")
    return redirect(url_for("board.show_switches", contest_id=contest_id), 303)


@bp.post("/contests/<int:contest_id>/board/open")
@needs("organiser")
def open_board(contest_id):
    """Put the board before the public or take it away."""
    is_public = request.form.get("is_public") == "1"
    actions.open_board(_actor(), contest_id, is_public)
    shown = gettext("The public sees this contest now; its address and QR code are below.")
    flash(shown if is_public else gettext("This contest is hidden from the public now."), "good")
    return redirect(url_for("board.show_switches", contest_id=contest_id), 303)


def _actor():
    return Actor(g.person.user_id, g.person.name)
