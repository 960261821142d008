"""The public pages as text: rendered line by line, so that only lines that changed cost anything."""

import gzip
import json
from dataclasses import asdict, dataclass, field
from datetime import datetime
from hashlib import sha256

from flask import current_app
from markupsafe import Markup

from contest.i18n import LANGUAGES


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
class Pieces:
    """One rendered board: the head, the news, and each list as {line's key: its markup} in order."""

    head: str
    news: str
    entrants: dict
    teams: dict
    # What the lines were made from, to know them again.
    made_from: dict = field(repr=False)
    shape: tuple = field(repr=False)


def in_language(slug, language):
    """A request of nobody's, in which the public pages are rendered alike by every process."""
    return current_app.test_request_context(
        f"/board/{slug}", headers={"Accept-Language": language}
    )


def render_pieces(board, view, before=None):
    """The Pieces of a PublicBoard in the language of this request; `before` saves equal lines."""
    how = VIEWS[view]
    shape = (board.columns, board.by_group, board.state == "final")
    known = before.made_from if before is not None and before.shape == shape else {}
    made_from = {}
    facts = {"board": board, "slug": board.slug}

    def lines(rows, template_name):
        template = current_app.jinja_env.get_template(template_name)
        for row in rows:
            if row not in known:
                known[row] = Markup(template.render(row=row, **facts))
            made_from[row] = known[row]
            yield row.key, known[row]

    current_app.update_template_context(facts)
    return Pieces(
        head=_piece(how.head, facts), news=_piece(how.news, facts),
        entrants=dict(lines(board.rows, how.entrant)), teams=dict(lines(board.teams, how.team)),
        made_from=made_from, shape=shape,
    )


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
        old, new = getattr(before, name), getattr(after, name)
        rows = {key: html for key, html in new.items() if old.get(key) != html}
        if rows or list(old) != list(new):
            told[name] = {"rows": rows}
            if list(old) != list(new):
                told[name]["order"] = list(new)
    return told or None


def data_of(board):
    """The board as JSON text for programs; the same board gives the same bytes."""
    def plain(value):
        if isinstance(value, datetime):
            return value.isoformat()
        raise TypeError(f"cannot be said in JSON: {value!r}")

    return json.dumps(asdict(board), default=plain, ensure_ascii=False, separators=(",", ":"))


@dataclass(frozen=True)
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
        body, gzip.compress(body, 6, mtime=0), f'"{sha256(body).hexdigest()[:24]}"', content_type
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
