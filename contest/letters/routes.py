"""One's own letters; and, for the house's organisers, what was told outside."""

from flask import Blueprint, flash, g, redirect, request, url_for
from flask_babel import gettext

from contest.accounts.guards import needs, signed_in
from contest.audit.work import Actor
from contest.letters import actions, channels, queries, rules
from contest.members import own_queries
from contest.numbers import read_whole
from contest.pages import show
from contest.people.sealing import pseudonym

bp = Blueprint("letters", __name__)


def _before():
    return read_whole(request.args.get("before"), 0)


@bp.get("/my/letters")
@signed_in
def list_letters():
    """Everything that one was told, the latest first."""
    human = own_queries.get_own(g.person.user_id)
    lines, older = queries.list_letters(human.id, _before())
    return show(
        "letters/list_letters.html", human=human, lines=lines, older=older,
        unread=queries.count_unread(human.id),
    )


@bp.post("/my/letters/<int:letter_id>/open")
@signed_in
def open_letter(letter_id):
    """Read a letter: it leads to what it is about."""
    human = own_queries.get_own(g.person.user_id)
    letter = actions.open_letter(human.id, letter_id)
    if (receipt := queries.receipt_of(letter)) is not None:
        return redirect(url_for("member_services.show_receipt", receipt=receipt), 303)
    return redirect(url_for("members.my_page", _anchor=rules.place_of(letter.kind)), 303)


@bp.post("/my/letters/read")
@signed_in
def read_all():
    """Everything that stood on the page counts as read."""
    human = own_queries.get_own(g.person.user_id)
    actions.read_all(human.id, read_whole(request.form.get("up_to"), 0))
    return redirect(url_for("letters.list_letters"), 303)


@bp.get("/letters")
@needs("organiser", everywhere=True)
def list_notices():
    """What was told outside by which way, and what could not be; of whom only under a mark."""
    notices, older = queries.list_notices(_before())
    return show(
        "letters/list_notices.html", notices=notices, older=older, rules=rules, ways=channels.ways_here(),
        marks={one.human_id: pseudonym(one.human_id) for one in notices}, counts=queries.count_states(),
    )


@bp.post("/letters/<int:notice_id>/again")
@needs("organiser", everywhere=True)
def try_again(notice_id):
    """Try again what was given up."""
    actions.try_again(Actor(g.person.user_id, g.person.name), notice_id)
    flash(gettext("It is tried again."), "good")
    return redirect(url_for("letters.list_notices"), 303)
