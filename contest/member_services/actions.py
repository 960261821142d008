"""Applying for a service, and answering an application."""

import secrets

from contest import clock
from contest.audit.work import Actor, work
from contest.db import db
from contest.errors import Conflict, Invalid
from contest.member_services import queries, rules
from contest.member_services.models import Application

# Without letters and digits that look alike: a receipt is read aloud on the telephone.
RECEIPT_LETTERS = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"


def apply_for(service_key, honour_id, form):
    """Take an application and give it a receipt code; Invalid brings the form back.

    The same form sent twice within minutes is one application: the first is returned again.
    Raises Conflict when the honour that is named does not open this service, or when an
    application for it is open already.
    """
    service = queries.get_service(service_key)
    honour = queries.lock_honour(honour_id) if honour_id else None
    if honour_id and (honour is None or service not in queries.services_of(honour)):
        raise Conflict("This honour does not entitle to this service.")
    values = rules.read_application(service, form)
    if sent_before := queries.find_sent_before(
        service.key, honour.id if honour else None, clock.now() - rules.SENT_TWICE_WITHIN, values
    ):
        return sent_before
    if honour is not None:
        rules.check_one_open(
            queries.open_applicants(service.key, honour.id), values["name"],
            honour.craftsman.human.name,
        )
    application = Application(
        service_key=service.key,
        receipt="".join(secrets.choice(RECEIPT_LETTERS) for _ in range(16)),
        honour_id=honour.id if honour else None,
        at=clock.now(),
        **values,
    )
    # Applicants have no accounts yet; the trail names the door, never the person's telephone.
    with work(Actor(None, "public form"), "service.apply", subject=service.key) as facts:
        db.session.add(application)
        db.session.flush()
        facts["application"] = application.id
    return application


def answer_application(actor, application_id, state, answer):
    """Move an application on, with words for the applicant."""
    application = queries.get_application(application_id)
    honour = application.honour
    rules.check_next(application.state, state, honour is not None and honour.state == "revoked")
    answer = answer.strip()
    if state == "declined" and not answer:
        raise Invalid("Say why the application is declined.")
    with work(
        actor, "service.answer", subject=f"application {application.id}",
        old=application.state, new=state, answer=answer,
    ):
        application.state = state
        application.answer = answer
        application.answered_at = clock.now()
        application.answered_by_id = actor.user_id
    return application
