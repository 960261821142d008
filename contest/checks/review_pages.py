"""The page of the review, also with a form on it that was refused."""

from flask import request

from contest.checks import review_queries
from contest.checks.seed_queries import find_review_seed
from contest.pages import show
from contest.setup.queries import held_states
from contest.setup.rules import BEFORE_SCORING


def show_page(contest_id, refused=None, asked=None):
    """The page. asked: the sheet or score whose form was refused."""
    found = review_queries.review(contest_id)
    kind = request.values.get("show", "open")
    lines = [
        one for one in found.lines
        if kind == "all" or not one.line.is_done or one.sheet.id == asked
    ]
    return show(
        "checks/show_review.html", status=refused.status if refused else 200,
        contest=found.contest, sealed=find_review_seed(contest_id, found.contest.stage), review=found,
        lines=lines, kind=kind, refused=refused, asked=asked,
        is_to_come=_is_to_come(found.contest), values=request.form, errors=refused.fields if refused else {},
    )


def _is_to_come(contest):
    return "review" in held_states(contest) and contest.state in (*BEFORE_SCORING, "scoring", "collected")
