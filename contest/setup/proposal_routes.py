"""What waits for a second person, on one page for whoever may be that person."""

from flask import flash, g, redirect, url_for
from flask_babel import gettext

from contest.accounts.guards import needs
from contest.audit.work import Actor
from contest.pages import show
from contest.setup import proposal_actions, proposal_queries, queries, step_rules
from contest.setup.blueprint import bp


@bp.get("/contests/<int:contest_id>/proposals")
@needs(*step_rules.WITNESSES, "coding_judge")
def list_proposals(contest_id):
    """Every act that one person has proposed and another must confirm."""
    return show_proposals(contest_id)


def show_proposals(contest_id, refused=None, asked=None):
    """The page, also with what was refused; asked: the proposal about which that was."""
    return show(
        "setup/list_proposals.html", status=refused.status if refused else 200,
        contest=queries.get_contest(contest_id), proposals=proposal_queries.list_open(contest_id),
        elsewhere=proposal_queries.list_elsewhere(contest_id), seen_at=proposal_queries.SEEN_AT,
        acts=step_rules.ACTS, refused=refused, asked=asked,
    )


@bp.post("/contests/<int:contest_id>/proposals/<int:proposal_id>/decline")
@needs(*step_rules.WITNESSES, "coding_judge")
def decline_proposal(contest_id, proposal_id):
    """Leave it undone."""
    actor = Actor(g.person.user_id, g.person.name)
    proposal_actions.decline_proposal(actor, contest_id, proposal_id)
    flash(gettext("It is left undone."), "good")
    return redirect(url_for(".list_proposals", contest_id=contest_id), 303)
