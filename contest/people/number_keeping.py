"""Keeping an identity number, sealed, within somebody's act."""

from sqlalchemy.exc import IntegrityError

from contest import clock
from contest.db import db
from contest.errors import Conflict
from contest.people import number_queries, sealing
from contest.people.personal_models import IdNumber


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
