"""The review's pages: what is to be checked again, and what was found."""

from flask import Response, flash, g, redirect, request, url_for
from flask_babel import gettext

from contest.accounts.guards import needs
from contest.accounts.reentry import proven_actor
from contest.checks import review_actions, review_papers, review_queries, sample_routes, sign_routes
from contest.checks.blueprint import READERS, actor, bp
from contest.checks.check_queries import get_check
from contest.documents import MIMETYPES, as_pdf
from contest.errors import Invalid
from contest.numbers import read_whole
from contest.pages import language, show
from contest.setup.queries import held_states
from contest.setup.rules import BEFORE_SCORING

__all__ = ["bp", "sample_routes", "sign_routes"]


@bp.get("/contests/<int:contest_id>/review")
@needs(*READERS)
def show_review(contest_id):
    """Every sheet that is to be checked again, by code while names are hidden."""
    return _show(contest_id)


def _show(contest_id, refused=None, asked=None):
    found = review_queries.review(contest_id)
    kind = request.values.get("show", "open")
    lines = [
        one for one in found.lines
        if kind == "all" or not one.line.is_done or one.sheet.id == asked
    ]
    return show(
        "checks/show_review.html", status=refused.status if refused else 200,
        contest=found.contest, review=found, lines=lines, kind=kind, refused=refused, asked=asked,
        is_to_come=_is_to_come(found.contest), values=request.form, errors=refused.fields if refused else {},
    )


def _is_to_come(contest):
    return "review" in held_states(contest) and contest.state in (*BEFORE_SCORING, "scoring", "collected")


@bp.post("/contests/<int:contest_id>/review/draw")
@needs("supervisor")
def draw_review(contest_id):
    """Draw the sheets."""
    review_actions.draw_review(actor(), contest_id)
    flash(gettext("The sheets are drawn."), "good")
    return _back(contest_id)


@bp.post("/contests/<int:contest_id>/review/draw-more")
@needs("supervisor")
def draw_more(contest_id):
    """Draw the sheets that the share of the rest lacks."""
    count = review_actions.draw_more(actor(), contest_id)
    flash(gettext("Sheets drawn: %(count)s.", count=count), "good")
    return _back(contest_id)


@bp.post("/contests/<int:contest_id>/review/sheets/<int:sheet_id>")
@needs("supervisor")
def check_sheet(contest_id, sheet_id):
    """Agrees, or what differs."""
    form = request.form
    try:
        review_actions.check_sheet(
            actor(), contest_id, sheet_id, read_whole(form.get("rev")),
            form.get("found") == "agrees", form.get("note", ""),
        )
    except Invalid as refused:
        return _show(contest_id, refused, sheet_id)
    return _back(contest_id, form.get("show", "open"))


@bp.post("/contests/<int:contest_id>/review/checks/<int:check_id>")
@needs("chief_judge")
def state_difference(contest_id, check_id):
    """State why the figures of a sheet stand although its paper differs."""
    form = request.form
    sheet_id = get_check(contest_id, check_id).sheet_id
    try:
        review_actions.state_difference(
            proven_actor(g.person, form.get("word", "")), contest_id, check_id, form.get("statement", "")
        )
    except Invalid as refused:
        return _show(contest_id, refused, sheet_id)
    flash(gettext("The statement is written down; the difference is explained."), "good")
    return _back(contest_id, form.get("show", "open"))


@bp.get("/contests/<int:contest_id>/review/list.pdf")
@needs(*READERS)
def print_list(contest_id):
    """The list of what is to be checked, for paper."""
    document = review_papers.review_list(review_queries.review(contest_id), language())
    return Response(
        as_pdf([document]), mimetype=MIMETYPES["pdf"],
        headers={"Content-Disposition": f'attachment; filename="review-{contest_id}.pdf"'},
    )


def _back(contest_id, kind="open"):
    return redirect(url_for(".show_review", contest_id=contest_id, show=kind), 303)
