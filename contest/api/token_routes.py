"""The page on which tokens are made, seen and revoked."""

from flask import Blueprint, flash, g, redirect, request, url_for
from flask_babel import gettext

from contest import clock
from contest.accounts.guards import needs
from contest.api import actions, queries, rules
from contest.audit import contest_queries
from contest.audit.work import Actor
from contest.errors import Invalid
from contest.numbers import whole
from contest.pages import form_refusal, show

bp = Blueprint("tokens", __name__)
OWNERS = ("organiser", "judge")
OWNERS_IN_HOUSE = (*OWNERS, "service_officer")  # the service desk is the whole installation's


@bp.get("/contests/<int:contest_id>/tokens")
@needs(*OWNERS)
def list_tokens(contest_id):
    """The tokens for a contest, and a form for a new one."""
    return _show_tokens(contest_id)


@bp.get("/tokens")
@needs(*OWNERS_IN_HOUSE, everywhere=True)
def list_house_tokens():
    """The tokens for the whole installation, and a form for a new one."""
    return _show_tokens(None)


def _show_tokens(contest_id, refused=None, token=None):
    facts = form_refusal(refused, request.form) if refused else {"values": {}, "field_errors": {}}
    return show(
        "api/tokens.html", status=refused.status if refused else 200,
        contest=None if contest_id is None else contest_queries.get_heading(contest_id),
        tokens=queries.list_tokens(contest_id, g.person), now=clock.now(), scopes=rules.SCOPES,
        allowed=_allowed(contest_id), usual_days=rules.USUAL_DAYS, token=token,
        chosen=request.form.getlist("scopes"), **facts,
    )


def _allowed(contest_id):
    owners = OWNERS_IN_HOUSE if contest_id is None else OWNERS
    return rules.scopes_for([role for role in owners if g.person.has_role(role, contest_id)])


@bp.post("/contests/<int:contest_id>/tokens")
@needs(*OWNERS)
def make_token(contest_id):
    """Make a token for a contest, that acts for whoever makes it; its word is shown once, on what follows."""
    contest_queries.get_heading(contest_id)
    return _make_token(contest_id)


@bp.post("/tokens")
@needs(*OWNERS_IN_HOUSE, everywhere=True)
def make_house_token():
    """Make a token for the whole installation; it acts for whoever makes it, and its word is shown once."""
    return _make_token(None)


def _make_token(contest_id):
    form = request.form
    try:
        _, token = actions.make_token(
            Actor(g.person.user_id, g.person.name), contest_id, form.get("name", ""),
            form.getlist("scopes"), form.get("days", 0, type=whole), _allowed(contest_id),
        )
    except Invalid as refused:
        return _show_tokens(contest_id, refused)
    return _show_tokens(contest_id, token=token)


@bp.post("/contests/<int:contest_id>/tokens/<int:token_id>/revoke")
@needs(*OWNERS)
def revoke_token(contest_id, token_id):
    """From now on the token opens nothing."""
    _revoke_token(contest_id, token_id)
    return redirect(url_for(".list_tokens", contest_id=contest_id), 303)


@bp.post("/tokens/<int:token_id>/revoke")
@needs(*OWNERS_IN_HOUSE, everywhere=True)
def revoke_house_token(token_id):
    """From now on the token for the whole installation opens nothing."""
    _revoke_token(None, token_id)
    return redirect(url_for(".list_house_tokens"), 303)


def _revoke_token(contest_id, token_id):
    row = queries.get_token(contest_id, token_id, g.person)
    actions.revoke_token(Actor(g.person.user_id, g.person.name), row)
    flash(gettext("The token “%(name)s” opens nothing any more.", name=row.name), "good")
