"""Requests for contact: by their receipt, those that wait, and a person's own; pictures."""

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload, undefer

from contest.db import db
from contest.errors import Missing
from contest.people.models import Human, PersonAccount
from contest.registry.models import Craftsman
from contest.registry.person_models import ContactRequest, CraftsmanPicture


def get_request(request_id):
    """The request, or Missing."""
    found = db.session.get(ContactRequest, request_id)
    if found is None:
        raise Missing("There is no such request.")
    return found


def hold_request(request_id):
    """The same, kept from a second answer of the same moment; Missing."""
    get_request(request_id)
    return db.session.get(ContactRequest, request_id, with_for_update=True, populate_existing=True)


def get_by_receipt(receipt):
    """The request with this receipt code, or Missing."""
    found = db.session.scalar(select(ContactRequest).filter_by(receipt=receipt.upper()))
    if found is None:
        raise Missing("There is no request with this receipt code.")
    return found


def craftsman_of(request):
    """Whom a request is about."""
    return db.session.get(Craftsman, request.craftsman_id)


def find_sent_before(craftsman_id, asked):
    """The same request of the same employer that still waits, or None."""
    return db.session.scalar(
        select(ContactRequest).filter_by(craftsman_id=craftsman_id, state="waiting", **asked.__dict__)
    )


def count_waiting(craftsman_id=None):
    """How many requests wait, about one person or all."""
    query = select(func.count(ContactRequest.id)).filter_by(state="waiting")
    return db.session.scalar(query if craftsman_id is None else query.filter_by(craftsman_id=craftsman_id))


def requests(state="", limit=200):
    """[(request, craftsman)], what waits first, then the latest."""
    query = (
        select(ContactRequest, Craftsman).join(Craftsman, Craftsman.id == ContactRequest.craftsman_id)
        .options(joinedload(Craftsman.human))
        .order_by(ContactRequest.state != "waiting", ContactRequest.id.desc()).limit(limit)
    )
    return db.session.execute(query.where(ContactRequest.state == state) if state else query).all()


def requests_of(user_id):
    """(craftsman or None, [requests]) of the person whose account this is."""
    craftsman = db.session.scalar(
        select(Craftsman).join(Human, Human.id == Craftsman.human_id)
        .join(PersonAccount, PersonAccount.human_id == Human.id).where(PersonAccount.user_id == user_id)
    )
    if craftsman is None:
        return None, []
    return craftsman, db.session.scalars(
        select(ContactRequest).filter_by(craftsman_id=craftsman.id)
        .order_by(ContactRequest.state != "waiting", ContactRequest.id.desc())
    ).all()


def find_picture(craftsman_id):
    """What is known of a craftsman's picture, without its content, or None."""
    return db.session.get(CraftsmanPicture, craftsman_id)


def get_picture(craftsman):
    """The picture with its content, or Missing."""
    found = db.session.scalar(
        select(CraftsmanPicture).filter_by(craftsman_id=craftsman.id).options(undefer(CraftsmanPicture.content))
    )
    if found is None:
        raise Missing("There is no picture of this person.")
    return found


def with_pictures(craftsmen):
    """The ids of those who have a picture."""
    return set(db.session.scalars(
        select(CraftsmanPicture.craftsman_id).where(
            CraftsmanPicture.craftsman_id.in_([one.id for one in craftsmen])
        )
    ))
