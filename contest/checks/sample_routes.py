"""The sheets that are compared with their paper: how many, and which."""

from flask import flash, g, redirect, request, url_for
from flask_babel import gettext

from contest.accounts.guards import needs
from contest.audit.work import Actor
from contest.errors import Invalid
from contest.judging import blind_queries
from contest.pages import form_refusal, show
from contest.results import queries, rules, sample_actions, sample_queries, sample_rules
from contest.results.blueprint import bp

WATCHERS = ("organiser", "chief_judge", "supervisor")


@bp.get("/contests/<int:contest_id>/results/sample")
@needs(*WATCHERS)
def show_sample(contest_id):
    """How many sheets to compare, and with the seed which ones."""
    rules.check_marks_known(blind_queries.hides_names(contest_id))
    return _show_sample(contest_id, request.args)


def _show_sample(contest_id, values, refused=None):
    try:
        wishes = sample_rules.read_wishes(values)
    except Invalid as error:
        refused, wishes = error, sample_rules.read_wishes({})
    facts = form_refusal(refused, values) if refused else {"refused": None, "values": values}
    return show(
        "results/show_sample.html", status=refused.status if refused else 200,
        contest=queries.get_contest(contest_id), wishes=wishes,
        sample=sample_queries.sample(contest_id, *wishes), confidences=sample_rules.CONFIDENCES,
        default=sample_rules.DEFAULT, **facts,
    )


@bp.post("/contests/<int:contest_id>/results/sample")
@needs("supervisor", "chief_judge")
def draw_sample(contest_id):
    """Draw the sheets by a seed; the trail keeps that it was done."""
    rules.check_marks_known(blind_queries.hides_names(contest_id))
    try:
        wishes = sample_rules.read_wishes(request.form)
        found = sample_actions.draw_sample(Actor(g.person.user_id, g.person.name), contest_id, *wishes)
    except Invalid as refused:
        return _show_sample(contest_id, request.form, refused)
    flash(gettext("Drawn: %(count)s sheets to compare.", count=len(found.lines)), "good")
    confidence, bad, margin, seed = wishes
    return redirect(url_for("results.show_sample", contest_id=contest_id, confidence=confidence,
                            bad=bad, margin=margin, seed=seed), 303)
