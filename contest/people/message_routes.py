"""Messages to those who take part: written and read again by the organiser."""

from flask import flash, redirect, request, url_for
from flask_babel import gettext

from contest.accounts.guards import needs
from contest.errors import Invalid
from contest.pages import show
from contest.people import message_actions, message_queries, message_rules
from contest.people.blueprint import READERS, actor, bp, facts_of


@bp.get("/contests/<int:contest_id>/messages")
@needs(*READERS)
def list_messages(contest_id):
    """What was told to whom; the organiser's form for another message."""
    return _list(contest_id)


def _list(contest_id, refused=None):
    return show(
        "people/list_messages.html", status=refused.status if refused else 200, refused=refused,
        messages=message_queries.list_messages(contest_id), audiences=message_rules.AUDIENCES,
        values=request.form if refused else {}, field_errors=refused.fields if refused else {},
        **facts_of(contest_id),
    )


@bp.post("/contests/<int:contest_id>/messages")
@needs("organiser")
def send_message(contest_id):
    """Tell those who take part something."""
    try:
        message_actions.send_message(actor(), contest_id, request.form)
    except Invalid as refused:
        return _list(contest_id, refused)
    flash(gettext("Sent: it stands on the pages of those to whom it goes."), "good")
    return redirect(url_for("people.list_messages", contest_id=contest_id), 303)
