"""Pages of recorded figures: what the plan asks for, and one column as a table to be typed."""

from flask import Blueprint, flash, g, redirect, request, url_for
from flask_babel import gettext

from contest.accounts.guards import needs
from contest.audit.work import Actor
from contest.errors import Invalid
from contest.figures import actions, forms, queries, rules
from contest.pages import named, show
from contest.people.rules import ENTRANT_STATES
from contest.setup.queries import get_contest

bp = Blueprint("figures", __name__)
READERS = ("clerk", "chief_judge", "organiser", "supervisor")
WRITERS = ("clerk", "chief_judge")


def _actor():
    return Actor(g.person.user_id, g.person.name)


@bp.app_template_filter("data_words")
def data_words(name):
    """The name of a recorded number in the language of this request; a strange one stays as it is."""
    return gettext(rules.DATA_NAMES[name]) if name in rules.DATA_NAMES else name


@bp.app_template_filter("figure_text")
def figure_text(units, kind):
    """A recorded figure as it is shown; an adjustment with its sign."""
    return rules.signed_text(units) if kind == "adjustment" else rules.text_of(units)


@bp.app_template_filter("column_words")
def column_words(column):
    """The heading of a column of figures."""
    if column.module is None:
        return data_words(column.key)
    return gettext("Difficulty of %(module)s", module=named(column.module))


@bp.get("/contests/<int:contest_id>/figures")
@needs(*READERS)
def list_columns(contest_id):
    """Everything that the plan asks for besides marks, and how much of it is there."""
    return show(
        "figures/list_columns.html", contest=get_contest(contest_id),
        lines=queries.columns(contest_id),
    )


@bp.get("/contests/<int:contest_id>/figures/<kind>/<key>")
@needs(*READERS)
def show_column(contest_id, kind, key):
    """One column of figures, entrant by entrant."""
    return _show_column(contest_id, kind, key)


def _show_column(contest_id, kind, key, refused=None, typed=None, pasted=""):
    """The table; `typed` {handle: (text, id of the row seen)} stands in for what is stored."""
    column = queries.get_column(contest_id, kind, key)
    contest = get_contest(contest_id)
    return show(
        "figures/show_column.html", status=refused.status if refused else 200,
        contest=contest, column=column, rows=queries.table(contest_id, column),
        typed=typed or {}, pasted=pasted, refused=refused,
        field_errors=refused.fields if refused else {}, asks_again=getattr(refused, "asks_again", False),
        entrant_states=ENTRANT_STATES,
        may_write=g.person.has_any(WRITERS, contest_id) and rules.is_open(contest),
    )


@bp.post("/contests/<int:contest_id>/figures/<kind>/<key>")
@needs(*WRITERS)
def record_column(contest_id, kind, key):
    """Store the table; what cannot be taken stays in the form with its reason."""
    typed = forms.read_table(request.form)
    try:
        count = actions.record_column(
            _actor(), contest_id, kind, key, typed, forms.read_looked(request.form)
        )
    except Invalid as refused:
        return _show_column(contest_id, kind, key, refused, typed)
    if count:
        flash(gettext("Figures stored: %(count)s.", count=count), "good")
    else:
        flash(gettext("Nothing had changed; nothing was stored."), "info")
    return redirect(url_for(".show_column", contest_id=contest_id, kind=kind, key=key), 303)


@bp.post("/contests/<int:contest_id>/figures/<kind>/<key>/paste")
@needs(*WRITERS)
def paste_column(contest_id, kind, key):
    """Fill the table from a pasted list, to be looked at; nothing is stored yet."""
    column = queries.get_column(contest_id, kind, key)
    rows = {row.handle: row for row in queries.table(contest_id, column)}
    pasted = request.form.get("paste", "")
    typed = {}
    try:
        found = rules.read_paste(pasted, list(rows))
        typed = {handle: (text, rows[handle].seen) for handle, text in found.items()}
        actions.check_figures(contest_id, kind, key, typed)
    except Invalid as refused:
        return _show_column(contest_id, kind, key, refused, typed, "" if typed else pasted)
    flash(
        gettext(
            "%(count)s figures of the list stand in the table below. Nothing is stored yet.",
            count=len(typed),
        ),
        "info",
    )
    return _show_column(contest_id, kind, key, typed=typed)
