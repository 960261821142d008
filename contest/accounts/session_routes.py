"""Where a contest's judges are signed in, and how long screens may be left alone."""

from flask import flash, g, redirect, request, url_for
from flask_babel import gettext

from contest.accounts import rules, session_actions, session_queries, session_rules
from contest.accounts.guards import needs
from contest.accounts.routes import bp
from contest.audit import contest_queries
from contest.audit.work import Actor
from contest.errors import Invalid
from contest.pages import show


@bp.get("/contests/<int:contest_id>/sessions")
@needs("organiser", "chief_judge", "supervisor")
def list_judges_sessions(contest_id):
    """Every device on which a judge of this contest is signed in, and the limits."""
    return _show(contest_id)


@bp.post("/contests/<int:contest_id>/sessions")
@needs("organiser", "chief_judge")
def set_session_limits(contest_id):
    """Choose the limits for everybody who signs in from now on."""
    try:
        session_actions.set_limits(_actor(), contest_id, session_rules.read_limits(request.form))
    except Invalid as refused:
        return _show(contest_id, refused)
    flash(gettext("This holds for everybody who signs in from now on."), "good")
    return redirect(url_for(".list_judges_sessions", contest_id=contest_id), 303)


@bp.post("/contests/<int:contest_id>/sessions/<int:session_id>/end")
@needs("organiser", "chief_judge")
def end_judges_session(contest_id, session_id):
    """Sign one device of a judge out; what it holds stays on it."""
    session_actions.end_judges_session(_actor(), contest_id, session_id)
    flash(gettext("That device has been signed out."), "good")
    return redirect(url_for(".list_judges_sessions", contest_id=contest_id), 303)


def _actor():
    return Actor(g.person.user_id, g.person.name)


def _show(contest_id, refused=None):
    contest = contest_queries.get_heading(contest_id)
    limits = session_queries.limits_of(contest_id)
    return show(
        "accounts/list_judges_sessions.html", status=refused.status if refused else 200, refused=refused,
        errors=refused.fields if refused else {}, contest=contest, figures=session_rules.FIGURES,
        values=request.form if refused else vars(limits),
        sessions=session_queries.judges_sessions(contest_id), ways_in=rules.WAYS_IN,
        may_act=g.person.has_any(("organiser", "chief_judge"), contest_id),
    )
