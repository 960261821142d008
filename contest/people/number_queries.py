"""Whose identity number is on record, asked without opening a seal."""

from sqlalchemy import select

from contest.db import db
from contest.people import person_queries as people
from contest.people import sealing
from contest.people.personal_models import IdNumber


def find_number(human_id):
    """The row of a person's identity number, sealed, or None; merges of old left it with the other row."""
    ids = people.rows_of(human_id)
    rows = db.session.scalars(select(IdNumber).where(IdNumber.human_id.in_(ids))).all()
    return min(rows, key=lambda row: ids.index(row.human_id), default=None)


def find_human(number):
    """The person with this number (as id_rules reads it), or None."""
    human_id = db.session.scalar(select(IdNumber.human_id).filter_by(match=sealing.match_of(number)))
    return None if human_id is None else people.get_person(human_id)
