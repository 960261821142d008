"""Telephone numbers of people: the row of a person, and of many at once."""

from sqlalchemy import select

from contest.db import db
from contest.people import person_queries as people
from contest.people.personal_models import PersonPhone
from contest.people.phone_rules import masked


def find_phone(human_id):
    """The PersonPhone of a person, or None; merges of old left it with the other row."""
    ids = people.rows_of(human_id)
    rows = db.session.scalars(select(PersonPhone).where(PersonPhone.human_id.in_(ids))).all()
    return min(rows, key=lambda row: ids.index(row.human_id), default=None)


def masked_phone(human_id):
    """What a page shows of a person's telephone number; "" where none is kept."""
    row = find_phone(human_id)
    return masked(row.number) if row else ""


def phones_among(human_ids):
    """{human id: PersonPhone} of those of some people who have one, as find_phone finds it."""
    if not human_ids:
        return {}
    merged = people.merged_into()
    # A roster is of thousands, and few of them have one yet: only those are asked for one by one.
    holders = {merged.get(each, each) for each in db.session.scalars(select(PersonPhone.human_id))}
    return {each: find_phone(each) for each in human_ids if merged.get(each, each) in holders}
