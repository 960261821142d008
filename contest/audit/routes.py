"""Reading the trail; and noting refused requests in it."""

from itertools import groupby
from zoneinfo import ZoneInfo

from flask import Blueprint, current_app, g, request
from flask_babel import gettext

from contest import signals
from contest.accounts.guards import needs
from contest.audit import actions, contest_queries, forms, queries
from contest.audit.rules import DEEDS, VALUE_NAMES, without_tokens
from contest.audit.work import Actor
from contest.errors import Invalid
from contest.numbers import whole
from contest.pages import form_refusal, language, moment, show

bp = Blueprint("audit", __name__)


@signals.request_refused.connect
def note_refusal(_app, status, path, method, sentence):
    """Write into the trail that somebody asked for what is not theirs."""
    given = request.view_args or {}
    facts = {"status": status, "method": method, "sentence": sentence}
    if g.get("person") is None:
        actions.note_guest(without_tokens(path, given), address=request.remote_addr, **facts)
        return
    actions.note_refusal(
        Actor(g.person.user_id, g.person.name), path, contest_id=given.get("contest_id"), **facts
    )


@bp.app_template_filter("groupby_day")
def groupby_day(lines):
    """Pairs (day, its lines) in the order of the lines; days are those of the installation's clock."""
    return [(day, list(own)) for day, own in groupby(lines, lambda line: moment(line.at)[:10])]


class _Words(dict):
    def __missing__(self, key):
        return "–"


@bp.app_template_filter("trail_sentence")
def trail_sentence(line):
    """What somebody did in the language of this request; a dash for what is no longer known."""
    return gettext(line.sentence) % _Words(
        {name: value if value not in (None, "") else "–" for name, value in line.words.items()}
    )


@bp.app_template_filter("trail_value")
def trail_value(text):
    """A value in words when every part of it is a key that has some; else as it was typed."""
    parts = text.split(", ")
    if not all(part in VALUE_NAMES for part in parts):
        return text
    return ", ".join(gettext(VALUE_NAMES[part]) for part in parts)


@bp.get("/contests/<int:contest_id>/trail")
@bp.get("/trail", defaults={"contest_id": None})
@needs("organiser", "chief_judge", "supervisor", everywhere=True)
def show_trail(contest_id):
    """Who did what, newest first; in one contest or in the whole installation."""
    contest = contest_queries.get_heading(contest_id) if contest_id is not None else None
    try:
        search = forms.read_search(request.args, ZoneInfo(current_app.config["TIME_ZONE"]))
    except Invalid as error:
        return _show_trail(contest, None, status=422, **form_refusal(error, request.args))
    return _show_trail(contest, search, values=request.args)


def _show_trail(contest, search, status=200, **facts):
    contest_id = contest.id if contest else None
    lines, page, pages, rows = [], 1, 1, 0
    if search is not None:  # what could not be read must not look like a search for everything
        wanted = request.args.get("page", 1, type=whole)
        lines, page, pages, rows = queries.trail_page(search, wanted, contest_id, language())
    deeds = [(did, DEEDS.get(did, did)) for did in queries.list_deeds(contest_id)]
    typed = {name: facts["values"].get(name) for name in forms.FIELDS}
    return show(
        "audit/show_trail.html", "audit/_trail_lines.html", status=status, contest=contest,
        lines=lines, page=page, pages=pages, rows=rows, deeds=deeds,
        typed={name: value for name, value in typed.items() if value}, **facts,
    )
