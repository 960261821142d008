"""Which outside systems are told what, and what they took: the pages of the whole house's organisers."""

from datetime import datetime
from zoneinfo import ZoneInfo

from flask import Blueprint, current_app, flash, g, redirect, request, url_for
from flask_babel import gettext, ngettext

from contest import clock
from contest.accounts.guards import needs
from contest.audit.work import Actor
from contest.errors import Invalid
from contest.i18n import N_
from contest.member_services.catalogue_queries import every_service
from contest.numbers import read_whole
from contest.pages import form_refusal, show
from contest.webhooks import actions, queries, rules
from contest.webhooks import outbox_actions as _outbox  # noqa: F401  (hears what is told)

bp = Blueprint("webhooks", __name__)


def _actor():
    return Actor(g.person.user_id, g.person.name)


@bp.get("/webhooks")
@needs("organiser", everywhere=True)
def list_webhooks():
    """Every outside system that is told, and a form for another one."""
    return _show_list()


def _show_list(refused=None):
    form = request.form
    facts = form_refusal(refused, form) if refused else {"values": {}, "field_errors": {}}
    return show(
        "webhooks/list_webhooks.html", status=refused.status if refused else 200,
        lines=queries.list_webhooks(), topics=rules.TOPICS, facts=rules.FACTS, services=every_service(),
        pauses=rules.PAUSES, chosen={name: form.getlist(name) for name in ("topics", "services", "facts")},
        **facts,
    )


@bp.post("/webhooks")
@needs("organiser", everywhere=True)
def add_webhook():
    """Tell another system: its secret is shown on the page that follows, and a test message goes out."""
    form = request.form
    try:
        row, word = actions.add_webhook(
            _actor(), form.get("name", ""), form.get("url", ""), form.getlist("topics"),
            form.getlist("services"), form.getlist("facts"),
        )
    except Invalid as refused:
        return _show_list(refused)
    return _show_one(row.id, word=word)


@bp.get("/webhooks/<int:webhook_id>")
@needs("organiser", everywhere=True)
def show_webhook(webhook_id):
    """One of them: what it is told, and the log of every message with its tries."""
    return _show_one(webhook_id)


def _show_one(webhook_id, word=None, refused=None):
    row = queries.get_webhook(webhook_id)
    page = min(max(1, read_whole(request.args.get("page"), 1)), 10_000)
    messages, pages = queries.list_messages(webhook_id, page)
    facts = form_refusal(refused, request.form) if refused else {"values": {}, "field_errors": {}}
    return show(
        "webhooks/show_webhook.html", "webhooks/_messages.html", status=refused.status if refused else 200,
        webhook=row, messages=messages, page=page, pages=pages, word=word, rules=rules,
        services=every_service(), held=queries.secrets_of(webhook_id, clock.now()),
        is_waiting=queries.waits(webhook_id) and row.paused_at is None and row.ended_at is None, **facts,
    )


def _back(webhook_id, sentence):
    flash(sentence, "good")
    return redirect(url_for("webhooks.show_webhook", webhook_id=webhook_id), 303)


@bp.post("/webhooks/<int:webhook_id>/test")
@needs("organiser", everywhere=True)
def try_webhook(webhook_id):
    """Send a message that says nothing."""
    actions.try_webhook(_actor(), webhook_id)
    return _back(webhook_id, gettext("A test message is on its way; the log says what became of it."))


@bp.post("/webhooks/<int:webhook_id>/secret")
@needs("organiser", everywhere=True)
def rotate_secret(webhook_id):
    """A new secret, shown once; the one of before signs beside it for a day."""
    return _show_one(webhook_id, word=actions.rotate_secret(_actor(), webhook_id))


@bp.post("/webhooks/<int:webhook_id>/pause")
@needs("organiser", everywhere=True)
def pause_webhook(webhook_id):
    """Send nothing more for now."""
    actions.pause_webhook(_actor(), webhook_id)
    return _back(webhook_id, gettext("The webhook is paused; what it should be told waits."))


@bp.post("/webhooks/<int:webhook_id>/resume")
@needs("organiser", everywhere=True)
def resume_webhook(webhook_id):
    """Send again, with what waits or without it."""
    actions.resume_webhook(_actor(), webhook_id, request.form.get("leave_out") == "1")
    return _back(webhook_id, gettext("The webhook goes on."))


@bp.post("/webhooks/<int:webhook_id>/replay")
@needs("organiser", everywhere=True)
def replay_span(webhook_id):
    """Send again what was told between two moments."""
    queries.get_webhook(webhook_id)
    try:
        count = actions.replay(_actor(), webhook_id, *_span(request.form))
    except Invalid as refused:
        return _show_one(webhook_id, refused=refused)
    return _back(webhook_id, ngettext(
        "%(num)s message is sent again.", "%(num)s messages are sent again.", count
    ))


def _span(form):
    zone, found, fields = ZoneInfo(current_app.config["TIME_ZONE"]), [], {}
    for name in ("since", "until"):
        try:
            moment = datetime.fromisoformat(form.get(name, "")).replace(tzinfo=zone)
        except ValueError:
            moment = None
        if moment is None or not 2000 <= moment.year <= 2999:  # at the ends no zone can be reckoned
            fields[name] = Invalid("Give a day and a time.")
        found.append(moment)
    if fields:
        raise Invalid(N_("Nothing was sent again; see the fields."), fields=fields)
    return found


@bp.post("/webhooks/<int:webhook_id>/messages/<int:message_id>/replay")
@needs("organiser", everywhere=True)
def replay_message(webhook_id, message_id):
    """Send one message again."""
    queries.get_webhook(webhook_id)
    actions.replay_message(_actor(), webhook_id, message_id)
    return _back(webhook_id, gettext("The message is sent again."))


@bp.post("/webhooks/<int:webhook_id>/end")
@needs("organiser", everywhere=True)
def end_webhook(webhook_id):
    """Tell this system nothing more, for good."""
    actions.end_webhook(_actor(), webhook_id)
    return _back(webhook_id, gettext("The webhook was ended; its log stays."))
