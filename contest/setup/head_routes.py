"""The page on which heads that are not on the chain are looked into, and settled by two people."""

from flask import flash, g, redirect, request, url_for
from flask_babel import gettext

from contest.accounts.guards import needs
from contest.accounts.reentry import proven_actor
from contest.audit.chain_queries import find_head, list_misfits
from contest.audit.chain_rules import read_head
from contest.audit.chain_words import SOURCES
from contest.errors import Invalid
from contest.pages import show
from contest.setup import head_actions, queries, rules
from contest.setup.blueprint import bp
from contest.setup.proposal_queries import get_open
from contest.setup.step_rules import WITNESSES


@bp.get("/contests/<int:contest_id>/chain/settle")
@needs(*WITNESSES)
def show_settling(contest_id):
    """Every head that is open, where it was shown, and the form that says what was found."""
    return _show(contest_id)


def _show(contest_id, refused=None):
    contest = queries.get_contest(contest_id)
    return show(
        "setup/show_settling.html", status=refused.status if refused else 200, contest=contest,
        misfits=list_misfits(contest_id), head=find_head(contest_id), sources=SOURCES, refused=refused,
        errors=refused.fields if refused else {}, values=request.form,
        chosen=request.form.getlist("heads"),
    )


@bp.post("/contests/<int:contest_id>/chain/settle")
@needs(*WITNESSES)
def propose_settling(contest_id):
    """Propose to settle the heads that were chosen."""
    queries.get_contest(contest_id)
    reason = request.form.get("reason", "")
    heads = [read_head(text) for text in request.form.getlist("heads")]
    try:
        rules.check_reason(reason)
        actor = proven_actor(g.person, request.form.get("word", ""))
        head_actions.propose_settling(actor, contest_id, [one for one in heads if one], reason)
    except Invalid as refused:
        return _show(contest_id, refused)
    flash(gettext("Proposed. It is done when a second person confirms it."), "good")
    return redirect(url_for(".list_proposals", contest_id=contest_id), 303)


@bp.post("/contests/<int:contest_id>/chain/settle/<int:proposal_id>")
@needs(*WITNESSES)
def confirm_settling(contest_id, proposal_id):
    """Settle what somebody else proposed, as the second person."""
    get_open(contest_id, proposal_id, "settle_heads")
    actor = proven_actor(g.person, request.form.get("word", ""))
    head_actions.confirm_settling(actor, contest_id, proposal_id)
    flash(gettext("Settled: these heads hold back no publication."), "good")
    return redirect(url_for("audit.show_chain", contest_id=contest_id), 303)
