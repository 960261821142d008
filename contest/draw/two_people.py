"""Who draws: one person, or two at one screen where what was drawn is drawn again under four eyes."""

from flask import g, request

from contest.accounts.reentry import proven_actor
from contest.accounts.second import second_at_screen
from contest.audit.work import Actor
from contest.draw.queries import draws_again_by_two
from contest.setup.step_rules import REDRAWING


def who_draws(contest_id, is_again):
    """(actor, second person or None), both with their words typed where two are needed; Invalid."""
    if not is_again or not draws_again_by_two(contest_id):
        return Actor(g.person.user_id, g.person.name), None
    first = proven_actor(g.person, request.form.get("word", ""))
    return first, second_at_screen(contest_id, request.form, REDRAWING.second)
