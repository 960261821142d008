"""The public pages as text: rendered line by line, so that only lines that changed cost anything."""

import gzip
import json
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from datetime import datetime
from hashlib import sha256

from flask import current_app
from markupsafe import Markup

from contest.i18n import LANGUAGES
from contest.pages import named


@dataclass(frozen=True)
class View:
    """One way of showing the board: its page, and the pieces that the stream replaces."""

    page: str
    head: str
    entrant: str
    team: str
    news: str


VIEWS = {
    "page": View(
        "board/show_board.html", "board/_board_head.html", "board/_board_row.html",
        "board/_board_team.html", "board/_board_news.html",
    ),
    "wall": View(
        "board/show_wall.html", "board/_wall_head.html", "board/_wall_row.html",
        "board/_wall_team.html", "board/_wall_news.html",
    ),
}


@dataclass(frozen=True)
class Line:
    """One rendered line: the whole, and its two halves (its place; what was marked)."""

    html: str
    place: str
    body: str


@dataclass(frozen=True)
class Pieces:
    """One rendered board: the head, the news, and each list as {line's key: Line} in order."""

    head: str
    news: str
    entrants: dict
    teams: dict
    # What the lines' halves were made from, to know them again.
    halves: dict = field(repr=False, default_factory=dict)
    shape: tuple = field(repr=False, default=())


@contextmanager
def in_language(slug, language):
    """A request of nobody's, in which the public pages are rendered alike by every process."""
    app = current_app._get_current_object()
    # A context of its own: whoever asked, and their language, must not shine through.
    with app.app_context(), app.test_request_context(
        f"/board/{slug}", headers={"Accept-Language": language}
    ):
        yield


def render_pieces(board, view, before=None):
    """The Pieces of a PublicBoard in the language of this request; `before` saves equal lines."""
    how = VIEWS[view]
    shape = (board.columns, board.by_group)
    known = before if before is not None and before.shape == shape else None
    facts = {
        "board": board, "slug": board.slug, "labels": [named(column) for column in board.columns]
    }
    current_app.update_template_context(facts)
    halves = {}
    lists = {}
    for name, rows, template_name in (
        ("entrants", board.rows, how.entrant), ("teams", board.teams, how.team)
    ):
        piece = current_app.jinja_env.get_template(template_name).make_module(facts)
        old = getattr(known, name) if known else {}
        lists[name] = dict(_lines(name, rows, piece, old, known.halves if known else {}, halves))
    return Pieces(_piece(how.head, facts), _piece(how.news, facts), **lists, halves=halves,
                  shape=shape)


def _lines(name, rows, piece, old, known, halves):
    """Pairs of key and Line; halves that were rendered before, and lines made of them, are kept."""
    for row in rows:
        body = _half((name, *row.substance), known, halves, lambda row=row: piece.body(row))
        about_place = (row.place, row.is_shared, row.moved, row.complete)
        place = _half(
            (name, *about_place), known, halves, lambda of=about_place: piece.place(*of)
        )
        line = old.get(row.key)
        if line is None or line.body is not body or line.place is not place:
            line = Line(Markup(piece.line(row, place, body)), place, body)
        yield row.key, line


def _half(made_from, known, halves, render):
    found = halves.get(made_from)
    if found is None:
        found = halves[made_from] = known.get(made_from) or Markup(render())
    return found


def _piece(name, facts):
    return Markup(current_app.jinja_env.get_template(name).render(**facts))


def render_page(board, view, pieces, event_id):
    """The whole page around its pieces; `event_id` is where the stream goes on from."""
    facts = {"board": board, "slug": board.slug, "pieces": pieces, "event_id": event_id}
    current_app.update_template_context(facts)
    return current_app.jinja_env.get_template(VIEWS[view].page).render(**facts)


def difference(before, after):
    """What a page with the pieces `before` must be told to show `after`; None when nothing changed."""
    told = {}
    for name in ("head", "news"):
        if getattr(before, name) != getattr(after, name):
            told[name] = getattr(after, name)
    for name in ("entrants", "teams"):
        if changes := _changes(getattr(before, name), getattr(after, name)):
            told[name] = changes
    return told or None


def _changes(old, new):
    """rows: new lines whole; places: the first half of lines that were only pushed along; order."""
    told = {"rows": {}, "places": {}}
    for key, line in new.items():
        known = old.get(key)
        if known is None or known.body != line.body:
            told["rows"][key] = line.html
        elif known.place != line.place:
            told["places"][key] = line.place
    if list(old) != list(new):
        told["order"] = list(new)
    return {name: value for name, value in told.items() if value}


def data_of(board):
    """The board as JSON text for programs; the same board gives the same bytes."""
    def plain(value):
        if isinstance(value, datetime):
            return value.isoformat()
        raise TypeError(f"cannot be said in JSON: {value!r}")

    return json.dumps(asdict(board), default=plain, ensure_ascii=False, separators=(",", ":"))


@dataclass(frozen=True, eq=False)
class Snapshot:
    """One answer, ready to be sent: compressed once, named by what is in it."""

    body: bytes
    compressed: bytes
    etag: str
    content_type: str


def snapshot(text, content_type):
    """A Snapshot of a text."""
    body = text.encode()
    return Snapshot(
        body, gzip.compress(body, 5, mtime=0), f'"{sha256(body).hexdigest()[:24]}"', content_type
    )


def choose_language(asked, accepted):
    """zh or en: what the address asks for, else what the browser accepts first, else Chinese."""
    if asked in LANGUAGES:
        return asked
    for part in (accepted or "").lower().split(","):
        word = part.split(";")[0].strip().split("-")[0]
        if word in LANGUAGES:
            return word
    return "zh"
