"""Keys of tablets: the door by which a tablet shows its own, and the chief judge's page."""

from flask import flash, g, redirect, request, url_for
from flask_babel import gettext, ngettext

from contest.accounts.guards import needs
from contest.accounts.reentry import proven_actor
from contest.audit.work import Actor
from contest.errors import Invalid, Missing
from contest.judging import key_actions, key_queries, tablet_forms
from contest.judging import key_rules as rules
from contest.judging.blueprint import bp
from contest.judging.chief_routes import WATCHERS
from contest.judging.number_rules import OVER_STATES
from contest.judging.sender import check_tablet
from contest.pages import csrf, show
from contest.setup.queries import get_contest

MOST_BYTES = 4 * 1024


@csrf.exempt
@bp.post("/api/v1/tablets/keys")
@needs("judge")
def post_key():
    """Take the public half of a tablet's key, signed by its private one; the same one again is no news."""
    check_tablet()
    request.max_content_length = MOST_BYTES
    actor = Actor(g.person.user_id, g.person.name)
    return {"key": key_actions.show_key(actor, *tablet_forms.key_from_json(request.get_data()))}


@bp.get("/contests/<int:contest_id>/chief/keys")
@needs(*WATCHERS)
def list_keys(contest_id):
    """Which tablets' keys are known and admitted, and how the marks are signed."""
    return _show(contest_id)


def _show(contest_id, refused=None, posted=""):
    contest = get_contest(contest_id)
    return show(
        "judging/keys.html", status=refused.status if refused else 200, refused=refused, posted=posted,
        contest=contest,
        keys=key_queries.keys_of(contest_id), signed=key_queries.signed_of(contest_id),
        asked=key_queries.latest_asking(contest_id), values=request.form,
        may_act=g.person.has_any(("chief_judge",), contest_id) and contest.state not in OVER_STATES,
    )


@bp.post("/contests/<int:contest_id>/chief/keys/<act>")
@needs("chief_judge")
def rule_on_keys(contest_id, act):
    """Ask for signatures or no more; admit tablets or take that back."""
    take = _ACTS.get(act)
    if take is None:
        raise Missing("There is no such page.")
    try:
        said = take(proven_actor(g.person, request.form.get("word", "")), contest_id, request.form)
    except Invalid as refused:
        return _show(contest_id, refused, act)
    flash(said, "good")
    return redirect(url_for(".list_keys", contest_id=contest_id), 303)


def _ask(actor, contest_id, form):
    key_actions.ask(actor, contest_id)
    return gettext("From now on only marks that admitted tablets sign are taken.")


def _ask_no_more(actor, contest_id, form):
    key_actions.ask_no_more(actor, contest_id, form.get("reason"))
    return gettext("Marks that are not signed are taken again.")


def _admit(actor, contest_id, form):
    count = key_actions.admit(actor, contest_id, form.getlist("key"))
    return ngettext("%(num)s tablet was admitted.", "%(num)s tablets were admitted.", count)


def _withdraw(actor, contest_id, form):
    count = key_actions.withdraw(actor, contest_id, form.getlist("key"), form.get("reason"))
    return ngettext("%(num)s tablet is admitted no more.", "%(num)s tablets are admitted no more.", count)


_ACTS = {"ask": _ask, "ask-no-more": _ask_no_more, "admit": _admit, rules.WITHDRAW: _withdraw}
