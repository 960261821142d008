"""Pages at the door: who has arrived, and the admission cards that are shown there."""

from flask import g, redirect, request, url_for

from contest.accounts.guards import needs, open_to_all
from contest.accounts.qr import qr_picture
from contest.errors import Invalid
from contest.pages import form_refusal, show
from contest.people import entrant_actions, forms, queries, rules
from contest.people.blueprint import DOOR, READERS, actor, bp, facts_of


@bp.get("/contests/<int:contest_id>/arrivals")
@needs(*DOOR)
def show_arrivals(contest_id):
    shown = forms.read_ids([request.args.get("entrant_id", "")])
    entrant = queries.get_entrant(contest_id, shown[0]) if shown else None
    return _show_arrivals(contest_id, entrant, is_new=request.args.get("new") == "1")


@bp.post("/contests/<int:contest_id>/arrivals")
@needs(*DOOR)
def check_in_by_number(contest_id):
    try:
        entrant = entrant_actions.find_at_door(contest_id, request.form.get("number", ""))
    except Invalid as refused:
        return _show_arrivals(contest_id, status=422, **form_refusal(refused, request.form))
    return _check_in(contest_id, entrant.id)


@bp.post("/contests/<int:contest_id>/arrivals/<int:entrant_id>")
@needs(*DOOR)
def check_in(contest_id, entrant_id):
    return _check_in(contest_id, entrant_id)


def _check_in(contest_id, entrant_id):
    is_new = entrant_actions.check_in(actor(), contest_id, entrant_id)
    return redirect(
        url_for(
            "people.show_arrivals",
            contest_id=contest_id,
            entrant_id=entrant_id,
            new="1" if is_new else "0",
        ),
        303,
    )


@bp.post("/contests/<int:contest_id>/arrivals/<int:entrant_id>/undo")
@needs(*DOOR)
def undo_check_in(contest_id, entrant_id):
    entrant_actions.undo_check_in(actor(), contest_id, entrant_id)
    return redirect(url_for("people.show_arrivals", contest_id=contest_id), 303)


def _show_arrivals(contest_id, entrant=None, status=200, **facts):
    return show(
        "people/show_arrivals.html",
        status=status,
        entrant=entrant,
        state=queries.entrant_states(contest_id).get((entrant.id, ""), "normal") if entrant else "",
        states=rules.ENTRANT_STATES,
        arrivals=queries.arrivals(contest_id),
        **facts_of(contest_id),
        **facts,
    )


@bp.get("/check-in/<token>")
@open_to_all
def open_card(token):
    """Where the QR code of an admission card leads; looking checks nobody in.

    Staff come to the door's page; everybody else is taken for the card's holder.
    """
    entrant = queries.get_entrant_by_token(token)
    if g.person is None or not g.person.has_any(DOOR, entrant.contest_id):
        return redirect(
            url_for("awards.show_own_result", contest_id=entrant.contest_id, token=token), 303
        )
    return _show_arrivals(entrant.contest_id, entrant, is_asking=entrant.checked_in_at is None)


@bp.get("/contests/<int:contest_id>/admission-cards")
@needs(*READERS)
def show_admission_cards(contest_id):
    search = forms.read_ids([request.args.get("organisation_id", "")])
    entrants = queries.list_entrants(contest_id, search[0] if search else None)
    cards = [
        (e, qr_picture(url_for("people.open_card", token=e.check_in_token, _external=True)))
        for e in entrants
    ]
    return show("people/admission_cards.html", cards=cards, **facts_of(contest_id))
