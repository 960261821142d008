"""Keeping an identity or a telephone number, sealed, within somebody's act."""

from sqlalchemy.exc import IntegrityError

from contest import clock
from contest.db import db
from contest.errors import Conflict
from contest.people import number_queries, phone_queries, sealing
from contest.people.personal_models import IdNumber, PersonPhone


def check_nobody_elses(human_id, number):
    """Conflict when another person has this number: those two are one, or a digit is wrong."""
    other = number_queries.find_human(number)
    if other is not None and other.id != human_id:
        raise Conflict("Another person has this identity number: %(name)s. Compare both first.",
                       name=other.name)


def keep_number(human_id, number, by_id):
    """Within a larger act: keep a person's number, sealed, in the place of an earlier one.

    Conflict when somebody else enters it, or one for the same person, at this moment.
    """
    row = number_queries.find_number(human_id) or IdNumber(human_id=human_id)
    try:
        with db.session.begin_nested():
            row.sealed = sealing.seal(number, IdNumber.place_of(row.human_id))
            row.match, row.at, row.by_id = sealing.match_of(number), clock.now(), by_id
            db.session.add(row)
    except IntegrityError:
        raise Conflict(
            "Somebody else has just entered this number, or one for this person. Look at both again."
        ) from None


def keep_phone(human_id, phone, by_id):
    """Within a larger act: keep a person's telephone number instead of an earlier one; "" takes it away.

    Conflict when somebody else enters one at this moment.
    """
    row = phone_queries.find_phone(human_id)
    if not phone:
        if row is not None:
            db.session.delete(row)
        return
    row = row or PersonPhone(human_id=human_id)
    try:
        with db.session.begin_nested():
            row.number, row.at, row.by_id = phone, clock.now(), by_id
            db.session.add(row)
    except IntegrityError:
        raise Conflict(
            "Somebody else has just entered a telephone number of this person. Look at it again."
        ) from None
