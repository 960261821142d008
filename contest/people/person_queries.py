"""A person is one row in every contest; rows that were found to be one lead to the row that is kept."""

from contest.db import db
from contest.errors import Missing
from contest.people.models import Human


def get_person(human_id):
    """The person, or the row that a merged one was found to be; Missing when there is none."""
    human = db.session.get(Human, human_id)
    if human is None:
        raise Missing("There is no such person.")
    while human.merged_into_id is not None:
        human = db.session.get(Human, human.merged_into_id)
    return human
