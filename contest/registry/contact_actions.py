"""Employers ask for contact, the person or the officer for him decides; pictures with consent."""

from sqlalchemy import select

from contest import clock, signals
from contest.audit.work import Actor, work
from contest.db import db
from contest.documents import attached
from contest.errors import Invalid, NotAllowed
from contest.people.person_queries import rows_of
from contest.registry import contact_queries, contact_rules, picture_rules, queries
from contest.registry.level_models import CareerFact, LevelDecision, LevelEvent
from contest.registry.models import Craftsman
from contest.registry.person_models import ContactRequest, CraftsmanPicture
from contest.review.queries import new_receipt

PUBLIC = Actor(None, "public form")


def ask_contact(token, form):
    """An employer asks for contact with somebody on the register; returns the request with its receipt.

    The same request sent twice is one. Invalid names the fields; Conflict when too many wait.
    """
    craftsman = queries.get_craftsman(token)
    asked = contact_rules.read_request(form)
    if before := contact_queries.find_sent_before(craftsman.id, asked):
        return before
    contact_rules.check_not_too_many(contact_queries.count_waiting(craftsman.id))
    with work(
        PUBLIC, "registry.contact_ask", subject=craftsman.human.name, name=asked.employer
    ):
        request = ContactRequest(
            craftsman_id=craftsman.id, receipt=new_receipt(), at=clock.now(), **asked.__dict__
        )
        db.session.add(request)
    return request


def answer_for(actor, request_id, agrees, answer, asked_how):
    """The officer answers for the person, and says how the person was asked."""
    request = contact_queries.hold_request(request_id)
    asked_how = contact_rules.read_asked_how(asked_how)
    return _answer(actor, request, agrees, answer, asked_how)


def answer_own(actor, request_id, agrees, answer):
    """The person answers; NotAllowed for anybody else."""
    request = contact_queries.hold_request(request_id)
    craftsman, _ = contact_queries.requests_of(actor.user_id)
    if craftsman is None or request.craftsman_id != craftsman.id:
        raise NotAllowed("This request is about somebody else.")
    return _answer(actor, request, agrees, answer, "")


def _answer(actor, request, agrees, answer, asked_how):
    contact_rules.check_waits(request.state)
    words = contact_rules.read_answer(agrees, answer)
    person = contact_queries.craftsman_of(request).human.name
    with work(
        actor, "registry.contact_answer", subject=person, name=request.employer,
        state="agreed" if agrees else "declined",
    ):
        request.state = "agreed" if agrees else "declined"
        request.answer, request.asked_how = words, asked_how
        request.decided_by_id, request.decided_at = actor.user_id, clock.now()
    return request


def set_picture(actor, token, files, consent):
    """Put a picture on somebody's page, with how the person agreed; JPG or PNG."""
    craftsman = queries.get_craftsman(token)
    consent = (consent or "").strip()
    if not 1 <= len(consent) <= 120:
        raise Invalid("Say how the person agreed to the picture, in at most 120 characters.")
    taken = attached.read_attachments(files)
    if len(taken) != 1 or taken[0].ending == "pdf":
        raise Invalid("Choose one picture, JPG or PNG.")
    taken_apart = picture_rules.read_picture(taken[0].content)  # nothing of place, time or camera is kept
    with work(actor, "registry.picture", subject=craftsman.human.name, reason=consent):
        picture = contact_queries.find_picture(craftsman.id) or CraftsmanPicture(craftsman_id=craftsman.id)
        picture.content, picture.sha256 = taken_apart.content, taken_apart.sha256
        picture.ending = "png" if taken_apart.kind == "png" else "jpg"
        picture.consent, picture.by_id, picture.at = consent, actor.user_id, clock.now()
        db.session.add(picture)


def remove_picture(actor, token):
    """Take the picture off somebody's page."""
    craftsman = queries.get_craftsman(token)
    picture = contact_queries.get_picture(craftsman)
    with work(actor, "registry.picture_remove", subject=craftsman.human.name):
        db.session.delete(picture)


def _on_told(_did, human_id, data, reader_id):
    craftsman = db.session.scalar(select(Craftsman).filter_by(human_id=human_id))
    rows = db.session.scalars(select(CareerFact).filter_by(human_id=human_id).order_by(CareerFact.id))
    data["career"] = [
        {"kind": one.kind, "number": one.number, "on": one.on.isoformat(), "source": one.source}
        for one in rows
    ]
    if craftsman is None:
        return
    asked = db.session.scalars(select(ContactRequest).filter_by(craftsman_id=craftsman.id))
    data["contact_requests"] = [
        {"employer": one.employer, "purpose": one.purpose, "at": one.at.isoformat(), "state": one.state,
         "answer": one.answer}
        for one in asked
    ]
    data["has_picture"] = contact_queries.find_picture(craftsman.id) is not None


def _on_erased(_did, human_id, data):
    """Published honours stay; the picture, and how the person could be reached, go."""
    _delete_facts_without_level(human_id)
    craftsman = db.session.scalar(select(Craftsman).filter_by(human_id=human_id))
    if craftsman is None:
        return
    for one in db.session.scalars(select(ContactRequest).filter_by(craftsman_id=craftsman.id)):
        one.answer = "–" if one.answer else ""
    picture = contact_queries.find_picture(craftsman.id)
    if picture is not None:
        db.session.delete(picture)


def _delete_facts_without_level(human_id):
    """Grades, years and training on which no step of a ladder was founded say nothing that must stay."""
    ids, named = rows_of(human_id), set()
    for grounds in (
        *db.session.scalars(select(LevelDecision.grounds).where(LevelDecision.human_id.in_(ids))),
        *db.session.scalars(select(LevelEvent.grounds).where(LevelEvent.human_id.in_(ids))),
    ):
        named |= set(grounds.get("facts", ()))
    for fact in db.session.scalars(select(CareerFact).filter_by(human_id=human_id)):
        if fact.id not in named:
            db.session.delete(fact)


signals.person_told.connect(_on_told)
signals.person_erased.connect(_on_erased)
