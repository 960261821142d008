"""The pages on which judges sign for their sheets, the chief judge and the supervisor for all."""

from flask import flash, g, redirect, request, url_for
from flask_babel import gettext

from contest.accounts.guards import needs
from contest.accounts.reentry import proven_actor
from contest.checks import sign_actions, sign_queries, sign_rules
from contest.checks.blueprint import READERS, bp
from contest.errors import Invalid
from contest.numbers import read_whole
from contest.pages import show
from contest.setup.queries import get_contest


def seen_revisions(words):
    """{sheet id: revision} from words like "12:3"; whatever is none is left out."""
    pairs = [word.partition(":") for word in words]
    return {
        sheet: rev for first, _, second in pairs
        if (sheet := read_whole(first)) is not None and (rev := read_whole(second)) is not None
    }


@bp.get("/contests/<int:contest_id>/sign")
@needs("judge")
def show_own(contest_id):
    """A judge's own sheets of each module with the sums that are signed for."""
    return _show_own(contest_id)


def _show_own(contest_id, refused=None):
    contest = get_contest(contest_id)
    return show(
        "checks/sign_own.html", status=refused.status if refused else 200, contest=contest,
        bundles=sign_queries.own_bundles(contest_id, g.person.user_id), refused=refused,
        asked=request.form.get("module"), is_open=contest.state in sign_rules.SIGNED_IN,
        kept=request.form.getlist("seen") if _is_of_word(refused) else None,
    )


def _is_of_word(refused):
    """True while only the password is wrong: what is signed then is what was on the page before it."""
    return refused is not None and "word" in refused.fields


@bp.post("/contests/<int:contest_id>/sign")
@needs("judge")
def sign_module(contest_id):
    """Sign for all own sheets of a module."""
    get_contest(contest_id)
    seen = seen_revisions(request.form.getlist("seen"))
    try:
        actor = proven_actor(g.person, request.form.get("word", ""))
        sign_actions.sign_module(actor, contest_id, request.form.get("module", ""), seen)
    except Invalid as refused:
        return _show_own(contest_id, refused)
    flash(gettext("Signed."), "good")
    return redirect(url_for(".show_own", contest_id=contest_id), 303)


@bp.get("/contests/<int:contest_id>/signatures")
@needs(*READERS)
def list_signatures(contest_id):
    """Who has signed for what, and what is void since."""
    return _list(contest_id)


def _list(contest_id, refused=None):
    contest = get_contest(contest_id)
    return show(
        "checks/list_signatures.html", status=refused.status if refused else 200, contest=contest,
        signed=sign_queries.signed(contest_id), refused=refused,
        is_open=contest.state in sign_rules.SIGNED_IN, way_out=sign_queries.WAY_OUT,
        kept=request.form.get("seen", "") if _is_of_word(refused) else None,
        roles=[r for r in ("chief_judge", "supervisor") if g.person.has_role(r, contest_id)],
    )


@bp.post("/contests/<int:contest_id>/signatures/chief")
@needs("chief_judge")
def sign_as_chief(contest_id):
    """The chief judge signs for the whole stage."""
    return _sign_stage(contest_id, "chief_judge")


@bp.post("/contests/<int:contest_id>/signatures/supervisor")
@needs("supervisor")
def countersign(contest_id):
    """The supervisor countersigns."""
    return _sign_stage(contest_id, "supervisor")


def _sign_stage(contest_id, role):
    get_contest(contest_id)
    try:
        actor = proven_actor(g.person, request.form.get("word", ""))
        sign_actions.sign_stage(actor, contest_id, role, request.form.get("seen", ""))
    except Invalid as refused:
        return _list(contest_id, refused)
    flash(gettext("Signed."), "good")
    return redirect(url_for(".list_signatures", contest_id=contest_id), 303)
