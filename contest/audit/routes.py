"""Reading the trail; and noting refused requests in it."""

import re
from datetime import datetime
from itertools import groupby
from zoneinfo import ZoneInfo

from flask import current_app, g, request
from flask_babel import gettext

from contest import signals
from contest.accounts.guards import needs
from contest.audit import actions, chain_routes, contest_queries, forms, queries
from contest.audit.blueprint import bp
from contest.audit.rules import (
    DEEDS,
    FACT_NAMES,
    PROGRAM_NAMES,
    TYPED,
    VALUE_NAMES,
    VALUES_OF,
    without_tokens,
)
from contest.audit.sentence_rules import OTHER
from contest.audit.work import Actor
from contest.errors import Invalid
from contest.numbers import whole
from contest.pages import form_refusal, language, moment, show

__all__ = ["bp", "chain_routes"]

MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?[+-]\d\d:\d\d")


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
    if line.sentence == OTHER and line.words["about"] in ("", "–", None):
        return gettext(line.deed)
    known = {**line.words, "deed": gettext(line.deed)}
    return gettext(line.sentence) % _Words(
        {name: value if value not in (None, "") else "–" for name, value in known.items()}
    )


@bp.app_template_filter("trail_value")
def trail_value(text, name=""):
    """A value in words when every part of it is a key that has some; else as it was typed.

    name: the fact's; a sentence of the program is told in the reader's language.
    """
    if name == "sentence":
        return gettext(text)
    if name not in TYPED and MOMENT.fullmatch(text):
        return moment(datetime.fromisoformat(text), "second")
    known = {} if name in TYPED else VALUE_NAMES | VALUES_OF.get(name, {})
    parts = text.split(", ")
    if not all(part in known for part in parts):
        return text
    return gettext(", ").join(gettext(known[part]) for part in parts)


@bp.app_template_filter("trail_program")
def trail_program(name):
    """A part of the program in words where it has some; else by its own name."""
    return gettext(PROGRAM_NAMES[name]) if name in PROGRAM_NAMES else name


@bp.app_template_filter("trail_name")
def trail_name(change):
    """The name of a fact in words where it has some, else as the program wrote it."""
    return gettext(FACT_NAMES[change.name]) if change.name in FACT_NAMES else change.name


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
