"""The organiser's messages of a contest, for whoever they are meant."""

from sqlalchemy import select

from contest.accounts.models import Grant
from contest.db import db
from contest.people.message_models import ParticipantMessage
from contest.people.message_rules import reaches
from contest.people.models import Entrant
from contest.setup.models import Contest


def list_messages(contest_id, reader=None):
    """The messages of a contest, the latest first; reader: contestants, contacts or judges alone."""
    rows = db.session.scalars(
        select(ParticipantMessage).filter_by(contest_id=contest_id).order_by(ParticipantMessage.id.desc())
    ).all()
    return [one for one in rows if reader is None or reaches(one.audience, reader)]


def messages_to_judge(user_id):
    """[(contest, its messages)] of the contests in which somebody judges, the latest first."""
    return _by_contest("judges", Contest.id.in_(
        select(Grant.contest_id).where(Grant.user_id == user_id, Grant.role == "judge")
    ))


def messages_to_contestant(human_id):
    """[(contest, its messages)] of the contests in which somebody competes, the latest first."""
    return _by_contest("contestants", Contest.id.in_(select(Entrant.contest_id).filter_by(human_id=human_id)))


def _by_contest(reader, condition):
    rows = db.session.execute(
        select(Contest, ParticipantMessage)
        .join(ParticipantMessage, ParticipantMessage.contest_id == Contest.id)
        .where(condition, Contest.state != "archived").order_by(ParticipantMessage.id.desc())
    ).all()
    found = {}
    for contest, message in rows:
        if reaches(message.audience, reader):
            found.setdefault(contest.id, (contest, []))[1].append(message)
    return list(found.values())
