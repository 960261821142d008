"""Signing in and out, cards, languages, accounts."""

from flask import Blueprint, g, session

from contest.accounts import queries

bp = Blueprint("accounts", __name__)

SESSION_KEY = "entry"


@bp.before_app_request
def load_person():
    """Find out who asks."""
    g.person = None
    if token := session.get(SESSION_KEY):
        g.person = queries.find_person(token)
