"""The page of one award's decisions of the committee: read, written down, taken back."""

from flask import flash, g, redirect, request, url_for
from flask_babel import gettext

from contest.accounts.guards import needs
from contest.audit.work import Actor
from contest.awards import decision_actions, decision_rules, queries
from contest.awards import decision_queries as decisions
from contest.awards.blueprint import CONTEST, bp
from contest.errors import Invalid
from contest.i18n import pick_name
from contest.judging import blind_queries
from contest.judging import rules as judging_rules
from contest.pages import language, show
from contest.people import queries as people
from contest.setup.queries import get_contest

READERS = ("organiser", "chief_judge", "supervisor")
AWARD = f"{CONTEST}/awards/<award_key>/decisions"


@bp.get(AWARD)
@needs(*READERS)
def show_decisions(contest_id, award_key):
    """What the committee decided about one award: whom, when, why, by which minutes."""
    return _show(contest_id, award_key)


def _show(contest_id, award_key, refused=None, about=None):
    judging_rules.check_may_know_names(blind_queries.hides_names(contest_id))
    award = decisions.get_award(contest_id, award_key)
    return show(
        "awards/show_decisions.html", status=refused.status if refused else 200,
        contest=get_contest(contest_id), award=award, lines=decisions.list_decisions(contest_id, award_key),
        kinds=decision_rules.KINDS, teams=[(one.id, one.name) for one in people.list_teams(contest_id)],
        judges=[(one.id, _with_unit(one)) for one in people.list_judges(contest_id)],
        units=[(one.id, pick_name(one, language())) for one in people.list_organisations(contest_id)],
        may_write=g.person.has_any(("organiser",), contest_id) and not queries.count_awards(contest_id),
        values=request.form, refused=refused, about=about,
    )


def _with_unit(judge):
    unit = judge.organisation
    return f"{judge.name} · {pick_name(unit, language())}" if unit else judge.name


@bp.post(f"{AWARD}/choose")
@needs("organiser")
def choose_winner(contest_id, award_key):
    """Write down whom the committee chose."""
    try:
        decision_actions.choose(_actor(), contest_id, award_key, request.form, request.form)
    except Invalid as refused:
        return _show(contest_id, award_key, refused, "new")
    return _back(contest_id, award_key)


@bp.post(f"{AWARD}/pass-over")
@needs("organiser")
def pass_over(contest_id, award_key):
    """Write down whom the committee passed over."""
    try:
        decision_actions.pass_over(_actor(), contest_id, award_key, request.form, request.form)
    except Invalid as refused:
        return _show(contest_id, award_key, refused, "new")
    return _back(contest_id, award_key)


@bp.post(f"{AWARD}/<int:decision_id>/back")
@needs("organiser")
def take_decision_back(contest_id, award_key, decision_id):
    """Write down that the committee took a decision back."""
    try:
        decision_actions.take_back(_actor(), contest_id, award_key, decision_id, request.form)
    except Invalid as refused:
        return _show(contest_id, award_key, refused, decision_id)
    return _back(contest_id, award_key)


def _back(contest_id, award_key):
    flash(gettext("The decision of the committee was written down."), "good")
    return redirect(url_for("awards.show_decisions", contest_id=contest_id, award_key=award_key), 303)


def _actor():
    return Actor(g.person.user_id, g.person.name)
