"""The page on which a contest names outside persons who keep its heads."""

from flask import Blueprint, current_app, flash, g, redirect, request, url_for
from flask_babel import gettext

from contest.accounts.guards import needs
from contest.audit import contest_queries
from contest.audit.work import Actor
from contest.backups import witness_actions, witness_queries, witness_rules
from contest.errors import Invalid
from contest.pages import show

bp = Blueprint("witnesses", __name__)


@bp.get("/contests/<int:contest_id>/chain/witnesses")
@needs("organiser", "chief_judge", "supervisor")
def list_witnesses(contest_id):
    """Who gets the heads, and which letters went."""
    return _show(contest_id)


@bp.post("/contests/<int:contest_id>/chain/witnesses")
@needs("organiser")
def add_witness(contest_id):
    """Put somebody on the list."""
    contest_queries.get_heading(contest_id)
    form = request.form
    try:
        witness_actions.add_witness(_actor(), contest_id, form.get("name"), form.get("address"))
    except Invalid as refused:
        return _show(contest_id, refused)
    flash(gettext("The head of the chain is sent there from now on."), "good")
    return redirect(url_for(".list_witnesses", contest_id=contest_id), 303)


@bp.post("/contests/<int:contest_id>/chain/witnesses/<int:witness_id>/end")
@needs("organiser")
def end_witness(contest_id, witness_id):
    """Take somebody off the list."""
    witness_actions.end_witness(_actor(), contest_id, witness_id)
    flash(gettext("Nothing is sent there any more."), "good")
    return redirect(url_for(".list_witnesses", contest_id=contest_id), 303)


def _actor():
    return Actor(g.person.user_id, g.person.name)


def _show(contest_id, refused=None):
    return show(
        "witnesses/list_witnesses.html", status=refused.status if refused else 200, refused=refused,
        errors=refused.fields if refused else {}, values=request.form if refused else {},
        contest=contest_queries.get_heading(contest_id),
        witnesses=witness_queries.list_witnesses(contest_id),
        letters=witness_queries.list_letters(contest_id), occasions=witness_rules.OCCASIONS,
        can_send=bool(current_app.config["CODE_SENDER"]),
        may_act=g.person.has_role("organiser", contest_id),
    )
