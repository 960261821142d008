"""Into the outbox with the change itself, out of it by the sender; and what becomes of a person's data."""

from sqlalchemy import delete, select, update

from contest import clock, signals
from contest.audit.work import Actor
from contest.db import db, writing
from contest.draw.sealing import WrongKey
from contest.errors import Conflict
from contest.member_services.case_queries import closed_cases
from contest.webhooks import event_queries, queries, rules, sending, signing_rules
from contest.webhooks.actions import pause_webhook, write_message
from contest.webhooks.models import Webhook, WebhookAttempt, WebhookMessage, WebhookSecret
from contest.webhooks.networks import networks

PROGRAM = Actor(None, "webhooks")


def _tell(*what):
    signals.follow(_tell_all, what)


def _tell_all(told):
    """told: (kind, person's id, service, data) of each."""
    subscribers = queries.subscribers()
    for kind, human_id, service, data in told:
        for webhook in subscribers:
            if rules.is_told(webhook, kind, service):
                write_message(webhook, kind, human_id, data)


@signals.honour_changed.connect
def _on_honour(_did, honour_id, state):
    db.session.flush()
    _tell(*event_queries.honour_event(honour_id, state))


@signals.level_changed.connect
def _on_level(_did, human_id, ladder, was, now):
    _tell(*event_queries.level_event(human_id, ladder, was, now))


@signals.entitlement_changed.connect
def _on_entitlement(did, entitlement_id, was, now):
    _tell(*event_queries.entitlement_event(did, entitlement_id))


@signals.case_moved.connect
def _on_case(_did, case_id, was, now):
    _tell(*event_queries.case_event(case_id, was, now))


@signals.case_late.connect
def _on_late(_did, case_id):
    _tell(*event_queries.late_event(case_id))


@signals.results_published.connect
def _on_results(_did, **facts):
    if (event := event_queries.results_event(**facts)) is not None:
        _tell(*event)


@signals.record_changed.connect
def _on_record(_did, mark_id, state):
    _tell(*event_queries.record_event(mark_id, state))


@signals.people_merged.connect
def _on_merge(_did, keep_id, gone_id, moved):
    ids = db.session.scalars(select(WebhookMessage.id).filter_by(human_id=gone_id)).all()
    if ids:
        db.session.execute(
            update(WebhookMessage).where(WebhookMessage.id.in_(ids)).values(human_id=keep_id)
        )
        moved["webhook_message"] = [*moved.get("webhook_message", ()), *ids]


@signals.person_told.connect
def _on_told(_did, human_id, data, reader_id):
    rows = db.session.execute(
        select(WebhookMessage.kind, WebhookMessage.at, WebhookMessage.body, Webhook.name).join(Webhook)
        .where(WebhookMessage.human_id == human_id).order_by(WebhookMessage.id)
    )
    closed = set(db.session.scalars(closed_cases(reader_id)))
    data["webhooks"] = [
        {"kind": kind, "at": at.isoformat(), "told_to": name, "said": body} for kind, at, body, name in rows
        if event_queries.case_of(body) not in closed
    ]


@signals.person_erased.connect
def _on_erased(_did, human_id, data):
    """What was sent is emptied; what still waits goes out with the bare number of the person."""
    for row in db.session.scalars(select(WebhookMessage).filter_by(human_id=human_id)):
        row.body = event_queries.without_person(row.body) if row.state == "waiting" else ""


def deliver_next(webhook_id, send=sending.send):
    """Try the oldest message that is due for a subscriber; True when it was taken, None when none is due.

    It is claimed first, so that two senders do not both try it. A sender that is killed in between leaves
    it to be tried again when the claim has run out: at least once, never lost.
    """
    if (claimed := _claim(webhook_id)) is None:
        return None
    row_id, url, message_id, body, words = claimed
    if words is None:
        answer = sending.Answer(None, "secret", 0)
    else:
        at_s = int(clock.now().timestamp())
        answer = send(url, signing_rules.headers(words, message_id, at_s, body), body, networks())
    _note(row_id, answer)
    return answer.problem == ""


def _claim(webhook_id):
    with writing():
        try:
            if (row := queries.next_due(webhook_id)) is None:
                return None
            now = clock.now()
            held = db.session.execute(
                update(WebhookMessage)
                .where(WebhookMessage.id == row.id, WebhookMessage.state == "waiting",
                       WebhookMessage.next_at <= now)
                .values(next_at=now + rules.LEASE).execution_options(synchronize_session=False)
            ).rowcount
            claimed = row.id, row.webhook.url, row.message_id, row.body.encode(), _words(webhook_id, now)
            db.session.commit()
            return claimed if held else None
        finally:
            db.session.rollback()


def _words(webhook_id, now):
    try:
        return [one.word for one in queries.secrets_of(webhook_id, now)]
    except WrongKey:
        return None  # the data came here without their key; the log says so


def _note(row_id, answer):
    with writing():
        try:
            row = db.session.get(WebhookMessage, row_id, populate_existing=True)
            webhook_id, now, why = row.webhook_id, clock.now(), None
            db.session.add(WebhookAttempt(
                message_id=row.id, at=now, status=answer.status, problem=answer.problem,
                duration_ms=answer.duration_ms,
            ))
            if answer.problem == "":
                row.state, row.delivered_at = "delivered", now
            elif row.state == "waiting":
                row.tries += 1
                wait = rules.delay_after(row.tries)
                row.next_at = now + (wait or rules.LEASE)
                why = "gone" if answer.status == rules.GONE else "failing" if wait is None else None
            db.session.commit()
            if why is not None:
                _pause(webhook_id, why)
        finally:
            db.session.rollback()


def _pause(webhook_id, why):
    try:
        pause_webhook(PROGRAM, webhook_id, why)
    except Conflict:
        db.session.rollback()  # somebody paused or ended it meanwhile


def forget_old():
    """Empty what was sent long ago, and throw away secrets that sign no more; how many were emptied."""
    now = clock.now()
    with writing():
        emptied = db.session.execute(
            update(WebhookMessage)
            .where(WebhookMessage.state != "waiting", WebhookMessage.body != "",
                   WebhookMessage.at < now - rules.KEPT_FOR)
            .values(body="")
        ).rowcount
        db.session.execute(delete(WebhookSecret).where(WebhookSecret.ends_at <= now))
        db.session.commit()
    return emptied
