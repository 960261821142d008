"""Levels on pages: what the rule proposes and why, one person's way up, and the house's ladders."""

from flask import flash, redirect, request, url_for
from flask_babel import gettext

from contest.accounts.guards import needs
from contest.errors import Conflict, Invalid
from contest.numbers import whole
from contest.pages import show
from contest.people.rules import SKILL_LEVELS
from contest.registry import (
    ladder_actions,
    ladder_queries,
    ladder_rules,
    level_actions,
    level_queries,
    level_rules,
)
from contest.registry.blueprint import actor, bp

PAGE_SIZE = 50


@bp.get("/curation/levels")
@needs("curator")
def show_levels():
    """The ladders in force, what is proposed on one of them, and what waits for a second person."""
    house = ladder_queries.house_ladders()
    key = request.args.get("ladder", "")
    key = key if key in house else next(iter(house), "")
    page = max(1, request.args.get("page", 1, type=whole))
    waiting, refused = level_queries.proposals(key) if key else ([], [])
    return show(
        "registry/show_levels.html", house=house, key=key, page=page,
        ladder=house[key].ladder if key else None, count=len(waiting),
        pages=max(1, -(-len(waiting) // PAGE_SIZE)),
        proposals=waiting[(page - 1) * PAGE_SIZE:page * PAGE_SIZE], refused=refused[:PAGE_SIZE],
        decisions=level_queries.waiting_lines(key) if key else [],
        steps=level_queries.count_on_steps(key) if key else {}, acts=level_rules.ACTS,
        without_level=[one for one, level in ladder_queries.contests_with_level() if not level],
    )


@bp.get("/curation/levels/<key>/people/<int:human_id>")
@needs("curator")
def show_standing(key, human_id):
    """One person on one ladder: each condition met or missing, what is known, the way so far."""
    return _show_standing(key, human_id)


def _show_standing(key, human_id, refused=None):
    found = level_queries.standing(key, human_id)
    return show(
        "registry/show_standing.html", status=refused.status if refused else 200, found=found, key=key,
        refused=refused, values=request.form, kinds=level_rules.FACTS, moves=level_rules.MOVES,
        acts=level_rules.ACTS, outcomes=level_rules.OUTCOMES,
        names=level_queries.names_behind([one.event for one in found.lines]),
        told_grades=ladder_queries.told_grades(found.human.id), grade_words=SKILL_LEVELS,
        is_again=bool(found.waiting) and found.waiting.decision.first_by_id == actor().user_id,
    )


def _act(key, human_id, act):
    """Carry an act out and go back to the person's page, or show it with the reason why not."""
    try:
        act()
    except (Invalid, Conflict) as refused:
        return _show_standing(key, human_id, refused)
    return redirect(url_for("registry.show_standing", key=key, human_id=human_id), 303)


@bp.post("/curation/levels/<key>/people/<int:human_id>/confirm")
@needs("curator")
def confirm_level(key, human_id):
    step = request.form.get("step", "")
    return _act(key, human_id, lambda: _say(level_actions.confirm_level(actor(), key, human_id, step)))


def _say(decision):
    is_done = bool(decision.outcome)
    flash(gettext("Confirmed.") if is_done else gettext("Confirmed; it waits for a second person."), "good")


@bp.post("/curation/levels/<key>/people/<int:human_id>/refuse")
@needs("curator")
def refuse_level(key, human_id):
    step, reason = request.form.get("step", ""), request.form.get("reason", "")
    return _act(key, human_id, lambda: level_actions.refuse_level(actor(), key, human_id, step, reason))


@bp.post("/curation/levels/<key>/people/<int:human_id>/lower")
@needs("curator")
def lower_level(key, human_id):
    step, reason = request.form.get("step", ""), request.form.get("reason", "")
    return _act(key, human_id, lambda: _say(level_actions.lower_level(actor(), key, human_id, step, reason)))


@bp.post("/curation/decisions/<int:decision_id>/second")
@needs("curator")
def second_level(decision_id):
    decision = level_queries.get_open(decision_id)
    return _act(
        decision.ladder, decision.human_id, lambda: _say(level_actions.second_level(actor(), decision_id))
    )


@bp.post("/curation/decisions/<int:decision_id>/decline")
@needs("curator")
def decline_level(decision_id):
    decision = level_queries.get_open(decision_id)
    reason = request.form.get("reason", "")
    return _act(
        decision.ladder, decision.human_id,
        lambda: level_actions.decline_level(actor(), decision_id, reason),
    )


@bp.post("/curation/levels/<key>/people/<int:human_id>/facts")
@needs("curator")
def add_fact(key, human_id):
    form = request.form
    return _act(key, human_id, lambda: ladder_actions.add_fact(
        actor(), human_id, form.get("fact_kind", ""), form.get("fact_number", ""), form.get("fact_on"),
        form.get("source", ""),
    ))


@bp.post("/curation/levels/<key>/facts/<int:fact_id>/strike")
@needs("curator")
def strike_fact(key, fact_id):
    human_id = ladder_queries.get_fact(fact_id).human_id
    ladder_queries.get_ladder(key)
    reason = request.form.get("reason", "")
    return _act(key, human_id, lambda: ladder_actions.strike_fact(actor(), fact_id, reason))


@bp.get("/curation/ladders")
@needs("curator")
def show_ladders():
    """The ladders of the house, the presets, and at which level contests count."""
    return _show_ladders()


def _show_ladders(refused=None):
    latest, shipped = ladder_queries.latest_versions(), ladder_rules.shipped_ladders()
    chosen = request.args.get("preset", "")
    text = request.form.get("ladder_text")
    if text is None:
        text = latest[chosen].text if chosen in latest else ladder_rules.shipped_text(chosen)
    return show(
        "registry/show_ladders.html", status=refused.status if refused else 200, latest=latest,
        house=ladder_queries.house_ladders(), shipped=shipped, text=text, refused=refused,
        values=request.form, contests=ladder_queries.contests_with_level(), levels=level_rules.CONTEST_LEVELS,
    )


@bp.post("/curation/ladders")
@needs("curator")
def take_up_ladder():
    try:
        ladder = ladder_actions.take_up_ladder(actor(), request.form.get("ladder_text", ""))
    except (Invalid, Conflict) as refused:
        return _show_ladders(refused)
    return redirect(url_for("registry.show_levels", ladder=ladder.key), 303)


@bp.post("/curation/ladders/<key>/end")
@needs("curator")
def lay_down_ladder(key):
    try:
        ladder_actions.lay_down_ladder(actor(), key, request.form.get("reason", ""))
    except (Invalid, Conflict) as refused:
        return _show_ladders(refused)
    return redirect(url_for("registry.show_ladders"), 303)


@bp.post("/contests/<int:contest_id>/ladder-level")
@needs("curator")
def set_contest_level(contest_id):
    try:
        ladder_actions.set_contest_level(actor(), contest_id, request.form.get("level", ""))
    except Invalid as refused:
        return _show_ladders(refused)
    return redirect(url_for("registry.show_ladders"), 303)
