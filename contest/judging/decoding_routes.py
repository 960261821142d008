"""The page on which two people open the codes together."""

from flask import flash, g, redirect, request, url_for
from flask_babel import gettext

from contest.accounts.guards import needs
from contest.accounts.reentry import proven_actor
from contest.accounts.second import second_at_screen
from contest.draw import queries as draws
from contest.draw import rules as draw_rules
from contest.errors import Invalid, Refusal
from contest.judging import blind_queries, decoding_actions, decoding_rules
from contest.judging.blueprint import bp
from contest.pages import form_refusal, show
from contest.setup.queries import get_contest, held_states
from contest.setup.step_rules import OPENERS


@bp.get("/contests/<int:contest_id>/decoding")
@needs(*OPENERS)
def show_decoding(contest_id):
    """Which layers are closed, who opens the next one, and what stands in the way."""
    return _show_decoding(contest_id)


def _show_decoding(contest_id, refused=None):
    contest = get_contest(contest_id)
    layers = draws.layers(contest_id, contest.stage)
    closed = [one for one in layers if one.decoding is None]
    is_with_coder = blind_queries.needs_coder(contest, contest.stage)
    may_decode = g.person.has_any(("coding_judge",) if is_with_coder else OPENERS, contest_id)
    facts = form_refusal(refused, request.form) if refused else {"values": {}, "field_errors": {}}
    return show(
        "judging/show_decoding.html", status=refused.status if refused else 200, contest=contest,
        layers=layers, next_layer=closed[-1] if closed else None,
        is_held="decoded" in held_states(contest), words=draw_rules.LAYER_WORDS,
        is_open=bool(blind_queries.open_blind_modules(contest_id, contest.stage)),
        is_due=blind_queries.is_due(contest), is_with_coder=is_with_coder,
        may_decode=may_decode,
        not_your_turn=_not_your_turn(contest, closed[-1], may_decode) if closed else None, **facts,
    )


def _not_your_turn(contest, layer, may_decode):
    """Why this person does not open the next layer, before any password is typed; None for who may."""
    if not may_decode and not layer.keeper:
        return decoding_rules.turn_of_a_coder()
    try:
        decoding_actions.check_turn(g.person.user_id, contest.id, contest.stage, layer)
    except Refusal as refused:
        return refused
    return None


@bp.post("/contests/<int:contest_id>/decoding")
@needs(*OPENERS)
def decode(contest_id):
    """Open the next layer: one person signed in here, and a second one at the same screen."""
    form = request.form
    try:
        first = proven_actor(g.person, form.get("word", ""))
        second = _second(contest_id, form)
        decoding_actions.decode(first, second, contest_id, get_contest(contest_id).stage)
    except Invalid as refused:
        return _show_decoding(contest_id, refused)
    flash(gettext("The layer is decoded."), "good")
    return redirect(url_for(".show_decoding", contest_id=contest_id), 303)


def _second(contest_id, form):
    contest = get_contest(contest_id)
    is_with_coder = blind_queries.needs_coder(contest, contest.stage)
    return second_at_screen(contest_id, form, decoding_rules.seconds(is_with_coder))
