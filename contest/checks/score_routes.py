"""What was found of a score, from the page of the review and from that of the paper check."""

from flask import flash, g, redirect, request, url_for
from flask_babel import gettext

from contest.accounts.guards import needs
from contest.accounts.reentry import proven_actor
from contest.checks import review_pages, sample_routes, score_check_actions
from contest.checks.blueprint import actor, bp
from contest.checks.check_queries import get_score_check
from contest.checks.score_queries import get_score_line
from contest.errors import Invalid
from contest.judging.blind_queries import hides_names
from contest.results.rules import check_marks_known


@bp.post("/contests/<int:contest_id>/review/scores/<int:score_id>")
@needs("supervisor")
def check_score(contest_id, score_id):
    """Agrees, or what differs."""
    form, line = request.form, get_score_line(contest_id, score_id)
    try:
        score_check_actions.check_score(
            actor(), contest_id, score_id, form.get("found") == "agrees", form.get("note", "")
        )
    except Invalid as refused:
        return review_pages.show_page(contest_id, refused, line.id)
    return redirect(url_for(".show_review", contest_id=contest_id, show=form.get("show", "open")), 303)


@bp.post("/contests/<int:contest_id>/results/sample/scores/<int:score_id>")
@needs(*sample_routes.COMPARERS)
def compare_score(contest_id, score_id):
    """Agrees with its paper, or what differs."""
    check_marks_known(hides_names(contest_id))
    form, line = request.form, get_score_line(contest_id, score_id)
    try:
        score_check_actions.compare_score(
            actor(), contest_id, score_id, form.get("found") == "agrees", form.get("figure", ""),
            form.get("note", ""),
        )
    except Invalid as refused:
        return sample_routes.show_page(contest_id, form, refused, line.id)
    return redirect(url_for(".show_sample", contest_id=contest_id, show=form.get("show", "open")), 303)


@bp.post("/contests/<int:contest_id>/review/score-checks/<int:score_check_id>")
@needs("chief_judge")
def state_score(contest_id, score_check_id):
    """State why a score stands although its paper differs; form field "page": where it is stated."""
    form, is_sample = request.form, request.form.get("page") == "sample"
    line = get_score_line(contest_id, get_score_check(contest_id, score_check_id).entry_id)
    try:
        chief = proven_actor(g.person, form.get("word", ""))
        score_check_actions.state_score(chief, contest_id, score_check_id, form.get("statement", ""))
    except Invalid as refused:
        if is_sample:
            check_marks_known(hides_names(contest_id))
            return sample_routes.show_page(contest_id, form, refused, line.id)
        return review_pages.show_page(contest_id, refused, line.id)
    flash(gettext("The statement is written down; the difference is explained."), "good")
    page = ".show_sample" if is_sample else ".show_review"
    return redirect(url_for(page, contest_id=contest_id, show=form.get("show", "open")), 303)
