"""The public pages as text: rendered line by line, so that only lines that changed cost anything."""

import gzip
from collections import Counter
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from hashlib import sha256

from flask import current_app
from markupsafe import Markup

from contest.board import feed
from contest.board.pieces import LISTS, Line, Pieces
from contest.i18n import LANGUAGES
from contest.pages import named


@dataclass(frozen=True)
class View:
    """One way of showing the board: its page, and the pieces that the stream replaces.

    news is the piece that holds whatever is not a line. most: how many lines at most, of each group.
    is_framed: other sites may show it in a frame; it has nothing that could be done there.
    is_counted: its page says how long each list is, also where it has the first lines only.
    """

    page: str
    head: str
    news: str
    entrant: str = ""
    team: str = ""
    organisation: str = ""
    most: int | None = None
    is_streamed: bool = True
    is_framed: bool = False
    is_counted: bool = False


# The page for everybody begins with so many lines: a phone in a hall has them at once, and who scrolls on,
# searches or filters has all of them (static/board.js), at an address of its own.
FIRST_LINES = 100
_BOARD = (
    "board/show_board.html", "board/_board_head.html", "board/_board_news.html",
    "board/_board_row.html", "board/_board_team.html", "board/_board_organisation.html",
)
VIEWS = {
    "page": View(*_BOARD, most=FIRST_LINES, is_counted=True),
    "all": View(*_BOARD, is_counted=True),
    "wall": View(
        "board/show_wall.html", "board/_wall_head.html", "board/_wall_news.html",
        "board/_wall_row.html", "board/_wall_team.html", "board/_wall_organisation.html",
    ),
    "overlay": View(
        "board/show_overlay.html", "board/_overlay_head.html", "board/_overlay_news.html",
        "board/_overlay_row.html", "board/_overlay_row.html", most=5,
    ),
    "side": View("board/show_side.html", "board/_wall_head.html", "board/_side_modules.html"),
    "embed": View(
        "board/show_embed.html", "board/_embed_head.html", "board/_board_news.html",
        "board/_embed_row.html", "board/_embed_row.html", is_framed=True,
    ),
    "print": View(
        "board/show_print.html", "board/_print_head.html", "board/_print_lists.html",
        is_streamed=False,
    ),
}
# The same board as data for programs: numbered events, no page (docs/feed.md).
FEED = "feed"
LARGE = 2**19  # bytes from which the last tenth of a page is not worth the time that packing it takes
MOST_HALVES = 20_000  # kept from one rendering to the next, for each view and language


@contextmanager
def in_language(slug, language):
    """A request of nobody's, in which the public pages are rendered alike by every process."""
    app = current_app._get_current_object()
    # A context of its own: whoever asked, and their language, must not shine through.
    with app.app_context(), app.test_request_context(
        f"/board/{slug}", headers={"Accept-Language": language}
    ):
        yield


class Moves(dict):
    """By places gained: the arrow that says so, rendered once for all lines."""

    def __init__(self, macros):
        super().__init__()
        self.macros = macros

    def __missing__(self, steps):
        self[steps] = self.macros.movement(steps)
        return self[steps]


def render_pieces(board, view, before=None):
    """The Pieces of a PublicBoard in the language of this request; `before` saves equal lines."""
    if view == FEED:
        return feed.pieces_of(board)
    how = VIEWS[view]
    shape = (board.columns, board.by_group, board.awards, board.published_at is None, board.is_final)
    known = before if before is not None and before.shape == shape else None
    facts = {
        "board": board, "slug": board.slug, "labels": [named(column) for column in board.columns]
    }
    current_app.update_template_context(facts)
    facts["moves"] = Moves(current_app.jinja_env.get_template("_macros.html").module)
    # Whoever is pushed along comes to places that others had before.
    halves = known.halves if known is not None and len(known.halves) < MOST_HALVES else {}
    lists = {}
    for name, kind in LISTS.items():
        template_name = getattr(how, kind)
        rows = _first(board_lists(board)[name], how.most, board.by_group) if template_name else ()
        piece = current_app.jinja_env.get_template(template_name).make_module(facts) if rows else None
        old = getattr(known, name) if known else {}
        lists[name] = dict(_lines(name, rows, piece, old, halves))
    counts = {name: len(rows) for name, rows in board_lists(board).items()} if how.is_counted else {}
    return Pieces(_piece(how.head, facts), _piece(how.news, facts), **lists, counts=counts,
                  halves=halves, shape=shape, frame=frame_of(board))


def frame_of(board):
    """What a page says outside its pieces: which lists it has, their headings, whose board it is."""
    return (
        board.name, board.name_en, board.host, board.state == "coming", board.columns, board.by_code,
        board.by_group, board.less_is_better, board.has_teams, bool(board.organisations), board.awards,
        board.organisations_by, board.is_final,
    )


def _first(rows, most, by_group):
    """The first `most` lines; of each group where groups have places of their own."""
    if most is None or not by_group:
        return rows[:most]
    taken, found = Counter(), []
    for row in rows:
        group = getattr(row, "group", "")
        if taken[group] < most:
            taken[group] += 1
            found.append(row)
    return found


def board_lists(board):
    """The lists of a PublicBoard by the names under which pages and events know them."""
    return {"entrants": board.rows, "teams": board.teams, "organisations": board.organisations}


def _lines(name, rows, piece, old, halves):
    """Pairs of key and Line; halves that were rendered before, and lines made of them, are kept."""
    for row in rows:
        body = _half((name, *row.substance), halves, lambda row=row: piece.body(row))
        about_place = row.about_place
        place = _half((name, *about_place), halves, lambda of=about_place: piece.place(*of))
        line = old.get(row.key)
        if line is None or line.body is not body or line.place is not place:
            line = Line(place, body, partial(_whole, piece, row, place, body))
        yield row.key, line


def _whole(piece, row, place, body):
    return Markup(piece.line(row, place, body))


def _half(made_from, halves, render):
    found = halves.get(made_from)
    if found is None:
        found = halves[made_from] = Markup(render())
    return found


def _piece(name, facts):
    return Markup(current_app.jinja_env.get_template(name).render(**facts))


def render_page(board, view, pieces, event_id):
    """The whole page around its pieces; `event_id` is where the stream goes on from."""
    if view == FEED:
        return data_of(board)
    facts = {
        "board": board, "slug": board.slug, "pieces": pieces, "event_id": event_id, "view": view,
    }
    current_app.update_template_context(facts)
    return current_app.jinja_env.get_template(VIEWS[view].page).render(**facts)


def data_of(board):
    """The board as JSON text for programs; the same board gives the same bytes."""
    return feed.text_of(feed.document_of(board))


@dataclass(frozen=True, eq=False)
class Snapshot:
    """One answer, ready to be sent: compressed once, named by what is in it."""

    body: bytes
    compressed: bytes
    etag: str
    content_type: str
    is_framed: bool = False


def snapshot(text, content_type, is_framed=False):
    """A Snapshot of a text; is_framed: other sites may show it in a frame."""
    body = text.encode()
    packed = gzip.compress(body, 9 if len(body) < LARGE else 5, mtime=0)
    return Snapshot(body, packed, f'"{sha256(body).hexdigest()[:24]}"', content_type, is_framed)


def choose_language(asked, accepted):
    """zh or en: what the address asks for, else what the browser accepts first, else Chinese."""
    if asked in LANGUAGES:
        return asked
    for part in (accepted or "").lower().split(","):
        word = part.split(";")[0].strip().split("-")[0]
        if word in LANGUAGES:
            return word
    return "zh"
