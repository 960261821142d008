"""The review's pages: what is to be checked again, and what was found."""

from flask import Response, flash, g, redirect, request, url_for
from flask_babel import gettext

from contest.accounts.guards import needs
from contest.accounts.reentry import proven_actor
from contest.checks import (
    review_actions,
    review_papers,
    review_queries,
    sample_routes,
    score_routes,
    seed_actions,
    sign_routes,
)
from contest.checks.blueprint import READERS, actor, bp
from contest.checks.check_queries import get_check
from contest.checks.review_pages import show_page
from contest.documents import MIMETYPES, as_pdf
from contest.errors import Invalid
from contest.numbers import read_whole
from contest.pages import language

__all__ = ["bp", "sample_routes", "score_routes", "seed_actions", "sign_routes"]


@bp.get("/contests/<int:contest_id>/review")
@needs(*READERS)
def show_review(contest_id):
    """Every sheet that is to be checked again, by code while names are hidden."""
    return show_page(contest_id)


@bp.post("/contests/<int:contest_id>/review/draw")
@needs("supervisor")
def draw_review(contest_id):
    """Draw the sheets by the sealed seed and what is typed now."""
    try:
        review_actions.draw_review(actor(), contest_id, request.form.get("public", ""))
    except Invalid as refused:
        return show_page(contest_id, refused)
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
        return show_page(contest_id, refused, sheet_id)
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
        return show_page(contest_id, refused, sheet_id)
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
