"""The page on which a result or an award is annulled after the grant, and the next one may move up."""

from flask import flash, g, redirect, request, url_for
from flask_babel import gettext

from contest.accounts.guards import needs
from contest.accounts.reentry import proven_actor
from contest.audit.work import Actor
from contest.awards import (
    annulment_actions,
    annulment_queries,
    annulment_rules,
    list_signing,
    nomination_queries,
    queries,
    vacancy_queries,
)
from contest.awards.blueprint import CONTEST, bp
from contest.errors import Conflict, Invalid
from contest.pages import show
from contest.setup.proposal_queries import find_open, get_open
from contest.setup.queries import get_contest

READERS = ("organiser", "chief_judge", "supervisor", "curator")  # the curator revokes what rests on it
PAGE = f"{CONTEST}/awards/annulments"


@bp.get(PAGE)
@needs(*READERS)
def show_annulments(contest_id):
    """What was annulled after the grant and why, and which places are empty."""
    return _show(contest_id)


def _show(contest_id, refused=None, about=None):
    contest, is_granted = get_contest(contest_id), bool(queries.count_awards(contest_id))
    is_organiser = g.person.has_any(("organiser",), contest_id)
    return show(
        "awards/show_annulments.html", status=refused.status if refused else 200, contest=contest,
        lines=annulment_queries.list_annulments(contest_id), kinds=annulment_rules.KINDS,
        holders=annulment_queries.holders(contest_id), vacancies=vacancy_queries.list_vacancies(contest_id),
        lacks_revision=bool(vacancy_queries.still_placed(contest_id)), may_write=is_organiser,
        may_see_awards=g.person.has_any(("organiser", "chief_judge", "supervisor", "host"), contest_id),
        may_propose=is_organiser and is_granted and contest.state in ("final", "archived"),
        is_granted=is_granted, is_proposed=find_open(contest_id, "annul") is not None,
        outliving=nomination_queries.list_outliving(contest_id), values=request.form, refused=refused,
        about=about,
    )


@bp.post(PAGE)
@needs("organiser")
def propose_annulment(contest_id):
    """Propose to annul a result with its awards, or an award."""
    get_contest(contest_id)
    try:
        actor = proven_actor(g.person, request.form.get("word", ""))
        annulment_actions.propose_annulment(actor, contest_id, request.form, request.form)
    except Invalid as refused:
        return _show(contest_id, refused, "new")
    flash(gettext("Proposed. It is done when a second person confirms it."), "good")
    return redirect(url_for("setup.list_proposals", contest_id=contest_id), 303)


@bp.post(f"{PAGE}/<int:proposal_id>")
@needs("organiser")
def confirm_annulment(contest_id, proposal_id):
    """Annul what somebody else proposed, and publish the results without it."""
    get_open(contest_id, proposal_id, "annul")
    actor = proven_actor(g.person, request.form.get("word", ""))
    needs_revision = annulment_actions.confirm_annulment(actor, contest_id, proposal_id)
    flash(gettext("Annulled. Its certificates and honours are revoked."), "good")
    if sentence := list_signing.sign_due(_actor(), contest_id):
        flash(sentence, "warn")
    if needs_revision:
        _publish(contest_id)
    return _back(contest_id)


@bp.post(f"{PAGE}/revision")
@needs("organiser")
def publish_without_annulled(contest_id):
    """Publish the results without those that were annulled, where that could not be done at once."""
    get_contest(contest_id)
    _publish(contest_id)
    return _back(contest_id)


def _publish(contest_id):
    try:
        number = annulment_actions.publish_without_annulled(_actor(), contest_id)
    except Conflict as why:
        flash(gettext(why.message, **why.params), "bad")
    else:
        flash(gettext("The results were published anew: revision %(number)s.", number=number), "good")


@bp.post(f"{PAGE}/<int:annulment_id>/next")
@needs("organiser")
def move_up(contest_id, annulment_id):
    """Write down whom the committee lets move up into an empty place."""
    try:
        annulment_actions.move_up(
            _actor(), contest_id, annulment_id, request.form.get("who", ""), request.form
        )
    except Invalid as refused:
        return _show(contest_id, refused, annulment_id)
    flash(gettext("The decision of the committee was written down."), "good")
    return _back(contest_id)


def _back(contest_id):
    return redirect(url_for("awards.show_annulments", contest_id=contest_id), 303)


def _actor():
    return Actor(g.person.user_id, g.person.name)
