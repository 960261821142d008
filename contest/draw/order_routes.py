"""Starting order, stations and papers: drawn before everybody's eyes, with the seed at once."""

import re

from flask import flash, g, redirect, request, url_for
from flask_babel import gettext

from contest.accounts.guards import needs
from contest.audit.work import Actor
from contest.draw import actions, order_actions, order_queries, order_rules, queries
from contest.draw.blueprint import bp
from contest.draw.two_people import who_draws
from contest.errors import Invalid
from contest.pages import form_refusal, show
from contest.setup.queries import get_contest, plan_in_force

READERS = ("coding_judge", "organiser", "chief_judge", "supervisor")
DRAWERS = ("coding_judge", "organiser", "chief_judge")


def _actor():
    return Actor(g.person.user_id, g.person.name)


@bp.get("/contests/<int:contest_id>/draw/order")
@needs(*READERS)
def show_order(contest_id):
    """The starting order and the papers that were drawn, and what is drawn next."""
    return _show_order(contest_id, request.args.get("stage"))


def _show_order(contest_id, stage=None, refused=None):
    facts = form_refusal(refused, request.form) if refused else {"values": {}, "field_errors": {}}
    contest = get_contest(contest_id)
    page = order_queries.order_page(contest_id, stage)
    return show(
        "draw/show_order.html", status=refused.status if refused else 200, contest=contest,
        page=page, stages=plan_in_force(contest_id).plan.stages,
        may_draw=page.is_open and g.person.has_any(DRAWERS, contest_id), **facts,
    )


@bp.get("/contests/<int:contest_id>/draw/order/<stage>/print")
@needs(*READERS)
def print_order(contest_id, stage):
    """The starting order on paper, with the fingerprint, the seed and lines to sign."""
    return show(
        "draw/print_order.html", contest=get_contest(contest_id),
        page=order_queries.order_page(contest_id, stage),
    )


@bp.post("/contests/<int:contest_id>/draw/order/<stage>/seal")
@needs(*DRAWERS)
def seal_order_seed(contest_id, stage):
    """Make the secret seed of the next order or paper and show its fingerprint."""
    kind = "paper" if request.form.get("kind") == "paper" else "order"
    told = actions.seal_seed(_actor(), contest_id, stage, kind, 0)
    flash(gettext("Sealed. SHA-256 of the secret seed: %(hash)s", hash=told), "good")
    return redirect(url_for("draw.show_order", contest_id=contest_id, stage=stage), 303)


@bp.post("/contests/<int:contest_id>/draw/order/<stage>")
@needs(*DRAWERS)
def draw_order(contest_id, stage):
    """Draw the starting order, batches and stations."""
    form = request.form
    try:
        actor, second = who_draws(contest_id, bool(queries.list_draws(contest_id, stage, 0, "order")))
        together = order_actions.draw_order(
            actor, contest_id, stage, form.get("public", ""),
            tuple(re.split(r"[\s,，、;；]+", form.get("late", "").strip())) if form.get("late", "").strip()
            else (),
            form.get("apart") == "1", order_rules.read_count(form.get("batch"), "batch"),
            order_rules.read_count(form.get("stations"), "stations"), form.get("reason", ""), second,
        )
    except Invalid as refused:
        return _show_order(contest_id, stage, refused)
    flash(gettext("The starting order is drawn."), "good")
    if together:
        flash(gettext("Pairs of one organisation that could not be set apart: %(count)s.",
                      count=len(together)), "warn")
    return redirect(url_for("draw.show_order", contest_id=contest_id, stage=stage), 303)


@bp.post("/contests/<int:contest_id>/draw/order/<stage>/late")
@needs(*DRAWERS)
def draw_late(contest_id, stage):
    """Draw those who came later behind the others, who keep their places."""
    try:
        order_actions.draw_late(_actor(), contest_id, stage, request.form.get("public", ""))
    except Invalid as refused:
        return _show_order(contest_id, stage, refused)
    flash(gettext("They are drawn behind the others."), "good")
    return redirect(url_for("draw.show_order", contest_id=contest_id, stage=stage), 303)


@bp.post("/contests/<int:contest_id>/draw/order/<stage>/paper")
@needs(*DRAWERS)
def draw_paper(contest_id, stage):
    """Draw which prepared paper is used, and the spare."""
    form = request.form
    try:
        actor, second = who_draws(contest_id, bool(queries.list_draws(contest_id, stage, 0, "paper")))
        order_actions.draw_paper(
            actor, contest_id, stage, order_rules.read_papers(form.get("papers")),
            form.get("public", ""), form.get("reason", ""), second,
        )
    except Invalid as refused:
        return _show_order(contest_id, stage, refused)
    flash(gettext("The paper is drawn."), "good")
    return redirect(url_for("draw.show_order", contest_id=contest_id, stage=stage), 303)
