"""The sheets that are compared with their paper: how many, which, and what was found."""

from flask import flash, g, redirect, request, url_for
from flask_babel import gettext

from contest.accounts.guards import needs
from contest.accounts.reentry import proven_actor
from contest.checks import review_actions, sample_actions, sample_queries, sample_rules
from contest.checks.blueprint import READERS, actor, bp
from contest.checks.check_queries import get_check
from contest.checks.seed_queries import find_seed
from contest.errors import Invalid
from contest.judging.blind_queries import hides_names
from contest.numbers import read_whole
from contest.pages import form_refusal, show
from contest.results.rules import check_marks_known
from contest.setup.queries import get_contest, procedure_of

COMPARERS = ("supervisor", "chief_judge")


@bp.get("/contests/<int:contest_id>/results/sample")
@needs(*READERS)
def show_sample(contest_id):
    """How many sheets to compare, then which ones, and what was found."""
    return show_page(contest_id, request.args)


def show_page(contest_id, values, refused=None, asked=None):
    """The page. asked: the sheet (or check) whose form was refused, as its field's id has it."""
    check_marks_known(hides_names(contest_id))
    contest = get_contest(contest_id)
    found = sample_queries.comparison(contest_id)
    procedure = procedure_of(contest)
    if found is None:
        try:
            wishes = sample_rules.read_wishes(values)
        except Invalid as error:
            refused, wishes = refused or error, sample_rules.read_wishes({})
        # Without the seed: whoever sees what one would draw tries seeds out until one suits.
        wishes = (*sample_rules.at_least(wishes, procedure)[:3], "")
        found = sample_queries.sample(contest_id, *wishes)
    kind = request.values.get("show", "open")
    facts = form_refusal(refused, values) if refused else {"refused": None, "values": values}
    return show(
        "checks/show_sample.html", status=refused.status if refused else 200, contest=contest,
        sample=found, sealed=find_seed(contest_id, contest.stage), default=sample_rules.DEFAULT, kind=kind,
        asked=asked, procedure=procedure,
        lines=[one for one in found.lines if kind == "all" or not one.line.is_done or asked == one.sheet.id],
        may_draw=sample_queries.may_draw(contest) and g.person.has_any(COMPARERS, contest_id), **facts,
    )


@bp.post("/contests/<int:contest_id>/results/sample")
@needs(*COMPARERS)
def draw_sample(contest_id):
    """Draw the sheets by a seed, once; the trail keeps that it was done."""
    check_marks_known(hides_names(contest_id))
    try:
        wishes = sample_rules.read_wishes(request.form)
        found = sample_actions.draw_sample(actor(), contest_id, *wishes)
    except Invalid as refused:
        return show_page(contest_id, request.form, refused)
    flash(gettext("Drawn: %(count)s sheets to compare.", count=len(found.lines)), "good")
    return _back(contest_id)


@bp.post("/contests/<int:contest_id>/results/sample/sheets/<int:sheet_id>")
@needs(*COMPARERS)
def compare_sheet(contest_id, sheet_id):
    """Agrees with its paper, or what differs."""
    check_marks_known(hides_names(contest_id))
    form = request.form
    try:
        sample_actions.compare_sheet(
            actor(), contest_id, sheet_id, read_whole(form.get("rev")), form.get("found") == "agrees",
            form.get("aspect", ""), form.get("figure", ""), form.get("note", ""),
        )
    except Invalid as refused:
        return show_page(contest_id, form, refused, sheet_id)
    return _back(contest_id, form.get("show", "open"))


@bp.post("/contests/<int:contest_id>/results/sample/checks/<int:check_id>")
@needs("chief_judge")
def state_sampled(contest_id, check_id):
    """State why the figures of a sheet stand although its paper differs."""
    check_marks_known(hides_names(contest_id))
    form = request.form
    sheet_id = get_check(contest_id, check_id).sheet_id
    try:
        review_actions.state_difference(
            proven_actor(g.person, form.get("word", "")), contest_id, check_id, form.get("statement", "")
        )
    except Invalid as refused:
        return show_page(contest_id, form, refused, sheet_id)
    flash(gettext("The statement is written down; the difference is explained."), "good")
    return _back(contest_id, form.get("show", "open"))


def _back(contest_id, kind="open"):
    return redirect(url_for(".show_sample", contest_id=contest_id, show=kind), 303)
