"""Units: who speaks for them, and how many people they have registered."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from contest import clock
from contest.accounts.models import Invitation, User
from contest.accounts.queries import organisation_of_contact
from contest.db import db
from contest.errors import Missing, NotAllowed
from contest.people import queries
from contest.people.models import Organisation


@dataclass(frozen=True)
class InvitationLine:
    """One invitation. state: open, used, withdrawn, expired."""

    id: int
    organisation: str
    state: str
    issued_at: datetime
    expires_at: datetime
    used_by: str


@dataclass(frozen=True)
class UnitLine:
    """One organisation with its teams, and how many entrants and judges it sends."""

    organisation: Organisation
    teams: list
    entrants: int
    judges: int


def list_invitations(contest_id):
    """Every invitation of a contest, the latest first."""
    statement = (
        select(Invitation, Organisation.name, User.name)
        .join(Organisation, Organisation.id == Invitation.organisation_id)
        .outerjoin(User, User.id == Invitation.used_by_id)
        .where(Invitation.contest_id == contest_id)
        .order_by(Invitation.id.desc())
    )
    return [
        InvitationLine(i.id, name, _state_of(i), i.issued_at, i.expires_at, user or "")
        for i, name, user in db.session.execute(statement)
    ]


def _state_of(invitation):
    if invitation.revoked_at is not None:
        return "withdrawn"
    if invitation.used_by_id is not None:
        return "used"
    return "expired" if invitation.expires_at <= clock.now() else "open"


def get_invitation(contest_id, invitation_id):
    """The invitation, if of this contest; else Missing."""
    invitation = db.session.scalar(
        select(Invitation).filter_by(id=invitation_id, contest_id=contest_id)
    )
    if invitation is None:
        raise Missing("There is no such invitation.")
    return invitation


def get_unit(contest_id, user_id):
    """The organisation for which this contact acts in this contest; else NotAllowed."""
    organisation_id = organisation_of_contact(contest_id, user_id)
    if organisation_id is None:
        raise NotAllowed("You have no unit in this contest; ask the organiser for an invitation.")
    return queries.get_organisation(organisation_id)


def list_units(contest_id):
    """Every organisation of this contest with its teams and sizes."""
    teams, sizes = queries.list_teams(contest_id), queries.organisation_sizes(contest_id)
    judges = [judge.organisation_id for judge in queries.list_judges(contest_id)]
    return [
        UnitLine(
            one,
            [team for team in teams if team.organisation_id == one.id],
            sizes.get(one.id, 0),
            judges.count(one.id),
        )
        for one in queries.list_organisations(contest_id)
    ]
